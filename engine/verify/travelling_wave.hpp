/// The action potential of an infinite axon as the solution of an ordinary differential equation.
#pragma once

namespace axolemma::verify {

/// Resting voltage of the squid membrane with the parameters of `hh`.   [mV]
inline constexpr double hh_rest_mV = -64.97405245162668;

/// The constant K of V'' = K (V' + i_ion / cm), which a wave V(t - x / velocity) obeys (Hodgkin & Huxley 1952, eq. 30).
///
/// It depends on the temperature alone. Found by shooting: the solution that leaves rest along its unstable direction
/// runs away to one side when K is too large and to the other when it is too small; bisected until the number does not
/// change any more. Integrated by the classical Runge-Kutta method, steps of 1 us or less.
/// @param temperature_degC  0 to 32; above about 33 no wave travels
/// @returns [1/ms]
double travelling_wave_K_per_ms(double temperature_degC);

/// sqrt(K d / (4 Ra cm)).   [m/s]
double wave_velocity_m_per_s(double k_per_ms, double diameter_um, double ra_ohm_cm, double cm_uF_per_cm2);

}  // namespace axolemma::verify
