// What each rule makes of each kind of soma. Numbers are worked out by hand from the samples.

#include <cmath>
#include <numbers>

#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;
using std::numbers::pi;

namespace {

const std::string three_point = "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 5 0 0 1 1\n5 3 25 0 0 1 4\n";
const std::string stacked =
    "1 1 0 0 0 4 -1\n2 1 0 10 0 6 1\n3 1 0 20 0 4 2\n4 3 6 10 0 1 2\n5 3 26 10 0 1 4\n"
    "6 3 0 24 0 1 3\n7 3 0 44 0 1 6\n8 2 0 -3 0 0.5 1\n9 2 0 -23 0 0.5 8\n";
const std::string no_soma = "1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 3 20 5 0 1 2\n4 3 20 -5 0 1 2\n";
// A square ring of 10 um half diagonals.
const std::string contour =
    "1 1 10 0 0 0.1 -1\n2 1 0 10 0 0.1 1\n3 1 -10 0 0 0.1 2\n4 1 0 -10 0 0.1 3\n5 1 10 0 0 0.1 4\n"
    "6 3 10 0 0 1 1\n7 3 30 0 0 1 6\n";

const Section& named(const Morphology& cell, const std::string& name)
{
    const std::int32_t s = cell.find_section(name);
    INFO(name);
    REQUIRE(s >= 0);
    return cell.section(s);
}

double area_of(const Morphology& cell, const std::string& name)
{
    return cell.area_um2(cell.find_section(name), 0.0, 1.0);
}

std::string refusal(const std::string& text, SomaRule rule)
{
    try {
        build(text, rule);
    } catch (const base::InputError& error) {
        std::string message = error.what();
        while (!message.empty() && message.back() == '\n') {
            message.pop_back();
        }
        return message;
    }
    return {};
}

}  // namespace

TEST_CASE("one soma sample is a sphere's cylinder with the neurites wired to its middle", "[morphology]")
{
    for (const SomaRule rule : {SomaRule::automatic, SomaRule::sphere, SomaRule::neuron}) {
        const Morphology cell = build(small_cell, rule).morphology;
        CHECK(named(cell, "soma[0]").length_um == 10.0);
        CHECK(named(cell, "soma[0]").n_points == 3);
        CHECK(area_of(cell, "soma[0]") == Catch::Approx(4.0 * pi * 25.0).epsilon(1e-14));
        CHECK(named(cell, "dend[0]").parent_position == 0.5);
        CHECK(named(cell, "dend[0]").length_um == 15.0);
        CHECK(named(cell, "dend[1]").parent == cell.find_section("dend[0]"));
        CHECK(named(cell, "axon[0]").length_um == 20.0);
    }
    CHECK(build(small_cell).soma_rule_used ==
          "one soma sample: a sphere of diameter 10 um, made a cylinder of that length and diameter along x (area "
          "314.159 "
          "um2), with the neurites on its middle");
}

TEST_CASE("a neurite of one sample keeps the segment from the soma's centre, with its own radius", "[morphology]")
{
    const Morphology cell = build("1 1 0 0 0 5 -1\n2 3 12 0 0 1 1\n").morphology;
    CHECK(named(cell, "dend[0]").length_um == 12.0);
    CHECK(area_of(cell, "dend[0]") == Catch::Approx(2.0 * pi * 12.0).epsilon(1e-14));
}

TEST_CASE("the NeuroMorpho three-point soma is the sphere it stands for, unless cylinders are asked for",
          "[morphology]")
{
    for (const SomaRule rule : {SomaRule::automatic, SomaRule::sphere, SomaRule::neuron}) {
        const Morphology cell = build(three_point, rule).morphology;
        CHECK(cell.n_sections() == 2);
        CHECK(area_of(cell, "soma[0]") == Catch::Approx(4.0 * pi * 25.0).epsilon(1e-14));
        CHECK(named(cell, "dend[0]").length_um == 20.0);
        CHECK(cell.at({0, 1.0}).x_um == 5.0);
        CHECK(cell.sample_locations.at(3) == Location{0, 0.5});
    }
    const Morphology two = build(three_point, SomaRule::cylinders).morphology;
    CHECK(named(two, "soma[0]").length_um + named(two, "soma[1]").length_um == 10.0);
    CHECK(build(three_point, SomaRule::arbor).morphology.section(0).length_um == 5.0);
}

