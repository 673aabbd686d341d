// Neurolucida files against NEURON 9.0.2: the numbers come from Import3d_Neurolucida3 and Import3d_GUI.instantiate on
// the same text.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "asc_support.hpp"
#include "morphology/asc_soma.hpp"
#include "morphology/doctor.hpp"
#include "morphology/regions.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;

namespace {

struct Expected {
    std::string name;
    double length_um, area_um2;
    std::string parent;
    double parent_position;
};

// NEURON's numbers are printed with seven digits.
constexpr double as_printed = 5e-7;

void check_sections(const Morphology& cell, const std::vector<Expected>& expected)
{
    REQUIRE(cell.n_sections() == static_cast<std::int32_t>(expected.size()));
    for (const Expected& e : expected) {
        CAPTURE(e.name);
        const std::int32_t s = cell.find_section(e.name);
        REQUIRE(s >= 0);
        const Section& section = cell.section(s);
        CHECK(section.length_um == Approx(e.length_um).epsilon(as_printed));
        CHECK(cell.area_um2(s, 0.0, 1.0) == Approx(e.area_um2).epsilon(as_printed));
        CHECK((section.parent < 0 ? "" : cell.section(section.parent).name) == e.parent);
        CHECK(section.parent_position == e.parent_position);
    }
}

}  // namespace

TEST_CASE("a drawn cell becomes the sections that NEURON makes", "[morphology][asc]")
{
    const SwcFile file = parse_asc(drawn_cell, "cell.asc");
    CHECK(file.format == FileFormat::neurolucida);
    CHECK(file.n_comment_lines == 1);
    const BuiltMorphology built = build_morphology(file);
    check_sections(built.morphology, {{"soma[0]", 15.88523, 564.4398, "", 0},
                                      {"axon[0]", 39.6, 124.4071, "soma[0]", 0.5},
                                      {"axon[1]", 30.8125, 96.80031, "soma[0]", 0.5},
                                      {"dend[0]", 18, 105.2605, "soma[0]", 0.5},
                                      {"dend[1]", 10.77033, 37.22119, "dend[0]", 1},
                                      {"dend[2]", 22.88688, 68.37607, "dend[0]", 1},
                                      {"dend[3]", 10, 15.70796, "dend[2]", 1},
                                      {"dend[4]", 11.18034, 14.04963, "dend[2]", 1},
                                      {"dend[5]", 8.485281, 10.44175, "dend[4]", 1},
                                      {"apic[0]", 47.07107, 347.5886, "soma[0]", 0.5}});
    CHECK(built.soma_rule_used.find("an outline of 6 points") == 0);
    CHECK(built.soma_rule_used.find("as NEURON's Import3d does") != std::string::npos);
    CHECK(
        built.warnings.text() ==
        "cell.asc:16: warning: the tree that starts here is outside the cell body (103.472 um from its middle); it is "
        "joined to its middle\n"
        "  hint: as NEURON does; if it leaves a dendrite, draw it as a branch of that dendrite\n");
}

TEST_CASE("outlines in several planes are stacked as NEURON stacks them", "[morphology][asc]")
{
    const std::string text =
        "(\"CellBody\" (Color Red) (0 0 0 0) (10 0 0 0) (14 6 0 0) (9 12 0 0) (1 11 0 0) (-3 5 0 0))\n"
        "(\"CellBody\" (2 2 4 0) (10 2 4 0) (12 6 4 0) (9 10 4 0) (3 9 4 0))\n"
        "(\"CellBody\" (4 4 7 0) (9 4 7 0) (10 6 7 0) (8 8 7 0))\n"
        "((Dendrite) (12 6 0 2) (20 6 0 2) (30 6 0 1.5))\n";
    const BuiltMorphology built = build_asc(text);
    check_sections(built.morphology,
                   {{"soma[0]", 7.330501, 263.1355, "", 0}, {"dend[0]", 18, 105.2605, "soma[0]", 0.5}});
    CHECK(built.soma_rule_used.find("3 outlines") == 0);
    CHECK(built.warnings.empty());
}

TEST_CASE("a tree without a cell body starts at its first point", "[morphology][asc]")
{
    const BuiltMorphology built =
        build_asc("((Dendrite) (12 6 0 2) (20 6 0 2) (30 6 0 1.5) ((40 6 0 1) (50 6 0 1) | (40 0 0 1) (50 0 0 1)))");
    REQUIRE(built.morphology.n_sections() == 3);
    CHECK(built.morphology.section(0).length_um == Approx(18.0));
    // The first point of a branch that does not repeat the fork has its own diameter there.
    CHECK(built.morphology.points(1)[0].radius_um == 0.5);
    CHECK(built.morphology.section(1).length_um == Approx(20.0));
    CHECK_FALSE(built.morphology.has_soma());
}

