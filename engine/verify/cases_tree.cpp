/// Random passive trees through layout, taps, packing and both steppers, against their exact solution.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"
#include "mechanisms/catalogue.hpp"
#include "solve/stepper.hpp"
#include "solve/voltage_reader.hpp"
#include "verify/cases.hpp"
#include "verify/dice.hpp"
#include "verify/measure.hpp"
#include "verify/passive_tree.hpp"

namespace axolemma::verify {

namespace {

using discretise::Location;

/// 12 sections of one to three frusta: about half hang on an end, the others in the middle or at the start of another one.
morphology::Morphology random_shape(Dice& dice)
{
    std::vector<morphology::Section> sections;
    std::vector<morphology::Point> points;
    for (int s = 0; s < 12; ++s) {
        morphology::Section section;
        section.name = fmt::format("dend[{}]", s);
        section.type = morphology::dend;
        const double kind = dice.between(0.0, 1.0);
        if (s > 0) {
            section.parent = static_cast<std::int32_t>(dice.between(0.0, s));
            section.parent_position = kind < 0.55 ? 1.0 : kind < 0.75 ? 0.0 : dice.between(0.05, 0.95);
        }
        section.first_point = static_cast<std::int32_t>(points.size());
        section.n_points = static_cast<std::int32_t>(dice.between(2.0, 5.0));
        double x_um = 0.0;
        for (std::int32_t p = 0; p < section.n_points; ++p) {
            points.push_back({x_um, 10.0 * s, 0.0, dice.between(0.4, 2.0)});
            x_um += dice.between(20.0, 80.0);
        }
        sections.push_back(std::move(section));
    }
    return {std::move(sections), std::move(points)};
}

Location random_place(Dice& dice, const morphology::Morphology& shape)
{
    const auto section = static_cast<std::int32_t>(dice.between(0.0, shape.n_sections()));
    const double kind = dice.between(0.0, 1.0);
    return {section, kind < 0.25 ? 0.0 : kind < 0.5 ? 1.0 : dice.between(0.0, 1.0)};
}

PassiveTree random_tree(Dice& dice, bool driven, bool uniform_start)
{
    PassiveTree tree;
    tree.morphology = random_shape(dice);
    for (std::int32_t s = 0; s < tree.morphology.n_sections(); ++s) {
        tree.counts.push_back(static_cast<std::int32_t>(dice.between(1.0, 6.0)));
    }
    for (std::int32_t i = 0; i < tree.n_compartments(); ++i) {
        tree.cm_uF_per_cm2.push_back(dice.between(0.7, 2.0));
        tree.ra_ohm_cm.push_back(dice.between(50.0, 250.0));
        tree.g_S_per_cm2.push_back(dice.between(2e-5, 2e-4));
        tree.e_mV.push_back(dice.between(-75.0, -55.0));
        tree.v_init_mV.push_back(uniform_start ? -65.0 : dice.between(-80.0, -30.0));
    }
    for (int k = 0; k < (driven ? 3 : 0); ++k) {
        tree.injections.push_back({random_place(dice, tree.morphology), dice.between(-0.05, 0.1)});
    }
    for (int k = 0; k < 12; ++k) {
        tree.places.push_back(random_place(dice, tree.morphology));
    }
    return tree;
}

/// The tree as the engine sees it.
class EngineTree {
public:
    EngineTree(const PassiveTree& tree, model::Method method, double dt_ms)
        : tree_(tree),
          cell_(make_cell(tree)),
          plan_(pack(cell_)),
          state_(plan_),
          stepper_(solve::make_lane_stepper(plan_, {method, dt_ms, 0.0})),
          dt_ms_(dt_ms)
    {
        stepper_->initialise(state_);
    }

    /// Voltages after n more steps.
    TreeVoltages after(int n)
    {
        for (int i = 0; i < n; ++i, ++step_) {
            stepper_->advance(state_, step_);
        }
        const auto& layout = *cell_.layout;
        TreeVoltages v_mV;
        for (std::int32_t s = 0; s < tree_.morphology.n_sections(); ++s) {
            for (std::int32_t k = 0; k < layout.n_cv[static_cast<std::size_t>(s)]; ++k) {
                v_mV.push_back(state_.v_mV(layout.first_node[static_cast<std::size_t>(s)] + k));
            }
        }
        for (const auto& place : tree_.places) {
            const auto tap =
                discretise::tap_at(layout, tree_.morphology, per_node(tree_, layout, tree_.ra_ohm_cm), place);
            v_mV.push_back(solve::VoltageReader(plan_, 0, tap).read_mV(state_, static_cast<double>(step_) * dt_ms_));
        }
        return v_mV;
    }

private:
    /// Values per compartment brought into node order; junctions get a value that must not matter.
    static std::vector<double> per_node(const PassiveTree& tree, const discretise::Layout& layout,
                                        const std::vector<double>& values)
    {
        std::vector<double> result(static_cast<std::size_t>(layout.n_nodes()), 777.0);
        for (std::int32_t s = 0; s < tree.morphology.n_sections(); ++s) {
            for (std::int32_t k = 0; k < tree.counts[static_cast<std::size_t>(s)]; ++k) {
                result[static_cast<std::size_t>(layout.first_node[static_cast<std::size_t>(s)] + k)] =
                    values[static_cast<std::size_t>(tree.first_compartment(s) + k)];
            }
        }
        return result;
    }

