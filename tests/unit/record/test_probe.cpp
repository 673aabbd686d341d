#include <array>
#include <cmath>
#include <vector>

#include "morphology/shapes.hpp"
#include "record/probe.hpp"
#include "solve/stepper.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using model::Method;
using record::GroupProbe;
using test::CellMaker;

namespace {

constexpr double area_um2 = 100.0 * 3.14159265358979323846;  // a cylinder 10 um x 10 um

/// A patch of squid membrane with a current that starts at once.
discretise::DiscretisedCell hh_patch(double current_nA)
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"hh"};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, discretise::Tap{{0, -1}, {1.0, 0.0}}, test::pulse(0.0, 1e3, current_nA)});
    return cell;
}

/// Voltage, m, h, n, ina, ik, il and their sum of a patch at t_ms.
std::array<double, 8> sample_patch(Method method, double dt_ms, double t_ms)
{
    const auto cell = hh_patch(0.05);
    const auto plan = test::plan_of({&cell});
    group::State state(plan);
    solve::Stepper stepper(plan, method, dt_ms);
    stepper.initialise(state);
    GroupProbe probe(plan);
    probe.add_node_voltage(0, 0);
    for (int k = 0; k < 3; ++k) {
        probe.add_state(static_cast<std::size_t>(1 + k), 0, k, 0);
        probe.add_current(static_cast<std::size_t>(4 + k), 0, k, 0);
    }
    probe.add_ionic_current(7, 0);
    probe.prepare();
    const auto n = std::llround(t_ms / dt_ms);
    std::array<double, 8> row{};
    for (std::int64_t step = 0; step < n; ++step) {
        stepper.advance_voltage(state, step);
        if (step + 1 == n) {
            probe.sample(state, {t_ms, dt_ms, stepper.gate_lag_ms()}, row.data());
        }
        stepper.advance_states(state);
    }
    return row;
}

/// Ideal clamp of a node of a passive cell at rest somewhere else.
struct Held {
    discretise::DiscretisedCell cell;
    double sample(double t_ms, double dt_ms, int steps, Method method) const
    {
        const auto plan = test::plan_of({&cell});
        group::State state(plan);
        solve::Stepper stepper(plan, method, dt_ms);
        stepper.initialise(state);
        for (int k = 0; k < steps; ++k) {
            stepper.advance_voltage(state, k);
            stepper.advance_states(state);
        }
        GroupProbe probe(plan);
        probe.add_voltage_clamp(0, 0);
        probe.prepare();
        double row = NAN;
        probe.sample(state, {t_ms, dt_ms, 0.0}, &row);
        return row;
    }
};

constexpr Method methods[] = {Method::backward_euler, Method::crank_nicolson};

}  // namespace

TEST_CASE("a probe of nothing is empty and writes nothing", "[record][probe]")
{
    const auto cell = hh_patch(0.0);
    const auto plan = test::plan_of({&cell});
    const group::State state(plan);
    GroupProbe probe(plan);
    probe.prepare();
    CHECK(probe.empty());
    double row = 7.0;
    probe.sample(state, {0.0, 0.025, 0.0}, &row);
    CHECK(row == 7.0);
    probe.add_node_voltage(0, 0);
    CHECK_FALSE(probe.empty());
}

TEST_CASE("recorded currents are Ohm's law of the recorded gates and voltage", "[record][probe]")
{
    for (const auto method : methods) {
        const auto [v, m, h, n, ina, ik, il, sum] = sample_patch(method, 0.025, 3.0);
        CHECK(v != Approx(-65.0).margin(1.0));  // the current moved it
        CHECK(ina == Approx(0.12 * m * m * m * h * (v - 50.0)).epsilon(1e-13));
        CHECK(ik == Approx(0.036 * n * n * n * n * (v + 77.0)).epsilon(1e-13));
        CHECK(il == Approx(0.0003 * (v + 54.3)).epsilon(1e-13));
        CHECK(sum == Approx(ina + ik + il).epsilon(1e-13));
    }
}

TEST_CASE("sampling brings gates to the time of the voltage and leaves the state alone", "[record][probe]")
{
    for (const auto method : methods) {
        const auto cell = hh_patch(0.05);
        const auto plan = test::plan_of({&cell});
        group::State state(plan);
        solve::Stepper stepper(plan, method, 0.025);
        stepper.initialise(state);
        stepper.advance_voltage(state, 0);
        const double m_before = state.column(0)[0];
        GroupProbe probe(plan);
        probe.add_state(0, 0, 0, 0);
        probe.prepare();
        double m = NAN;
        probe.sample(state, {0.025, 0.025, stepper.gate_lag_ms()}, &m);
        CHECK(state.column(0)[0] == m_before);
        CHECK(m != m_before);
        stepper.advance_states(state);
        if (method == Method::backward_euler) {
            CHECK(m == state.column(0)[0]);  // the lag is the whole step: the gate the step is about to reach
        } else {
            CHECK(m < state.column(0)[0]);  // half of the way: m rises under the current
        }
    }
}

