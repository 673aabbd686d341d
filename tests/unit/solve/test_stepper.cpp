#include <cmath>
#include <limits>

#include "morphology/shapes.hpp"
#include "solve/stepper.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using model::Method;
using solve::Stepper;
using test::CellMaker;

namespace {

constexpr Method methods[] = {Method::backward_euler, Method::crank_nicolson};

/// A tree with every kind of joint: one to one, one to two, inside a section, and at the root's start.
CellMaker bush()
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 1.5);
    tree.add(0, 1.0, 80.0, 1.0);
    tree.add(1, 1.0, 60.0, 0.5, 0.3);
    tree.add(1, 1.0, 70.0, 0.4);
    tree.add(0, 0.5, 50.0, 0.5);
    tree.add(0, 0.0, 40.0, 0.6);
    return {tree.make(), {3, 2, 4, 3, 2, 2}};
}

double charge_pC(const group::Plan& plan, const group::State& state)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < plan.parent.size(); ++i) {
        sum += plan.capacitance_nF[i] * state.v_mV()[i];
    }
    return sum;
}

std::vector<double> run(const group::Plan& plan, Method method, double dt_ms, int steps)
{
    group::State state(plan);
    Stepper stepper(plan, method, dt_ms);
    stepper.initialise(state);
    for (int k = 0; k < steps; ++k) {
        stepper.advance_voltage(state, k);
        stepper.advance_states(state);
    }
    return {state.v_mV().begin(), state.v_mV().end()};
}

}  // namespace

TEST_CASE("one step of three compartments is what a person computes", "[solve][stepper]")
{
    // r = 1 um, dx = 10 um, Ra = 100: g = pi/10 uS; cm = 1: C = 2 pi 1e-4 nF. dt = 0.01 ms: C/dt = 2 pi 1e-2 uS.
    // In units of C/dt, g = 5. Backward Euler from (96, 0, 0) mV:
    //   ( 6 -5  0)     (96)
    //   (-5 11 -5) v = ( 0)   ->  v = (41, 30, 25), the determinant being 6 (66 - 25) - 5 * 30 = 96.
    //   ( 0 -5  6)     ( 0)
    CellMaker maker{morphology::make_cable(30.0, 2.0, 2.0), {3}};
    auto cell = maker.make();
    cell.v_init_mV = {96.0, 0.0, 0.0};
    const auto plan = test::plan_of({&cell});
    const auto euler = run(plan, Method::backward_euler, 0.01, 1);
    CHECK(euler[0] == Approx(41.0).epsilon(1e-13));
    CHECK(euler[1] == Approx(30.0).epsilon(1e-13));
    CHECK(euler[2] == Approx(25.0).epsilon(1e-13));
    // Crank-Nicolson over twice the step is that half step, doubled, minus the start.
    const auto cn = run(plan, Method::crank_nicolson, 0.02, 1);
    CHECK(cn[0] == Approx(82.0 - 96.0).epsilon(1e-13));
    CHECK(cn[1] == Approx(60.0).epsilon(1e-13));
    CHECK(cn[2] == Approx(50.0).epsilon(1e-13));
}

TEST_CASE("a passive patch follows each scheme's own closed form", "[solve][stepper]")
{
    // V_n = E + (V_0 - E) a^n, a = 1/(1 + dt/tau) or (1 - dt/2tau)/(1 + dt/2tau); tau = cm/g = 1 ms.
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {"pas"};
    maker.v_init_mV = -50.0;
    const auto cell = maker.make();
    const auto plan = test::plan_of({&cell});
    const double dt = 0.1;
    const int n = 37;
    CHECK(run(plan, Method::backward_euler, dt, n)[0] ==
          Approx(-70.0 + 20.0 * std::pow(1.0 + dt, -n)).epsilon(0).margin(1e-11));
    const double a = (1.0 - 0.5 * dt) / (1.0 + 0.5 * dt);
    CHECK(run(plan, Method::crank_nicolson, dt, n)[0] ==
          Approx(-70.0 + 20.0 * std::pow(a, n)).epsilon(0).margin(1e-11));
}

TEST_CASE("a sealed tree without channels keeps its charge and gains just what is injected", "[solve][stepper]")
{
    for (const auto method : methods) {
        auto maker = bush();
        auto cell = maker.make();
        for (std::size_t i = 0; i < cell.v_init_mV.size(); ++i) {
            cell.v_init_mV[i] = -65.0 + 3.0 * static_cast<double>(i % 7);
        }
        // Into a junction, a sealed end, between two centres and at a joint; edges off the time grid.
        const std::vector<discretise::Location> places{{1, 1.0}, {3, 1.0}, {0, 0.31}, {0, 1.0}, {0, 0.0}};
        for (const auto& place : places) {
            cell.current_clamps.push_back({0, maker.tap(cell, place), test::pulse(0.113, 0.778, 0.01)});
        }
        const auto plan = test::plan_of({&cell});
        group::State state(plan);
        Stepper stepper(plan, method, 0.025);
        stepper.initialise(state);
        const double before = charge_pC(plan, state);
        for (int k = 0; k < 80; ++k) {
            stepper.advance_voltage(state, k);
            stepper.advance_states(state);
        }
        CHECK(charge_pC(plan, state) - before == Approx(5 * 0.01 * 0.665).epsilon(1e-9));
    }
}

