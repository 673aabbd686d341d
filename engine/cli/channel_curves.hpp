/// Steady states and time constants of a channel's states as numbers.
#pragma once

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

}  // namespace axolemma::cli