TEST_CASE("with Crank-Nicolson, recorded gates and currents converge with order 2", "[record][probe]")
{
    const auto reference = sample_patch(Method::crank_nicolson, 0.0003125, 2.0);
    const auto coarse = sample_patch(Method::crank_nicolson, 0.02, 2.0);
    const auto fine = sample_patch(Method::crank_nicolson, 0.01, 2.0);
    for (std::size_t column = 0; column < reference.size(); ++column) {
        const double order =
            std::log2(std::abs(coarse[column] - reference[column]) / std::abs(fine[column] - reference[column]));
        CAPTURE(column, order);
        CHECK(order > 1.8);
        CHECK(order < 2.2);
    }
}

TEST_CASE("with backward Euler, recorded gates and currents converge with order 1", "[record][probe]")
{
    const auto reference = sample_patch(Method::crank_nicolson, 0.0003125, 2.0);
    const auto coarse = sample_patch(Method::backward_euler, 0.005, 2.0);
    const auto fine = sample_patch(Method::backward_euler, 0.0025, 2.0);
    for (std::size_t column = 0; column < reference.size(); ++column) {
        const double order =
            std::log2(std::abs(coarse[column] - reference[column]) / std::abs(fine[column] - reference[column]));
        CAPTURE(column, order);
        CHECK(order > 0.85);
        CHECK(order < 1.15);
    }
}

TEST_CASE("the ionic current is the sum over the mechanisms of the place, and of that place alone", "[record][probe]")
{
    // Two compartments, pas on both and hh on the second only.
    CellMaker maker{morphology::make_patch(10.0, 10.0), {2}};
    maker.mechanisms = {"hh", "pas"};
    auto cell = maker.make();
    cell.mechanisms[0].node = {1};
    for (auto& column : cell.mechanisms[0].parameters) {
        column.resize(1);
    }
    const auto plan = test::plan_of({&cell});
    group::State state(plan);
    solve::Stepper(plan, Method::backward_euler, 0.025).initialise(state);
    state.v_mV()[0] = -60.0;
    state.v_mV()[1] = -50.0;
    GroupProbe probe(plan);
    probe.add_ionic_current(0, 0);
    probe.add_ionic_current(1, 1);
    probe.add_current(2, 0, 0, 1);
    probe.add_current(3, 0, 1, 1);
    probe.add_current(4, 0, 2, 1);
    probe.prepare();
    std::array<double, 5> row{};
    for (int again = 0; again < 2; ++again) {  // a sum starts anew with every row
        probe.sample(state, {0.0, 0.025, 0.0}, row.data());
        CHECK(row[0] == Approx(0.001 * 10.0).epsilon(1e-13));  // pas: g 0.001 S/cm2, e -70 mV
        CHECK(row[1] == Approx(0.001 * 20.0 + row[2] + row[3] + row[4]).epsilon(1e-13));
    }
}

TEST_CASE("a current clamp's column is its waveform", "[record][probe]")
{
    auto cell = hh_patch(0.0);
    cell.current_clamps[0].waveform = test::pulse(1.0, 2.0, 0.3);
    const auto plan = test::plan_of({&cell});
    const group::State state(plan);
    GroupProbe probe(plan);
    probe.add_current_clamp(0, 0);
    probe.prepare();
    double row = NAN;
    const auto at = [&](double t_ms) {
        probe.sample(state, {t_ms, 0.025, 0.0}, &row);
        return row;
    };
    CHECK(at(0.5) == 0.0);
    CHECK(at(1.5) == 0.3);
    CHECK(at(2.5) == 0.0);
}

TEST_CASE("an ideal clamp delivers the ionic current of a patch it holds", "[record][probe]")
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"pas"};
    Held held{maker.make()};
    held.cell.voltage_clamps.push_back({0, 0, 0.0, test::pulse(0.0, 10.0, -20.0)});
    const double expected_nA = 0.01 * area_um2 * 0.001 * 50.0;  // mA/cm2 um2 = 0.01 nA
    for (const auto method : methods) {
        CHECK(held.sample(1.0, 0.025, 40, method) == Approx(expected_nA).epsilon(1e-12));
        CHECK(held.sample(0.0, 0.025, 0, method) == Approx(expected_nA).epsilon(1e-12));
        CHECK(held.sample(11.0, 0.025, 440, method) == 0.0);  // released
    }
}

