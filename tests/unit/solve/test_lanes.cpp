// The fast path against the reference: the same equations in another order of arithmetic.
#include <algorithm>
#include <cmath>
#include <limits>

#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/forests.hpp"
#include "support/schemes.hpp"
#include "support/simd.hpp"

using namespace axolemma;
using mechanisms::Pieces;
using mechanisms::Sine;
using mechanisms::Waveform;
using model::Method;
using test::CellMaker;
using test::Dice;
using test::RandomCell;

namespace {

constexpr double dt_ms = 0.025;
constexpr Method methods[] = {Method::backward_euler, Method::crank_nicolson};

const char* name_of(Method method)
{
    return method == Method::backward_euler ? "backward Euler" : "Crank-Nicolson";
}

group::Plan pack(const std::vector<const discretise::DiscretisedCell*>& cells, bool cut)
{
    std::vector<group::CellToPack> list;
    for (std::size_t k = 0; k < cells.size(); ++k) {
        list.push_back({static_cast<std::int64_t>(k), cells[k], nullptr, cut});
    }
    return group::make_plan(list, 6.3);
}

/// Voltages node by node, and gates node by node behind them.
struct Numbers {
    std::vector<double> v_mV, gates;
};

Numbers numbers_of(const group::Plan& plan, const group::State& state)
{
    Numbers numbers{test::voltages_mV(plan, state), {}};
    for (const auto& mechanism : plan.mechanisms) {
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
                if (const auto k = mechanism.place(static_cast<std::int32_t>(plan.slot(node))); k >= 0) {
                    numbers.gates.push_back(state.column(mechanism.first_state_column + s)[k]);
                }
            }
        }
    }
    return numbers;
}

Numbers run(const group::Plan& plan, solve::Stepper& stepper, int n_steps)
{
    group::State state(plan);
    stepper.initialise(state);
    for (int k = 0; k < n_steps; ++k) {
        stepper.advance(state, k);
    }
    stepper.catch_up(state);
    return numbers_of(plan, state);
}

Numbers run_lanes(const group::Plan& plan, Method method, int n_steps, double bound = 0.0)
{
    return run(plan, *solve::make_lane_stepper(plan, {method, dt_ms, bound}), n_steps);
}
Numbers run_reference(const group::Plan& plan, Method method, int n_steps)
{
    return run(plan, *solve::make_reference_stepper(plan, {method, dt_ms, 0.0}), n_steps);
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    REQUIRE(a.size() == b.size());
    double largest = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double difference = std::abs(a[k] - b[k]);
        largest = difference <= largest ? largest : difference;  // NaN stays
    }
    return largest;
}

/// Current and voltage clamps of every kind at random places; voltage clamps on compartments of their own.
void plug_in(Dice& dice, RandomCell& cell)
{
    const std::vector<Waveform> currents{test::pulse(0.213, 2.5, 0.1),
                                         Waveform(Pieces{{{0.5, 0.75, 0.3, 0.3}}, 0.6, 4}),
                                         Waveform(Pieces{{{0.0, 2.0, 0.0, 0.15}, {2.0, 3.0, 0.15, -0.05}}, 0.0, 1}),
                                         Waveform(Sine{0.1, 4.0, 0.05, 300.0, 0.2, 0.02})};
    const std::vector<Waveform> commands{test::pulse(1.0, 2.0, -50.0),
                                         Waveform(Pieces{{{0.0, 0.5, -65.0, -65.0}, {0.5, 1.5, -40.0, -80.0}}, 2.0, 2}),
                                         Waveform(Sine{0.0, 3.0, 10.0, 400.0, 0.0, -60.0})};
    for (const auto& current : currents) {
        if (dice.chance(0.5)) {
            cell.cell.current_clamps.push_back({0, cell.tap(cell.random_place(dice)), current});
        }
    }
    std::vector<std::int32_t> taken;
    for (const auto& command : commands) {
        const auto node = cell.random_compartment(dice);
        if (dice.chance(0.4) && std::find(taken.begin(), taken.end(), node) == taken.end()) {
            taken.push_back(node);
            cell.cell.voltage_clamps.push_back({0, node, dice.chance(0.5) ? 0.0 : dice.between(1.0, 50.0), command});
        }
    }
}

std::vector<RandomCell> random_cells(Dice& dice, bool clamped)
{
    std::vector<RandomCell> cells;
    const auto n = dice.whole(1, 6);
    for (std::int32_t c = 0; c < n; ++c) {
        cells.push_back(test::random_cell(dice, dice.whole(1, 12), dice.chance(0.3)));
        if (clamped) {
            plug_in(dice, cells.back());
        }
    }
    return cells;
}

std::vector<const discretise::DiscretisedCell*> pointers(const std::vector<RandomCell>& cells)
{
    std::vector<const discretise::DiscretisedCell*> result;
    for (const auto& cell : cells) {
        result.push_back(&cell.cell);
    }
    return result;
}

