// Ions: what mechanisms tell each other through concentrations, reversal potentials and currents.
#include <cmath>

#include "base/constants.hpp"
#include "discretise/ions.hpp"
#include "mechanisms/ions.hpp"
#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/ion_channels.hpp"
#include "support/schemes.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using mechanisms::IonQuantity;

namespace {

constexpr double temperature_degC = 6.3;

/// A tree with the mechanisms everywhere, but those of `soma_only` on the first section alone.
discretise::DiscretisedCell make_cell(const test::CellMaker& maker, const std::vector<std::string>& mechanisms,
                                      const std::vector<std::string>& soma_only = {})
{
    auto cell = maker.make();
    const auto catalogue = test::with_ion_channels();
    for (const auto* info : catalogue.channels()) {
        const bool everywhere = std::find(mechanisms.begin(), mechanisms.end(), info->name) != mechanisms.end();
        const bool in_soma = std::find(soma_only.begin(), soma_only.end(), info->name) != soma_only.end();
        if (!everywhere && !in_soma) {
            continue;
        }
        discretise::PlacedMechanism placed;
        placed.info = info;
        for (std::int32_t i = 0; i < cell.layout->n_nodes(); ++i) {
            const bool soma = cell.layout->section[static_cast<std::size_t>(i)] == 0;
            if (!cell.layout->is_junction(i) && (everywhere || soma)) {
                placed.node.push_back(i);
            }
        }
        for (const auto& parameter : info->parameters) {
            placed.parameters.emplace_back(placed.node.size(), parameter.default_value);
        }
        cell.mechanisms.push_back(std::move(placed));
    }
    cell.ions = discretise::find_ions(cell.mechanisms);
    for (auto& ion : cell.ions) {
        discretise::settle_reversal(
            ion, cell.mechanisms, std::vector<discretise::ReversalBy>(ion.node.size(), discretise::ReversalBy::nobody),
            temperature_degC);
    }
    return cell;
}

test::CellMaker tree_maker()
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 10.0);
    tree.add(0, 1.0, 80.0, 2.0);
    tree.add(0, 1.0, 60.0, 1.0);
    return {tree.make(), {3, 4, 5}};
}

test::CellMaker patch_maker()
{
    return {morphology::make_patch(20.0, 20.0), {1}};
}

group::Plan plan_of(const std::vector<const discretise::DiscretisedCell*>& cells)
{
    std::vector<group::CellToPack> list;
    for (std::size_t k = 0; k < cells.size(); ++k) {
        list.push_back({static_cast<std::int64_t>(k), cells[k]});
    }
    return group::make_plan(list, temperature_degC, test::with_ion_channels());
}

void inject(discretise::DiscretisedCell& cell, double i_nA)
{
    cell.current_clamps.push_back({0, {{0, -1}, {1.0, 0.0}}, test::pulse(0.5, 40.0, i_nA)});
}

struct Run {
    Run(const group::Plan& plan, const test::Scheme& scheme, double dt_ms, int n_steps, double bound = 0.0)
        : state(plan), stepper(scheme.stepper(plan, dt_ms, bound))
    {
        stepper->initialise(state);
        for (int k = 0; k < n_steps; ++k) {
            REQUIRE(stepper->advance(state, k));
        }
        stepper->catch_up(state);
    }

    group::State state;
    std::unique_ptr<solve::Stepper> stepper;
};

const group::IonPlan& ion_named(const group::Plan& plan, const std::string& name)
{
    return *std::find_if(plan.ions.begin(), plan.ions.end(), [&](const auto& ion) { return ion.name == name; });
}

const std::vector<std::string> all{"ca_channel", "k_ca", "pas"};

}  // namespace

TEST_CASE("an ion is in equilibrium at R T / (z F) ln(outside / inside)", "[solve][ions]")
{
    // 25 degC: 25.69 mV per e-fold for one charge. NEURON 9 gives the other at 6.3 degC for its default concentrations.
    CHECK(mechanisms::nernst_mV(1.0, std::exp(1.0), 1, 25.0) == Approx(25.692579).epsilon(1e-7));
    CHECK(mechanisms::nernst_mV(5e-5, 2.0, 2, 6.3) == Approx(127.58951061761749).epsilon(1e-12));
    CHECK(mechanisms::nernst_mV(10.0, 10.0, 1, 20.0) == 0.0);
    CHECK(mechanisms::nernst_mV(10.0, 1.0, -1, 25.0) == -mechanisms::nernst_mV(10.0, 1.0, 1, 25.0));
    CHECK(mechanisms::ion_defaults("ca").reversal_mV == Approx(132.4579341637009).epsilon(1e-14));
}

