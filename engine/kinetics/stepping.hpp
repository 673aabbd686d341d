/// From differential equations to what a step does with the states.
#pragma once

#include <optional>
#include <vector>

#include "kinetics/equations.hpp"
#include "kinetics/step_program.hpp"

namespace axolemma::kinetics {

/// More states than these are not solved for together.
inline constexpr std::size_t most_states_together = 200;

/// The stages as steps over InputKind::dt. docs/methods.md ("Mechanisms from text") has the formulas.
///
/// Needs equations that can be solved (an assertion fails otherwise): find_unsolvable() tells.
StepProgram build_steps(Graph& graph, const std::vector<Stage>& stages, int implicit_order = 1);

/// Place of the first stage that cannot be solved, as far as can be seen before the numbers are known: its equations do not
/// fix its states, or they are too many to be written out. Tries it on the graph, which is a copy.
std::optional<base::SourcePos> find_unsolvable(Graph graph, const std::vector<Stage>& stages, int implicit_order = 1);

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
