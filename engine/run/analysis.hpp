/// Numbers a scientist asks for first: firing rates and conduction velocities, from the spikes alone.
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

/// Rate of every cell of the population at its first spike site: (n - 1) / (last - first) over the spikes in the window, 0 for fewer
/// than two.
record::FICurve f_i_curve(const model::FICurveSpec& spec, const model::Model& model, const std::vector<Population>& populations,
                          const std::vector<SourceSpikes>& sources);

/// The value with the largest magnitude that a stimulus waveform takes, as the "amplitude" of an f-I curve.
double amplitude_of(const mechanisms::Waveform& waveform);

}  // namespace axolemma::run
