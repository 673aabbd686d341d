#include <cmath>
#include <numbers>

#include "discretise/cable.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using namespace axolemma::discretise;

TEST_CASE("three compartments of a cylinder have the conductance pi r^2 / (Ra dx)", "[discretise]")
{
    // r = 1 um, dx = 10 um, Ra = 100 ohm cm: 100 * 1e-3 / (pi 1e-8) ohm = 10/pi MOhm.
    const auto layout = lay_out(morphology::make_cable(30.0, 2.0, 2.0), {3});
    const std::vector<double> cm(3, 2.0), ra(3, 100.0);
    const auto cable = make_cable_tree(layout, cm, ra);
    CHECK(cable.axial_uS[0] == 0.0);
    CHECK(cable.axial_uS[1] == Approx(std::numbers::pi / 10.0).epsilon(1e-14));
    CHECK(cable.axial_uS[2] == Approx(std::numbers::pi / 10.0).epsilon(1e-14));
    CHECK(cable.cm_uF_per_cm2 == cm);
}

TEST_CASE("two halves with different resistivities are in series", "[discretise]")
{
    const auto layout = lay_out(morphology::make_cable(20.0, 2.0, 2.0), {2});
    const std::vector<double> cm(2, 1.0), ra{100.0, 300.0};
    const auto cable = make_cable_tree(layout, cm, ra);
    CHECK(1.0 / cable.axial_uS[1] == Approx((5.0 + 15.0) / std::numbers::pi).epsilon(1e-14));
    CHECK(axial_conductance_uS(2.0, 100.0, 3.0, 50.0) == Approx(1.0 / (2.0 + 1.5)).epsilon(1e-15));
}

TEST_CASE("a junction adds no resistance", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 10.0, 1.0);
    tree.add(0, 1.0, 10.0, 1.0);
    tree.add(0, 1.0, 10.0, 1.0);
    const auto layout = lay_out(tree.make(), {1, 1, 1});
    const std::vector<double> cm(4, 1.0);
    const std::vector<double> ra{100.0, 1e9, 100.0, 100.0};  // a value at the junction must not matter
    const auto cable = make_cable_tree(layout, cm, ra);
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(cable.axial_uS[i] == Approx(std::numbers::pi / 5.0).epsilon(1e-14));
    }
}

TEST_CASE("a cone's axial resistance is the integral of Ra / (pi r^2)", "[discretise]")
{
    // Between r0 and r1 over l: l / (pi r0 r1). Centres of two compartments of a cone from 1 to 3 um over 20 um: 1.5 and 2.5.
    const auto layout = lay_out(morphology::make_cable(20.0, 2.0, 6.0), {2});
    const std::vector<double> cm(2, 1.0), ra(2, 100.0);
    CHECK(1.0 / make_cable_tree(layout, cm, ra).axial_uS[1] ==
          Approx(10.0 / (std::numbers::pi * 1.5 * 2.5)).epsilon(1e-13));
}
