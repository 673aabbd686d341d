#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

/// Compares a file of the project with the text it is generated from; AXOLEMMA_UPDATE=1 writes the file instead.
void check_generated(const std::string& path, const std::string& text)
{
    const std::string whole = std::string(AXOLEMMA_SOURCE_DIR) + "/" + path;
    if (std::getenv("AXOLEMMA_UPDATE") != nullptr) {
        std::ofstream(whole, std::ios::binary) << text;
        return;
    }
    std::ifstream file(whole, std::ios::binary);
    std::stringstream have;
    have << file.rdbuf();
    INFO("run this test with AXOLEMMA_UPDATE=1 to write " << path);
    const bool is_current = have.str() == text;  // the texts are long; Catch2 need not print them
    CHECK(is_current);
}

}  // namespace

TEST_CASE("configs/schema.json is what the schema table says", "[config][generated]")
{
    check_generated("configs/schema.json", config::json_schema());
}

TEST_CASE("configs/channel_schema.json is what the schema table says", "[config][generated]")
{
    check_generated("configs/channel_schema.json", config::channel_json_schema());
}

TEST_CASE("docs/config_reference.md is what the schema table says", "[config][generated]")
{
    check_generated("docs/config_reference.md", config::config_reference_markdown());
}