TEST_CASE("stacked soma samples are one section of cones", "[morphology]")
{
    const double soma_area = 2.0 * pi * 10.0 * std::hypot(10.0, 2.0);
    for (const SomaRule rule : {SomaRule::automatic, SomaRule::cylinders, SomaRule::neuron}) {
        const Morphology cell = build(stacked, rule).morphology;
        CHECK(named(cell, "soma[0]").length_um == 20.0);
        CHECK(area_of(cell, "soma[0]") == Catch::Approx(soma_area).epsilon(1e-14));
        // On an inner sample: wired to the middle. On an end: a cylinder of the neurite's radius leads there.
        CHECK(named(cell, "dend[0]").parent_position == 0.5);
        CHECK(named(cell, "dend[0]").length_um == 20.0);
        CHECK(named(cell, "dend[1]").parent_position == 1.0);
        CHECK(named(cell, "dend[1]").length_um == 24.0);
        CHECK(area_of(cell, "dend[1]") == Catch::Approx(2.0 * pi * 24.0).epsilon(1e-14));
        CHECK(named(cell, "axon[0]").parent_position == 0.0);
        CHECK(named(cell, "axon[0]").length_um == 23.0);
    }
    const Morphology sphere = build(stacked, SomaRule::sphere).morphology;
    CHECK(area_of(sphere, "soma[0]") == Catch::Approx(soma_area).epsilon(1e-14));
    CHECK(named(sphere, "soma[0]").length_um == Catch::Approx(std::sqrt(soma_area / pi)).epsilon(1e-14));
    CHECK(named(sphere, "axon[0]").parent_position == 0.5);
    CHECK(build(stacked).soma_rule_used == "3 soma samples: stacked truncated cones (length 20 um, area 640.762 um2)");
}

TEST_CASE("a soma whose samples lie apart in the file is one section", "[morphology]")
{
    const std::string apart = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 20 0 0 1 2\n4 1 -5 0 0 5 1\n5 1 -10 0 0 4 4\n";
    const Morphology cell = build(apart).morphology;
    CHECK(cell.n_sections() == 2);
    CHECK(named(cell, "soma[0]").length_um == 10.0);
    CHECK(named(cell, "dend[0]").length_um == 20.0);
    // NEURON goes by the file's order: a sphere, and a second soma section.
    const Morphology as_neuron = build(apart, SomaRule::neuron).morphology;
    CHECK(as_neuron.n_sections() == 3);
    CHECK(total_length_um(as_neuron) == 35.0);
}

TEST_CASE("a contour is the sphere whose cross-section it encloses", "[morphology]")
{
    for (const SomaRule rule : {SomaRule::automatic, SomaRule::sphere, SomaRule::contour}) {
        const Morphology cell = build(contour, rule).morphology;
        CHECK(area_of(cell, "soma[0]") == Catch::Approx(4.0 * 200.0).epsilon(1e-14));
        CHECK(named(cell, "dend[0]").length_um == 20.0);
        CHECK(cell.sample_locations.size() == 7);
        CHECK(cell.at({0, 0.5}).x_um == Catch::Approx(2.0));  // the closing sample counts in the mean
    }
    CHECK(named(build(contour, SomaRule::neuron).morphology, "soma[0]").length_um ==
          Catch::Approx(4.0 * std::sqrt(200.0)).epsilon(1e-14));
    CHECK(
        build(contour).soma_rule_used ==
        "5 soma samples as an outline of 200 um2: a sphere of diameter 15.9577 um, made a cylinder of that length and "
        "diameter along x (area 800 um2), with the neurites on its middle");
}

