#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/math.hpp"
#include "support/catch.hpp"
#include "support/ulps.hpp"

using namespace axolemma;
using test::ulps;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Arguments all over the range of exp, and dense where rates are evaluated.
std::vector<double> arguments()
{
    std::vector<double> x;
    std::mt19937_64 random(3);
    const auto between = [&](double low, double high) {
        return low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53);
    };
    for (int k = 0; k < 100'000; ++k) {
        x.push_back(between(-707.4, 709.78));
        x.push_back(between(-20.0, 20.0));
        x.push_back(between(-1.0, 1.0));
        x.push_back(std::ldexp(between(-1.0, 1.0), -static_cast<int>(random() % 60)));
    }
    for (int n = -1020; n <= 1023; ++n) {  // on both sides of where the reduction changes to the next power of two
        for (const double shift : {-0.5, 0.0, 0.5}) {
            const double edge = (n + shift) * 0.6931471805599453;
            for (const double one : {edge, std::nextafter(edge, inf), std::nextafter(edge, -inf)}) {
                if (one > -707.4 && one < 709.78) {
                    x.push_back(one);
                }
            }
        }
    }
    return x;
}

}  // namespace

TEST_CASE("exp is within one unit in the last place over its whole range", "[base][math]")
{
    double worst = 0.0;
    double where = 0.0;
    for (const double x : arguments()) {
        if (const double error = ulps(base::exp(x), std::exp(static_cast<long double>(x))); error > worst) {
            worst = error;
            where = x;
        }
    }
    CAPTURE(worst, where);
    CHECK(worst < 1.0);
    CHECK(worst > 0.4);  // rounding to nearest already costs half a unit: the measure measures
}

TEST_CASE("exp ends in zero and infinity, and NaN stays NaN", "[base][math]")
{
    CHECK(base::exp(0.0) == 1.0);
    CHECK(base::exp(-0.0) == 1.0);
    CHECK(base::exp(709.78) == Approx(std::exp(709.78)).epsilon(1e-15));
    CHECK(base::exp(709.79) == inf);
    CHECK(base::exp(1e4) == inf);
    CHECK(base::exp(1e300) == inf);
    CHECK(base::exp(inf) == inf);
    CHECK(base::exp(-707.4) == Approx(std::exp(-707.4)).epsilon(1e-15));
    CHECK(base::exp(-708.0) == 0.0);
    CHECK(base::exp(-1e4) == 0.0);
    CHECK(base::exp(-1e300) == 0.0);
    CHECK(base::exp(-inf) == 0.0);
    CHECK(std::isnan(base::exp(not_a_number)));
    CHECK(std::isnan(base::exp(-not_a_number)));
}

TEST_CASE("exp rises wherever its argument does", "[base][math]")
{
    // Rates must not wiggle: neighbouring arguments around every change of the power of two, and random ones.
    for (const double x : arguments()) {
        if (!(base::exp(std::nextafter(x, inf)) >= base::exp(x) * (1.0 - 0x1p-52))) {
            FAIL(x);
        }
    }
}

TEST_CASE("x / (exp(x) - 1) has a relative error below 1e-15", "[base][math]")
{
    double worst = 0.0;
    double where = 0.0;
    for (double x : arguments()) {
        if (x > 700.0) {
            continue;  // the value runs into numbers that have lost digits
        }
        const auto exact = x == 0.0 ? 1.0L : static_cast<long double>(x) / std::expm1(static_cast<long double>(x));
        const auto error = static_cast<double>(std::abs(static_cast<long double>(base::exprelr(x)) - exact) / exact);
        if (error > worst) {
            worst = error;
            where = x;
        }
    }
    CAPTURE(worst, where);
    CHECK(worst < 1e-15);
}

TEST_CASE("x / (exp(x) - 1) goes through 1 at 0 and has its limits far away", "[base][math]")
{
    CHECK(base::exprelr(0.0) == 1.0);
    CHECK(base::exprelr(-0.0) == 1.0);
    CHECK(base::exprelr(1e-300) == 1.0);
    CHECK(base::exprelr(-1e-300) == 1.0);
    CHECK(base::exprelr(1e-8) == Approx(1.0 - 0.5e-8).epsilon(1e-16));
    CHECK(base::exprelr(inf) == 0.0);
    for (const double x : {708.0, 710.0, 1e4, 1e300}) {
        CHECK(base::exprelr(x) >= 0.0);
        CHECK(base::exprelr(x) < 1e-300);
    }
    for (const double x : {-800.0, -1e4, -1e300}) {
        CHECK(base::exprelr(x) == -x);
    }
    CHECK(base::exprelr(-inf) == inf);
    CHECK(std::isnan(base::exprelr(not_a_number)));
}

TEST_CASE("exp(x) - 1 keeps its digits at small x", "[base][math]")
{
    for (const double x : arguments()) {
        if (std::abs(x) > 600.0) {
            continue;
        }
        const auto exact = static_cast<double>(std::expm1(static_cast<long double>(x)));
        // exprelr to 1e-15 and one division.
        if (!(std::abs(base::expm1(x) - exact) <= 1.3e-15 * std::abs(exact))) {
            FAIL(x << ": " << base::expm1(x) << " and not " << exact);
        }
    }
    CHECK(base::expm1(0.0) == 0.0);
    CHECK(std::signbit(base::expm1(-0.0)));
    CHECK(base::expm1(-39.0) == -1.0);
    CHECK(base::expm1(-1e4) == -1.0);
    CHECK(base::expm1(-inf) == -1.0);
    CHECK(base::expm1(inf) == inf);
    CHECK(std::isnan(base::expm1(not_a_number)));
}
