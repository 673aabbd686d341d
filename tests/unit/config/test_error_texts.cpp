#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
namespace fs = std::filesystem;

namespace {

std::string read_text(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// All cases of tests/errors/config, in order of their names.
std::vector<fs::path> cases()
{
    std::vector<fs::path> out;
    for (const fs::directory_entry& entry :
         fs::directory_iterator(fs::path(AXOLEMMA_SOURCE_DIR) / "tests/errors/config")) {
        if (entry.path().extension() == ".yaml") {
            out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string messages(const fs::path& path)
{
    try {
        config::parse_model(read_text(path), path.filename().string());
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted\n";
}

}  // namespace

TEST_CASE("every wrong configuration of tests/errors/config is answered with exactly the expected text",
          "[config][errors]")
{
    const bool update = std::getenv("AXOLEMMA_UPDATE") != nullptr;
    REQUIRE(cases().size() > 50);
    for (const fs::path& path : cases()) {
        INFO(path.filename().string());
        const fs::path expected = fs::path(path).replace_extension(".expected");
        const std::string got = messages(path);
        CHECK(got != "accepted\n");
        if (update) {
            std::ofstream(expected, std::ios::binary) << got;
        } else {
            CHECK(got == read_text(expected));
        }
    }
}
