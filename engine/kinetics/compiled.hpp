/// Equations made ready for kernels: all that a step needs, as values of one graph.
#pragma once

#include <vector>

#include "kinetics/equations.hpp"
#include "kinetics/step_program.hpp"

namespace axolemma::kinetics {

/// A current to first order in the voltage: i = g v - s.
struct LinearCurrent {
    Value g, s;
};

/// An assignment that is x <- a x + b with a and b of the voltage, dt, temperature and parameters only: a table can hold it.
struct TabulableGate {
    std::size_t state;
    std::size_t step;      ///< StepProgram::steps[step] is an Assignments,
    std::size_t position;  ///< in which it is states[position]
    Value a, b;
};

struct CompiledEquations {
    Equations equations;  ///< with the graph that everything below lives in
    StepProgram steps;
    std::vector<LinearCurrent> currents;  ///< of each of Equations::currents
    LinearCurrent total;                  ///< their sums, added in order; invalid without currents
    /// Gates in the order of their states; a state that more than one step assigns is not among them.
    std::vector<TabulableGate> gates;
};

/// Builds steps, currents and gates, and fills in MechanismInfo::rate_parameters.
CompiledEquations compile(Equations equations);

}  // namespace axolemma::kinetics
