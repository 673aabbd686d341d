// Legal but suspicious: loaded, with one warning at the first line, and the others counted.

#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

TEST_CASE("suspicious lines are warned about with line and hint", "[morphology][errors]")
{
    const std::string start = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 20 0 0 1 2\n";
    CHECK(warnings_of(start + "\x1A") ==
          "cell.swc:4: warning: byte 0x1A (the DOS mark for the end of a file) is ignored\n"
          "  hint: remove it\n");
    CHECK(warnings_of(start + "4 3 30 1e-400 0 1 3\n") == "cell.swc:4: warning: y '1e-400' is read as 0\n");
    CHECK(warnings_of(start + "4.0 3 30 0 0 1 3.0e0\n") ==
          "cell.swc:4: warning: id is written as '4.0', taken as 4 (and 1 more like this)\n"
          "  hint: write ids, types and parents as integers\n");
    CHECK(warnings_of(start + "4 -1 30 0 0 1 3\n") ==
          "cell.swc:4: warning: type -1 is negative; it is kept as a tag\n  hint: use a type >= 0\n");
    CHECK(warnings_of(start + "4 3 30 0 0 0 3\n5 3 40 0 0 0 4\n") ==
          "cell.swc:4: warning: radius of sample 4 is 0 (and 1 more like this)\n"
          "  hint: a cable needs a radius: correct it, or set a smallest one with the option min_radius\n");
    CHECK(warnings_of("1 1 0 0 0 0 -1\n2 3 5 0 0 1 1\n") ==
          "cell.swc:1: warning: soma radius of sample 1 is 0\n"
          "  hint: a cable needs a radius: correct it, or set a smallest one with the option min_radius\n");
    CHECK(
        warnings_of(start + "4 3 20 0 0 2 3\n5 3 20 0 0 2 4\n6 3 30 0 0 1 5\n") ==
        "cell.swc:4: warning: sample 4 is at the same place as its parent 3 with another radius: a segment of length 0 "
        "(and 1 more like this)\n  hint: remove one of them unless a step in radius is meant\n");
    CHECK(warnings_of("2 3 5 0 0 1 1\n1 1 0 0 0 5 -1\n3 3 20 0 0 1 2\n") ==
          "cell.swc:1: warning: sample 2 comes before its parent 1; the samples are sorted\n"
          "  hint: other programs need parents first\n");
}

TEST_CASE("a neurite that starts at the soma's centre is usual and no reason for a warning", "[morphology]")
{
    CHECK(warnings_of("1 1 0 0 0 5 -1\n2 3 0 0 0 1 1\n3 3 20 0 0 1 2\n").empty());
}

TEST_CASE("sizes and headers that are not micrometres are warned about", "[morphology][errors]")
{
    const std::string advice = "  hint: check the unit and the order of the columns; the option scale converts to um\n";
    CHECK(warnings_of("1 1 0 0 0 5 -1\n2 3 30000 0 0 1 1\n3 3 40000 0 0 1 2\n") ==
          "cell.swc: warning: the cell is 40000 um across and its largest radius is 5 um: not micrometres?\n" + advice);
    CHECK(warnings_of("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 20 0 0 5000 2\n") ==
          "cell.swc:3: warning: radius 5000 um of sample 3 is larger than the cell\n" + advice);
    CHECK(warnings_of("1 1 0 0 0 150 -1\n2 3 5 0 0 1 1\n3 3 2000 0 0 1 2\n") ==
          "cell.swc:1: warning: radius 150 um of sample 1 is very large\n" + advice);
    const std::string in_nm = "# Meta: {\"units\": \"1 nanometer\"}\n1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 20 0 0 1 2\n";
    CHECK(warnings_of(in_nm) ==
          "cell.swc:1: warning: the header says that the unit is the nanometre; lengths are taken as "
          "um\n  hint: if so, give the factor to um with the option scale (0.001 for nanometres)\n");
    CHECK(warnings_of(in_nm, {.scale = 0.001}).empty());
    CHECK(warnings_of("# units: micrometer\n1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n").empty());
}

TEST_CASE("odd somas are warned about", "[morphology][errors]")
{
    CHECK(warnings_of("1 1 0 0 0 5 -1\n2 1 0 -9 0 5 1\n3 1 0 9 0 5 1\n4 3 5 0 0 1 1\n5 3 25 0 0 1 4\n") ==
          "cell.swc:2: warning: three-point soma: sample 2 is 9 um from the centre, whose radius is 5 um\n"
          "  hint: for a sphere both outer samples lie one radius away and all radii are equal\n");
    CHECK(warnings_of("1 1 10 0 0 0.1 -1\n2 1 0 10 0 0.1 1\n3 1 -10 0 0 0.1 2\n4 1 0 -10 0 0.1 3\n5 1 10 0 0 0.1 4\n"
                      "6 3 10 0 0 1 1\n7 3 30 0 0 1 6\n") ==
          "cell.swc:1: warning: the soma looks like a contour (5 thin samples in a closed ring)\n"
          "  hint: SWC has no contours: it is taken as the sphere whose cross-section is the area inside\n");
    CHECK(
        warnings_of("1 1 0 0 0 5 -1\n2 1 5 0 0 5 1\n3 1 8 4 0 3 2\n4 1 8 -4 0 3 2\n5 3 12 4 0 1 3\n6 3 30 4 0 1 5\n") ==
        "cell.swc:2: warning: the soma forks at sample 2\n"
        "  hint: a soma is one body: a chain of samples, or one sample\n");
    CHECK(warnings_of("1 1 0 0 0 5 -1\n2 1 0 0 0 5 1\n3 3 5 0 0 1 2\n4 3 25 0 0 1 3\n") ==
          "cell.swc:2: warning: the 2 soma samples are at one place: a soma of length 0\n"
          "  hint: remove all but one: one sample stands for a sphere\n");
    CHECK(warnings_of("1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 1 20 0 0 5 2\n4 2 30 0 0 1 3\n5 2 40 0 0 1 4\n") ==
          "cell.swc:3: warning: the soma (sample 3) is not the root; it hangs on sample 2\n"
          "  hint: the tree is turned round so that it starts at the soma, unless the soma rule is neuron or arbor\n");
}
