/// Conduction velocities, from the spikes alone.
#pragma once

#include <vector>

#include "model/model.hpp"
#include "record/result_tables.hpp"
#include "run/population.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

/// Velocity between neighbouring spike sites that lie on one path from the root, from the first spike at each.
///
/// Distance is path distance; rows go in the direction of travel. Only cells whose sites have all fired.
std::vector<record::ConductionVelocity> conduction_velocities(const std::vector<Population>& populations,
                                                              const std::vector<record::SpikeSites>& sites,
                                                              const std::vector<SourceSpikes>& sources);

}  // namespace axolemma::run