TEST_CASE("an outline's area does not depend on how it lies in space", "[morphology]")
{
    // The square turned by 45 degrees out of the plane and moved.
    const std::string tilted =
        "1 1 107.0710678118654755 50 7.0710678118654755 0.1 -1\n2 1 100 60 0 0.1 1\n"
        "3 1 92.9289321881345245 50 -7.0710678118654755 0.1 2\n4 1 100 40 0 0.1 3\n"
        "5 1 107.0710678118654755 50 7.0710678118654755 0.1 4\n6 3 120 50 0 1 1\n7 3 130 50 0 1 6\n";
    CHECK(area_of(build(tilted).morphology, "soma[0]") == Catch::Approx(800.0).epsilon(1e-12));
}

TEST_CASE("soma samples at one place are a sphere", "[morphology]")
{
    const Morphology cell = build("1 1 0 0 0 5 -1\n2 1 0 0 0 5 1\n3 3 5 0 0 1 2\n4 3 25 0 0 1 3\n").morphology;
    CHECK(area_of(cell, "soma[0]") == Catch::Approx(4.0 * pi * 25.0).epsilon(1e-14));
    CHECK(named(cell, "dend[0]").length_um == 20.0);
}

TEST_CASE("a tree without a soma starts at its root sample", "[morphology]")
{
    const Morphology cell = build(no_soma).morphology;
    CHECK(cell.n_sections() == 3);
    CHECK(total_length_um(cell) == Catch::Approx(10.0 + 2.0 * std::sqrt(125.0)).epsilon(1e-14));
    CHECK_FALSE(cell.has_soma());
    CHECK(build(no_soma).soma_rule_used == "no soma sample: the tree starts at sample 1 (line 1)");
}

TEST_CASE("a lone root sample is no cable of its own, except as NEURON has it", "[morphology]")
{
    const std::string lone = "1 2 0 0 0 6 -1\n2 3 0 10 0 1 1\n3 3 0 20 0 1 2\n4 4 0 -10 0 1 1\n5 4 0 -20 0 1 4\n";
    const Morphology cell = build(lone).morphology;
    REQUIRE(cell.n_sections() == 2);
    CHECK(total_length_um(cell) == 40.0);
    CHECK(cell.section(1).parent == 0);
    CHECK(cell.section(1).parent_position == 0.0);
    CHECK(cell.sample_locations.at(1) == Location{0, 0.0});
    const Morphology as_neuron = build(lone, SomaRule::neuron).morphology;
    CHECK(as_neuron.n_sections() == 3);
    CHECK(total_length_um(as_neuron) == 52.0);
}

TEST_CASE("a tree that does not start at its soma is turned round", "[morphology]")
{
    const std::string text = "1 3 0 0 0 1 -1\n2 3 10 0 0 1 1\n3 1 20 0 0 5 2\n4 2 30 0 0 1 3\n5 2 40 0 0 1 4\n";
    const Morphology cell = build(text).morphology;
    CHECK(cell.section(0).type == soma);
    CHECK(named(cell, "dend[0]").length_um == 10.0);
    CHECK(cell.distance_um(cell.sample_locations.at(1)) == 10.0);
    const Morphology as_neuron = build(text, SomaRule::neuron).morphology;
    CHECK(as_neuron.section(0).type == dend);
    CHECK(as_neuron.distance_um({0, 0.0}) > 10.0);
}

TEST_CASE("fork and end labels do not cut the cable", "[morphology]")
{
    // Types 5 and 6 mark forks and ends; the cable is of type 0.
    const std::string text =
        "1 1 0 0 0 5 -1\n2 0 10 0 0 1 1\n3 5 20 0 0 1 2\n4 0 30 5 0 1 3\n5 6 40 5 0 1 4\n"
        "6 0 30 -5 0 1 3\n7 6 40 -5 0 1 6\n";
    const Morphology cell = build(text).morphology;
    CHECK(cell.n_sections() == 4);
    for (std::int32_t s = 1; s < 4; ++s) {
        CHECK(cell.section(s).type == undefined);
    }
    CHECK(build(text, SomaRule::neuron).morphology.n_sections() > 4);
    // With a sample of type 5 that is no fork they are kinds of neurite.
    CHECK(build(text + "8 5 -9 0 0 1 1\n9 5 -19 0 0 1 8\n").morphology.find_section("dend_5[0]") >= 0);
}

