#include <cmath>
#include <numbers>

#include "swc_support.hpp"

using namespace axolemma;
using namespace axolemma::morphology;
using namespace axolemma::morphology::testing;
using std::numbers::pi;

namespace {

Section section(const std::string& name, std::int32_t type, std::int32_t parent, double parent_position,
                std::int32_t first_point, std::int32_t n_points)
{
    Section s;
    s.name = name;
    s.type = type;
    s.parent = parent;
    s.parent_position = parent_position;
    s.first_point = first_point;
    s.n_points = n_points;
    return s;
}

/// A dendrite of 30 um whose radius goes 1 -> 2 over 10 um, steps to 4, and stays for 20 um.
Morphology stepped_cable()
{
    return {{section("dend[0]", dend, -1, 0.0, 0, 4)}, {{0, 0, 0, 1}, {10, 0, 0, 2}, {10, 0, 0, 4}, {10, 20, 0, 4}}};
}

/// soma (20 um) with a dendrite on its middle and an axon on its end; the dendrite carries two branches.
Morphology small_tree()
{
    return {{section("soma[0]", soma, -1, 0.0, 0, 2), section("dend[0]", dend, 0, 0.5, 2, 2),
             section("dend[1]", dend, 1, 1.0, 4, 2), section("dend[2]", dend, 1, 1.0, 6, 2),
             section("axon[0]", axon, 0, 1.0, 8, 2)},
            {{-10, 0, 0, 10},
             {10, 0, 0, 10},
             {0, 10, 0, 1},
             {0, 60, 0, 1},
             {0, 60, 0, 1},
             {30, 60, 0, 1},
             {0, 60, 0, 1},
             {-40, 60, 0, 1},
             {10, 0, 0, 0.5},
             {110, 0, 0, 0.5}}};
}

}  // namespace

TEST_CASE("integrals over parts of a section add up to the whole, with the step counted once", "[morphology]")
{
    const Morphology cell = stepped_cable();
    CHECK(cell.section(0).length_um == 30.0);
    const double cone = pi * 3.0 * std::hypot(10.0, 1.0);
    const double step = pi * (16.0 - 4.0);
    const double cylinder = 2.0 * pi * 4.0 * 20.0;
    CHECK(cell.area_um2(0, 0.0, 1.0) == Catch::Approx(cone + step + cylinder).epsilon(1e-14));
    CHECK(cell.area_um2(0, 0.0, 1.0 / 3.0) == Catch::Approx(cone + step).epsilon(1e-14));
    CHECK(cell.area_um2(0, 1.0 / 3.0, 1.0) == Catch::Approx(cylinder).epsilon(1e-14));
    for (const double cut : {0.01, 0.2, 1.0 / 3.0, 0.5, 0.99}) {
        CHECK(cell.area_um2(0, 0.0, cut) + cell.area_um2(0, cut, 1.0) ==
              Catch::Approx(cell.area_um2(0, 0.0, 1.0)).epsilon(1e-14));
        CHECK(cell.volume_um3(0, 0.0, cut) + cell.volume_um3(0, cut, 1.0) ==
              Catch::Approx(cell.volume_um3(0, 0.0, 1.0)).epsilon(1e-14));
        CHECK(cell.axial_per_um(0, 0.0, cut) + cell.axial_per_um(0, cut, 1.0) ==
              Catch::Approx(cell.axial_per_um(0, 0.0, 1.0)).epsilon(1e-14));
    }
    CHECK(cell.axial_per_um(0, 0.0, 1.0) == Catch::Approx(10.0 / (pi * 2.0) + 20.0 / (pi * 16.0)).epsilon(1e-14));
    CHECK(cell.volume_um3(0, 0.0, 1.0) == Catch::Approx(pi / 3.0 * 10.0 * 7.0 + pi * 16.0 * 20.0).epsilon(1e-14));
}

TEST_CASE("a place within a section is interpolated, and lies behind a step in radius", "[morphology]")
{
    const Morphology cell = stepped_cable();
    CHECK(cell.diameter_um({0, 0.0}) == 2.0);
    CHECK(cell.diameter_um({0, 1.0 / 6.0}) == Catch::Approx(3.0));
    CHECK(cell.diameter_um({0, 1.0 / 3.0}) == Catch::Approx(8.0));
    const Point end = cell.at({0, 1.0});
    CHECK(end.x_um == 10.0);
    CHECK(end.y_um == 20.0);
}

TEST_CASE("the axial integral is infinite only where the interval reaches a point of radius 0", "[morphology]")
{
    const Morphology cell({section("dend[0]", dend, -1, 0.0, 0, 3)}, {{0, 0, 0, 1}, {10, 0, 0, 1}, {20, 0, 0, 0}});
    CHECK(std::isinf(cell.axial_per_um(0, 0.0, 1.0)));
    CHECK(std::isinf(cell.axial_per_um(0, 0.9, 1.0)));
    CHECK(cell.axial_per_um(0, 0.0, 0.5) == Catch::Approx(10.0 / pi).epsilon(1e-14));
    // r falls from 1 to 1/2 over 5 um: l / (pi r0 r1).
    CHECK(cell.axial_per_um(0, 0.25, 0.75) == Catch::Approx((5.0 + 5.0 / 0.5) / pi).epsilon(1e-14));
    CHECK(cell.area_um2(0, 0.0, 1.0) == Catch::Approx(20.0 * pi + pi * std::hypot(10.0, 1.0)).epsilon(1e-14));
}

