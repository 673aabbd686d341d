// Rows of eight numbers, on every instruction set of this machine, against the same thing done one by one.
#include "base/simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unit/base/test_rows.cpp"
#include "base/simd_targets.hpp"

#include "base/records-inl.hpp"
#include "base/vmath-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::test::HWY_NAMESPACE {

using base::lanes;
using namespace base::HWY_NAMESPACE;

void row_exp(const double* x, double* y)
{
    store(base::HWY_NAMESPACE::exp(load(x)), y);
}
void row_exprelr(const double* x, double* y)
{
    store(base::HWY_NAMESPACE::exprelr(load(x)), y);
}

/// Ten rows of results of a, b, c.
void row_arithmetic(const double* abc, double* y)
{
    const Row a = load(abc);
    const Row b = load(abc + lanes);
    const Row c = load(abc + 2 * lanes);
    const Row results[10] = {a + b,
                             a - b,
                             a * b,
                             a / b,
                             -a,
                             fma(a, b, c),
                             nfma(a, b, c),
                             where_less(a, 0.25, b, c),
                             abs(a),
                             (2.0 * a + 1.0) - (1.0 / b) / 3.0};
    for (const Row& result : results) {
        store(result, y);
        y += lanes;
    }
}

void row_transpose(const double* records, double* columns)
{
    Row record[lanes];
    Row column[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        record[i] = load(records + i * lanes);
    }
    transpose(record, column);
    for (std::size_t i = 0; i < lanes; ++i) {
        store(column[i], columns + i * lanes);
    }
}

void row_transpose_fours(const double* records, double* columns)
{
    Four record[lanes];
    Row column[4];
    for (std::size_t i = 0; i < lanes; ++i) {
        record[i] = RecordOf<4>::load(records + i * 4);
    }
    transpose(record, column);
    for (std::size_t i = 0; i < 4; ++i) {
        store(column[i], columns + i * lanes);
    }
}

void row_gather(const double* from, const std::int32_t* at, double* y)
{
    store(gather(from, at), y);
}

void row_gather_pairs(const double* from, const std::int32_t* at, std::int32_t n, double* y)
{
    Row first;
    Row second;
    gather_pairs(from, at, n, first, second);
    store(first, y);
    store(second, y + lanes);
}

void row_store_pairs(const double* x, double* y)
{
    store_pairs(load(x), load(x + lanes), y);
}

bool row_all_within(const double* x, double limit)
{
    return all_within(load(x), limit);
}

bool rows_within(const double* x, std::size_t n_rows, double limit)
{
    Within within(limit);
    for (std::size_t k = 0; k < n_rows; ++k) {
        within.see(load(x + k * lanes));
    }
    return within.all();
}

}  // namespace axolemma::test::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/math.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

namespace axolemma::test {

HWY_EXPORT(row_exp);
HWY_EXPORT(row_exprelr);
HWY_EXPORT(row_arithmetic);
HWY_EXPORT(row_transpose);
HWY_EXPORT(row_transpose_fours);
HWY_EXPORT(row_gather);
HWY_EXPORT(row_gather_pairs);
HWY_EXPORT(row_store_pairs);
HWY_EXPORT(row_all_within);
HWY_EXPORT(rows_within);

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct alignas(64) Eight : std::array<double, base::lanes> {};

/// Calls body(name) with each instruction set in turn.
template <class Body>
void on_every_target(Body body)
{
    for (const auto& name : base::simd_names()) {
        const UseSimd use(name);
        INFO(name);
        body(name);
    }
}

bool same_bits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

/// Eight numbers at a time: all over the range, limits and no numbers among them.
std::vector<Eight> arguments()
{
    std::vector<Eight> rows;
    std::mt19937_64 random(5);
    for (int k = 0; k < 5000; ++k) {
        Eight row;
        for (double& x : row) {
            const double u = static_cast<double>(random() >> 11) * 0x1p-52 - 1.0;
            x = k % 3 == 0 ? 720.0 * u : k % 3 == 1 ? 20.0 * u : std::ldexp(u, -static_cast<int>(random() % 40));
        }
        rows.push_back(row);
    }
    rows.push_back({{0.0, -0.0, inf, -inf, not_a_number, 709.78, -707.4, 1.0}});
    rows.push_back({{0.35, -0.35, 710.0, 1e300, -1e300, -708.0, 709.0, 708.9}});
    return rows;
}

}  // namespace