/// hh everywhere and a current into the start, which sends a spike along.
discretise::DiscretisedCell driven(CellMaker maker)
{
    maker.mechanisms = {"hh"};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.0}), test::pulse(0.2, 1.0, 1.0)});
    return cell;
}

struct Shape {
    const char* name;
    CellMaker maker;
};

std::vector<Shape> shapes()
{
    test::TreeMaker star;
    star.add(-1, 1.0, 20.0, 10.0);
    for (int k = 0; k < 19; ++k) {
        star.add(0, k % 2, 100.0 + 10.0 * k, 0.5 + 0.05 * k);
    }
    test::TreeMaker comb;
    comb.add(-1, 1.0, 50.0, 1.0);
    for (int k = 0; k < 30; ++k) {
        const auto back = comb.add(k == 0 ? 0 : 2 * k - 1, 1.0, 40.0, 1.0);
        comb.add(back, 0.5, 60.0, 0.4);
    }
    test::TreeMaker chain;  // many sections end to end
    chain.add(-1, 1.0, 20.0, 1.0);
    for (int k = 1; k < 400; ++k) {
        chain.add(k - 1, 1.0, 20.0, 1.0, 1.0 + 0.2 * (k % 3));
    }
    std::vector<std::int32_t> star_counts(20, 7), comb_counts(61, 3);
    star_counts[0] = 1;
    return {
        {"patch", {morphology::make_patch(20.0, 20.0), {1}}},
        {"cable of 7", {morphology::make_cable(200.0, 2.0, 1.0), {7}}},
        {"cable of 1000", {morphology::make_cable(10000.0, 2.0, 2.0), {1000}}},
        {"ball and stick", {morphology::make_ball_and_stick(20.0, 1000.0, 2.0), {1, 100}}},
        {"star", {star.make(), star_counts}},
        {"comb", {comb.make(), comb_counts}},
        {"deep chain", {chain.make(), std::vector<std::int32_t>(400, 1)}},
    };
}

}  // namespace

TEST_CASE("lanes and reference agree on random trees with clamps of every kind", "[solve][lanes]")
{
    // Both solve the same equations; rounding of 1e-14 mV per step grows by the conditioning of the tree and on the
    // upstroke of spikes. The largest difference found is 1.4e-10 mV.
    Dice dice(21);
    double worst_mV = 0.0;
    for (int round = 0; round < 40; ++round) {
        const auto cells = random_cells(dice, round % 4 != 0);
        const bool cut = round % 2 == 1;
        const auto plan = pack(pointers(cells), cut);
        for (const auto method : methods) {
            INFO("round " << round << ", " << name_of(method) << (cut ? ", cut" : ""));
            const auto lanes = run_lanes(plan, method, 100);
            const auto reference = run_reference(plan, method, 100);
            const double difference_mV = largest_difference(lanes.v_mV, reference.v_mV);
            const double difference = largest_difference(lanes.gates, reference.gates);
            CHECK(difference_mV < 1e-9);
            CHECK(difference < 1e-11);
            worst_mV = std::max(worst_mV, difference_mV);
        }
    }
    CHECK(worst_mV > 0.0);  // they are two programs
}

TEST_CASE("lanes and reference agree on cables, stars, combs and chains, cut or not", "[solve][lanes]")
{
    for (const auto& shape : shapes()) {
        const auto cell = driven(shape.maker);
        for (const bool cut : {false, true}) {
            const auto plan = pack({&cell}, cut);
            for (const auto method : methods) {
                INFO(shape.name << ", " << name_of(method) << (cut ? ", cut" : ""));
                const auto lanes = run_lanes(plan, method, 100);
                const auto reference = run_reference(plan, method, 100);
                CHECK(largest_difference(lanes.v_mV, reference.v_mV) < 1e-9);
                CHECK(largest_difference(lanes.gates, reference.gates) < 1e-11);
                const std::vector<double> start(lanes.v_mV.size(), -65.0);
                CHECK(largest_difference(lanes.v_mV, start) > 0.5);  // something happened
            }
        }
    }
}

TEST_CASE("cutting a cable changes nothing but the last digits", "[solve][lanes]")
{
    for (const auto& shape : shapes()) {
        const auto cell = driven(shape.maker);
        const auto whole = pack({&cell}, false);
        const auto cut = pack({&cell}, true);
        for (const auto method : methods) {
            INFO(shape.name << ", " << name_of(method));
            const auto a = run_lanes(whole, method, 160, 1e-7);
            const auto b = run_lanes(cut, method, 160, 1e-7);
            // Relative to the 100 mV that voltages move by.
            CHECK(largest_difference(a.v_mV, b.v_mV) < 1e-11 * 100.0);
            CHECK(largest_difference(a.gates, b.gates) < 1e-11);
        }
    }
}

