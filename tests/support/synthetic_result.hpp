/// A small result file with everything in it, made from formulas: for tests of what reads result files.
#pragma once

#include <string>

namespace axolemma::test {

/// Writes to `path` a travelling pulse on an axon (population "axon", one cell, 2 mm, 80 compartments) and in a
/// branching cell (population "cell", 3 of them): voltages of whole trees and at points, a gate, stimuli, spikes,
/// velocities, an f-I curve, resting voltages, provenance.
/// @param duration_ms  simulated time; samples are 0.05 ms apart
/// @param complete     false: as left by a run that did not reach its end
/// @returns            the name of the file that was written
std::string write_synthetic_result(const std::string& path, double duration_ms = 20.0, bool complete = true);

}  // namespace axolemma::test
