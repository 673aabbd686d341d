// Functions of rows, on every instruction set of this machine, against the functions of single numbers.
#include "base/simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unit/base/test_row_math.cpp"
#include "base/simd_targets.hpp"

#include "base/functions-inl.hpp"
#include "base/log-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::test::HWY_NAMESPACE {

using base::lanes;
namespace row = base::HWY_NAMESPACE;

/// The functions of a, in the order of the table below; a row each.
void row_functions(const double* a, double* y)
{
    const auto x = row::load(a);
    for (const auto& result : {row::log(x), row::log10(x), row::expm1(x), row::sinh(x), row::cosh(x), row::tanh(x),
                               row::sqrt(x), row::floor(x), row::ceil(x), row::sin(x), row::cos(x), row::tan(x),
                               row::asin(x), row::acos(x), row::atan(x), row::abs(x), row::logical_not(x)}) {
        row::store(result, y);
        y += lanes;
    }
}

/// The functions of a, b and c.
void row_functions_of_three(const double* abc, double* y)
{
    const auto a = row::load(abc);
    const auto b = row::load(abc + lanes);
    const auto c = row::load(abc + 2 * lanes);
    for (const auto& result : {row::power(a, b), row::modulo(a, b), row::minimum(a, b), row::maximum(a, b),
                               row::less(a, b), row::less_equal(a, b), row::equal(a, b), row::logical_and(a, b),
                               row::logical_or(a, b), row::select(a, b, c), row::copy_sign(a, b)}) {
        row::store(result, y);
        y += lanes;
    }
}

}  // namespace axolemma::test::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "base/math.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

namespace axolemma::test {

HWY_EXPORT(row_functions);
HWY_EXPORT(row_functions_of_three);

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 14> special{0.0,    -0.0,  1.0,    -1.0,   inf,    -inf, not_a_number,
                                         1e-310, 1e300, 709.78, -707.6, 0.3499, 10.0, 0x1p53};

std::array<double, 17> functions(double x)
{
    return {base::log(x),  base::log10(x), base::expm1(x), base::sinh(x), base::cosh(x),       base::tanh(x),
            std::sqrt(x),  std::floor(x),  std::ceil(x),   base::sin(x),  base::cos(x),        base::tan(x),
            base::asin(x), base::acos(x),  base::atan(x),  std::abs(x),   x == 0.0 ? 1.0 : 0.0};
}

std::array<double, 11> functions_of_three(double a, double b, double c)
{
    const auto truth = [](bool condition) { return condition ? 1.0 : 0.0; };
    return {base::power(a, b),
            base::modulo(a, b),
            base::minimum(a, b),
            base::maximum(a, b),
            truth(a < b),
            truth(a <= b),
            truth(a == b),
            truth(a != 0.0 && b != 0.0),
            truth(a != 0.0 || b != 0.0),
            a != 0.0 ? b : c,
            std::copysign(a, b)};
}

/// The same bits; without FMA, which rounds twice, the same but for 1e-12.
void check_same(double found, double wanted, bool fused)
{
    if (std::isnan(wanted)) {
        REQUIRE(std::isnan(found));
    } else if (fused) {
        REQUIRE(std::bit_cast<std::uint64_t>(found) == std::bit_cast<std::uint64_t>(wanted));
    } else {
        REQUIRE((found == wanted || std::abs(found - wanted) <= 1e-12 * std::abs(wanted)));
    }
}

class Numbers {
public:
    double next()
    {
        const double u = static_cast<double>(random_() >> 11) * 0x1p-52 - 1.0;
        switch (random_() % 5) {
        case 0: return special[random_() % special.size()];
        case 1: return 720.0 * u;
        case 2: return std::ldexp(u, static_cast<int>(random_() % 200) - 100);
        case 3: return std::floor(10.0 * u);
        default: return 3.0 * u;
        }
    }

private:
    std::mt19937_64 random_{11};
};

}  // namespace

TEST_CASE("functions of rows have the bits of those of numbers where there is FMA", "[base][simd]")
{
    for (const auto& name : base::simd_names()) {
        const UseSimd use(name);
        Numbers numbers;
        for (int round = 0; round < 20'000; ++round) {
            alignas(64) double x[base::lanes];
            alignas(64) double y[17 * base::lanes];
            for (double& one : x) {
                one = numbers.next();
            }
            HWY_DYNAMIC_DISPATCH(row_functions)(x, y);
            for (std::size_t i = 0; i < base::lanes; ++i) {
                const auto wanted = functions(x[i]);
                for (std::size_t k = 0; k < wanted.size(); ++k) {
                    INFO(name << ": function " << k << " of " << x[i]);
                    check_same(y[k * base::lanes + i], wanted[k], has_fma(name));
                }
            }
        }
    }
}

TEST_CASE("powers, comparisons and choices of rows have the bits of those of numbers where there is FMA",
          "[base][simd]")
{
    for (const auto& name : base::simd_names()) {
        const UseSimd use(name);
        Numbers numbers;
        for (int round = 0; round < 20'000; ++round) {
            alignas(64) double abc[3 * base::lanes];
            alignas(64) double y[11 * base::lanes];
            for (double& one : abc) {
                one = numbers.next();
            }
            HWY_DYNAMIC_DISPATCH(row_functions_of_three)(abc, y);
            for (std::size_t i = 0; i < base::lanes; ++i) {
                const double a = abc[i], b = abc[base::lanes + i], c = abc[2 * base::lanes + i];
                const auto wanted = functions_of_three(a, b, c);
                for (std::size_t k = 0; k < wanted.size(); ++k) {
                    INFO(name << ": function " << k << " of " << a << ", " << b << ", " << c);
                    check_same(y[k * base::lanes + i], wanted[k], has_fma(name));
                }
            }
        }
    }
}

}  // namespace axolemma::test

#endif
