#include <array>
#include <cmath>
#include <vector>

#include "morphology/shapes.hpp"
#include "record/probe.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/schemes.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using model::Method;
using record::GroupProbe;
using test::CellMaker;
using test::Scheme;

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
std::array<double, 8> sample_patch(const Scheme& scheme, double dt_ms, double t_ms)
{
    const auto cell = hh_patch(0.05);
    const auto plan = test::plan_of({&cell});
    group::State state(plan);
    const auto stepper = scheme.stepper(plan, dt_ms);
    stepper->initialise(state);
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
        stepper->advance(state, step);
    }
    probe.sample(state, {t_ms, dt_ms, stepper->gate_lag_ms()}, row.data());
    return row;
}

/// Ideal clamp of a node of a passive cell at rest somewhere else.
struct Held {
    discretise::DiscretisedCell cell;
    double sample(double t_ms, double dt_ms, int steps, const Scheme& scheme) const
    {
        const auto plan = test::plan_of({&cell});
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, dt_ms);
        stepper->initialise(state);
        for (int k = 0; k < steps; ++k) {
            stepper->advance(state, k);
        }
        GroupProbe probe(plan);
        probe.add_voltage_clamp(0, 0);
        probe.prepare();
        double row = NAN;
        probe.sample(state, {t_ms, dt_ms, 0.0}, &row);
        return row;
    }
};

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
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto [v, m, h, n, ina, ik, il, sum] = sample_patch(scheme, 0.025, 3.0);
        CHECK(v != Approx(-65.0).margin(1.0));  // the current moved it
        CHECK(ina == Approx(0.12 * m * m * m * h * (v - 50.0)).epsilon(1e-13));
        CHECK(ik == Approx(0.036 * n * n * n * n * (v + 77.0)).epsilon(1e-13));
        CHECK(il == Approx(0.0003 * (v + 54.3)).epsilon(1e-13));
        CHECK(sum == Approx(ina + ik + il).epsilon(1e-13));
    }
}

TEST_CASE("sampling brings gates to the time of the voltage and leaves the state alone", "[record][probe]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto cell = hh_patch(0.05);
        const auto plan = test::plan_of({&cell});
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, 0.025);
        stepper->initialise(state);
        stepper->advance(state, 0);
        const auto gate = [&] {
            return state.column(0)[plan.mechanisms[0].place(static_cast<std::int32_t>(plan.slot(0)))];
        };
        const double m_before = gate();
        GroupProbe probe(plan);
        probe.add_state(0, 0, 0, 0);
        probe.prepare();
        double m = NAN;
        probe.sample(state, {0.025, 0.025, stepper->gate_lag_ms()}, &m);
        CHECK(gate() == m_before);
        CHECK(m != m_before);
        stepper->catch_up(state);
        if (scheme.is_backward_euler()) {
            // The lag is the whole step: the gate the step is about to reach. Lanes round the last sum once, the probe's
            // formula twice.
            CHECK(m == Approx(gate()).epsilon(1e-15));
        } else {
            CHECK(m < gate());  // half of the way: m rises under the current
        }
    }
}

TEST_CASE("with Crank-Nicolson, recorded gates and currents converge with order 2", "[record][probe]")
{
    const auto reference = sample_patch(test::schemes_of(Method::crank_nicolson).front(), 0.0003125, 2.0);
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        const auto coarse = sample_patch(scheme, 0.02, 2.0);
        const auto fine = sample_patch(scheme, 0.01, 2.0);
        for (std::size_t column = 0; column < reference.size(); ++column) {
            const double order =
                std::log2(std::abs(coarse[column] - reference[column]) / std::abs(fine[column] - reference[column]));
            CAPTURE(scheme.name, column, order);
            CHECK(order > 1.8);
            CHECK(order < 2.2);
        }
    }
}

TEST_CASE("with backward Euler, recorded gates and currents converge with order 1", "[record][probe]")
{
    const auto reference = sample_patch(test::schemes_of(Method::crank_nicolson).front(), 0.0003125, 2.0);
    for (const auto& scheme : test::schemes_of(Method::backward_euler)) {
        const auto coarse = sample_patch(scheme, 0.005, 2.0);
        const auto fine = sample_patch(scheme, 0.0025, 2.0);
        for (std::size_t column = 0; column < reference.size(); ++column) {
            const double order =
                std::log2(std::abs(coarse[column] - reference[column]) / std::abs(fine[column] - reference[column]));
            CAPTURE(scheme.name, column, order);
            CHECK(order > 0.85);
            CHECK(order < 1.15);
        }
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
    test::schemes_of(Method::backward_euler).front().stepper(plan, 0.025)->initialise(state);
    state.v_mV(0) = -60.0;
    state.v_mV(1) = -50.0;
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
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        CHECK(held.sample(1.0, 0.025, 40, scheme) == Approx(expected_nA).epsilon(1e-12));
        CHECK(held.sample(0.0, 0.025, 0, scheme) == Approx(expected_nA).epsilon(1e-12));
        CHECK(held.sample(11.0, 0.025, 440, scheme) == 0.0);  // released
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
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        CHECK(held.sample(4.0, 0.025, 160, scheme) == Approx(expected_nA).epsilon(1e-9));
    }
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
    for (const auto& scheme : test::schemes_of(Method::backward_euler)) {
        INFO(scheme.name);
        const auto v_mV = test::run_steps(plan, *scheme.stepper(plan, 1.0), 200);
        double leak_nA = 0.0;
        for (std::int32_t i = 0; i < 3; ++i) {
            leak_nA += 0.01 * plan.area_um2(i) * 0.001 * (v_mV[static_cast<std::size_t>(i)] + 70.0);
        }
        CHECK(held.sample(200.0, 1.0, 200, scheme) == Approx(leak_nA).epsilon(1e-10));
        CHECK(leak_nA > 0.01 * plan.area_um2(1) * 0.001 * 50.0);
    }
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
    for (const auto& scheme : test::schemes_of(Method::backward_euler)) {
        CHECK(held.sample(200.0, 1.0, 200, scheme) == Approx(expected_nA).epsilon(1e-10));
    }
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
    auto cell = maker.make();
    cell.v_init_mV[0] = -20.0;
    const auto plan = test::plan_of({&cell});
    const auto junctions = test::junctions_of(plan);
    REQUIRE(junctions.size() == 1);
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        INFO(scheme.name);
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, 0.025);
        stepper->initialise(state);
        stepper->advance(state, 0);
        GroupProbe probe(plan);
        probe.add_voltage(0, solve::VoltageReader(plan, 0, maker.tap(cell, {0, 1.0})));
        probe.add_voltage(1, solve::VoltageReader(plan, 0, maker.tap(cell, {1, 0.0})));
        probe.add_voltage(2, solve::VoltageReader(plan, 0, maker.tap(cell, {2, 0.0})));
        probe.add_node_voltage(3, junctions[0]);
        probe.prepare();
        std::array<double, 4> row{};
        probe.sample(state, {0.025, 0.025, stepper->gate_lag_ms()}, row.data());
        const double off_mV = test::axial_current_nA(plan, state, junctions[0]) / plan.axial_diagonal_uS(junctions[0]);
        CHECK(off_mV == Approx(0.0).margin(1e-11));
        for (const double v_mV : row) {
            CHECK(v_mV == state.v_mV(junctions[0]));
        }
    }
}
