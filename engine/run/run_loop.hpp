/// The loop over time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/exchange.hpp"
#include "run/build.hpp"
#include "run/checkpoint.hpp"
#include "run/collector.hpp"
#include "run/gap_sites.hpp"
#include "run/simulation.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

/// One run: steps the groups of this rank epoch by epoch, tells the other ranks about their spikes, and hands on what was
/// recorded on rank 0.
///
/// With several ranks the spikes of an epoch travel while the next epoch is computed, so an epoch is at most half as long as the
/// shortest delay, and an epoch's results are handed on, if no rank failed in it, when the next one is computed.
class RunLoop {
public:
    RunLoop(BuiltModel& built, const RunOptions& options, Sink& sink);

    Outcome run();

private:
    /// What was recorded between two exchanges.
    struct Epoch {
        std::int64_t from = 0, to = 0;
        std::vector<std::vector<double>> rows;  ///< one buffer per report: columns of this rank
        std::vector<std::int64_t> first_row;    ///< row number of each buffer's first row
    };

    void choose_epoch();
    void make_room();
    void start();
    void resume();
    void run_steps();
    std::int64_t end_of_epoch(std::int64_t step) const;
    /// Steps all groups through an epoch (or until they fail).
    void compute(Epoch& epoch);
    void compute_step_by_step(Epoch& epoch);
    void open_epoch(GroupRun& group, const Epoch& epoch) const;
    void run_group(GroupRun& group, std::int64_t from, std::int64_t to, Epoch& epoch);
    void begin_exchange(const Epoch& epoch);
    /// Waits for what the other ranks say about an epoch and hands on what is sound of it.
    void settle(Epoch& epoch);
    /// Before a stop or a checkpoint two epochs are settled with no step between them: both leave spikes to deliver.
    void keep_arrived(std::span<const network::Spike> spikes);
    void sample(GroupRun& group, std::int64_t step, double gate_lag_ms, Epoch& epoch);
    void hand_over_rows(const Epoch& epoch, std::int64_t from, std::int64_t to);
    void describe_failure(std::int64_t step);
    bool wants_checkpoint(std::int64_t step) const;
    void save_checkpoint(std::int64_t step);
    void finish();
    std::uint64_t hash_of_states();

    BuiltModel& built_;
    network::Ranks& ranks_;
    const RunOptions& options_;
    Collector collector_;
    Outcome outcome_;
    std::int64_t epoch_steps_ = 1;
    bool overlap_ = false;
    Epoch epochs_[2];
    network::Exchange exchange_;
    GapSites gap_sites_;
    std::vector<bool> listened_to_;        ///< sources that a cell of this rank is connected to
    std::vector<network::Spike> arrived_;  ///< of settled epochs, by source, not yet in the inboxes
    bool stop_ = false, checkpoint_wanted_ = false, broken_ = false;
    std::int64_t failed_step_ = std::numeric_limits<std::int64_t>::max();
    double last_checkpoint_s_ = 0;
};

}  // namespace axolemma::run
