/// From command-line arguments to a simulation.
#pragma once

#include <string>
#include <vector>

#include "run/simulation.hpp"

namespace axolemma::cli {

/// Reads, overrides and builds. Throws base::InputError; with several ranks network::RankFailed on all of them.
/// @param output  replaces the configuration's output file when not empty
run::Simulation load_simulation(const std::string& config, const std::vector<std::string>& sets,
                                const std::string& output = {}, network::Ranks& ranks = network::Ranks::alone());

}  // namespace axolemma::cli
