// Synapses and gap junctions in a step.
#include "solve/points.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/forests.hpp"
#include "support/schemes.hpp"
#include "support/simd.hpp"

using namespace axolemma;
using model::Method;
using solve::SynapticEvent;
using test::CellMaker;
using test::Dice;

namespace {

constexpr double dt_ms = 0.025;
constexpr int n_steps = 100;
constexpr Method methods[] = {Method::backward_euler, Method::crank_nicolson};

/// A synapse with its defaults at a node.
discretise::PlacedSynapse synapse(const std::string& type, std::int32_t number, std::int32_t node)
{
    const auto* info = mechanisms::Catalogue().find_synapse(type);
    std::vector<double> parameters;
    for (const auto& parameter : info->parameters) {
        parameters.push_back(parameter.default_value);
    }
    return {info, number, 0, node, parameters};
}

/// Synapses of every kind and gap junctions at random compartments, several on some; a clamp of each kind here and there.
void plug_in(Dice& dice, test::RandomCell& cell)
{
    auto number = std::int32_t{0};
    for (const auto& type : mechanisms::Catalogue().synapse_names()) {
        for (auto n = dice.whole(0, 3); n > 0; --n) {
            auto placed = synapse(type, number++, cell.random_compartment(dice));
            placed.parameters[0] *= dice.between(0.8, 1.2);
            cell.cell.synapses.push_back(std::move(placed));
        }
    }
    for (auto n = dice.whole(0, 3); n > 0; --n) {
        cell.cell.gap_ends.push_back({cell.random_compartment(dice), dice.between(1e-4, 2e-3), dice.whole(0, 4)});
    }
    if (dice.chance(0.5)) {
        cell.cell.current_clamps.push_back({0, cell.tap(cell.random_place(dice)), test::pulse(0.213, 2.5, 0.1)});
    }
    if (dice.chance(0.3)) {
        cell.cell.voltage_clamps.push_back(
            {0, cell.random_compartment(dice), dice.chance(0.5) ? 0.0 : 10.0, test::pulse(1.0, 2.0, -50.0)});
    }
}

/// A spike on its way to a synapse of a cell.
struct Sent {
    std::size_t cell;
    std::int32_t synapse;
    double t_ms, weight_uS;
};

std::vector<Sent> random_events(Dice& dice, const std::vector<const discretise::DiscretisedCell*>& cells)
{
    std::vector<Sent> events;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (std::size_t s = 0; s < cells[c]->synapses.size(); ++s) {
            for (auto n = dice.whole(0, 4); n > 0; --n) {
                const double t_ms = dice.between(0.0, n_steps * dt_ms);
                // Some at the bounds of steps.
                events.push_back({c, static_cast<std::int32_t>(s),
                                  dice.chance(0.3) ? dt_ms * std::floor(t_ms / dt_ms) : t_ms,
                                  dice.between(1e-4, 4e-3)});
            }
        }
    }
    return events;
}

/// Voltages and the states of all synapses, cell after cell.
struct Numbers {
    std::vector<std::vector<double>> cells;
};

double site_mV(std::size_t site, int step)
{
    return -65.0 + 40.0 * std::sin(0.3 * static_cast<double>(site) + 0.2 * step);
}