    static discretise::DiscretisedCell make_cell(const PassiveTree& tree)
    {
        discretise::DiscretisedCell cell;
        auto layout = std::make_shared<const discretise::Layout>(discretise::lay_out(tree.morphology, tree.counts));
        const auto ra = per_node(tree, *layout, tree.ra_ohm_cm);
        cell.cable = discretise::make_cable_tree(*layout, per_node(tree, *layout, tree.cm_uF_per_cm2), ra);
        cell.v_init_mV = per_node(tree, *layout, tree.v_init_mV);
        const auto g = per_node(tree, *layout, tree.g_S_per_cm2);
        const auto e = per_node(tree, *layout, tree.e_mV);
        discretise::PlacedMechanism leak;
        leak.info = mechanisms::Catalogue().find_channel("pas");
        leak.parameters.resize(2);
        for (std::int32_t i = 0; i < layout->n_nodes(); ++i) {
            if (!layout->is_junction(i)) {
                leak.node.push_back(i);
                leak.parameters[0].push_back(g[static_cast<std::size_t>(i)]);
                leak.parameters[1].push_back(e[static_cast<std::size_t>(i)]);
            }
        }
        cell.mechanisms.push_back(std::move(leak));
        for (const auto& injection : tree.injections) {
            const mechanisms::Waveform constant(
                mechanisms::Pieces{{{0.0, 1e6, injection.i_nA, injection.i_nA}}, 0.0, 1});
            cell.current_clamps.push_back(
                {0, discretise::tap_at(*layout, tree.morphology, ra, injection.where), constant});
        }
        cell.layout = std::move(layout);
        return cell;
    }

    static group::Plan pack(const discretise::DiscretisedCell& cell)
    {
        const std::vector<group::CellToPack> cells{{0, &cell}};
        return group::make_plan(cells, 6.3);
    }

    const PassiveTree& tree_;
    discretise::DiscretisedCell cell_;
    group::Plan plan_;
    group::State state_;
    std::unique_ptr<solve::Stepper> stepper_;
    double dt_ms_;
    std::int64_t step_ = 0;
};

constexpr int n_trees = 25;

void compare_with_schemes(Findings& findings)
{
    Dice dice(3);
    double euler = 0.0;
    double second = 0.0;
    double driven_second = 0.0;
    for (int round = 0; round < n_trees; ++round) {
        const auto tree = random_tree(dice, round % 2 == 0, false);
        const PassiveTreeSolution solution(tree);
        for (const double dt_ms : {0.025, 1.0}) {
            EngineTree engine(tree, model::Method::backward_euler, dt_ms);
            euler = std::max(euler, largest_difference(engine.after(20), solution.backward_euler_mV(dt_ms, 20)));
            if (tree.injections.empty()) {
                EngineTree undamped(tree, model::Method::crank_nicolson, dt_ms);
                second =
                    std::max(second, largest_difference(undamped.after(20), solution.crank_nicolson_mV(dt_ms, 20, 0)));
            }
        }
        if (!tree.injections.empty()) {
            // Currents jump at t = 0 and the trees are stiff for this step: the first two steps are damped.
            EngineTree damped(tree, model::Method::crank_nicolson, 1.0);
            driven_second =
                std::max(driven_second, largest_difference(damped.after(20), solution.crank_nicolson_mV(1.0, 20, 2)));
        }
    }
    const std::string label = fmt::format("{} random trees, 20 steps", n_trees);
    findings.error(label + ": backward Euler against its closed form", euler, 1e-9, "mV");
    findings.error(label + ": Crank-Nicolson against its closed form, no currents", second, 1e-9, "mV");
    findings.error(label + ": the same with currents from t = 0 on, dt 1 ms", driven_second, 1e-9, "mV");
}

void compare_with_exponential(Findings& findings, model::Method method, const std::string& name, bool driven,
                              const std::vector<double>& steps_ms, double bound_mV, double low, double high)
{
    std::vector<double> errors(steps_ms.size(), 0.0);
    for (std::size_t k = 0; k < steps_ms.size(); ++k) {
        Dice dice(5);
        for (int round = 0; round < n_trees; ++round) {
            const auto tree = random_tree(dice, driven, true);
            const PassiveTreeSolution solution(tree);
            EngineTree engine(tree, method, steps_ms[k]);
            for (const int t_ms : {1, 2, 3, 4, 5}) {
                const auto v_mV = engine.after(static_cast<int>(std::lround(1.0 / steps_ms[k])));
                errors[k] = std::max(errors[k], largest_difference(v_mV, solution.exact_mV(t_ms)));
            }
        }
    }
    findings.convergence(fmt::format("{} trees{}, {}, dt {} ms: largest error at 1 to 5 ms", n_trees,
                                     driven ? " with currents" : "", name, steps_ms.back()),
                         steps_ms, errors, bound_mV, "mV", low, high);
}

}  // namespace

void passive_trees(const Settings&, Findings& findings)
{
    compare_with_schemes(findings);
    compare_with_exponential(findings, model::Method::backward_euler, "backward_euler", false, {0.1, 0.05, 0.025}, 5e-3,
                             0.95, 1.05);
    compare_with_exponential(findings, model::Method::crank_nicolson, "crank_nicolson", false, {0.025, 0.0125, 0.00625},
                             1e-5, 1.95, 2.05);
    compare_with_exponential(findings, model::Method::backward_euler, "backward_euler", true, {0.1, 0.05, 0.025}, 5e-2,
                             0.95, 1.05);
    // Some of these trees are damped at the coarser step and not at the finer one.
    compare_with_exponential(findings, model::Method::crank_nicolson, "crank_nicolson", true, {0.1, 0.05, 0.025}, 3e-4,
                             1.7, 2.3);
}

}  // namespace axolemma::verify
