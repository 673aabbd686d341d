/// The table itself: nothing is left untested, and what is wrong is seen.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "verify/verify.hpp"

using namespace axolemma;

TEST_CASE("every case of the table is a test", "[validation]")
{
    std::string tests;
    for (const auto& entry : std::filesystem::directory_iterator(AXOLEMMA_SOURCE_DIR "/tests/validation")) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        tests += text.str();
    }
    for (const auto& one : verify::cases()) {
        INFO(one.name);
        CHECK(tests.find("run_case(\"" + one.name + "\")") != std::string::npos);
    }
    CHECK(verify::find_case("no_such_case") == nullptr);
}

TEST_CASE("an error beyond its bound, a wrong order and a value that is no number fail", "[validation]")
{
    verify::Findings findings;
    findings.error("small enough", 1.0, 1.0, "mV");
    findings.error("too large", 1.1, 1.0, "mV");
    findings.error("no number", std::numeric_limits<double>::quiet_NaN(), 1.0, "mV");
    findings.convergence("order 2", {0.1, 0.05}, {4.0, 1.0}, 1.0, "mV", 1.9, 2.1);
    findings.convergence("order 1 is not 2", {0.1, 0.05}, {2.0, 1.0}, 1.0, "mV", 1.9, 2.1);
    findings.convergence("no error at all has no order", {0.1, 0.05}, {0.0, 0.0}, 1.0, "mV", 1.9, 2.1);
    findings.holds("true", true);
    findings.holds("false", false);
    findings.skip("left out", "no data");
    const auto& checks = findings.checks();
    REQUIRE(checks.size() == 9);
    CHECK(checks[3].order->observed == Approx(2.0));
    const bool expected[] = {true, false, false, true, false, false, true, false, true};
    for (std::size_t i = 0; i < checks.size(); ++i) {
        INFO(checks[i].what);
        CHECK(checks[i].passed() == expected[i]);
    }
}

TEST_CASE("a case that throws or checks nothing fails with a reason", "[validation]")
{
    const verify::Case throws{
        "throws", "", [](const verify::Settings&, verify::Findings&) { throw base::EngineError("the disk is full"); }};
    const auto thrown = verify::run_case(throws, {});
    CHECK_FALSE(thrown.passed());
    CHECK(thrown.failure == "the disk is full");
    const verify::Case empty{"empty", "", [](const verify::Settings&, verify::Findings&) {}};
    CHECK(verify::run_case(empty, {}).failure == "the case checked nothing");
}

TEST_CASE("the table shows case, error, bound, order and verdict", "[validation]")
{
    verify::CaseResult result{"cable", "closed form", {}, {}, 0.04};
    verify::Findings findings;
    findings.convergence("largest error", {0.1, 0.05}, {4e-3, 1e-3}, 2e-3, "mV", 2.5, 3.0);
    findings.skip("traces", "no data");
    result.checks = findings.checks();
    const std::string gap(79, ' ');
    CHECK(verify::table_rows(result) ==
          "cable   [closed form; 0.0 s]\n"
          "  largest error" +
              gap +
              "  1.00e-03  2.00e-03 mV     2.00  FAIL\n"
              "    the order must lie between 2.5 and 3\n"
              "  traces: skipped: no data\n");
    CHECK(verify::table_foot({result}) == "0 checks passed, 1 failed, 1 skipped in 0.0 s\n");
    CHECK(verify::table_json({result}) ==
          "{\"passed\": false, \"cases\": [\n"
          "  {\"name\": \"cable\", \"truth\": \"closed form\", \"passed\": false, \"wall_s\": 0.040, \"failure\": "
          "\"\", \"checks\": [\n"
          "    {\"what\": \"largest error\", \"verdict\": \"FAIL\", \"measured\": 0.001, \"bound\": 0.002, \"unit\": "
          "\"mV\", \"order\": 2, "
          "\"order_low\": 2.5, \"order_high\": 3},\n"
          "    {\"what\": \"traces\", \"verdict\": \"skipped\", \"reason\": \"no data\"}]}]}\n");
}