TEST_CASE("an ion changes only where a mechanism writes it, and its reversal potential follows only there",
          "[solve][ions]")
{
    auto cell = make_cell(tree_maker(), all, {"ca_pool"});
    inject(cell, 2.0);
    const auto plan = plan_of({&cell});
    const auto& ca = ion_named(plan, "ca");
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const Run run(plan, scheme, 0.025, 400);
        for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
            if (plan.is_junction(node)) {
                continue;
            }
            const auto slot = plan.slot(node);
            const double inside = run.state.ion(ca, IonQuantity::inside_mM, slot);
            const double reversal = run.state.ion(ca, IonQuantity::reversal_mV, slot);
            const bool soma = cell.layout->section[static_cast<std::size_t>(node)] == 0;
            CHECK(ca.changes(IonQuantity::inside_mM, slot) == soma);
            CHECK(ca.changes(IonQuantity::current_mA_per_cm2, slot) == soma);
            CHECK((inside > 6e-5) == soma);
            // The concentration is read by k_ca, so that the reversal potential is Nernst's elsewhere too, once. With
            // Crank-Nicolson it is ahead by half a step, in which it moves by a few hundredths of a mV.
            const double margin_mV = scheme.is_backward_euler() || !soma ? 1e-11 : 0.05;
            CHECK(reversal ==
                  Approx(mechanisms::nernst_mV(inside, 2.0, 2, temperature_degC)).epsilon(0).margin(margin_mV));
            CHECK(run.state.ion(ca, IonQuantity::outside_mM, slot) == 2.0);
        }
    }
}

TEST_CASE("lanes and reference agree about ions to rounding", "[solve][ions][lanes]")
{
    auto cell = make_cell(tree_maker(), {"ca_channel", "k_ca", "hh"}, {"ca_pool"});
    auto other = make_cell(patch_maker(), {"squid", "ca_channel", "ca_pool"});
    auto third = make_cell(tree_maker(), {"squid"}, {"ca_pool", "ca_channel"});
    inject(cell, 2.0);
    inject(other, 0.05);
    inject(third, 3.0);
    const auto plan = plan_of({&cell, &other, &third});
    for (const auto method : {model::Method::backward_euler, model::Method::crank_nicolson}) {
        const auto schemes = test::schemes_of(method);
        const Run a(plan, schemes[0], 0.025, 300);
        const Run b(plan, schemes[1], 0.025, 300);
        for (const auto& range : plan.cells) {
            std::vector<double> x, y;
            a.state.save_cell(plan, range, x);
            b.state.save_cell(plan, range, y);
            REQUIRE(x.size() == y.size());
            for (std::size_t k = 0; k < x.size(); ++k) {
                // Voltages are around 100 mV; rounding grows by a spike to some thousand units in the last place.
                REQUIRE(x[k] == Approx(y[k]).epsilon(1e-9).margin(1e-12));
            }
        }
    }
}

TEST_CASE("the bits of a cell with ions depend neither on its company nor on how it is saved", "[solve][ions]")
{
    auto with_pool = make_cell(tree_maker(), all, {"ca_pool"});
    auto without = make_cell(tree_maker(), {"ca_channel", "squid"});
    auto squid = make_cell(tree_maker(), {"squid"});
    for (auto* cell : {&with_pool, &without, &squid}) {
        inject(*cell, 2.0);
    }
    const std::vector<const discretise::DiscretisedCell*> cells{&with_pool, &without, &squid, &squid, &with_pool};
    const auto together = plan_of(cells);
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const Run run(together, scheme, 0.025, 200, 1e-7);
        for (std::size_t k = 0; k < cells.size(); ++k) {
            const auto alone = plan_of({cells[k]});
            const Run single(alone, scheme, 0.025, 200, 1e-7);
            CHECK(run.state.hash_cell(together, together.cells[k]) == single.state.hash_cell(alone, alone.cells[0]));
            std::vector<double> numbers, again;
            run.state.save_cell(together, together.cells[k], numbers);
            group::State other(alone);
            REQUIRE(other.load_cell(alone, alone.cells[0], numbers));
            other.save_cell(alone, alone.cells[0], again);
            CHECK(again == numbers);
        }
    }
}

