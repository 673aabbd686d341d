// Forms of the text that mean the same cell.

#include <cmath>
#include <string>

#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// Reads without a message as the small cell.
void check_is_small_cell(const std::string& text)
{
    const SwcFile file = parse_swc(text, "cell.swc");
    CHECK(file.warnings.text().empty());
    REQUIRE(file.samples.size() == 7);
    const Morphology cell = build_morphology(file).morphology;
    CHECK(cell.n_sections() == 5);
    // soma 10 + stem 15 + branches 15 and sqrt(200) + axon 20; both first segments are wires.
    CHECK(total_length_um(cell) == Catch::Approx(10.0 + 15.0 + 15.0 + std::sqrt(200.0) + 20.0).epsilon(1e-14));
    CHECK(cell.sample_locations.size() == 7);
}

}  // namespace

TEST_CASE("a plain file is read", "[morphology]")
{
    check_is_small_cell(small_cell);
    const SwcFile file = parse_swc(small_cell, "cell.swc");
    CHECK(file.n_comment_lines == 1);
    CHECK(file.samples[3].id == 4);
    CHECK(file.samples[3].type == dend);
    CHECK(file.samples[3].x_um == 35.0);
    CHECK(file.samples[3].radius_um == 0.8);
    CHECK(file.samples[3].parent_id == 3);
    CHECK(file.samples[3].parent == 2);
    CHECK(file.samples[3].line == 5);
    CHECK(file.sha256.size() == 64);
}

TEST_CASE("line ends may be LF, CRLF, CR or CR CR LF, and the last may be missing", "[morphology]")
{
    check_is_small_cell(replaced(small_cell, "\n", "\r\n"));
    check_is_small_cell(replaced(small_cell, "\n", "\r"));
    check_is_small_cell(replaced(small_cell, "\n", "\r\r\n"));
    check_is_small_cell(small_cell.substr(0, small_cell.size() - 1));
}

TEST_CASE("blanks, tabs, blank lines and comments may be anywhere", "[morphology]")
{
    check_is_small_cell(replaced(small_cell, " ", "\t"));
    check_is_small_cell(replaced(small_cell, " ", "  \t "));
    check_is_small_cell(replaced(small_cell, "\n", " \n\n   \n"));
    check_is_small_cell(replaced(small_cell, "\n", " # said here\n"));
    check_is_small_cell(replaced(small_cell, "\n", "\n  # a line between\n") + "# footer\n");
    check_is_small_cell("# caf\xC3\xA9 \xB5m \x01 any byte\n" + small_cell);
    check_is_small_cell("#" + std::string(400000, 'x') + "\n" + small_cell);
}

TEST_CASE("a byte order mark is skipped", "[morphology]")
{
    check_is_small_cell("\xEF\xBB\xBF" + small_cell);
    CHECK(parse_swc("\xEF\xBB\xBF" + small_cell, "cell.swc").text.byte_order_mark);
}

TEST_CASE("numbers may have signs, bare points, exponents and many digits", "[morphology]")
{
    check_is_small_cell(replaced(small_cell, "3 20 0 0 1 2", "3 +20. +0 -0.0 1.0e0 +2"));
    check_is_small_cell(replaced(small_cell, "0.8", ".8E+00"));
    check_is_small_cell(replaced(small_cell, "0.8", "0.8" + std::string(5000, '0')));
    check_is_small_cell(replaced(small_cell, "2 3 5 0 0", "2 3 5 1e-300 0"));
}

TEST_CASE("further columns are ignored if every line has them", "[morphology]")
{
    check_is_small_cell(replaced(small_cell.substr(small_cell.find('\n') + 1), "\n", " 17 note\n"));
}

TEST_CASE("ids may start anywhere, have gaps, fall, and be larger than 32 bits", "[morphology]")
{
    for (const auto& [from, to] : {std::pair{1, 0}, {1, 1000}, {1, 7}}) {
        std::string text;
        for (const SwcSample& s : parse_swc(small_cell, "").samples) {
            const auto renamed = [from = from, to = to](std::int64_t id) {
                return id < 0 ? id : (id - from) * (to == 7 ? -5 : 5) + to * 100;
            };
            text += std::to_string(renamed(s.id)) + " " + std::to_string(s.type) + " " + std::to_string(s.x_um) + " " +
                    std::to_string(s.y_um) + " 0 " + std::to_string(s.radius_um) + " " +
                    std::to_string(renamed(s.parent_id)) + "\n";
        }
        check_is_small_cell(text);
    }
    check_is_small_cell(replaced(small_cell, "7 2 -25", "9223372036854775807 2 -25"));
    // 2^53 and 2^53 + 1 are one double, and two samples.
    const std::string huge =
        "9007199254740992 1 0 0 0 5 -1\n9007199254740993 3 9 0 0 1 9007199254740992\n"
        "9007199254740994 3 19 0 0 1 9007199254740993\n";
    CHECK(parse_swc(huge, "").samples[2].parent == 1);
}

TEST_CASE("coordinates far from the origin keep their digits", "[morphology]")
{
    const Morphology cell =
        build("1 3 10000000 0 0 1 -1\n2 3 10000000.5 0 0 1 1\n3 3 10000001.25 0 0 1 2\n").morphology;
    CHECK(total_length_um(cell) == 1.25);
}

TEST_CASE("any order of the lines gives the same tree", "[morphology]")
{
    const std::string turned =
        "7 2 -25 0 0 0.5 6\n5 3 30 10 0 0.5 3\n4 3 35 0 0 0.8 3\n3 3 20 0 0 1 2\n6 2 -5 0 0 0.5 1\n2 3 5 0 0 1 1\n"
        "1 1 0 0 0 5 -1\n";
    for (const SomaRule rule : {SomaRule::automatic, SomaRule::neuron}) {
        const Morphology a = build(small_cell, rule).morphology;
        const Morphology b = build(turned, rule).morphology;
        CHECK(b.n_sections() == a.n_sections());
        CHECK(total_length_um(b) == Catch::Approx(total_length_um(a)).epsilon(1e-14));
        CHECK(total_area_um2(b) == Catch::Approx(total_area_um2(a)).epsilon(1e-14));
    }
}

TEST_CASE("the order is depth first with siblings as in the file", "[morphology]")
{
    const SwcFile file = parse_swc("5 3 1 0 0 1 9\n9 1 0 0 0 5 -1\n4 3 2 0 0 1 5\n8 2 -1 0 0 1 9\n7 3 3 0 0 1 5\n", "");
    CHECK(file.order == std::vector<std::int32_t>{1, 0, 2, 4, 3});
}

TEST_CASE("any type of 0 or more is kept as a tag", "[morphology]")
{
    const Morphology cell = build(
                                "1 1 0 0 0 5 -1\n2 0 9 0 0 1 1\n3 0 19 0 0 1 2\n4 999 -9 0 0 1 1\n5 999 -19 0 0 1 4\n"
                                "6 2147483647 0 9 0 1 1\n7 2147483647 0 19 0 1 6\n")
                                .morphology;
    REQUIRE(cell.n_sections() == 4);
    CHECK(cell.section(1).name == "dend_0[0]");
    CHECK(cell.section(2).name == "dend_999[0]");
    CHECK(cell.section(3).type == 2147483647);
}
