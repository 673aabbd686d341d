/// What a run found, for people and for programs.
#pragma once

#include <string>

#include "run/estimate.hpp"
#include "run/simulation.hpp"

namespace axolemma::cli {

/// Spikes per cell, conduction velocities, resting voltage, speed; ends with the result's file and hash.
/// @param file  where the results are
std::string summary_text(const run::Simulation& simulation, const run::Outcome& outcome, const std::string& file);
/// The same as one JSON object.
std::string summary_json(const run::Simulation& simulation, const run::Outcome& outcome, const std::string& file);
/// What would be simulated: populations, sizes, memory.
std::string plan_text(const run::Simulation& simulation);
/// The same as one JSON object, with what a run will cost.
std::string plan_json(const run::Simulation& simulation, const run::Estimate& estimate);

}  // namespace axolemma::cli
