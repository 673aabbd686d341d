#include <cmath>
#include <numbers>

#include "discretise/layout.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using namespace axolemma::discretise;

namespace {

PassiveSample usual(std::int32_t /*section*/)
{
    return {1.0, 100.0};
}

std::int32_t count(double length_um, const model::DiscretisationSpec& spec, double diameter_um = 2.0)
{
    return count_compartments(morphology::make_cable(length_um, diameter_um, diameter_um), spec, usual).at(0);
}

}  // namespace

TEST_CASE("the AC length constant of a cylinder is sqrt(d / (4 pi f Ra cm))", "[discretise]")
{
    // d = 2 um, f = 100 Hz, Ra = 100 ohm cm, cm = 1 uF/cm2: 2e-4 cm / (4 pi 1e4 1e-6 s/cm...) -> 398.942 um.
    const auto cable = morphology::make_cable(500.0, 2.0, 2.0);
    const double lambda_um = 1e5 * std::sqrt(2.0 / (4.0 * std::numbers::pi * 100.0 * 100.0));
    CHECK(lambda_um == Approx(398.942280401));
    CHECK(length_constant_um(cable, 0, 100.0, {1.0, 100.0}) == Approx(lambda_um).epsilon(1e-13));
    CHECK(length_constant_um(cable, 0, 400.0, {1.0, 100.0}) == Approx(lambda_um / 2).epsilon(1e-13));
    CHECK(length_constant_um(cable, 0, 100.0, {2.0, 200.0}) == Approx(lambda_um / 2).epsilon(1e-13));
}

TEST_CASE("d_lambda gives the odd number that NEURON's rule gives", "[discretise]")
{
    // 500 um / (0.1 * 398.94 um) = 12.53: 2 floor(13.43 / 2) + 1 = 13.
    model::DiscretisationSpec spec;
    spec.d_lambda = 0.1;
    CHECK(count(500.0, spec) == 13);
    spec.d_lambda = 0.2;
    CHECK(count(500.0, spec) == 7);
    spec.d_lambda = 10.0;
    CHECK(count(500.0, spec) == 1);
    // The count steps from 1 to 3 where L / (d lambda) + 0.9 passes 2.
    spec.d_lambda = 0.1;
    CHECK(count(1.0999 * 39.8942280401, spec) == 1);
    CHECK(count(1.1001 * 39.8942280401, spec) == 3);
}

TEST_CASE("without any rule the count is that of d_lambda 0.1", "[discretise]")
{
    CHECK(count(500.0, {}) == 13);
}

TEST_CASE("max_length is a limit that may be met exactly", "[discretise]")
{
    model::DiscretisationSpec spec;
    spec.max_length_um = 20.0;
    CHECK(count(60.0, spec) == 3);
    CHECK(count(60.0001, spec) == 4);
    CHECK(count(1.0, spec) == 1);
    spec.max_length_um = 0.1;
    CHECK(count(0.3, spec) == 3);  // 0.3 / 0.1 > 3 in binary
    CHECK(count(70.0, spec) == 700);
}

TEST_CASE("of several rules the one that asks for most wins", "[discretise]")
{
    model::DiscretisationSpec spec;
    spec.max_length_um = 100.0;  // 5
    spec.count = 4;
    CHECK(count(500.0, spec) == 5);
    spec.count = 6;
    CHECK(count(500.0, spec) == 6);
    spec.d_lambda = 0.1;  // 13
    CHECK(count(500.0, spec) == 13);
    spec.count = 20;
    CHECK(count(500.0, spec) == 20);
}

TEST_CASE("a cone's length constant is summed with its mean diameter", "[discretise]")
{
    const auto cone = morphology::make_cable(100.0, 1.0, 3.0);
    const auto cylinder = morphology::make_cable(100.0, 2.0, 2.0);
    CHECK(length_constant_um(cone, 0, 100.0, {1.0, 100.0}) ==
          Approx(length_constant_um(cylinder, 0, 100.0, {1.0, 100.0})).epsilon(1e-14));
}

TEST_CASE("each section is asked for its own cm and Ra", "[discretise]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 500.0, 1.0);
    tree.add(0, 1.0, 500.0, 1.0);
    const auto counts = count_compartments(tree.make(), {}, [](std::int32_t s) {
        return s == 0 ? PassiveSample{1.0, 100.0} : PassiveSample{1.0, 400.0};  // half the length constant
    });
    CHECK(counts == std::vector<std::int32_t>{13, 25});
}

TEST_CASE("odd_length gives 1 + 2 floor(L / length) compartments", "[discretise]")
{
    model::DiscretisationSpec spec;
    spec.odd_length_um = 40.0;
    CHECK(count(39.9, spec) == 1);
    CHECK(count(40.0, spec) == 3);
    CHECK(count(151.65, spec) == 7);
    spec.count = 9;
    CHECK(count(151.65, spec) == 9);
}
