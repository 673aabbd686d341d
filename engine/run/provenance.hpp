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
/// "path sha256" for every file the model was made from.
std::vector<std::string> input_files(const Simulation& simulation);

/// The hash as it is printed: 16 hexadecimal digits.
std::string hash_text(std::uint64_t hash);
/// "backward_euler" or "crank_nicolson".
std::string method_text(model::Method method);

}  // namespace axolemma::run
