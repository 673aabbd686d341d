#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

using Fragments = SwcOptions::Fragments;

namespace {

const std::string two_trees =
    "1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 3 20 0 0 1 2\n4 3 30 0 0 1 3\n"
    "5 1 0 50 0 5 -1\n6 3 0 60 0 1 5\n7 3 0 70 0 1 6\n";

}  // namespace

TEST_CASE("one tree of several is kept on request, and what is dropped is said", "[morphology]")
{
    const SwcFile soma_tree = parse_swc(two_trees, "cell.swc", {.fragments = Fragments::keep_soma_tree});
    REQUIRE(soma_tree.samples.size() == 3);
    CHECK(soma_tree.samples[2].parent == 1);
    CHECK(soma_tree.warnings.text() ==
          "cell.swc:1: warning: 4 samples in 1 separate trees are dropped; the tree from sample 5 (line 5) with 3 "
          "samples "
          "is kept\n  hint: asked for by the option fragments\n");
    const SwcFile largest = parse_swc(two_trees, "cell.swc", {.fragments = Fragments::keep_largest});
    CHECK(largest.samples.size() == 4);
    CHECK(largest.warnings.text() ==
          "cell.swc:5: warning: 3 samples in 1 separate trees are dropped; the tree from sample 1 (line 1) with 4 "
          "samples "
          "is kept\n  hint: asked for by the option fragments\n");
}

TEST_CASE("what hangs on a missing parent is a fragment", "[morphology]")
{
    const std::string text = small_cell + "8 3 50 0 0 1 77\n9 3 60 0 0 1 8\n";
    const SwcFile file = parse_swc(text, "cell.swc", {.fragments = Fragments::keep_soma_tree});
    CHECK(file.samples.size() == 7);
    const SwcFile orphan_largest =
        parse_swc("1 1 0 0 0 5 -1\n3 3 10 0 0 1 2\n4 3 20 0 0 1 3\n", "", {.fragments = Fragments::keep_largest});
    REQUIRE(orphan_largest.samples.size() == 2);
    CHECK(orphan_largest.samples[0].parent_id == -1);
}

TEST_CASE("a single tree is untouched by the fragment options", "[morphology]")
{
    CHECK(warnings_of(small_cell, {.fragments = Fragments::keep_soma_tree}).empty());
    CHECK(warnings_of("1 3 0 0 0 1 -1\n2 3 9 0 0 1 1\n", {.fragments = Fragments::keep_soma_tree}).empty());
}

TEST_CASE("no tree or two trees with a soma leave no choice", "[morphology][errors]")
{
    CHECK(errors_of("1 3 0 0 0 1 -1\n2 3 9 0 0 1 1\n3 3 0 9 0 1 -1\n4 3 9 9 0 1 3\n",
                    {.fragments = Fragments::keep_soma_tree})
              .find("cell.swc:3: error: none of the 2 separate trees holds a soma\n"
                    "  hint: use the option fragments: keep_largest") == 0);
    CHECK(errors_of("1 1 0 0 0 1 -1\n2 3 9 0 0 1 1\n3 1 0 9 0 1 -1\n4 3 9 9 0 1 3\n",
                    {.fragments = Fragments::keep_soma_tree})
              .find("cell.swc:3: error: more than one of the 2 separate trees holds a soma\n"
                    "  hint: split the file, or use the option fragments: keep_largest") == 0);
}

TEST_CASE("radii can be taken absolute and raised to a smallest one, and lengths scaled", "[morphology]")
{
    const std::string text = "1 1 0 0 0 5000 -1\n2 3 5000 0 0 -1000 1\n3 3 25000 0 0 0 2\n";
    const SwcFile file = parse_swc(text, "cell.swc", {.absolute_radius = true, .scale = 0.001, .min_radius_um = 0.25});
    CHECK(file.warnings.empty());
    CHECK(file.samples[0].radius_um == 5.0);
    CHECK(file.samples[1].radius_um == 1.0);
    CHECK(file.samples[2].radius_um == 0.25);
    CHECK(file.samples[2].x_um == 25.0);
    CHECK(check_cable(build_morphology(file).morphology, {}).empty());
}

TEST_CASE("options out of range are refused", "[morphology][errors]")
{
    CHECK(errors_of(small_cell, {.scale = 0.0})
              .find("cell.swc: error: scale 0 is not a positive number\n"
                    "  hint: scale multiplies coordinates and radii, for example 0.001 for "
                    "a file in nanometres") == 0);
    CHECK(errors_of(small_cell, {.min_radius_um = -1.0})
              .find("cell.swc: error: min_radius -1 um is not a number >= 0\n"
                    "  hint: radii below min_radius are raised to it") == 0);
}