TEST_CASE("tables move a voltage by an amount that is in proportion to their bound", "[solve][lanes][table]")
{
    // A gate is off by no more than the bound B, its current by up to 4 B (the fourth power) of what it carries: beside a
    // driving force of 115 mV, no more than 460 mV B while the membrane follows at once, and less where gates do
    // not stay where the table is worst. The largest found is 0.5 mV B.
    for (const auto& shape : shapes()) {
        const auto cell = driven(shape.maker);
        const auto plan = pack({&cell}, false);
        for (const auto method : methods) {
            const auto exact = run_reference(plan, method, 100);
            for (const double bound : {1e-4, 1e-6, 1e-8}) {
                const auto tables = run_lanes(plan, method, 100, bound);
                INFO(shape.name << ", " << name_of(method) << ", bound " << bound);
                const double difference_mV = largest_difference(tables.v_mV, exact.v_mV);
                CHECK(difference_mV < 10.0 * bound);
                CHECK(difference_mV > 0.0);
            }
        }
    }
}

TEST_CASE("tables stay right where extracellular strength drives the membrane outside their grid",
          "[solve][lanes][table]")
{
    // An ideal clamp to +-1 V: gates follow the formula there, and the rest of the cable its table.
    CellMaker maker{morphology::make_cable(400.0, 2.0, 2.0), {20}};
    maker.mechanisms = {"hh"};
    for (const double v_mV : {1000.0, -1000.0}) {
        auto cell = maker.make();
        cell.voltage_clamps.push_back({0, 0, 0.0, test::pulse(0.1, 0.3, v_mV)});
        const auto plan = pack({&cell}, false);
        for (const auto method : methods) {
            INFO(v_mV << " mV, " << name_of(method));
            const auto exact = run_reference(plan, method, 12);
            const auto tables = run_lanes(plan, method, 12, 1e-9);
            CHECK(largest_difference(tables.v_mV, exact.v_mV) < 1e-4);  // of 1000 mV
            CHECK(largest_difference(tables.gates, exact.gates) < 1e-6);
        }
    }
}

TEST_CASE("a cell has the same bits in any company and on every instruction set with FMA", "[solve][lanes]")
{
    Dice dice(23);
    for (int round = 0; round < 12; ++round) {
        auto cells = random_cells(dice, true);
        const auto all = pointers(cells);
        const bool cut = round % 2 == 1;
        for (const auto method : methods) {
            for (const double bound : {0.0, 1e-7}) {
                INFO("round " << round << ", " << name_of(method) << (cut ? ", cut" : "") << ", bound " << bound);
                const auto plan = pack(all, cut);
                const auto together = run_lanes(plan, method, 80, bound);
                for (std::size_t c = 0; c < all.size(); ++c) {
                    const auto alone = run_lanes(pack({all[c]}, cut), method, 80, bound);
                    const auto first = together.v_mV.begin() + plan.cells[c].first_node;
                    CHECK(std::equal(alone.v_mV.begin(), alone.v_mV.end(), first));
                }
                for (const auto& name : base::simd_names()) {
                    INFO(name);
                    const test::UseSimd use(name);
                    const auto other = run_lanes(plan, method, 80, bound);
                    if (test::has_fma(name)) {
                        CHECK(other.v_mV == together.v_mV);
                        CHECK(other.gates == together.gates);
                    } else {  // rounds twice where the others round once
                        CHECK(largest_difference(other.v_mV, together.v_mV) < 1e-9);
                        CHECK(largest_difference(other.gates, together.gates) < 1e-11);
                    }
                }
            }
        }
    }
}

TEST_CASE("the lanes that hold no node stay finite numbers and touch nobody", "[solve][lanes]")
{
    const auto cell = driven({morphology::make_cable(300.0, 2.0, 1.0), {11}});
    const auto plan = pack({&cell, &cell, &cell}, false);
    for (const auto method : methods) {
        group::State state(plan);
        const auto stepper = solve::make_lane_stepper(plan, {method, dt_ms, 1e-7});
        stepper->initialise(state);
        for (int k = 0; k < 2000; ++k) {
            REQUIRE(stepper->advance(state, k));
        }
        stepper->catch_up(state);
        for (const double v : state.v_slots_mV()) {
            CHECK(std::abs(v) < 1e3);
        }
        const auto v_slots = state.v_slots_mV();
        for (std::size_t k = v_slots.size() - base::lanes; k < v_slots.size(); ++k) {
            CHECK(v_slots[k] == 0.0);  // the empty slot
        }
    }
}

TEST_CASE("catching up in between changes nothing", "[solve][lanes]")
{
    Dice dice(25);
    auto cells = random_cells(dice, true);
    const auto plan = pack(pointers(cells), false);
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto straight = run(plan, *scheme.stepper(plan, dt_ms, 1e-7), 120);
        const auto stepper = scheme.stepper(plan, dt_ms, 1e-7);
        group::State state(plan);
        stepper->initialise(state);
        for (int k = 0; k < 120; ++k) {
            stepper->advance(state, k);
            if (k % 3 == 0) {
                stepper->catch_up(state);
                CHECK_FALSE(state.states_lag);
                stepper->catch_up(state);  // there is nothing left to do
            }
        }
        stepper->catch_up(state);
        const auto halting = numbers_of(plan, state);
        CHECK(halting.v_mV == straight.v_mV);
        CHECK(halting.gates == straight.gates);
    }
}
