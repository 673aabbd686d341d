#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/math.hpp"
#include "support/catch.hpp"
#include "support/ulps.hpp"

using namespace axolemma;
using test::ulps;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

class Dice {
public:
    double between(double low, double high)
    {
        return low + (high - low) * (static_cast<double>(random_() >> 11) * 0x1p-53);
    }
    int whole(int low, int high) { return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1)); }

private:
    std::mt19937_64 random_{17};
};

/// Positive numbers of all sizes, and many around 1, where a logarithm is small.
std::vector<double> positive_numbers()
{
    Dice dice;
    std::vector<double> x{0x1p-1074,          0x1p-1030,          0x1p-1022,         1.0,
                          0.7071067811865475, 0.7071067811865476, 1.4142135623730951};
    for (int k = 0; k < 100'000; ++k) {
        x.push_back(std::ldexp(dice.between(1.0, 2.0), dice.whole(-1022, 1023)));
        x.push_back(dice.between(0.5, 2.0));
        x.push_back(1.0 + std::ldexp(dice.between(-1.0, 1.0), dice.whole(-52, -2)));
    }
    return x;
}

struct Worst {
    double error = 0.0;
    double where = 0.0;

    void see(double one, double at)
    {
        if (!(one <= error)) {
            error = one;
            where = at;
        }
    }
};

}  // namespace

TEST_CASE("logarithms are within one unit in the last place", "[base][math]")
{
    Worst natural, decimal;
    for (const double x : positive_numbers()) {
        natural.see(ulps(base::log(x), std::log(static_cast<long double>(x))), x);
        decimal.see(ulps(base::log10(x), std::log10(static_cast<long double>(x))), x);
    }
    CAPTURE(natural.error, natural.where, decimal.error, decimal.where);
    CHECK(natural.error < 1.0);
    CHECK(decimal.error < 1.0);
    CHECK(natural.error > 0.4);  // rounding to nearest already costs half a unit: the measure measures
}

TEST_CASE("logarithms of powers of ten are whole, and the ends are those of C", "[base][math]")
{
    double ten = 1.0;
    for (int n = 0; n <= 22; ++n, ten *= 10.0) {  // 10^22 is the last that is a number exactly
        CHECK(base::log10(ten) == n);
    }
    for (const auto f : {base::log, base::log10}) {
        CHECK(f(1.0) == 0.0);
        CHECK(f(0.0) == -inf);
        CHECK(f(-0.0) == -inf);
        CHECK(f(inf) == inf);
        CHECK(std::isnan(f(-1.0)));
        CHECK(std::isnan(f(-inf)));
        CHECK(std::isnan(f(not_a_number)));
    }
}

TEST_CASE("powers have a relative error below 1e-15, 5e-15 where they are huge or tiny", "[base][math]")
{
    Dice dice;
    Worst moderate, extreme;
    for (int k = 0; k < 300'000; ++k) {
        const double a =
            k % 2 == 0 ? dice.between(0.01, 5.0) : std::ldexp(dice.between(1.0, 2.0), dice.whole(-300, 300));
        const double b = k % 3 == 0 ? dice.whole(-20, 20) : dice.between(-10.0, 10.0);
        const long double exact = std::pow(static_cast<long double>(a), static_cast<long double>(b));
        if (!(exact > 1e-305L && exact < 1e308L)) {
            continue;
        }
        const double error = static_cast<double>(std::abs(static_cast<long double>(base::power(a, b)) - exact) / exact);
        (exact > 1e-30L && exact < 1e30L ? moderate : extreme).see(error, a);
    }
    CAPTURE(moderate.error, moderate.where, extreme.error, extreme.where);
    CHECK(moderate.error < 1e-15);
    CHECK(extreme.error < 5e-15);
    CHECK(moderate.error > 1e-17);  // the measure measures
}

TEST_CASE("powers of zero, of negative numbers and to infinity are those of C", "[base][math]")
{
    for (const double a : {0.0, -0.0, 1.0, -1.5, 2.0, -8.0, 0.25, inf}) {
        for (const double b : {0.0, -0.0, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, 2.5, 1e300}) {
            INFO(a << "^" << b);
            const double wanted = std::pow(a, b);
            const double found = base::power(a, b);
            CHECK(std::isnan(found) == std::isnan(wanted));
            if (!std::isnan(wanted)) {
                CHECK((found == wanted || std::abs(found - wanted) <= 1e-15 * std::abs(wanted)));
                CHECK(std::signbit(found) == std::signbit(wanted));
            }
        }
        CHECK(std::isnan(base::power(a, not_a_number)) == (a != 1.0));
    }
    CHECK(base::power(not_a_number, 0.0) == 1.0);
    CHECK(std::isnan(base::power(not_a_number, 2.0)));
    CHECK(std::isnan(base::power(2.0, not_a_number)));
    CHECK(base::power(2.0, inf) == inf);
    CHECK(base::power(2.0, -inf) == 0.0);
    CHECK(base::power(0.5, inf) == 0.0);
}

TEST_CASE("hyperbolic functions are within a few units in the last place", "[base][math]")
{
    Dice dice;
    Worst sinh, cosh, tanh;
    for (int k = 0; k < 300'000; ++k) {
        const double x = k % 3 == 0   ? dice.between(-709.0, 709.0)
                         : k % 3 == 1 ? dice.between(-3.0, 3.0)
                                      : std::ldexp(dice.between(-1.0, 1.0), dice.whole(-60, 0));
        const long double exact_x = x;
        sinh.see(ulps(base::sinh(x), std::sinh(exact_x)), x);
        cosh.see(ulps(base::cosh(x), std::cosh(exact_x)), x);
        tanh.see(ulps(base::tanh(x), std::tanh(exact_x)), x);
    }
    CAPTURE(sinh.error, sinh.where, cosh.error, cosh.where, tanh.error, tanh.where);
    CHECK(sinh.error < 4.0);
    CHECK(cosh.error < 2.0);
    CHECK(tanh.error < 6.0);
    for (const double x : {inf, 1e4}) {
        CHECK(base::sinh(x) == inf);
        CHECK(base::sinh(-x) == -inf);
        CHECK(base::cosh(-x) == inf);
        CHECK(base::tanh(x) == 1.0);
        CHECK(base::tanh(-x) == -1.0);
    }
    CHECK(std::signbit(base::sinh(-0.0)));
    CHECK(std::signbit(base::tanh(-0.0)));
    CHECK(base::cosh(0.0) == 1.0);
    for (const auto f : {base::sinh, base::cosh, base::tanh}) {
        CHECK(std::isnan(f(not_a_number)));
    }
}