TEST_CASE("path distance counts from the soma's middle and not along the wire to the first point", "[morphology]")
{
    const Morphology cell = small_tree();
    CHECK(cell.soma_centre() == Location{0, 0.5});
    CHECK(cell.distance_um({0, 0.5}) == 0.0);
    CHECK(cell.distance_um({0, 0.0}) == 10.0);
    CHECK(cell.distance_um({0, 1.0}) == 10.0);
    CHECK(cell.distance_um({1, 0.0}) == 0.0);
    CHECK(cell.distance_um({1, 1.0}) == 50.0);
    CHECK(cell.distance_um({3, 0.25}) == 60.0);
    CHECK(cell.distance_um({4, 1.0}) == 110.0);
    CHECK(cell.section(2).distance_um == 50.0);
}

TEST_CASE("path distance may start anywhere, also below the root", "[morphology]")
{
    Morphology cell = small_tree();
    cell.set_soma_centre({2, 1.0});
    CHECK(cell.distance_um({2, 1.0}) == 0.0);
    CHECK(cell.distance_um({2, 0.0}) == 30.0);
    CHECK(cell.distance_um({3, 1.0}) == 70.0);
    CHECK(cell.distance_um({1, 0.0}) == 80.0);
    CHECK(cell.distance_um({0, 0.5}) == 80.0);
    CHECK(cell.distance_um({0, 1.0}) == 90.0);
    CHECK(cell.distance_um({4, 1.0}) == 190.0);
    CHECK(cell.section(1).distance_um == 80.0);
}

TEST_CASE("without a soma distances count from the root's start", "[morphology]")
{
    const Morphology cell = stepped_cable();
    CHECK_FALSE(cell.has_soma());
    CHECK(cell.soma_centre() == Location{0, 0.0});
    CHECK(cell.distance_um({0, 0.5}) == 15.0);
}

TEST_CASE("branch order counts branch points, and a soma is one of them", "[morphology]")
{
    const Morphology cell = small_tree();
    CHECK(cell.section(0).branch_order == 0);
    CHECK(cell.section(1).branch_order == 1);
    CHECK(cell.section(2).branch_order == 2);
    CHECK(cell.section(3).branch_order == 2);
    CHECK(cell.section(4).branch_order == 1);
}

TEST_CASE("children are listed in order and sections are found by name", "[morphology]")
{
    const Morphology cell = small_tree();
    REQUIRE(cell.children(0).size() == 2);
    CHECK(cell.children(0)[0] == 1);
    CHECK(cell.children(0)[1] == 4);
    REQUIRE(cell.children(1).size() == 2);
    CHECK(cell.children(4).empty());
    CHECK(cell.find_section("dend[2]") == 3);
    CHECK(cell.find_section("dend[3]") == -1);
    CHECK(cell.find_section("dend") == -1);
}

TEST_CASE("sections are named as in NEURON", "[morphology]")
{
    CHECK(section_base_name(1) == "soma");
    CHECK(section_base_name(2) == "axon");
    CHECK(section_base_name(3) == "dend");
    CHECK(section_base_name(4) == "apic");
    CHECK(section_base_name(0) == "dend_0");
    CHECK(section_base_name(5) == "dend_5");
    CHECK(section_base_name(-1) == "minus_1");
}

TEST_CASE("a cable is refused where a section has no length or a radius of 0", "[morphology]")
{
    const base::SourcePos pos{"run.yaml", 7, 5};
    CHECK(check_cable(small_tree(), pos).empty());
    CHECK(check_cable(build("1 1 0 0 0 5 -1\n2 3 5 0 0 1 1\n3 3 9 0 0 0 2\n").morphology, pos).text() ==
          "run.yaml:7:5: error: section 'dend[0]' has a point of radius 0, where its axial resistance is infinite\n"
          "  hint: give a smallest radius with the option min_radius, for example min_radius: 0.1 um\n");
    CHECK(check_cable(build("1 1 0 0 0 0 -1\n2 3 5 0 0 1 1\n3 3 9 0 0 1 2\n").morphology, pos).text() ==
          "run.yaml:7:5: error: section 'soma[0]' has no length, so it cannot be cut into compartments\n"
          "  hint: remove its samples from the file, or give a soma of one sample a radius (option min_radius)\n");
}

TEST_CASE("many faulty sections are counted, not all listed", "[morphology]")
{
    std::string text = "1 1 0 0 0 5 -1\n";
    for (int i = 2; i < 32; i += 2) {
        text += std::to_string(i) + " 3 " + std::to_string(i) + " 0 0 1 1\n";
        text += std::to_string(i + 1) + " 3 " + std::to_string(i) + " 5 0 0 " + std::to_string(i) + "\n";
    }
    const base::Diagnostics found = check_cable(build(text).morphology, {"run.yaml", 1, 1});
    REQUIRE(found.list().size() == 10);
    CHECK(found.list().back().repeats == 5);
}
