#include "support.hpp"

using namespace axolemma;

namespace {

const std::filesystem::path folder = std::filesystem::path(AXOLEMMA_SOURCE_DIR) / "tests/unit/nmodl/files";

}  // namespace

TEST_CASE("a channel file is read as a whole", "[nmodl]")
{
    const nmodl::File file = test::parse(test::file_text(folder / "channel.mod"));
    CHECK(file.path == "mods/test.mod");
    CHECK(file.title == "A potassium channel of the delayed kind");
    CHECK(file.comments ==
          "Rates after a fit that does not exist: this file is for tests of the parser.\nwritten for tests\n");
    CHECK(file.neuron.name.text == "kd");
    CHECK(file.units.size() == 8);
    CHECK(file.parameters.size() == 5);
    CHECK(file.assigned.size() == 8);
    CHECK(file.states.size() == 1);
    CHECK(file.constants.size() == 1);
    CHECK(file.blocks.size() == 5);
    CHECK(file.function_tables.size() == 1);
}

TEST_CASE("files with everything that NMODL has are read", "[nmodl]")
{
    CHECK(test::parse(test::file_text(folder / "synapse.mod")).blocks.size() == 11);
    CHECK(test::parse(test::file_text(folder / "kinetics.mod")).blocks.size() == 6);
}

TEST_CASE("line ends and a byte order mark do not matter", "[nmodl]")
{
    const std::string text = test::file_text(folder / "channel.mod");
    std::string dos = "\xEF\xBB\xBF";
    for (const char c : text) {
        dos += c == '\n' ? "\r\n" : std::string(1, c);
    }
    while (dos.ends_with("\r\n")) {
        dos.resize(dos.size() - 2);
    }
    const nmodl::File a = test::parse(text), b = test::parse(dos);
    REQUIRE(a.blocks.size() == b.blocks.size());
    for (std::size_t k = 0; k < a.blocks.size(); ++k) {
        CHECK(a.blocks[k].pos == b.blocks[k].pos);
        CHECK(a.blocks[k].body.size() == b.blocks[k].body.size());
    }
    CHECK(a.title == b.title);
}

TEST_CASE("a file cut off anywhere ends in errors or is read, never in anything else", "[nmodl]")
{
    for (const char* name : {"channel.mod", "synapse.mod", "kinetics.mod", "wrong.mod"}) {
        const std::string text = test::file_text(folder / name);
        for (std::size_t length = 0; length <= text.size(); ++length) {
            base::Diagnostics diagnostics;
            const nmodl::File file = test::parse(std::string_view(text).substr(0, length), diagnostics);
            CHECK(diagnostics.n_errors() <= 21);
            CHECK(file.blocks.size() <= 11);
        }
    }
}