TEST_CASE("an ideal clamp on a ramp delivers C dV/dt besides", "[record][probe]")
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"pas"};
    Held held{maker.make()};
    mechanisms::Waveform ramp(mechanisms::Pieces{{{0.0, 10.0, -70.0, -20.0}}, 0.0, 1});  // 5 mV/ms
    held.cell.voltage_clamps.push_back({0, 0, 0.0, ramp});
    const double capacitance_nF = 1e-5 * area_um2;                                     // 1 uF/cm2
    const double expected_nA = capacitance_nF * 5.0 + 0.01 * area_um2 * 0.001 * 20.0;  // at 4 ms: -50 mV
    CHECK(held.sample(4.0, 0.025, 160, Method::crank_nicolson) == Approx(expected_nA).epsilon(1e-9));
}

TEST_CASE("an ideal clamp delivers what flows into the neighbours", "[record][probe]")
{
    // Sealed cable in the steady state: the clamp delivers the leak of all compartments, held or not.
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.0);
    CellMaker maker{tree.make(), {3}};
    maker.mechanisms = {"pas"};
    Held held{maker.make()};
    held.cell.voltage_clamps.push_back({0, 1, 0.0, test::pulse(0.0, 1e9, -20.0)});
    const auto plan = test::plan_of({&held.cell});
    group::State state(plan);
    solve::Stepper stepper(plan, Method::backward_euler, 1.0);
    stepper.initialise(state);
    for (int k = 0; k < 200; ++k) {
        stepper.advance_voltage(state, k);
        stepper.advance_states(state);
    }
    double leak_nA = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        leak_nA += 0.01 * plan.area_um2[i] * 0.001 * (state.v_mV()[i] + 70.0);
    }
    CHECK(held.sample(200.0, 1.0, 200, Method::backward_euler) == Approx(leak_nA).epsilon(1e-10));
    CHECK(leak_nA > 0.01 * plan.area_um2[1] * 0.001 * 50.0);
}

TEST_CASE("a clamp with a resistor delivers Ohm's law of that resistor", "[record][probe]")
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"pas"};
    Held held{maker.make()};
    held.cell.voltage_clamps.push_back({0, 0, 10.0, test::pulse(0.0, 1e9, -20.0)});
    // Steady state: (E_c - V)/R = G (V - E), G = 0.01 area g in uS, R in Mohm.
    const double g_uS = 0.01 * area_um2 * 0.001;
    const double expected_nA = 50.0 * g_uS / (1.0 + 10.0 * g_uS);
    CHECK(held.sample(200.0, 1.0, 200, Method::backward_euler) == Approx(expected_nA).epsilon(1e-10));
}

TEST_CASE("at a junction, the voltage recorded is the one that sends no charge anywhere", "[record][probe]")
{
    // Three unlike branches meet: sum of g_j (V_j - V) = 0 at the junction.
    test::TreeMaker tree;
    tree.add(-1, 1.0, 50.0, 2.0);
    tree.add(0, 1.0, 60.0, 1.0);
    tree.add(0, 1.0, 70.0, 0.5);
    CellMaker maker{tree.make(), {1, 1, 1}};
    maker.mechanisms = {"pas"};
    const auto cell = maker.make();
    const auto plan = test::plan_of({&cell});
    REQUIRE(plan.junctions.size() == 1);
    const auto junction = static_cast<std::size_t>(plan.junctions[0]);
    group::State state(plan);
    solve::Stepper stepper(plan, Method::crank_nicolson, 0.025);
    stepper.initialise(state);
    state.v_mV()[0] = -20.0;
    stepper.advance_voltage(state, 0);
    GroupProbe probe(plan);
    probe.add_voltage(0, solve::VoltageReader(plan, 0, maker.tap(cell, {0, 1.0})));
    probe.add_voltage(1, solve::VoltageReader(plan, 0, maker.tap(cell, {1, 0.0})));
    probe.add_voltage(2, solve::VoltageReader(plan, 0, maker.tap(cell, {2, 0.0})));
    probe.add_node_voltage(3, plan.junctions[0]);
    probe.prepare();
    std::array<double, 4> row{};
    probe.sample(state, {0.025, 0.025, stepper.gate_lag_ms()}, row.data());
    double into_nA = 0.0, g_uS = 0.0;
    for (std::size_t i = 0; i < plan.parent.size(); ++i) {
        const bool above = plan.parent[junction] == static_cast<std::int32_t>(i);
        const bool below = plan.parent[i] == plan.junctions[0];
        if (above || below) {
            const double g = above ? plan.axial_uS[junction] : plan.axial_uS[i];
            into_nA += g * (state.v_mV()[i] - row[3]);
            g_uS += g;
        }
    }
    CHECK(into_nA / g_uS == Approx(0.0).margin(1e-11));  // mV
    for (std::size_t column = 0; column < 3; ++column) {
        CHECK(row[column] == row[3]);
    }
}
