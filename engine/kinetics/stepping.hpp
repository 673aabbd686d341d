/// From differential equations to what a step does with the states.
#pragma once

#include <optional>
#include <vector>

#include "kinetics/equations.hpp"
#include "kinetics/step_program.hpp"

namespace axolemma::kinetics {

/// The stages as steps over InputKind::dt. docs/methods.md ("Mechanisms from text") has the formulas.
///
/// Needs equations that can be solved (an assertion fails otherwise): can_solve() tells.
StepProgram build_steps(Graph& graph, const std::vector<Stage>& stages, int implicit_order = 1);

/// Has the system as many independent equations as unknowns, as far as can be seen before the numbers are known?
bool can_solve(Graph& graph, const AlgebraicSystem& system);

/// States in which a system of linear differential equations comes to rest, from these values of its states on: where an
/// implicit Euler step of 1e9 ms leads, as NEURON has it ("SOLVE ... STEADYSTATE"). Sums that the equations conserve, said so
/// or not, are those of `from`. Nothing if the system is not linear.
std::optional<std::vector<Value>> steady_state(Graph& graph, const OdeSystem& system, const std::vector<Value>& from);

/// x <- a x + b of a state whose equation is x' = (target - x) rate or x' = p + q x, over dt; nothing for other equations.
struct ExactStep {
    Value after;  ///< the value of the state and dt
    Value a, b;   ///< the same as a linear form, good for tables
};
std::optional<ExactStep> exact_step(Graph& graph, Value derivative, std::size_t state);

}  // namespace axolemma::kinetics
