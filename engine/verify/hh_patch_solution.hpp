/// The squid patch by a Runge-Kutta integration that shares nothing with the engine.
#pragma once

#include <vector>

namespace axolemma::verify {

/// C dV/dt = I - i_ion with C = 1 uF/cm2 at 6.3 degC, gates at steady state for V(0).
struct PatchStep {
    double v_start_mV = -65.0;
    double i_uA_per_cm2 = 0.0;  ///< on from on_ms to off_ms
    double on_ms = 0.0, off_ms = 0.0;
    double stop_ms = 0.0;
};

struct PatchSolution {
    double every_ms = 0.0;
    std::vector<double> v_mV;       ///< at 0, every_ms, 2 every_ms, ...
    std::vector<double> spikes_ms;  ///< upward crossings of 0 mV
};

/// Classical Runge-Kutta of order 4 with steps of 1 us (error below 1e-8 mV on a spiking patch); on, off and stop must be
/// whole multiples of every_ms.
PatchSolution solve_patch(const PatchStep& step, double every_ms);

}  // namespace axolemma::verify
