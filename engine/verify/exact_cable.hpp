/// Closed forms of the passive cable: what a cylinder or a cone does when a constant current enters one end.
#pragma once

namespace axolemma::verify {

/// A uniform passive cylinder with both ends sealed.
struct Cylinder {
    double length_um = 0, diameter_um = 0;
    double ra_ohm_cm = 0, cm_uF_per_cm2 = 0, g_S_per_cm2 = 0;

    double lambda_um() const;
    double tau_ms() const;
    /// Input resistance of the same cylinder if it went on for ever in one direction.   [MOhm]
    double infinite_resistance_Mohm() const;
};

/// Depolarisation at x from the driven end in the steady state of a current into x = 0 (Rall 1969).   [mV]
double steady_mV(const Cylinder& cable, double i_nA, double x_um);

/// Depolarisation at x, t after a constant current into x = 0 was switched on at rest.   [mV]
///
/// Steady state less the eigenfunctions cos(n pi x / l), which decay with tau / (1 + (n pi lambda / l)^2); summed until
/// the next term is below 1e-17 of the first.
double step_response_mV(const Cylinder& cable, double i_nA, double x_um, double t_ms);

/// A passive cone with both ends sealed: the radius goes linearly from start to end.
struct Cone {
    double length_um = 0, diameter_start_um = 0, diameter_end_um = 0;
    double ra_ohm_cm = 0, g_S_per_cm2 = 0;
};

/// Depolarisation at x in the steady state of a current into the start; start and end diameter must differ.
///
/// With y the radius, k = 2 Ra g sqrt(1 + s^2) / s^2 and s the slope of the radius, the cable equation is
/// (y^2 V')' = k y V, solved by y^(-1/2) I1(2 sqrt(k y)) and y^(-1/2) K1(2 sqrt(k y)).   [mV]
double steady_mV(const Cone& cable, double i_nA, double x_um);

}  // namespace axolemma::verify
