/// What becomes of the numbers that a run records: put together on rank 0, hashed, counted and handed to the sink.
#pragma once

#include <cstdint>
#include <exception>
#include <span>

#include "network/spike_detector.hpp"
#include "run/build.hpp"
#include "run/checkpoint.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

/// On ranks other than 0 it takes part in the gathering and keeps nothing but counts of spikes.
class Collector {
public:
    Collector(const BuiltModel& built, Sink& sink);

    /// Rows of a report from row number `first_row` on; every rank brings its own columns. Call on all ranks.
    void rows(std::size_t report, std::span<const double> mine, std::int64_t first_row, std::int64_t n_rows);
    /// Spikes of all cells, those after `until_ms` left out.
    void spikes(std::span<const network::Spike> spikes, double until_ms);

    Progress& progress() { return progress_; }
    const Progress& progress() const { return progress_; }
    /// What the sink threw, with several ranks: kept until all of them know that the run is over. After it nothing more is
    /// handed to the sink.
    std::exception_ptr failure() const { return failure_; }
    /// Tells what was counted and computed.
    void tell(Outcome& outcome) const;

private:
    template <class Action>
    void on_root(Action action);
    void hand_over(std::size_t report, std::span<const double> rows, std::int64_t first_row, std::int64_t n_rows);
    void note_resting(std::size_t report, std::span<const double> rows, std::int64_t first_row, std::int64_t n_rows);
    void count(const network::Spike& spike);

    const BuiltModel& built_;
    const network::Ranks& ranks_;
    Sink& sink_;
    Progress progress_;
    std::exception_ptr failure_;
};

}  // namespace axolemma::run