TEST_CASE("the best instruction set is used first, every one on demand, and an unknown name means the best",
          "[base][simd]")
{
    const auto names = base::simd_names();
    REQUIRE_FALSE(names.empty());
    CHECK(base::simd_name() == names.front());
    for (const auto& name : names) {
        base::use_simd(name);
        CHECK(base::simd_name() == name);
        CHECK(base::simd_names() == names);  // what the machine can, not what is in use
    }
    for (const char* name : {"", "a name of no instruction set"}) {
        base::use_simd(names.back());
        base::use_simd(name);
        CHECK(base::simd_name() == names.front());
    }
}

TEST_CASE("exp and x / (exp(x) - 1) of a row have the bits of the single numbers where there is FMA", "[base][simd]")
{
    const auto rows = arguments();
    on_every_target([&](const std::string& name) {
        for (const auto& x : rows) {
            Eight y, z;
            HWY_DYNAMIC_DISPATCH(row_exp)(x.data(), y.data());
            HWY_DYNAMIC_DISPATCH(row_exprelr)(x.data(), z.data());
            for (std::size_t i = 0; i < base::lanes; ++i) {
                INFO("x = " << x[i]);
                const double exp_x = base::exp(x[i]);
                const double relative = base::exprelr(x[i]);
                if (has_fma(name)) {
                    REQUIRE(same_bits(y[i], exp_x));
                    REQUIRE(same_bits(z[i], relative));
                } else if (std::isfinite(exp_x) && std::isfinite(relative)) {
                    // Without FMA the reduced argument is off by the rounding of n ln 2, up to 1e-13 for large n.
                    REQUIRE(y[i] == Approx(exp_x).epsilon(2e-13));
                    REQUIRE(z[i] == Approx(relative).epsilon(2e-13));
                } else {
                    REQUIRE(std::isnan(y[i]) == std::isnan(exp_x));
                }
            }
        }
    });
}

TEST_CASE("arithmetic of rows is that of their numbers", "[base][simd]")
{
    std::mt19937_64 random(7);
    on_every_target([&](const std::string& name) {
        for (int round = 0; round < 200; ++round) {
            alignas(64) double abc[3 * base::lanes];
            alignas(64) double y[10 * base::lanes];
            for (double& x : abc) {
                x = static_cast<double>(random() >> 11) * 0x1p-52 - 1.0;
            }
            HWY_DYNAMIC_DISPATCH(row_arithmetic)(abc, y);
            for (std::size_t i = 0; i < base::lanes; ++i) {
                const double a = abc[i], b = abc[base::lanes + i], c = abc[2 * base::lanes + i];
                const bool fused = has_fma(name);
                const double expected[10] = {a + b,
                                             a - b,
                                             a * b,
                                             a / b,
                                             -a,
                                             fused ? std::fma(a, b, c) : a * b + c,
                                             fused ? std::fma(-a, b, c) : c - a * b,
                                             a < 0.25 ? b : c,
                                             std::abs(a),
                                             (2.0 * a + 1.0) - (1.0 / b) / 3.0};
                for (std::size_t k = 0; k < 10; ++k) {
                    INFO("result " << k << " of lane " << i);
                    REQUIRE(same_bits(y[k * base::lanes + i], expected[k]));
                }
            }
        }
    });
}

TEST_CASE("numbers that are not less go the other way, also those that are none", "[base][simd]")
{
    on_every_target([](const std::string&) {
        alignas(64) double abc[3 * base::lanes]{not_a_number, 0.25, 0.2499, inf, -inf, -1.0, 1.0, 0.0};
        alignas(64) double y[10 * base::lanes];
        for (std::size_t i = 0; i < base::lanes; ++i) {
            abc[base::lanes + i] = 1.0;
            abc[2 * base::lanes + i] = 2.0;
        }
        HWY_DYNAMIC_DISPATCH(row_arithmetic)(abc, y);
        const std::array<double, 8> expected{2, 2, 1, 2, 1, 1, 2, 1};
        for (std::size_t i = 0; i < base::lanes; ++i) {
            CHECK(y[7 * base::lanes + i] == expected[i]);
        }
    });
}

