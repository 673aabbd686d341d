// Every way in which a Neurolucida file can be wrong, with the whole message.

#include <string>

#include "asc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

void check(const std::string& text, const std::string& expected)
{
    CHECK(asc_errors_of(text) == expected + "\n");
}

}  // namespace

TEST_CASE("a file that is no Neurolucida file says what it is", "[morphology][asc][errors]")
{
    using namespace std::string_literals;
    check("", "cell.asc: error: the file is empty (0 bytes)\n  hint: check the download or export");
    const std::string nothing =
        "cell.asc: error: there is no tree and no cell body in the file\n"
        "  hint: a tree is ((Dendrite) (x y z d) ...), a cell body (\"CellBody\" (x y z d) ...)";
    check("; only a comment\n", nothing);
    check("(ImageCoords) ()\n(\"Pia\" (0 0 0 1) (9 0 0 1))\n", nothing);
    check("\x01\x02\x03\x04 (",
          "cell.asc:1: error: this is not a text file\n"
          "  hint: give a Neurolucida file in its text format (ASCII)");
    check("<?xml version=\"1.0\"?>\n<mbf>",
          "cell.asc:1: error: this looks like XML (NeuroML?)\n  hint: export the morphology as SWC");
    check("# header\n1 1 0 0 0 5 -1\n",
          "cell.asc:1: error: this looks like an SWC file\n  hint: give it the ending .swc");
    check("1 1 0 0 0 5 -1\n",
          "cell.asc:1:1: error: '1' outside all brackets\n"
          "  hint: a Neurolucida file is made of brackets; if this is an SWC file, name it .swc");
    check("; ok\nDendrite",
          "cell.asc:2:1: error: 'Dendrite' outside all brackets\n"
          "  hint: a Neurolucida file is made of brackets; comments start with ';'");
}

TEST_CASE("brackets that do not match are reported where they stand", "[morphology][asc][errors]")
{
    check("; ok\n  ((Axon) (0 0 0 1) (9 0 0 1)\n",
          "cell.asc:2:3: error: the bracket that opens here is not closed before the end of the file (line 3)\n"
          "  hint: the file may be truncated; every '(' needs its ')'");
    check("((Axon) (0 0 0 1)\n ( (9 0 0 1) |\n",
          "cell.asc:2:2: error: the bracket that opens here is not closed before the end of the file (line 3)\n"
          "  hint: the file may be truncated; every '(' needs its ')'");
    check("(Set \"a\" ((Axon) (0 0 0 1) (9 0 0 1))",
          "cell.asc:1:1: error: the bracket that opens here is not closed before the end of the file (line 1)\n"
          "  hint: the file may be truncated; every '(' needs its ')'");
    check("((Axon) (0 0 0 1) (9 0 0 1)))",
          "cell.asc:1:29: error: this ')' closes nothing\n  hint: remove it, or add the '(' that is missing before");
    check("((Axon) (0 0 0 1 (9 0 0 1) | (9 9 0 1))",
          "cell.asc:1:9: error: the point that starts here is not closed\n"
          "  hint: write (x y z d)");
    check("((Axon) (0 0 0 1) <(1 1 1 1) (9 0 0 1))",
          "cell.asc:1:19: error: the spine that opens here is not closed\n  hint: a spine is written <(x y z d)>");
    check("((Axon) (0 0 0 1) > (9 0 0 1))",
          "cell.asc:1:19: error: this '>' closes no spine\n  hint: a spine is written <(x y z d)>");
    check("((Name \"axon) (0 0 0 1)\n (9 0 0 1))",
          "cell.asc:1:8: error: the quotation mark is not closed on its line\n"
          "  hint: a string is written \"...\" on one line");
}

TEST_CASE("what does not belong into a tree is reported", "[morphology][asc][errors]")
{
    check("((Axon) (0 0 0 1) | (9 0 0 1))",
          "cell.asc:1:19: error: a '|' outside a split\n"
          "  hint: the branches of a split stand in brackets: ( ... | ... )");
    check("((Axon) (0 0 0 1) ((9 0 0 1) | (0 9 0 1)) (9 9 0 1))",
          "cell.asc:1:43: error: a point after the end of its branch\n"
          "  hint: a branch ends with its split or its end tag: a '|' or ')' may be missing before");
    check("((Axon) (0 0 0 1) ((9 0 0 1)) ((0 9 0 1)))",
          "cell.asc:1:31: error: a second split at the end of one branch\n"
          "  hint: a branch ends with one split: its branches stand in one bracket, with '|' between them");
    check("((Axon) (0 0 0 1) 9 0 0 1)",
          "cell.asc:1:19: error: number '9' outside a point\n  hint: a point stands in brackets: (x y z d)");
    check("((Axon) (0 0 0 1) (9 0 0 1) \"a\")",
          "cell.asc:1:29: error: text \"a\" inside a tree\n"
          "  hint: a tree holds points (x y z d), splits, spines and markers");
    check("((Axon) (0 0 0 1) ((9 0 0 1) (High | (0 9 0 1))))",
          "cell.asc:1:36: error: a '|' inside the block that opens on line 1\n"
          "  hint: '|' separates the branches of a split; a branch starts with a point");
    check("(0 0 0 1)",
          "cell.asc:1:1: error: a point that belongs to no tree and no outline\n"
          "  hint: a tree has two brackets: ((Dendrite) (x y z d) ...)");
    check("((CellBody) (0 0 0 1) (9 0 0 1))",
          "cell.asc:1:1: error: a cell body drawn as a tree\n"
          "  hint: draw its outline: (\"CellBody\" (x y z d) ...)");
}