/// Runs the cells named by `members`, which get their events; gap junctions see the same voltages in every company.
Numbers run(const std::vector<const discretise::DiscretisedCell*>& cells, const std::vector<std::size_t>& members,
            const std::vector<Sent>& sent, const solve::StepOptions& options, bool lanes)
{
    std::vector<group::CellToPack> list;
    for (const auto c : members) {
        list.push_back({static_cast<std::int64_t>(c), cells[c]});
    }
    const auto plan = group::make_plan(list, 6.3);
    const auto stepper = lanes ? solve::make_lane_stepper(plan, options) : solve::make_reference_stepper(plan, options);
    std::vector<std::vector<SynapticEvent>> of_step(n_steps);
    for (const auto& one : sent) {
        const auto instance = plan.find_synapse({static_cast<std::int64_t>(one.cell), one.synapse, 0});
        if (std::find(members.begin(), members.end(), one.cell) != members.end()) {
            REQUIRE(instance >= 0);
            const auto step = std::min(static_cast<int>(one.t_ms / dt_ms), n_steps - 1);
            of_step[static_cast<std::size_t>(step)].push_back({one.t_ms, one.weight_uS, instance});
        }
    }
    group::State state(plan);
    stepper->initialise(state);
    for (int step = 0; step < n_steps; ++step) {
        auto& events = of_step[static_cast<std::size_t>(step)];
        std::sort(events.begin(), events.end(), [](const SynapticEvent& a, const SynapticEvent& b) {
            return std::tie(a.synapse, a.t_ms, a.weight_uS) < std::tie(b.synapse, b.t_ms, b.weight_uS);
        });
        std::vector<double> sites;
        for (std::size_t site = 0; site < 5; ++site) {
            sites.push_back(site_mV(site, step));
        }
        REQUIRE(stepper->advance(state, step, {events, sites.data()}));
    }
    stepper->catch_up(state);
    Numbers numbers;
    for (const auto& range : plan.cells) {
        numbers.cells.emplace_back();
        state.save_cell(plan, range, numbers.cells.back());
    }
    return numbers;
}

std::vector<std::size_t> everybody(std::size_t n)
{
    std::vector<std::size_t> members(n);
    for (std::size_t k = 0; k < n; ++k) {
        members[k] = k;
    }
    return members;
}

double largest_difference(const Numbers& a, const Numbers& b)
{
    REQUIRE(a.cells.size() == b.cells.size());
    double largest = 0.0;
    for (std::size_t c = 0; c < a.cells.size(); ++c) {
        REQUIRE(a.cells[c].size() == b.cells[c].size());
        for (std::size_t k = 0; k < a.cells[c].size(); ++k) {
            const double difference = std::abs(a.cells[c][k] - b.cells[c][k]);
            largest = difference <= largest ? largest : difference;  // NaN stays
        }
    }
    return largest;
}

std::vector<const discretise::DiscretisedCell*> pointers(const std::vector<test::RandomCell>& cells)
{
    std::vector<const discretise::DiscretisedCell*> result;
    for (const auto& cell : cells) {
        result.push_back(&cell.cell);
    }
    return result;
}

std::vector<test::RandomCell> random_cells(Dice& dice, std::int32_t n)
{
    std::vector<test::RandomCell> cells;
    for (std::int32_t c = 0; c < n; ++c) {
        cells.push_back(test::random_cell(dice, dice.whole(1, 10), dice.chance(0.3)));
        plug_in(dice, cells.back());
    }
    return cells;
}

discretise::DiscretisedCell patch()
{
    return CellMaker{morphology::make_patch(20.0, 20.0), {1}}.make();
}

}  // namespace

TEST_CASE("a step's equations get the mean conductance and its current, synapse by synapse", "[solve][points]")
{
    auto cell = patch();
    cell.synapses = {synapse("exp_syn", 0, 0), synapse("gaba", 1, 0)};
    const auto plan = test::plan_of({&cell});
    solve::Points points(plan, dt_ms, true);
    group::State state(plan);
    const std::vector<SynapticEvent> events{{5 * dt_ms + 0.01, 0.002, plan.find_synapse({0, 0, 0})},
                                            {5 * dt_ms + 0.02, 0.003, plan.find_synapse({0, 1, 0})}};
    points.prepare(state, 5, {events, nullptr});
    const auto slot = plan.slot(0);
    // Integrals of the definitions over what is left of the step.
    const double exp_uS = 0.002 * 2.0 * -std::expm1(-0.015 / 2.0) / dt_ms;
    const double peak_ms = 0.2 * 8.3 / 8.1 * std::log(8.3 / 0.2);
    const double scale = 1.0 / (std::exp(-peak_ms / 8.3) - std::exp(-peak_ms / 0.2));
    const double gaba_uS = 0.003 * scale * (8.3 * -std::expm1(-0.005 / 8.3) - 0.2 * -std::expm1(-0.005 / 0.2)) / dt_ms;
    CHECK(points.g_uS()[slot] == Approx(exp_uS + gaba_uS).epsilon(1e-12));
    CHECK(points.i_nA()[slot] == Approx(gaba_uS * -80.0).epsilon(1e-10));
    points.prepare(state, 6, {});  // and what is left of them goes on
    CHECK(points.g_uS()[slot] > 0.0019);
}

