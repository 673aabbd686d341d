/// Gates as equations.
#pragma once

#include <string>

#include "kinetics/equations.hpp"

namespace axolemma::kinetics {

/// The usual shapes of rates and of steady states; x = (v - midpoint)/scale.
enum class RateForm : std::uint8_t {
    exponential,  ///< rate exp(x)
    sigmoid,      ///< rate/(1 + exp(-x))
    exp_linear,   ///< rate x/(1 - exp(-x)), which is `rate` at the midpoint
};
Value rate_form(Graph& graph, RateForm form, Value rate, Value midpoint_mV, Value scale_mV);

/// A gate x. Of its four functions either alpha and beta are there, or inf and tau, or inf or tau beside alpha and beta,
/// which they then replace; an instantaneous gate needs no tau.
struct Gate {
    std::string name, meaning;
    Value alpha_per_ms, beta_per_ms, inf, tau_ms;
    Value speed;  ///< factor on the rates (Q10); invalid: 1
    bool instantaneous = false;
};

/// Steady state of the gate.
Value steady_state(Graph& graph, const Gate& gate);
/// dx/dt of the gate   [1/ms]
Value gate_derivative(Graph& graph, const Gate& gate, Value x);

/// Adds a state; the value is what it is at the beginning of a step.
Value add_state(Equations& equations, mechanisms::StateInfo info, Value initial, std::string as_written);
/// Adds x' = derivative to the equations that advance by themselves.
void add_derivative(Equations& equations, std::size_t state, Value derivative_per_ms, base::SourcePos pos);

}  // namespace axolemma::kinetics