TEST_CASE("a run with ions that goes on from a saved state has the bits of one that never stopped", "[solve][ions]")
{
    auto cell = make_cell(tree_maker(), all, {"ca_pool"});
    inject(cell, 2.0);
    const auto plan = plan_of({&cell});
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const auto stepper = scheme.stepper(plan, 0.025);
        group::State state(plan);
        stepper->initialise(state);
        for (int k = 0; k < 100; ++k) {
            stepper->advance(state, k);
        }
        std::vector<double> numbers;
        state.save_cell(plan, plan.cells[0], numbers);
        group::State copy(plan);
        const auto other = scheme.stepper(plan, 0.025);
        other->initialise(copy);
        REQUIRE(copy.load_cell(plan, plan.cells[0], numbers));
        copy.states_lag = true;
        other->go_on_from(copy, 100 * 0.025);
        for (int k = 100; k < 200; ++k) {
            stepper->advance(state, k);
            other->advance(copy, k);
        }
        CHECK(copy.hash_cell(plan, plan.cells[0]) == state.hash_cell(plan, plan.cells[0]));
    }
}

TEST_CASE("a mechanism of the shape of hh is hh, bit for bit, fused or not", "[solve][ions][lanes]")
{
    auto plain = make_cell(tree_maker(), {"hh"});
    auto squid = make_cell(tree_maker(), {"squid"});
    auto mixed = make_cell(tree_maker(), {"squid", "pas"});
    for (auto& placed : mixed.mechanisms) {
        if (placed.info->name == "pas") {
            placed.parameters[0].assign(placed.node.size(), 0.0);
        }
    }
    for (auto* cell : {&plain, &squid, &mixed}) {
        inject(*cell, 3.0);
    }
    for (const auto& scheme : test::schemes) {
        for (const double bound : {0.0, 1e-7}) {
            INFO(scheme.name << ", bound " << bound);
            const auto of_plain = plan_of({&plain});
            const Run reference(of_plain, scheme, 0.025, 400, bound);
            const auto v = [](const group::Plan& plan, const Run& run) {
                std::vector<double> v_mV;
                for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
                    v_mV.push_back(run.state.v_mV(node));
                }
                return v_mV;
            };
            for (const auto* cell : {&squid, &mixed}) {
                const auto plan = plan_of({cell});
                const Run run(plan, scheme, 0.025, 400, bound);
                CHECK(v(plan, run) == v(of_plain, reference));
            }
        }
    }
}

TEST_CASE("calcium that flows in is what the current carries", "[solve][ions]")
{
    // A pool without pump in a patch that is held: backward Euler adds -i dt / (2 F depth) of every step but the last, to
    // which it has not got yet.
    auto cell = make_cell(patch_maker(), {"ca_channel", "ca_pool"});
    for (auto& placed : cell.mechanisms) {
        if (placed.info->name == "ca_pool") {
            placed.parameters[1].assign(1, 1e6);
        }
    }
    const auto plan = plan_of({&cell});
    const auto& ca = ion_named(plan, "ca");
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        constexpr double dt_ms = 0.05;
        group::State state(plan);
        const auto stepper = scheme.stepper(plan, dt_ms);
        stepper->initialise(state);
        double charge = 0.0;
        for (int k = 0; k < 100; ++k) {
            stepper->advance(state, k);
            charge += dt_ms * state.ion(ca, IonQuantity::current_mA_per_cm2, plan.slot(0));
        }
        stepper->catch_up(state);
        const double expected_mM = 5e-5 - 1e4 * charge / (2.0 * base::faraday_C_per_mol * 0.1);
        REQUIRE(expected_mM > 2e-4);
        // tau of 1e6 ms instead of none: 5 ms of it take away less than a part in 1e5.
        CHECK(state.ion(ca, IonQuantity::inside_mM, plan.slot(0)) == Approx(expected_mM).epsilon(1e-5));
    }
}

