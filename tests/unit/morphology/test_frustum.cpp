#include <cmath>
#include <numbers>

#include "morphology/frustum.hpp"
#include "support/catch.hpp"

using namespace axolemma::morphology;
using std::numbers::pi;

namespace {

constexpr double rounding = 1e-15;

/// Midpoint rule over n slices of a function of the radius along a frustum.
template <class Function>
double integrate(double length_um, double r0_um, double r1_um, Function&& of_radius)
{
    constexpr int n = 20000;
    double sum = 0.0;
    for (int i = 0; i < n; ++i) {
        const double fraction = (i + 0.5) / n;
        sum += of_radius(r0_um + fraction * (r1_um - r0_um)) * length_um / n;
    }
    return sum;
}

}  // namespace

TEST_CASE("a cylinder has the area, volume and axial integral of the textbook", "[morphology]")
{
    CHECK(frustum_area_um2(10.0, 2.0, 2.0) == Catch::Approx(2.0 * pi * 2.0 * 10.0).epsilon(rounding));
    CHECK(frustum_volume_um3(10.0, 2.0, 2.0) == Catch::Approx(pi * 4.0 * 10.0).epsilon(rounding));
    CHECK(frustum_axial_per_um(10.0, 2.0, 2.0) == Catch::Approx(10.0 / (pi * 4.0)).epsilon(rounding));
}

TEST_CASE("a frustum's measures are the integrals along its axis", "[morphology]")
{
    const double slant = std::hypot(1.0, (3.0 - 1.0) / 7.0);
    // The midpoint rule with 20000 slices errs by about 1e-9.
    CHECK(frustum_area_um2(7.0, 1.0, 3.0) ==
          Catch::Approx(integrate(7.0, 1.0, 3.0, [&](double r) { return 2.0 * pi * r * slant; })).epsilon(1e-8));
    CHECK(frustum_volume_um3(7.0, 1.0, 3.0) ==
          Catch::Approx(integrate(7.0, 1.0, 3.0, [](double r) { return pi * r * r; })).epsilon(1e-8));
    CHECK(frustum_axial_per_um(7.0, 1.0, 3.0) ==
          Catch::Approx(integrate(7.0, 1.0, 3.0, [](double r) { return 1.0 / (pi * r * r); })).epsilon(1e-8));
}

TEST_CASE("a step in radius is an annulus without length, volume or resistance", "[morphology]")
{
    CHECK(frustum_area_um2(0.0, 1.0, 2.0) == Catch::Approx(3.0 * pi).epsilon(rounding));
    CHECK(frustum_volume_um3(0.0, 1.0, 2.0) == 0.0);
    CHECK(frustum_axial_per_um(0.0, 1.0, 2.0) == 0.0);
    CHECK(frustum_axial_per_um(0.0, 0.0, 0.0) == 0.0);
}

TEST_CASE("a cone that tapers to a point has a finite area and an infinite axial integral", "[morphology]")
{
    CHECK(frustum_area_um2(4.0, 3.0, 0.0) == Catch::Approx(pi * 3.0 * 5.0).epsilon(rounding));
    CHECK(std::isinf(frustum_axial_per_um(4.0, 3.0, 0.0)));
}