TEST_CASE("a row is within bounds when every lane is, and NaN is nowhere", "[base][simd]")
{
    on_every_target([](const std::string&) {
        Eight x{{0.0, -1.0, 2.0, 3.0, -4.0, 5.0, 6.0, -7.0}};
        CHECK(HWY_DYNAMIC_DISPATCH(row_all_within)(x.data(), 7.0));  // the bound itself is inside
        CHECK_FALSE(HWY_DYNAMIC_DISPATCH(row_all_within)(x.data(), 6.9999));
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            for (const double bad : {not_a_number, -7.1, 7.1, inf, -inf}) {
                Eight y = x;
                y[lane] = bad;
                CHECK_FALSE(HWY_DYNAMIC_DISPATCH(row_all_within)(y.data(), 7.0));
                alignas(64) double rows[3 * base::lanes]{};
                std::copy(y.begin(), y.end(), rows + base::lanes);
                CHECK_FALSE(HWY_DYNAMIC_DISPATCH(rows_within)(rows, 3, 7.05));
            }
        }
    });
}

TEST_CASE("transposing eight records gives their columns", "[base][simd]")
{
    alignas(64) double records[64];
    for (std::size_t k = 0; k < 64; ++k) {
        records[k] = static_cast<double>(k);
    }
    on_every_target([&](const std::string&) {
        alignas(64) double columns[64];
        HWY_DYNAMIC_DISPATCH(row_transpose)(records, columns);
        for (std::size_t c = 0; c < 8; ++c) {
            for (std::size_t i = 0; i < 8; ++i) {
                CHECK(columns[8 * c + i] == records[8 * i + c]);
            }
        }
        HWY_DYNAMIC_DISPATCH(row_transpose_fours)(records, columns);
        for (std::size_t c = 0; c < 4; ++c) {
            for (std::size_t i = 0; i < 8; ++i) {
                CHECK(columns[8 * c + i] == records[4 * i + c]);
            }
        }
    });
}

TEST_CASE("rows are gathered and pairs are taken apart and put together lane by lane", "[base][simd]")
{
    std::mt19937 random(9);
    alignas(64) double from[400];
    for (double& x : from) {
        x = static_cast<double>(random()) * 1e-3;
    }
    on_every_target([&](const std::string&) {
        for (int round = 0; round < 50; ++round) {
            alignas(64) std::int32_t at[24];
            for (auto& place : at) {
                place = static_cast<std::int32_t>(random() % 200);
            }
            Eight y;
            HWY_DYNAMIC_DISPATCH(row_gather)(from, at, y.data());
            for (std::size_t i = 0; i < 8; ++i) {
                REQUIRE(y[i] == from[at[i]]);
            }
            for (std::int32_t n = 1; n <= 3; ++n) {
                alignas(64) double pairs[16];
                HWY_DYNAMIC_DISPATCH(row_gather_pairs)(from, at, n, pairs);
                for (std::size_t i = 0; i < 8; ++i) {
                    double first = from[2 * at[i]];
                    double second = from[2 * at[i] + 1];
                    for (std::size_t k = 1; k < static_cast<std::size_t>(n); ++k) {  // added in this order
                        first += from[2 * at[8 * k + i]];
                        second += from[2 * at[8 * k + i] + 1];
                    }
                    REQUIRE(pairs[i] == first);
                    REQUIRE(pairs[8 + i] == second);
                }
            }
            alignas(64) double stored[16];
            HWY_DYNAMIC_DISPATCH(row_store_pairs)(from, stored);
            for (std::size_t i = 0; i < 8; ++i) {
                REQUIRE(stored[2 * i] == from[i]);
                REQUIRE(stored[2 * i + 1] == from[8 + i]);
            }
        }
    });
}

TEST_CASE("the low bits of a shifted number are the whole number it was rounded to", "[base][simd]")
{
    for (const double per_unit : {0.5, 1.0, 4.0, 64.0}) {
        const double shift = 0x1.8p52 / per_unit;
        for (const double x : {0.0, 0.1, -0.1, 1.25, -65.3, 199.99, -199.99, 200.0, -200.0}) {
            const double shifted = x + shift;
            CHECK(base::HWY_NAMESPACE::low_bits(shifted) == static_cast<std::int32_t>(std::nearbyint(x * per_unit)));
            CHECK(shifted - shift == std::nearbyint(x * per_unit) / per_unit);
        }
    }
}

}  // namespace axolemma::test

#endif