TEST_CASE("an ellipse becomes a spheroid of its axes", "[morphology][asc]")
{
    Outline ellipse;
    constexpr int n = 720;
    for (int i = 0; i < n; ++i) {
        const double angle = 2.0 * 3.14159265358979323846 * i / n;
        ellipse.push_back({5.0 + 10.0 * std::cos(angle), 4.0 * std::sin(angle), 3.0, 0.0});
    }
    const std::vector<Point> cones = cones_of_outline(ellipse);
    REQUIRE(cones.size() == 21);
    for (std::size_t i = 1; i < 20; ++i) {
        const double x = (cones[i].x_um - 5.0) / 10.0;
        CHECK(cones[i].z_um == Approx(3.0));
        CHECK(cones[i].y_um == Approx(0.0).margin(0.01));
        // Sides of 100 steps round an ellipse, the nearest to a tip 3 % of the axis away from it: chords of that length.
        CHECK(cones[i].radius_um == Approx(4.0 * std::sqrt(1.0 - x * x)).margin(0.15));
    }
}

TEST_CASE("other rules make a sphere of the outline", "[morphology][asc]")
{
    const double area_um2 = 149.5;  // of the hexagon, by the shoelace formula
    const BuiltMorphology sphere = build_asc(drawn_cell, SomaRule::contour);
    CHECK(sphere.morphology.area_um2(0, 0.0, 1.0) == Approx(4.0 * area_um2));
    CHECK(sphere.morphology.section(1).parent_position == 0.5);
    const BuiltMorphology equal = build_asc(drawn_cell, SomaRule::sphere);
    CHECK(equal.morphology.area_um2(0, 0.0, 1.0) == Approx(564.4398).epsilon(as_printed));
    for (const SomaRule rule : {SomaRule::neuron, SomaRule::cylinders}) {
        CHECK(total_area_um2(build_asc(drawn_cell, rule).morphology) ==
              total_area_um2(build_asc(drawn_cell).morphology));
    }
    CHECK_THROWS_AS(build_asc(drawn_cell, SomaRule::arbor), base::InputError);
}

TEST_CASE("empty siblings, points without length and deep brackets are read", "[morphology][asc]")
{
    const BuiltMorphology gap =
        build_asc("((Axon) (0 0 0 1) (9 0 0 1) ( | (9 0 0 1) (19 0 0 1) | (9 0 0 1) Generated | ))");
    CHECK(total_length_um(gap.morphology) == Approx(19.0));
    CHECK(gap.morphology.n_sections() == 2);

    // A stem of one point: its branches hang on the soma, as in NEURON.
    const BuiltMorphology fork = build_asc(hexagon + "((Axon) (5 5 0 1) ((15 5 0 1) (25 5 0 1) | (5 15 0 1) High))");
    CHECK(fork.morphology.n_sections() == 3);
    CHECK(fork.morphology.section(1).parent == 0);
    CHECK(fork.morphology.section(1).parent_position == 0.5);
    CHECK(fork.morphology.section(1).length_um == Approx(20.0));

    constexpr int depth = 200000;
    std::string deep = "((Axon) (0 0 0 1)";
    for (int i = 1; i <= depth; ++i) {
        deep += fmt::format("(({} 0 0 1)", i);
    }
    deep += std::string(depth, ')') + ")";
    CHECK(total_length_um(build_asc(deep).morphology) == Approx(depth));
}

TEST_CASE("options and formats reach the samples", "[morphology][asc]")
{
    const SwcOptions options{.absolute_radius = true, .scale = 0.5, .min_radius_um = 0.25};
    const SwcFile file = parse_asc("((Axon) (0 0 0 -4) (8 0 0 0.1))", "cell.asc", options);
    CHECK(file.samples[0].radius_um == 1.0);
    CHECK(file.samples[1].x_um == 4.0);
    CHECK(file.samples[1].radius_um == 0.25);
    const std::string json = doctor_json(file, build_morphology(file));
    CHECK(json.find("\"format\": \"neurolucida\"") != std::string::npos);

    const SwcFile largest = parse_asc("((Axon) (0 0 0 1) (8 0 0 1)) ((Axon) (0 9 0 1) (8 9 0 1) (9 9 0 1))", "cell.asc",
                                      {.fragments = SwcOptions::Fragments::keep_largest});
    CHECK(largest.samples.size() == 3);
}

TEST_CASE("the ending of a file names its format", "[morphology][asc]")
{
    const std::filesystem::path folder = std::filesystem::temp_directory_path();
    const std::string asc = (folder / "axolemma_test_format.ASC").string();
    const std::string swc = (folder / "axolemma_test_format.swc").string();
    std::ofstream(asc) << drawn_cell;
    std::ofstream(swc) << small_cell;
    CHECK(read_morphology(asc).format == FileFormat::neurolucida);
    CHECK(read_morphology(swc).format == FileFormat::swc);
    std::filesystem::remove(asc);
    std::filesystem::remove(swc);
}

TEST_CASE("samples and regions of a drawn cell can be named", "[morphology][asc]")
{
    const SwcFile file = parse_asc(drawn_cell, "cell.asc");
    const Morphology cell = build_morphology(file).morphology;
    CHECK(cell.sample_locations.size() == file.samples.size());
    LocationRule rule;
    rule.kind = LocationRule::Kind::tips;
    CHECK(resolve(rule, cell).locations.size() == 6);
    rule.within = region_of_name("axon");
    CHECK(resolve(rule, cell).locations.size() == 2);
    rule = {};
    rule.kind = LocationRule::Kind::sample;
    rule.sample = 22;  // the first point after the 21 of the soma
    REQUIRE(resolve(rule, cell).locations.size() == 1);
    CHECK(cell.section(resolve(rule, cell).locations[0].section).name == "dend[0]");
}
