/// How a result came about: everything needed to get it again.
#pragma once

#include <string>
#include <vector>

#include "record/result_tables.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

/// Known before the first step: configuration, version, machine, sizes.
record::Provenance provenance_before(const Simulation& simulation, const std::string& command);
/// Of the last time the run was resumed: when, how and where. What provenance_before() says is of its start.
record::Provenance provenance_of_resuming(const std::string& command);
/// Known after the last: steps done, time taken, hash of the results.
record::Provenance provenance_after(const Outcome& outcome);
/// Paths of the files of waveforms, spikes, pairs and edges that the model names.
std::vector<std::string> data_files(const model::Model& model);
/// Every file the model was made from, the configuration first. Reads those that are not kept in the model.
std::vector<InputFile> input_files(const model::Model& model, const std::vector<Population>& populations);

/// The hash as it is printed: 16 hexadecimal digits.
std::string hash_text(std::uint64_t hash);
/// "backward_euler" or "crank_nicolson".
std::string method_text(model::Method method);

}  // namespace axolemma::run
