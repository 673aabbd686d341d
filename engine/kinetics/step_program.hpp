/// How the states of a mechanism get over a step, as a list of things to do one after the other: what stepping.hpp makes of
/// equations, and what the reference kernels and lane programs execute.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

/// states[k] becomes after[k], all at once: values of the states before, of dt, v, parameters, ions and time.
struct Assignments {
    std::vector<std::size_t> states;
    std::vector<Value> after;
};

/// Unknowns found by Newton's method, then assignments that may use them.
///
/// Unknown k (Input{InputKind::unknown, k}) begins as start[k], a value without unknowns. One iteration computes all
/// corrections with the unknowns as they are and adds correction[k] to unknown k. A compartment is done after the first
/// iteration in which no |correction[k]| > relative |unknown k before| + absolute (so NaN ends it too), or after
/// max_iterations; from then on its unknowns stay as they are, whatever its neighbours in a row still do.
struct NewtonSystem {
    static constexpr int max_iterations = 30;
    /// Newton's method squares a small error with every iteration, so that after a correction of this size nothing is left.
    static constexpr double relative = 1e-9;
    static constexpr double absolute = 1e-12;

    std::vector<Value> start;
    std::vector<Value> corrections;
    /// Of the states before and of the unknowns. The first are the states that the unknowns belong to, in their order.
    Assignments then;
};

using Step = std::variant<Assignments, NewtonSystem>;

/// Each step sees the states that those before it left.
struct StepProgram {
    std::vector<Step> steps;
};

}  // namespace axolemma::kinetics