TEST_CASE("an event before its step counts as one at the step's beginning, and none reaches beyond its end",
          "[solve][points]")
{
    auto cell = patch();
    cell.synapses = {synapse("exp_syn", 0, 0)};
    const auto plan = test::plan_of({&cell});
    const auto mean_uS = [&](double t_ms) {
        solve::Points points(plan, dt_ms, true);
        group::State state(plan);
        const std::vector<SynapticEvent> events{{t_ms, 0.001, 0}};
        points.prepare(state, 8, {events, nullptr});
        return points.g_uS()[plan.slot(0)];
    };
    CHECK(mean_uS(0.1) == Approx(mean_uS(8 * dt_ms)).epsilon(1e-13));  // the times are rounded
    CHECK(mean_uS(9 * dt_ms) == 0.0);
    CHECK(mean_uS(9 * dt_ms + 1e-12) == 0.0);  // a time that was rounded up
    CHECK(mean_uS(8.5 * dt_ms) > 0.0);
}

TEST_CASE("a conductance that depends on the voltage enters with its current's tangent", "[solve][points]")
{
    auto cell = patch();
    cell.synapses = {synapse("nmda", 0, 0)};
    const auto plan = test::plan_of({&cell});
    for (const double v_mV : {-70.0, -30.0, 20.0}) {
        solve::Points points(plan, dt_ms, true);
        group::State state(plan);
        state.v_mV(0) = v_mV;
        const std::vector<SynapticEvent> events{{0.0, 0.001, 0}};
        points.prepare(state, 0, {events, nullptr});
        const double g_uS = points.g_uS()[plan.slot(0)];
        const double i_nA = points.i_nA()[plan.slot(0)];
        // The mean over the step without the block.
        const double peak_ms = 0.29 * 43.0 / 42.71 * std::log(43.0 / 0.29);
        const double scale = 1.0 / (std::exp(-peak_ms / 43.0) - std::exp(-peak_ms / 0.29));
        const double mean_uS =
            0.001 * scale * (43.0 * -std::expm1(-dt_ms / 43.0) - 0.29 * -std::expm1(-dt_ms / 0.29)) / dt_ms;
        const auto current_nA = [&](double v) { return mean_uS * v / (1.0 + std::exp(-0.062 * v) / 3.57); };
        CHECK(g_uS * v_mV - i_nA == Approx(current_nA(v_mV)).epsilon(1e-10));
        const double slope_uS = (current_nA(v_mV + 1e-3) - current_nA(v_mV - 1e-3)) / 2e-3;
        CHECK(g_uS == Approx(slope_uS).epsilon(1e-6));
    }
}

TEST_CASE("gap junctions add their conductance here and their current from there", "[solve][points]")
{
    auto cell = patch();
    cell.gap_ends = {{0, 0.002, 1}, {0, 0.003, 0}};
    const auto plan = test::plan_of({&cell});
    solve::Points points(plan, dt_ms, true);
    group::State state(plan);
    const std::vector<double> sites{-50.0, -80.0};
    for (int step = 0; step < 2; ++step) {  // anew at every step
        points.prepare(state, step, {{}, sites.data()});
        CHECK(points.g_uS()[plan.slot(0)] == Approx(0.005).epsilon(1e-15));
        CHECK(points.i_nA()[plan.slot(0)] == Approx(0.002 * -80.0 + 0.003 * -50.0).epsilon(1e-15));
    }
}

