/// What a run needs to go on from where another one was, whatever the number of ranks and threads of either.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "record/checkpoint_file.hpp"
#include "record/result_tables.hpp"
#include "run/f_i_curve.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

struct BuiltModel;

/// What a run has found out so far, beside the numbers of the cells. On rank 0 only, but for the step.
struct Progress {
    std::int64_t step = 0;
    std::vector<base::Hash64> row_hashes, spike_hashes;  ///< per report and per population: epochs leave no trace
    std::vector<SourceSpikes> sources;
    std::vector<double> resting_mV;
    std::vector<FICounter> f_i_counters;
};

/// Voltages that other cells see through gap junctions: now, and one step before.
struct GapVoltages {
    std::vector<double> now_mV, before_mV;
};

/// Writes a checkpoint; call on all ranks.
/// @param save_results  called on rank 0 before: makes what was recorded safe
/// @returns             what went wrong (on rank 0); empty when the checkpoint is there. Nothing is thrown
std::string write_checkpoint(BuiltModel& built, const Progress& progress, const GapVoltages& gaps,
                             const CheckpointOptions& options);

/// Puts a model into the state of a checkpoint. Throws base::InputError when it does not fit.
void load_checkpoint(BuiltModel& built, const std::string& path, Progress& progress, GapVoltages& gaps);

/// The time from which a run could go on with --resume, in steps; nothing when it could not, for whatever reason. Never throws
/// because of what the files are.
/// @param fingerprint  of the model
/// @param results      the result file's final name
std::optional<std::int64_t> resumable_step(const std::string& checkpoint, const std::string& fingerprint,
                                           const std::string& results);

/// Where the result file of the checkpointed run ended. Throws base::InputError when the checkpoint cannot be read or is not one
/// of the model with this fingerprint: then no file has been touched.
record::ResumePoint results_of_checkpoint(const std::string& path, const std::string& fingerprint);

}  // namespace axolemma::run
