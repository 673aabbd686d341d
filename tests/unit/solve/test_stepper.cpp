#include <cmath>
#include <limits>

#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/schemes.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using model::Method;
using test::CellMaker;
using test::Scheme;

namespace {

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
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        sum += plan.capacitance_nF(node) * state.v_mV(node);
    }
    return sum;
}

std::vector<double> run(const group::Plan& plan, const Scheme& scheme, double dt_ms, int steps)
{
    return test::run_steps(plan, *scheme.stepper(plan, dt_ms), steps);
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
    for (const auto& scheme : test::schemes_of(Method::backward_euler)) {
        INFO(scheme.name);
        const auto v = run(plan, scheme, 0.01, 1);
        CHECK(v[0] == Approx(41.0).epsilon(1e-13));
        CHECK(v[1] == Approx(30.0).epsilon(1e-13));
        CHECK(v[2] == Approx(25.0).epsilon(1e-13));
    }
    // Crank-Nicolson over twice the step is that half step, doubled, minus the start.
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        INFO(scheme.name);
        const auto v = run(plan, scheme, 0.02, 1);
        CHECK(v[0] == Approx(82.0 - 96.0).epsilon(1e-13));
        CHECK(v[1] == Approx(60.0).epsilon(1e-13));
        CHECK(v[2] == Approx(50.0).epsilon(1e-13));
    }
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
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const double a = scheme.is_backward_euler() ? 1.0 / (1.0 + dt) : (1.0 - 0.5 * dt) / (1.0 + 0.5 * dt);
        CHECK(run(plan, scheme, dt, n)[0] == Approx(-70.0 + 20.0 * std::pow(a, n)).epsilon(0).margin(1e-11));
    }
}

TEST_CASE("a sealed tree without channels keeps its charge and gains just what is injected", "[solve][stepper]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
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
        const auto stepper = scheme.stepper(plan, 0.025);
        stepper->initialise(state);
        const double before = charge_pC(plan, state);
        for (int k = 0; k < 80; ++k) {
            stepper->advance(state, k);
        }
        CHECK(charge_pC(plan, state) - before == Approx(5 * 0.01 * 0.665).epsilon(1e-9));
    }
}

TEST_CASE("the voltage of a junction is that of its neighbours at the same time", "[solve][stepper]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        auto maker = bush();
        maker.mechanisms = {"hh"};
        auto cell = maker.make();
        cell.current_clamps.push_back({0, maker.tap(cell, {1, 1.0}), test::pulse(0.0, 5.0, 0.3)});  // into the junction
        cell.v_init_mV[0] = -40.0;
        const auto plan = test::plan_of({&cell});
        const auto junctions = test::junctions_of(plan);
        REQUIRE(junctions.size() == 1);
        const auto j = junctions[0];
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, 0.025);
        stepper->initialise(state);
        for (int k = 0; k < 60; ++k) {
            stepper->advance(state, k);
            const double current_nA = 0.3 + test::axial_current_nA(plan, state, j);
            CHECK(std::abs(current_nA) < 1e-10 * plan.axial_diagonal_uS(j) * 65.0);
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
    const auto j = test::junctions_of(plan).at(0);
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, 0.01);
        stepper->initialise(state);
        for (int step = 1; step <= 80; ++step) {
            stepper->advance(state, step - 1);
            INFO(scheme.name << ", step " << step);
            CHECK(-test::axial_current_nA(plan, state, j) ==
                  Approx(step > 35 && step <= 70 ? 0.3 : 0.0).epsilon(0).margin(1e-6));
        }
    }
}

TEST_CASE("a cell at rest stays at rest", "[solve][stepper]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        auto maker = bush();
        maker.mechanisms = {"pas"};
        maker.v_init_mV = -70.0;
        const auto cell = maker.make();
        for (const double v : run(test::plan_of({&cell}), scheme, 0.025, 1000)) {
            CHECK(v == Approx(-70.0).epsilon(0).margin(1e-9));
        }
    }
}

TEST_CASE("a cell's voltages have the same bits in any company", "[solve][stepper]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        auto maker = bush();
        maker.mechanisms = {"hh", "pas"};
        auto a = maker.make();
        a.current_clamps.push_back({0, maker.tap(a, {3, 0.7}), test::pulse(0.1, 2.0, 0.2)});
        a.voltage_clamps.push_back({1, 2, 20.0, test::pulse(1.0, 3.0, -30.0)});
        CellMaker other{morphology::make_cable(500.0, 3.0, 1.0), {20}};
        other.mechanisms = {"hh"};
        const auto b = other.make();
        const auto alone = run(test::plan_of({&a}), scheme, 0.025, 200);
        const auto first = run(test::plan_of({&a, &b}), scheme, 0.025, 200);
        const auto last = run(test::plan_of({&b, &b, &a}), scheme, 0.025, 200);
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
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto reference = test::schemes_of(Method::crank_nicolson).front();
        const double exact = run(plan, reference, 0.02 / 64, 64 * 150)[0];  // 3 ms, on the upstroke
        const auto error = [&](int refine) { return run(plan, scheme, 0.02 / refine, 150 * refine)[0] - exact; };
        if (scheme.is_backward_euler()) {
            CHECK(error(2) / error(4) == Approx(2.0).epsilon(0.15));
        } else {
            CHECK(error(1) / error(2) == Approx(4.0).epsilon(0.15));
        }
    }
}

TEST_CASE("bad voltages are found wherever they are", "[solve][stepper]")
{
    const auto cell = bush().make();
    const auto plan = test::plan_of({&cell, &cell});
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, 0.025);
        CHECK(stepper->find_bad_node(state) == -1);
        const auto last = plan.n_nodes() - 1;
        for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                 -std::numeric_limits<double>::infinity(), 1.01e5, -1.01e5}) {
            state.v_mV(last) = bad;
            CHECK(stepper->find_bad_node(state) == last);
        }
        state.v_mV(3) = 1e300;
        CHECK(stepper->find_bad_node(state) == 3);
    }
}

TEST_CASE("a step tells whether every voltage is a number below 100 V", "[solve][stepper]")
{
    const auto cell = bush().make();
    const auto plan = test::plan_of({&cell, &cell});
    for (const auto& scheme : test::schemes) {
        for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
            if (plan.is_junction(node)) {
                continue;  // without a capacitance the old voltage does not count
            }
            INFO(scheme.name << ", node " << node);
            group::State state(plan);
            const auto stepper = scheme.stepper(plan, 0.025);
            stepper->initialise(state);
            CHECK(stepper->advance(state, 0));
            for (const double bad :
                 {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e9, -1e9}) {
                state = group::State(plan);
                state.v_mV(node) = bad;
                CHECK_FALSE(stepper->advance(state, 0));
            }
        }
    }
}