TEST_CASE("all points that are wrong are reported at once", "[morphology][asc][errors]")
{
    check("((Axon)\n (0 0 0)\n (1 x 0 1)\n (2 0 0 -1)\n (nan 0 0 1)\n (3 0 0 1 1)\n (1e400 0 0 1))",
          "cell.asc:2:2: error: a point of 3 numbers, need 4 (x y z diameter)\n  hint: add what is missing\n"
          "cell.asc:3:2: error: a point of 3 numbers, need 4 (x y z diameter)\n  hint: add what is missing\n"
          "cell.asc:4:9: error: diameter '-1' is negative\n"
          "  hint: give a diameter >= 0, or take the absolute value with the option absolute_radius\n"
          "cell.asc:5:3: error: x 'nan' is not a finite number\n  hint: give a number for x\n"
          "cell.asc:6:2: error: a point of 5 numbers, need 4 (x y z diameter)\n"
          "  hint: remove what is too many; a decimal comma is written as a point\n"
          "cell.asc:7:3: error: x '1e400' is too large\n  hint: coordinates and radii are in um");
    check("((Axon) (0 0 0 1) (2um 0 0 1))",
          "cell.asc:1:20: error: x '2um' is not a number\n  hint: write 2: files carry no units, lengths are in um");
}

TEST_CASE("cells that cannot be are refused", "[morphology][asc][errors]")
{
    check("((Axon) (0 0 0 1) (9 0 0 1))\n((Axon) (0 9 0 1) (9 9 0 1))",
          "cell.asc:2: error: 2 trees and no cell body that joins them (they start on lines 1 and 2)\n"
          "  hint: draw the cell body, or keep the largest tree with the option fragments: keep_largest");
    check(hexagon + "(\"CellBody\" (50 0 0 0) (60 0 0 0) (60 9 0 0))",
          "cell.asc:2: error: 2 cell bodies (the first is on line 1)\n"
          "  hint: one cell in each file; or keep the largest with the option fragments: keep_largest");
    check("(\"CellBody\" (0 0 0 0) (10 0 0 0) (20 0 0 0))",
          "cell.asc:1: error: the outline of the cell body encloses no area\n"
          "  hint: draw it again: its points lie on a line");
    check("((Axon) (0 0 0 1))",
          "cell.asc:1: error: one sample of type 2: no cable length\n"
          "  hint: give a second sample; only a soma (type 1) may be a single sample");
}

TEST_CASE("what is doubtful in a Neurolucida file is warned about", "[morphology][asc]")
{
    const auto warnings = [](const std::string& text) { return parse_asc(text, "cell.asc").warnings.text(); };
    CHECK(warnings("((Color Red) (0 0 0 1) (9 0 0 1))") ==
          "cell.asc:1:1: warning: the tree that starts here names no type; its sections are dend_0\n"
          "  hint: known types: (Axon), (Dendrite), (Apical)\n");
    CHECK(warnings("((Basal) (0 0 0 1) (9 0 0 1))") ==
          "cell.asc:1:1: warning: the tree that starts here is of type 'Basal'; its sections are dend_0\n"
          "  hint: known types: (Axon), (Dendrite), (Apical)\n");
    CHECK(warnings("((Axon) (0 0 0 1) (9 0 0 1) Hihg)") ==
          "cell.asc:1:29: warning: 'Hihg' is no end tag that is known; it is ignored\n"
          "  hint: known: Normal, High, Low, Incomplete, Generated, Midpoint, Origin\n");
    CHECK(warnings("(\"CellBody\" (0 0 0 9) (9 0 0 9))\n((Axon) (0 0 0 1) (9 0 0 1))") ==
          "cell.asc:1: warning: the outline of the cell body has 2 points; it is ignored\n"
          "  hint: an outline has three points or more\n");
    CHECK(warnings(hexagon + "((Axon) (5 5 0 1))") ==
          "cell.asc:2: warning: a tree of a single point has no length; it is left out\n  hint: remove it\n");
    CHECK(warnings("((Axon) (0 0 0 1) (9 0 0 0))") ==
          "cell.asc:1: warning: radius of sample 2 is 0\n"
          "  hint: a cable needs a radius: correct it, or set a smallest one with the option min_radius\n");
}
