/// Steady states and time constants of a channel's states as numbers, and what their tables cost in accuracy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kinetics/equations.hpp"

namespace axolemma::cli {

/// Where a channel is looked at: parameters and ions at their defaults, other states as at the beginning of a run.
struct CurveOptions {
    double temperature_degC = 6.3;
    double dt_ms = 0.025;
};

struct StateCurve {
    std::size_t state = 0;
    std::vector<double> inf, tau_ms;  ///< at each voltage
};

/// Curves of the states that relax exponentially while all else is held.
std::vector<StateCurve> state_curves(const kinetics::Equations& equations, const std::vector<double>& v_mV,
                                     const CurveOptions& options);

/// Error of the state's table for steps of dt (mechanisms/gate_table.hpp); nothing for a state without a table.
std::optional<double> table_error(const kinetics::Equations& equations, std::size_t state, const CurveOptions& options);

}  // namespace axolemma::cli
