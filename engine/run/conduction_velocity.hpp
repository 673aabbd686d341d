/// Conduction velocities, from the spikes alone.
#pragma once

#include <cstdint>
#include <vector>

#include "morphology/morphology.hpp"
#include "record/result_tables.hpp"
#include "run/population.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

/// Two places with none of the others on the path between them; indices into the places given.
struct NeighbouringSites {
    std::int32_t inner, outer;  ///< `inner` lies on the path from `outer` to the soma centre, or across the soma centre
    double distance_um;         ///< length of the path between them, > 0
};

/// Every place with the nearest other place on its path to the soma centre (Morphology::soma_centre()), in order of
/// `outer`.
///
/// Places on sibling branches are not neighbours. The one path across the soma centre that counts runs along the soma's
/// section: when exactly two places have none nearer to the centre, and their paths reach it from opposite ends of that
/// section, they are the last pair. Of places at the same point of the tree only the first takes part; the start of a
/// section is the same point as the place where it is attached.
std::vector<NeighbouringSites> neighbouring_sites(const morphology::Morphology& morphology,
                                                  const std::vector<morphology::Location>& places);

/// Velocity between neighbouring spike sites, from the first spike at each.
///
/// Distance is path distance; rows go in the direction of travel. A pair has no row while one of its sites has not
/// fired, or when both fired at the same time.
std::vector<record::ConductionVelocity> conduction_velocities(const std::vector<Population>& populations,
                                                              const std::vector<record::SpikeSites>& sites,
                                                              const std::vector<SourceSpikes>& sources);

}  // namespace axolemma::run