TEST_CASE("the voltage of a junction is that of its neighbours at the same time", "[solve][stepper]")
{
    for (const auto method : methods) {
        auto maker = bush();
        maker.mechanisms = {"hh"};
        auto cell = maker.make();
        cell.current_clamps.push_back({0, maker.tap(cell, {1, 1.0}), test::pulse(0.0, 5.0, 0.3)});  // into the junction
        cell.v_init_mV[0] = -40.0;
        const auto plan = test::plan_of({&cell});
        REQUIRE(plan.junctions.size() == 1);
        const auto j = static_cast<std::size_t>(plan.junctions[0]);
        group::State state(plan);
        Stepper stepper(plan, method, 0.025);
        stepper.initialise(state);
        for (int k = 0; k < 60; ++k) {
            stepper.advance_voltage(state, k);
            double current_nA = 0.3 - plan.axial_diagonal_uS[j] * state.v_mV()[j];
            current_nA += plan.axial_uS[j] * state.v_mV()[static_cast<std::size_t>(plan.parent[j])];
            for (const auto child : plan.junction_children) {
                current_nA +=
                    plan.axial_uS[static_cast<std::size_t>(child)] * state.v_mV()[static_cast<std::size_t>(child)];
            }
            CHECK(std::abs(current_nA) < 1e-10 * plan.axial_diagonal_uS[j] * 65.0);
            stepper.advance_states(state);
        }
    }
}

TEST_CASE("a junction has the current before a jump, however the time of the jump is rounded", "[solve][stepper]")
{
    // 35 * 0.01 is greater than 0.35 and 70 * 0.01 greater than 0.7.
    auto maker = bush();
    maker.mechanisms = {"pas"};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, maker.tap(cell, {1, 1.0}), test::pulse(0.35, 0.7, 0.3)});
    const auto plan = test::plan_of({&cell});
    const auto j = static_cast<std::size_t>(plan.junctions.at(0));
    group::State state(plan);
    Stepper stepper(plan, Method::crank_nicolson, 0.01);
    stepper.initialise(state);
    for (int step = 1; step <= 80; ++step) {
        stepper.advance_voltage(state, step - 1);
        double current_nA = plan.axial_diagonal_uS[j] * state.v_mV()[j];
        current_nA -= plan.axial_uS[j] * state.v_mV()[static_cast<std::size_t>(plan.parent[j])];
        for (const auto child : plan.junction_children) {
            current_nA -=
                plan.axial_uS[static_cast<std::size_t>(child)] * state.v_mV()[static_cast<std::size_t>(child)];
        }
        INFO("step " << step);
        CHECK(current_nA == Approx(step > 35 && step <= 70 ? 0.3 : 0.0).epsilon(0).margin(1e-6));
        stepper.advance_states(state);
    }
}

TEST_CASE("a cell at rest stays at rest", "[solve][stepper]")
{
    for (const auto method : methods) {
        auto maker = bush();
        maker.mechanisms = {"pas"};
        maker.v_init_mV = -70.0;
        const auto cell = maker.make();
        for (const double v : run(test::plan_of({&cell}), method, 0.025, 1000)) {
            CHECK(v == Approx(-70.0).epsilon(0).margin(1e-9));
        }
    }
}

TEST_CASE("a cell's voltages have the same bits in any company", "[solve][stepper]")
{
    for (const auto method : methods) {
        auto maker = bush();
        maker.mechanisms = {"hh", "pas"};
        auto a = maker.make();
        a.current_clamps.push_back({0, maker.tap(a, {3, 0.7}), test::pulse(0.1, 2.0, 0.2)});
        a.voltage_clamps.push_back({1, 2, 20.0, test::pulse(1.0, 3.0, -30.0)});
        CellMaker other{morphology::make_cable(500.0, 3.0, 1.0), {20}};
        other.mechanisms = {"hh"};
        const auto b = other.make();
        const auto alone = run(test::plan_of({&a}), method, 0.025, 200);
        const auto first = run(test::plan_of({&a, &b}), method, 0.025, 200);
        const auto last = run(test::plan_of({&b, &b, &a}), method, 0.025, 200);
        for (std::size_t i = 0; i < alone.size(); ++i) {
            CHECK(first[i] == alone[i]);
            CHECK(last[i + 40] == alone[i]);
        }
    }
}

TEST_CASE("time errors fall with order 1 and 2", "[solve][stepper]")
{
    // An hh patch driven over threshold; the reference is the same scheme of order 2 with 1/64 of the step.
    CellMaker maker{morphology::make_patch(20.0, 20.0), {1}};
    maker.mechanisms = {"hh"};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.5}), test::pulse(0.0, 10.0, 0.2)});
    const auto plan = test::plan_of({&cell});
    const double exact = run(plan, Method::crank_nicolson, 0.02 / 64, 64 * 150)[0];  // 3 ms, on the upstroke
    const auto error = [&](Method method, int refine) {
        return run(plan, method, 0.02 / refine, 150 * refine)[0] - exact;
    };
    const double euler = error(Method::backward_euler, 2) / error(Method::backward_euler, 4);
    const double cn = error(Method::crank_nicolson, 1) / error(Method::crank_nicolson, 2);
    CHECK(euler == Approx(2.0).epsilon(0.15));
    CHECK(cn == Approx(4.0).epsilon(0.15));
}

TEST_CASE("bad voltages are found wherever they are", "[solve][stepper]")
{
    const auto cell = bush().make();
    const auto plan = test::plan_of({&cell, &cell});
    group::State state(plan);
    const Stepper stepper(plan, Method::crank_nicolson, 0.025);
    CHECK(stepper.find_bad_node(state) == -1);
    const auto last = static_cast<std::size_t>(plan.n_nodes()) - 1;
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(), 1.01e5, -1.01e5}) {
        state.v_mV()[last] = bad;
        CHECK(stepper.find_bad_node(state) == static_cast<std::int32_t>(last));
    }
    state.v_mV()[3] = 1e300;
    CHECK(stepper.find_bad_node(state) == 3);
}
