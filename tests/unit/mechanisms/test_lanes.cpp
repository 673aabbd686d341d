#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "lane_rows.hpp"
#include "mechanisms/builtin.hpp"
#include "mechanisms/catalogue.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

using namespace axolemma;
using namespace axolemma::mechanisms;

namespace {

constexpr double dt_ms = 0.025;
constexpr double temperature_degC = 6.3;

LaneOptions by_table(double bound)
{
    return {.temperature_degC = temperature_degC, .dt_ms = dt_ms, .gate_table_bound = bound, .rate_values = {}};
}
const LaneOptions by_formula = by_table(0.0);

/// Five rows with voltages of every kind inside the grid of tables; parameters and states differ from lane to lane.
Block random_block(const MechanismInfo& info, bool uniform_parameters)
{
    std::mt19937_64 random(11);
    const auto between = [&](double low, double high) {
        return low + (high - low) * (static_cast<double>(random() >> 11) * 0x1p-53);
    };
    std::vector<double> v(5 * base::lanes);
    for (double& x : v) {
        x = between(-120.0, 60.0);
    }
    v[3] = -40.0;  // where the printed rates are 0/0
    v[11] = -55.0;
    v[12] = -200.0;  // the lowest voltage of the grid
    v[13] = 199.999;
    Block block(info, v, temperature_degC);
    if (!uniform_parameters) {
        for (auto& column : block.parameters) {
            for (double& x : column) {
                x *= between(0.5, 1.5);
            }
        }
    }
    for (auto& column : block.states) {
        for (double& x : column) {
            x = between(0.0, 1.0);
        }
    }
    return block;
}

struct Way {
    std::string simd;
    bool uniform_parameters;
};

std::vector<Way> ways()
{
    std::vector<Way> result;
    for (const auto& name : base::simd_names()) {
        result.push_back({name, false});
        result.push_back({name, true});
    }
    return result;
}

}  // namespace

TEST_CASE("the lanes of every mechanism do by formula what its functions for one compartment do", "[mechanisms][lanes]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        for (const auto& way : ways()) {
            INFO(channel->name << " on " << way.simd << (way.uniform_parameters ? ", one row of parameters" : ""));
            const test::UseSimd use(way.simd);
            const auto& info = *channel;
            const auto kernel = info.kernels->lane_kernel(by_formula);
            auto block = random_block(info, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            std::vector<double> g(rows.v.size(), 1.5), s(rows.v.size(), -2.5);  // both add to what is there
            rows.g.assign(g.begin(), g.end());
            rows.s.assign(s.begin(), s.end());
            info.kernels->advance(block.view(), dt_ms);
            info.kernels->linearise(block.view(), g.data(), s.data(), nullptr, nullptr);
            kernel->step(rows.view(temperature_degC, dt_ms));
            for (std::size_t i = 0; i < g.size(); ++i) {
                INFO("lane " << i << " at " << rows.v[i] << " mV");
                // Gates lie in 0..1 and are rounded a few times on either way; without FMA so is the argument of exp.
                for (std::size_t k = 0; k < block.states.size(); ++k) {
                    CHECK(rows.states[k][i] == Approx(block.states[k][i]).epsilon(0).margin(1e-15));
                }
                // Products of up to five numbers: ten roundings more.
                CHECK(rows.g[i] == Approx(g[i]).epsilon(4e-15));
                CHECK(rows.s[i] == Approx(s[i]).epsilon(4e-15).margin(2e-14));
            }
        }
    }
}

TEST_CASE("a step of no length leaves the states of lanes alone, and nothing is written without a place for it",
          "[mechanisms][lanes]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        for (const auto& way : ways()) {
            INFO(channel->name << " on " << way.simd);
            const test::UseSimd use(way.simd);
            const auto& info = *channel;
            const auto kernel = info.kernels->lane_kernel(by_formula);
            auto block = random_block(info, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            std::vector<double> g(rows.v.size(), 0.0), s(rows.v.size(), 0.0);
            info.kernels->linearise(block.view(), g.data(), s.data(), nullptr, nullptr);
            kernel->step(rows.view(temperature_degC, 0.0));
            for (std::size_t k = 0; k < block.states.size(); ++k) {
                CHECK(std::equal(block.states[k].begin(), block.states[k].end(), rows.states[k].begin()));
            }
            for (std::size_t i = 0; i < g.size(); ++i) {
                CHECK(rows.g[i] == Approx(g[i]).epsilon(4e-15));
                CHECK(rows.s[i] == Approx(s[i]).epsilon(4e-15).margin(2e-14));
            }
            info.kernels->advance(block.view(), dt_ms);
            kernel->step(rows.view(temperature_degC, dt_ms, false));
            for (std::size_t k = 0; k < block.states.size(); ++k) {
                for (std::size_t i = 0; i < g.size(); ++i) {
                    CHECK(rows.states[k][i] == Approx(block.states[k][i]).epsilon(0).margin(1e-15));
                }
            }
        }
    }
}

