/// Where the synapses of a model are.
#pragma once

#include <cstdint>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "run/places.hpp"
#include "run/population.hpp"

namespace axolemma::run {

/// The places of a synapse on each of its cells.
struct SynapsePlaces {
    Selected cells;
    std::vector<std::int32_t> node;           ///< compartments, in the order of the places
    std::vector<morphology::Location> where;  ///< as asked for
    std::vector<double> share;                ///< rising to 1: part of the connections that go here or before
};

/// One for each of Model::synapses. Problems go to `diagnostics`.
std::vector<SynapsePlaces> find_synapse_places(const model::Model& model, const std::vector<Population>& populations,
                                               base::Diagnostics& diagnostics);

}  // namespace axolemma::run
