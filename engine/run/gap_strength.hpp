/// Gap junctions that are too strong for the time step.
#pragma once

#include <cstdint>
#include <optional>

#include "discretise/discretised_cell.hpp"

namespace axolemma::run {

/// A compartment whose gap junctions Crank-Nicolson may not be able to hold.
struct StrongGap {
    std::int32_t node = 0;
    double g_uS = 0;      ///< of all gap junctions of the compartment
    double limit_uS = 0;  ///< C/dt
    double dt_ms = 0;     ///< step up to which it is within the limit
};

/// The worst compartment of a cell, if one is beyond the limit.
///
/// The other side of a gap junction is expected by extrapolation, 1.5 V(t) - 0.5 V(t - dt) (solve/points.hpp). A voltage that
/// alternates from step to step is 0 in the middle of a step, so axial currents and channels do not see it, and is 2 V there by
/// extrapolation: C 2V/dt = g 2V_there. It grows where the largest eigenvalue of g/C over the network is above 1/dt, which it
/// cannot be where sum(g) <= C/dt in all compartments.
std::optional<StrongGap> find_strong_gap(const discretise::DiscretisedCell& cell, const discretise::Plugged& plugged,
                                         double dt_ms);

}  // namespace axolemma::run