TEST_CASE("with a table, one step of a gate is off by no more than the bound", "[mechanisms][lanes][table]")
{
    const auto& hh = *Catalogue().find_channel("hh");
    const auto formulas = hh_gates(temperature_degC, dt_ms);
    for (const double bound : {1e-4, 1e-7, 1e-10}) {
        const auto kernel = hh.kernels->lane_kernel(by_table(bound));
        for (const auto& way : ways()) {
            INFO("bound " << bound << " on " << way.simd);
            const test::UseSimd use(way.simd);
            auto block = random_block(hh, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            hh.kernels->advance(block.view(), dt_ms);
            kernel->step(rows.view(temperature_degC, dt_ms));
            for (std::size_t k = 0; k < 3; ++k) {
                for (std::size_t i = 0; i < rows.v.size(); ++i) {
                    // Errors of a, which x <= 1 multiplies, and of b; and rounding.
                    const auto step = formulas->step(k, rows.v[i]);
                    CHECK(std::abs(rows.states[k][i] - block.states[k][i]) <= 2.0 * bound * (1.0 - step.a) + 1e-15);
                }
            }
        }
    }
}

TEST_CASE("lanes outside the grid of a table follow the formulas and leave their neighbours alone",
          "[mechanisms][lanes][table]")
{
    const auto& hh = *Catalogue().find_channel("hh");
    const auto kernel = hh.kernels->lane_kernel(by_table(1e-5));
    const std::vector<double> far{-1000.0, 1000.0, -200.0001, 200.0, 1e4, -1e4, -1.3e4};
    for (const auto& name : base::simd_names()) {
        const test::UseSimd use(name);
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            for (const double v_mV : far) {
                INFO(name << ", lane " << lane << " at " << v_mV << " mV");
                auto inside = random_block(hh, false);
                auto mixed = inside;
                const std::size_t where = base::lanes + lane;  // in the second of five rows
                mixed.v[where] = v_mV;
                LaneRows inside_rows(inside, false);
                LaneRows mixed_rows(mixed, false);
                hh.kernels->advance(mixed.view(), dt_ms);
                kernel->step(inside_rows.view(temperature_degC, dt_ms));
                kernel->step(mixed_rows.view(temperature_degC, dt_ms));
                for (std::size_t k = 0; k < 3; ++k) {
                    for (std::size_t i = 0; i < mixed.v.size(); ++i) {
                        if (i == where) {
                            // As a x + b instead of the distance from the steady state: three roundings.
                            REQUIRE(mixed_rows.states[k][i] == Approx(mixed.states[k][i]).epsilon(0).margin(1e-15));
                        } else {
                            REQUIRE(mixed_rows.states[k][i] == inside_rows.states[k][i]);
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("a voltage that is no number makes its own lane's gates no numbers, and nobody else's", "[mechanisms][lanes]")
{
    const auto& hh = *Catalogue().find_channel("hh");
    for (const auto& name : base::simd_names()) {
        for (const auto& options : {by_table(1e-7), by_formula}) {
            const auto kernel = hh.kernels->lane_kernel(options);
            const test::UseSimd use(name);
            auto block = random_block(hh, false);
            block.v[5] = std::numeric_limits<double>::quiet_NaN();
            LaneRows rows(block, false);
            kernel->step(rows.view(temperature_degC, dt_ms));
            for (std::size_t k = 0; k < 3; ++k) {
                for (std::size_t i = 0; i < rows.v.size(); ++i) {
                    CHECK(std::isnan(rows.states[k][i]) == (i == 5));
                }
            }
        }
    }
}

TEST_CASE("a row of lanes has the same bits on every instruction set that has FMA", "[mechanisms][lanes]")
{
    const auto& hh = *Catalogue().find_channel("hh");
    for (const auto& options : {by_table(1e-7), by_formula}) {
        const auto kernel = hh.kernels->lane_kernel(options);
        auto block = random_block(hh, false);
        block.v[9] = 1000.0;
        LaneRows first(block, false);
        kernel->step(first.view(temperature_degC, dt_ms, false));
        for (const auto& name : test::simd_names(true)) {
            INFO(name);
            const test::UseSimd use(name);
            LaneRows other(block, false);
            kernel->step(other.view(temperature_degC, dt_ms, false));
            CHECK(other.states == first.states);
        }
    }
}

TEST_CASE("lanes that do not carry a mechanism get nothing from it", "[mechanisms][lanes]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        for (const double step_ms : {dt_ms, 0.0}) {
            INFO(channel->name << ", step of " << step_ms << " ms");
            const auto kernel = channel->kernels->lane_kernel(by_table(1e-7));
            const auto block = random_block(*channel, false);
            LaneRows all(block, false);
            LaneRows some(block, false);
            some.present = {0xff, 0x01, 0x80, 0x5a, 0xfe};
            kernel->step(all.view(temperature_degC, step_ms));
            kernel->step(some.view(temperature_degC, step_ms));
            for (std::size_t i = 0; i < some.v.size(); ++i) {
                const bool carries = (some.present[i / base::lanes] >> i % base::lanes & 1) != 0;
                CHECK(some.g[i] == (carries ? all.g[i] : 0.0));
                CHECK(some.s[i] == (carries ? all.s[i] : 0.0));
            }
        }
    }
}

TEST_CASE("a mechanism on scattered rows does there what it does on all rows, and each current comes by itself",
          "[mechanisms][lanes]")
{
    const Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        INFO(channel->name);
        const auto kernel = channel->kernels->lane_kernel(by_table(1e-7));
        const auto block = random_block(*channel, false);
        LaneRows dense(block, false);
        kernel->step(dense.view(temperature_degC, dt_ms));
        // The same rows at 1, 2, 5, 6 and 8 of a group of nine.
        const std::vector<std::int32_t> rows{1, 2, 5, 6, 8};
        const std::size_t n = 9 * base::lanes;
        LaneRows sparse(block, false);
        base::AlignedArray<double> v(n, 0.0), g(n, 0.0), s(n, 0.0);
        std::vector<base::AlignedArray<double>> apart(2 * channel->currents.size(), g);
        std::vector<LaneSums> currents;
        for (std::size_t c = 0; c < channel->currents.size(); ++c) {
            currents.push_back({apart[2 * c].data(), apart[2 * c + 1].data()});
        }
        const auto slot = [&](std::size_t i) {
            return static_cast<std::size_t>(rows[i / base::lanes]) * base::lanes + i % base::lanes;
        };
        for (std::size_t i = 0; i < dense.v.size(); ++i) {
            v[slot(i)] = dense.v[i];
        }
        auto view = sparse.view(temperature_degC, dt_ms);
        view.rows = rows.data();
        view.v_mV = v.data();
        view.total = {g.data(), s.data()};
        view.currents = currents.data();
        kernel->step(view);
        CHECK(sparse.states == dense.states);
        for (std::size_t i = 0; i < dense.v.size(); ++i) {
            CHECK(g[slot(i)] == dense.g[i]);
            CHECK(s[slot(i)] == dense.s[i]);
            double sum_g = 0.0;
            double sum_s = 0.0;
            for (std::size_t c = 0; c < channel->currents.size(); ++c) {
                sum_g += apart[2 * c][slot(i)];
                sum_s += apart[2 * c + 1][slot(i)];
            }
            // Products of up to five numbers in another order.
            CHECK(sum_g == Approx(g[slot(i)]).epsilon(4e-15));
            CHECK(sum_s == Approx(s[slot(i)]).epsilon(4e-15).margin(2e-14));
        }
        CHECK(std::all_of(g.begin() + 3 * base::lanes, g.begin() + 5 * base::lanes, [](double x) { return x == 0.0; }));
    }
}