namespace {

/// Calcium in a patch that spikes, at the end of 8 ms.
double calcium_mM(const test::Scheme& scheme, double dt_ms, bool fixed_reversal)
{
    std::vector<std::string> names{"hh", "k_ca", "ca_pool"};
    names.emplace_back("ca_channel");
    auto cell = make_cell(patch_maker(), names);
    if (fixed_reversal) {
        for (auto& ion : cell.ions) {
            for (auto& bits : ion.changing) {
                bits &= static_cast<std::uint8_t>(~discretise::bit(IonQuantity::reversal_mV));
            }
        }
    }
    cell.current_clamps.push_back({0, {{0, -1}, {1.0, 0.0}}, test::pulse(0.0, 40.0, 0.1)});
    const auto plan = plan_of({&cell});
    const Run run(plan, scheme, dt_ms, static_cast<int>(std::round(8.0 / dt_ms)));
    return run.state.ion(ion_named(plan, "ca"), IonQuantity::inside_mM, plan.slot(0));
}

}  // namespace

TEST_CASE("calcium that a spike lets in converges with the order of the method", "[solve][ions][validation]")
{
    for (const auto& scheme : test::schemes) {
        for (const bool fixed_reversal : {true, false}) {
            const double fine = calcium_mM(scheme, 0.00125, fixed_reversal);
            const double middle = calcium_mM(scheme, 0.0025, fixed_reversal);
            const double coarse = calcium_mM(scheme, 0.005, fixed_reversal);
            const double order = std::log2(std::abs((coarse - middle) / (middle - fine)));
            INFO(scheme.name << (fixed_reversal ? ", fixed reversal" : ", Nernst") << ": " << fine << " mM, order "
                             << order << ", last difference " << middle - fine);
            if (scheme.is_backward_euler()) {
                CHECK(order == Approx(1.0).margin(0.15));
            } else {
                CHECK(order == Approx(2.0).margin(0.2));
            }
        }
    }
}

TEST_CASE("backward Euler takes the steps of NEURON with a pool, a calcium channel and one that calcium opens",
          "[solve][ions][validation]")
{
    // NEURON 9.0.2, fixed steps of 0.025 ms: hh without tables and the same three mechanisms as mod files, each SOLVEd by
    // cnexp, in a cylinder of 20 x 20 um with 0.1 nA from the beginning.
    struct Expected {
        int step;
        double v_mV, calcium_mM, w;
    };
    constexpr Expected neuron[] = {
        {1, -64.81538986385796, 5.131646880525225e-05, 0.047624995640502904},
        {2, -64.63389551325231, 5.26286358957974e-05, 0.04763682777675215},
        {40, -58.695184922671665, 0.00010686263631268052, 0.052176388239984085},
        {200, -68.5758353003546, 0.027877105535308866, 0.3820873348164503},
        {400, -70.8445257941472, 0.03419234954306671, 0.7554504797528889},
    };
    auto cell = make_cell(patch_maker(), {"hh", "ca_channel", "k_ca", "ca_pool"});
    cell.current_clamps.push_back({0, {{0, -1}, {1.0, 0.0}}, test::pulse(0.0, 1e9, 0.1)});
    const auto plan = plan_of({&cell});
    const auto& ca = ion_named(plan, "ca");
    for (const auto& scheme : test::schemes_of(model::Method::backward_euler)) {
        for (const auto& expected : neuron) {
            INFO(scheme.name << ", step " << expected.step);
            const Run run(plan, scheme, 0.025, expected.step);
            // NEURON's rates of hh are a series within 1e-5 mV of their singular points, and its sums have another order.
            CHECK(run.state.v_mV(0) == Approx(expected.v_mV).epsilon(0).margin(1e-8));
            CHECK(run.state.ion(ca, IonQuantity::inside_mM, plan.slot(0)) == Approx(expected.calcium_mM).epsilon(1e-9));
            const auto& k_ca = plan.mechanisms[2];
            REQUIRE(k_ca.info->name == "k_ca");
            CHECK(run.state.column(k_ca.first_state_column)[k_ca.place(static_cast<std::int32_t>(plan.slot(0)))] ==
                  Approx(expected.w).epsilon(1e-9));
        }
    }
}
