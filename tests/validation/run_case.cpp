#include "run_case.hpp"

#include <cstdlib>

#include "support/catch.hpp"
#include "verify/verify.hpp"

void run_case(const std::string& name)
{
    using namespace axolemma;
    const char* const data = std::getenv("AXOLEMMA_TEST_DATA");
    const auto* one = verify::find_case(name);
    REQUIRE(one != nullptr);
    const auto result = verify::run_case(*one, {data == nullptr ? "" : data});
    INFO(verify::table_rows(result));
    for (const auto& check : result.checks) {
        if (!check.skipped.empty()) {
            WARN(check.what << " skipped: " << check.skipped);
        }
    }
    CHECK(result.failure.empty());
    CHECK(result.passed());
}
