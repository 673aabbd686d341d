/// Steady states and time constants out of equations, whatever form they were written in.
#pragma once

#include <vector>

#include "kinetics/equations.hpp"

namespace axolemma::kinetics {

/// A state that goes to a steady state exponentially while all else is held.
struct Curve {
    std::size_t state = 0;
    Value inf;
    Value tau_ms;
};

/// The states of differential equations that are linear in their own state, and those with an update of their own that is.
/// Adds values to the graph.
std::vector<Curve> gate_curves(Equations& equations);

}  // namespace axolemma::kinetics