TEST_CASE("a group without synapses and gap junctions has no points", "[solve][points]")
{
    const auto cell = patch();
    const auto plan = test::plan_of({&cell});
    const solve::Points points(plan, dt_ms, true);
    CHECK(points.empty());
    CHECK(points.g_uS() == nullptr);
    CHECK(points.i_nA() == nullptr);
}

TEST_CASE("lanes and reference agree on random trees with synapses and gap junctions", "[solve][points][lanes]")
{
    // The same equations in another order of arithmetic: rounding grows with the conditioning of the tree and on the upstroke of
    // spikes (tests/unit/solve/test_lanes.cpp).
    Dice dice(31);
    double worst_mV = 0.0;
    double moved_mV = 0.0;
    for (int round = 0; round < 25; ++round) {
        const auto cells = random_cells(dice, dice.whole(1, 6));
        const auto all = pointers(cells);
        const auto events = random_events(dice, all);
        for (const auto method : methods) {
            INFO("round " << round << ", " << (method == Method::backward_euler ? "backward Euler" : "Crank-Nicolson"));
            const auto members = everybody(all.size());
            const auto lanes = run(all, members, events, {method, dt_ms, 0.0}, true);
            const double difference_mV =
                largest_difference(lanes, run(all, members, events, {method, dt_ms, 0.0}, false));
            CHECK(difference_mV < 1e-9);
            worst_mV = std::max(worst_mV, difference_mV);
            moved_mV = std::max(moved_mV, largest_difference(lanes, run(all, members, {}, {method, dt_ms, 0.0}, true)));
        }
    }
    CHECK(worst_mV > 0.0);   // they are two programs
    CHECK(moved_mV > 10.0);  // and events matter
}

TEST_CASE("a cell with synapses has the same bits alone, beside copies of itself and among others",
          "[solve][points][lanes]")
{
    Dice dice(33);
    for (int round = 0; round < 10; ++round) {
        const auto cells = random_cells(dice, 4);
        auto all = pointers(cells);
        for (int k = 0; k < 11; ++k) {  // copies, each with events of its own
            all.push_back(&cells[0].cell);
        }
        const auto events = random_events(dice, all);
        for (const auto method : methods) {
            const solve::StepOptions options{method, dt_ms, 1e-7};
            const auto mixed = run(all, everybody(all.size()), events, options, true);
            const std::vector<std::size_t> twelve{0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
            const auto copies = run(all, twelve, events, options, true);
            for (std::size_t c = 0; c < all.size(); ++c) {
                INFO("round " << round << ", cell " << c);
                CHECK(run(all, {c}, events, options, true).cells[0] == mixed.cells[c]);
            }
            for (std::size_t k = 0; k < twelve.size(); ++k) {
                INFO("round " << round << ", copy " << k);
                CHECK(copies.cells[k] == mixed.cells[twelve[k]]);
            }
        }
    }
}

TEST_CASE("synapses and gap junctions have the same bits on every instruction set with FMA", "[solve][points][lanes]")
{
    Dice dice(35);
    const auto cells = random_cells(dice, 6);
    const auto all = pointers(cells);
    const auto events = random_events(dice, all);
    for (const auto method : methods) {
        const auto expected = run(all, everybody(6), events, {method, dt_ms, 1e-7}, true);
        for (const auto& name : base::simd_names()) {
            INFO(name);
            const test::UseSimd use(name);
            const auto other = run(all, everybody(6), events, {method, dt_ms, 1e-7}, true);
            if (test::has_fma(name)) {
                CHECK(other.cells == expected.cells);
            } else {  // rounds twice where the others round once
                CHECK(largest_difference(other, expected) < 1e-9);
            }
        }
    }
}
