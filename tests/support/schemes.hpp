/// Every way to step a group: both kernels with both methods. Tests of a step run on all of them.
#pragma once

#include <memory>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"
#include "solve/stepper.hpp"

namespace axolemma::test {

struct Scheme {
    const char* name;
    model::Method method;
    std::unique_ptr<solve::Stepper> (*make)(const group::Plan&, const solve::StepOptions&);

    bool is_backward_euler() const { return method == model::Method::backward_euler; }
    /// Gates by their formulas unless a bound for tables is given.
    std::unique_ptr<solve::Stepper> stepper(const group::Plan& plan, double dt_ms, double gate_table_bound = 0.0) const
    {
        return make(plan, {method, dt_ms, gate_table_bound});
    }
};

inline constexpr Scheme schemes[] = {
    {"lanes, backward Euler", model::Method::backward_euler, solve::make_lane_stepper},
    {"lanes, Crank-Nicolson", model::Method::crank_nicolson, solve::make_lane_stepper},
    {"reference, backward Euler", model::Method::backward_euler, solve::make_reference_stepper},
    {"reference, Crank-Nicolson", model::Method::crank_nicolson, solve::make_reference_stepper},
};

/// Those of one method.
inline std::vector<Scheme> schemes_of(model::Method method)
{
    std::vector<Scheme> result;
    for (const auto& scheme : schemes) {
        if (scheme.method == method) {
            result.push_back(scheme);
        }
    }
    return result;
}

/// Voltages node by node.
inline std::vector<double> voltages_mV(const group::Plan& plan, const group::State& state)
{
    std::vector<double> v_mV;
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        v_mV.push_back(state.v_mV(node));
    }
    return v_mV;
}

/// Voltages after some steps, with the states brought to their time.
inline std::vector<double> run_steps(const group::Plan& plan, solve::Stepper& stepper, int n_steps)
{
    group::State state(plan);
    stepper.initialise(state);
    for (int k = 0; k < n_steps; ++k) {
        stepper.advance(state, k);
    }
    stepper.catch_up(state);
    return voltages_mV(plan, state);
}

/// Nodes without area, ascending.
inline std::vector<std::int32_t> junctions_of(const group::Plan& plan)
{
    std::vector<std::int32_t> nodes;
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        if (plan.is_junction(node)) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

/// Current that flows into a node from its neighbours.   [nA]
inline double axial_current_nA(const group::Plan& plan, const group::State& state, std::int32_t node)
{
    double current_nA = 0.0;
    if (plan.parent(node) >= 0) {
        current_nA += plan.axial_uS_of(node) * (state.v_mV(plan.parent(node)) - state.v_mV(node));
    }
    for (const auto child : plan.children(node)) {
        current_nA += plan.axial_uS_of(child) * (state.v_mV(child) - state.v_mV(node));
    }
    return current_nA;
}

}  // namespace axolemma::test
