/// A gate x with x' = q (alpha (1 - x) - beta x), advanced exactly while the voltage is held.
#pragma once

#include <cmath>

#include "base/math.hpp"

namespace axolemma::mechanisms {

/// Opening and closing rates of one gate at one voltage.   [1/ms]
struct Rates {
    double alpha_per_ms;
    double beta_per_ms;

    double steady_state() const { return alpha_per_ms / (alpha_per_ms + beta_per_ms); }
};

/// x(t + dt) for frozen rates ("cnexp" in NMODL).
/// @param q10  factor on both rates
inline double advance_gate(double x, Rates rates, double q10, double dt_ms)
{
    const double steady = rates.steady_state();
    return steady + (x - steady) * base::exp(-dt_ms * q10 * (rates.alpha_per_ms + rates.beta_per_ms));
}

/// The step x(t) -> x(t + dt) for frozen rates as x(t + dt) = a x(t) + b.
struct GateStep {
    double a, b;
};
inline GateStep gate_step(Rates rates, double q10, double dt_ms)
{
    const double exponent = -dt_ms * q10 * (rates.alpha_per_ms + rates.beta_per_ms);
    return {base::exp(exponent), -base::expm1(exponent) * rates.steady_state()};
}

/// base^((temperature - reference) / 10 degC).
inline double q10_factor(double base, double temperature_degC, double reference_degC)
{
    return std::pow(base, (temperature_degC - reference_degC) / 10.0);
}

}  // namespace axolemma::mechanisms
