/// The equations of Hodgkin & Huxley (1952), written out a second time: nothing here is shared with the engine's `hh`.
#pragma once

#include <array>

namespace axolemma::verify {

/// V in mV, then m, h, n.
using SquidState = std::array<double, 4>;

/// Ionic current density, outward positive.   [uA/cm2]
double squid_current_uA_per_cm2(const SquidState& x);
/// Rate of change of m, h and n (element 0 is left 0).   [1/ms]
/// @param speed  factor on all rates: 3^((T - 6.3 degC) / 10 degC)
SquidState squid_gate_rates(const SquidState& x, double speed);
/// Gates at their steady state for V.
SquidState squid_at_rest(double v_mV);
double squid_speed(double temperature_degC);

}  // namespace axolemma::verify
