/// The loop over time.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.hpp"
#include "run/build.hpp"
#include "run/simulation.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

/// One run from t = 0: steps the groups epoch by epoch and hands on what they recorded.
class RunLoop {
public:
    RunLoop(BuiltModel& built, const RunOptions& options, Sink& sink);

    Outcome run();

private:
    void start();
    /// Steps all groups from step `from` to step `to` (or until one fails) and hands on what was recorded.
    void advance(std::int64_t from, std::int64_t to);
    void finish(bool reached_end);

    void run_group(GroupRun& group, std::int64_t from, std::int64_t to);
    void sample(GroupRun& group, std::int64_t step, double gate_lag_ms);
    void hand_over_rows(std::int64_t from, std::int64_t to);
    void hand_over_spikes(double until_ms);
    void count_spike(const network::Spike& spike);
    void note_resting(std::size_t r, std::int64_t first_row, std::int64_t n_rows);
    std::int64_t earliest_failure() const;
    void describe_failure();

    BuiltModel& built_;
    const RunOptions& options_;
    Sink& sink_;
    Outcome outcome_;
    std::int64_t epoch_steps_ = 1;
    std::vector<std::vector<double>> buffers_;  ///< rows of this epoch, one buffer per report
    std::vector<std::int64_t> first_buffered_;  ///< row number of each buffer's first row
    std::vector<double> resting_;
    std::vector<FICounter> f_i_counters_;
    std::vector<base::Hash64> row_hashes_,
        spike_hashes_;  ///< per report and per population: epochs leave no trace in them
};

}  // namespace axolemma::run
