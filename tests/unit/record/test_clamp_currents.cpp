#include <cmath>
#include <vector>

#include "morphology/shapes.hpp"
#include "record/probe.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/schemes.hpp"

using namespace axolemma;
using mechanisms::Pieces;
using mechanisms::Waveform;
using model::Method;
using test::CellMaker;
using test::Scheme;

namespace {

constexpr double pi = 3.14159265358979323846;
/// Of the patch below: 100 pi um2 with 1 mS/cm2 and 1 uF/cm2.
constexpr double leak_uS = 1e-3 * pi;
constexpr double capacitance_nF = 1e-3 * pi;
constexpr double leak_mV = -70.0;

discretise::DiscretisedCell passive_patch()
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"pas"};
    return maker.make();
}

/// Currents of the voltage clamps of the plan, and of its current clamps after them, in every step; ionic currents of all
/// nodes [nA] last.
std::vector<std::vector<double>> clamp_currents(const group::Plan& plan, const Scheme& scheme, double dt_ms,
                                                int n_steps)
{
    group::State state(plan);
    const auto stepper = scheme.stepper(plan, dt_ms);
    stepper->initialise(state);
    record::GroupProbe probe(plan);
    std::size_t column = 0;
    for (std::size_t k = 0; k < plan.voltage_clamps.size(); ++k) {
        probe.add_voltage_clamp(column++, k);
    }
    for (std::size_t k = 0; k < plan.current_clamps.size(); ++k) {
        probe.add_current_clamp(column++, k);
    }
    const std::size_t first_ionic = column;
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        probe.add_ionic_current(column++, node);
    }
    probe.prepare();
    std::vector<std::vector<double>> rows;
    for (int k = 0; k < n_steps; ++k) {
        stepper->advance(state, k);
        rows.emplace_back(column);
        probe.sample(state, {(k + 1) * dt_ms, dt_ms, stepper->gate_lag_ms()}, rows.back().data());
        for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
            rows.back()[first_ionic + static_cast<std::size_t>(node)] *= 0.01 * plan.area_um2(node);
        }
    }
    return rows;
}

}  // namespace

TEST_CASE("an ideal clamp does not deliver what other electrodes at its node do", "[record][clamp]")
{
    auto cell = passive_patch();
    cell.voltage_clamps.push_back({0, 0, 0.0, test::pulse(0.0, 10.0, -40.0)});
    cell.voltage_clamps.push_back({1, 0, 10.0, test::pulse(0.2, 10.0, 0.0)});
    cell.current_clamps.push_back({2, {{0, -1}, {1.0, 0.0}}, test::pulse(0.5, 10.0, 0.3)});
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto rows = clamp_currents(test::plan_of({&cell}), scheme, 0.025, 40);
        for (int k = 0; k < 40; ++k) {
            const double resistive_nA = k >= 8 ? 40.0 / 10.0 : 0.0;
            const double injected_nA = k >= 20 ? 0.3 : 0.0;
            const auto& row = rows[static_cast<std::size_t>(k)];
            CHECK(row[1] == Approx(resistive_nA).epsilon(1e-12));
            CHECK(row[0] == Approx(leak_uS * (-40.0 - leak_mV) - resistive_nA - injected_nA).epsilon(1e-10));
        }
    }
}

TEST_CASE("in the steady state the electrodes together deliver what leaves through the membrane", "[record][clamp]")
{
    CellMaker maker{morphology::make_cable(200.0, 2.0, 2.0), {5}};
    maker.mechanisms = {"pas"};
    auto cell = maker.make();
    cell.voltage_clamps.push_back({0, 2, 0.0, test::pulse(0.0, 1e3, -40.0)});
    cell.voltage_clamps.push_back({1, 2, 50.0, test::pulse(0.0, 1e3, 10.0)});
    cell.current_clamps.push_back({2, maker.tap(cell, {0, 0.42}), test::pulse(0.0, 1e3, 0.02)});  // in part on node 2
    cell.current_clamps.push_back({3, maker.tap(cell, {0, 0.9}), test::pulse(0.0, 1e3, 0.01)});
    const auto other = maker.make();
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto rows = clamp_currents(test::plan_of({&other, &cell, &other}), scheme, 0.1, 1000);
        double balance_nA = 0.0;
        for (std::size_t c = 0; c < 4; ++c) {
            balance_nA += rows.back()[c];
        }
        for (std::size_t node = 5; node < 10; ++node) {
            balance_nA -= rows.back()[4 + node];
        }
        CHECK(std::abs(balance_nA) < 1e-9);
        CHECK(rows.back()[0] < -0.5);  // it takes out most of the 1 nA of the other voltage clamp
    }
}

TEST_CASE("the charge of a jump of the command is no current, on the time grid or off it", "[record][clamp]")
{
    // 34 * 0.025 is greater than 0.85.
    for (const double second_ms : {0.85, 0.86}) {
        auto cell = passive_patch();
        const Waveform levels(Pieces{
            {{0.0, 0.05, -80.0, -80.0}, {0.05, second_ms, -20.0, -20.0}, {second_ms, 2.0, -60.0, -60.0}}, 0.0, 1});
        cell.voltage_clamps.push_back({0, 0, 0.0, levels});
        for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
            const auto rows = clamp_currents(test::plan_of({&cell}), scheme, 0.025, 70);
            for (int k = 1; k <= 70; ++k) {
                const double v_mV = k <= 2 ? -80.0 : k <= 34 ? -20.0 : -60.0;
                INFO(scheme.name << ", row " << k << ", jump at " << second_ms << " ms");
                CHECK(rows[static_cast<std::size_t>(k - 1)][0] == Approx(leak_uS * (v_mV - leak_mV)).epsilon(1e-10));
            }
        }
    }
}

TEST_CASE("an ideal clamp on a ramp charges the membrane at its slope", "[record][clamp]")
{
    auto cell = passive_patch();
    cell.voltage_clamps.push_back({0, 0, 0.0, Waveform(Pieces{{{0.0, 1.0, -70.0, -30.0}}, 0.0, 1})});
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto rows = clamp_currents(test::plan_of({&cell}), scheme, 0.025, 42);
        for (int k = 1; k <= 40; ++k) {
            CHECK(rows[static_cast<std::size_t>(k - 1)][0] ==
                  Approx(capacitance_nF * 40.0 + leak_uS * k).epsilon(1e-10));
        }
        CHECK(rows[40][0] == 0.0);  // let go
    }
}