TEST_CASE("a section never runs on to a sample that is not its child", "[morphology]")
{
    // Three dendrites line by line in turn; NEURON joins samples 3 and 4.
    const std::string interleaved =
        "1 1 0 0 0 5 -1\n2 3 10 0 0 1 1\n3 3 0 10 0 1 1\n4 3 -10 0 0 1 1\n5 3 20 0 0 1 2\n"
        "6 3 0 20 0 1 3\n7 3 -20 0 0 1 4\n";
    CHECK(total_length_um(build(interleaved).morphology) == 40.0);
    const Morphology as_neuron = build(interleaved, SomaRule::neuron).morphology;
    for (std::int32_t s = 0; s < as_neuron.n_sections(); ++s) {
        CHECK(as_neuron.section(s).length_um <= 20.0);
    }
}

TEST_CASE("a branch of no length is left out and what hangs on it hangs on its parent", "[morphology]")
{
    const std::string text = "1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 5 0 0 2 2\n4 3 35 0 0 0.8 3\n5 3 5 10 0 0.5 3\n";
    const Morphology cell = build(text).morphology;
    CHECK(cell.n_sections() == 3);
    CHECK(total_length_um(cell) == 50.0);
    CHECK(cell.section(1).parent == 0);
    CHECK(cell.section(1).parent_position == 0.5);
    CHECK(cell.sample_locations.at(3) == Location{0, 0.5});
}

TEST_CASE("the rule arbor makes one cone of every line", "[morphology]")
{
    const Morphology cell = build(stacked, SomaRule::arbor).morphology;
    CHECK(total_length_um(cell) == Catch::Approx(20.0 + (6.0 + 20.0) + (4.0 + 20.0) + (3.0 + 20.0)).epsilon(1e-14));
    const double connecting_cone = pi * 7.0 * std::hypot(6.0, 5.0);
    CHECK(area_of(cell, "dend[0]") == Catch::Approx(connecting_cone + 2.0 * pi * 20.0).epsilon(1e-14));
}

TEST_CASE("a rule that does not fit the soma is refused", "[morphology][errors]")
{
    CHECK(refusal(small_cell, SomaRule::arbor) ==
          "cell.swc:2: error: the soma rule 'arbor' cannot take a soma of one sample: it has no length and so no "
          "membrane\n"
          "  hint: use the soma rule auto");
    CHECK(refusal("1 1 0 0 0 5 -1\n", SomaRule::arbor) ==
          "cell.swc:1: error: the soma rule 'arbor' needs two samples or more: every line makes a truncated cone from "
          "its "
          "parent\n  hint: use the soma rule auto");
    CHECK(
        refusal(small_cell, SomaRule::cylinders) ==
        "cell.swc:2: error: the soma rule 'cylinders' needs two soma samples or more, and the file has 1 soma sample\n"
        "  hint: use the soma rule auto");
    CHECK(refusal(no_soma, SomaRule::sphere) ==
          "cell.swc: error: the soma rule 'sphere' needs a soma, and the file has no sample of type 1\n"
          "  hint: use the soma rule auto");
    CHECK(refusal(no_soma, SomaRule::contour) ==
          "cell.swc: error: the soma rule 'contour' needs three soma samples or more, and the file has 0 soma samples\n"
          "  hint: use the soma rule auto");
    CHECK(refusal(stacked, SomaRule::contour) ==
          "cell.swc:1: error: the soma rule 'contour' finds no area inside the soma samples: they lie along a line\n"
          "  hint: use the soma rule auto or cylinders");
}

TEST_CASE("a soma alone is a cell", "[morphology]")
{
    const Morphology cell = build("1 1 0 0 0 5 -1\n").morphology;
    CHECK(cell.n_sections() == 1);
    CHECK(total_area_um2(cell) == Catch::Approx(100.0 * pi).epsilon(1e-14));
    CHECK(soma_rule_names().size() == 6);
}
