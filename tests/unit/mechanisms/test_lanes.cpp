#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "lane_rows.hpp"
#include "mechanisms/catalogue.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

using namespace axolemma;
using namespace axolemma::mechanisms;

namespace {

constexpr double dt_ms = 0.025;
constexpr double temperature_degC = 6.3;

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
    for (const auto& name : mechanism_names()) {
        for (const auto& way : ways()) {
            INFO(name << " on " << way.simd << (way.uniform_parameters ? ", one row of parameters" : ""));
            const test::UseSimd use(way.simd);
            const auto& info = *find_mechanism(name);
            auto block = random_block(info, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            std::vector<double> g(rows.v.size(), 1.5), s(rows.v.size(), -2.5);  // both add to what is there
            rows.g.assign(g.begin(), g.end());
            rows.s.assign(s.begin(), s.end());
            info.advance(block.view(), dt_ms);
            info.linearise(block.view(), g.data(), s.data());
            info.step_lanes(rows.view(temperature_degC, dt_ms), rows.g.data(), rows.s.data());
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
    for (const auto& name : mechanism_names()) {
        for (const auto& way : ways()) {
            INFO(name << " on " << way.simd);
            const test::UseSimd use(way.simd);
            const auto& info = *find_mechanism(name);
            auto block = random_block(info, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            std::vector<double> g(rows.v.size(), 0.0), s(rows.v.size(), 0.0);
            info.linearise(block.view(), g.data(), s.data());
            info.step_lanes(rows.view(temperature_degC, 0.0), rows.g.data(), rows.s.data());
            for (std::size_t k = 0; k < block.states.size(); ++k) {
                CHECK(std::equal(block.states[k].begin(), block.states[k].end(), rows.states[k].begin()));
            }
            for (std::size_t i = 0; i < g.size(); ++i) {
                CHECK(rows.g[i] == Approx(g[i]).epsilon(4e-15));
                CHECK(rows.s[i] == Approx(s[i]).epsilon(4e-15).margin(2e-14));
            }
            info.advance(block.view(), dt_ms);
            info.step_lanes(rows.view(temperature_degC, dt_ms), nullptr, nullptr);
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
    const auto& hh = *find_mechanism("hh");
    for (const double bound : {1e-4, 1e-7, 1e-10}) {
        const GateTable table(hh, temperature_degC, dt_ms, bound);
        for (const auto& way : ways()) {
            INFO("bound " << bound << " on " << way.simd);
            const test::UseSimd use(way.simd);
            auto block = random_block(hh, way.uniform_parameters);
            LaneRows rows(block, way.uniform_parameters);
            hh.advance(block.view(), dt_ms);
            hh.step_lanes(rows.view(temperature_degC, dt_ms, &table), rows.g.data(), rows.s.data());
            for (std::size_t k = 0; k < 3; ++k) {
                for (std::size_t i = 0; i < rows.v.size(); ++i) {
                    // Errors of a, which x <= 1 multiplies, and of b; and rounding.
                    const auto step = table.exact(k, rows.v[i]);
                    CHECK(std::abs(rows.states[k][i] - block.states[k][i]) <= 2.0 * bound * (1.0 - step.a) + 1e-15);
                }
            }
        }
    }
}

TEST_CASE("lanes outside the grid of a table follow the formulas and leave their neighbours alone",
          "[mechanisms][lanes][table]")
{
    const auto& hh = *find_mechanism("hh");
    const GateTable table(hh, temperature_degC, dt_ms, 1e-5);
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
                hh.advance(mixed.view(), dt_ms);
                hh.step_lanes(inside_rows.view(temperature_degC, dt_ms, &table), inside_rows.g.data(),
                              inside_rows.s.data());
                hh.step_lanes(mixed_rows.view(temperature_degC, dt_ms, &table), mixed_rows.g.data(),
                              mixed_rows.s.data());
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
    const auto& hh = *find_mechanism("hh");
    const GateTable table(hh, temperature_degC, dt_ms, 1e-5);
    for (const auto& name : base::simd_names()) {
        for (const auto* tables : {&table, static_cast<const GateTable*>(nullptr)}) {
            const test::UseSimd use(name);
            auto block = random_block(hh, false);
            block.v[5] = std::numeric_limits<double>::quiet_NaN();
            LaneRows rows(block, false);
            hh.step_lanes(rows.view(temperature_degC, dt_ms, tables), rows.g.data(), rows.s.data());
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
    const auto& hh = *find_mechanism("hh");
    const GateTable table(hh, temperature_degC, dt_ms, 1e-7);
    for (const auto* tables : {&table, static_cast<const GateTable*>(nullptr)}) {
        auto block = random_block(hh, false);
        block.v[9] = 1000.0;
        const LaneRows first(block, false);
        hh.step_lanes(first.view(temperature_degC, dt_ms, tables), nullptr, nullptr);
        for (const auto& name : test::simd_names(true)) {
            INFO(name);
            const test::UseSimd use(name);
            const LaneRows other(block, false);
            hh.step_lanes(other.view(temperature_degC, dt_ms, tables), nullptr, nullptr);
            CHECK(other.states == first.states);
        }
    }
}
