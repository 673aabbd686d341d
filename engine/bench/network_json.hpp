/// The network of a model for other simulators: synapses, connections and the spikes that start it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/simulation.hpp"

namespace axolemma::bench {

/// What bench/model_json.hpp says about a network. Numbers of cells run over all cells of the model.
struct NetworkJson {
    std::vector<std::vector<std::string>> synapses;  ///< of each cell: objects
    std::string connections;                         ///< objects, separated by commas; empty without any
    std::string events;                              ///< likewise
};

/// Throws base::InputError when the model has anything that the description cannot say: it holds synapses of the kind exp_syn at
/// one place each, spikes that arise where they are recorded, and generators with listed times.
NetworkJson network_json(const run::Simulation& simulation);

/// Throws the error that all of these have in common.
[[noreturn]] void refuse_to_write(const std::string& what);

}  // namespace axolemma::bench
