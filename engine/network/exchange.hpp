/// What ranks tell each other once per epoch: the spikes of their cells, and how they are doing.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "network/ranks.hpp"
#include "network/spike_detector.hpp"

namespace axolemma::network {

/// How a rank, or all of them together, came through an epoch.
struct EpochStatus {
    /// First step whose result is not sound on some rank.
    std::int64_t failed_step = std::numeric_limits<std::int64_t>::max();
    bool stop = false;        ///< the user or the scheduler asked for the end
    bool checkpoint = false;  ///< it is time for one
    bool broken = false;      ///< a rank cannot go on (its disk is full)
};

/// Sends spikes and status from everybody to everybody without waiting for the answer: begin(), compute, finish(). What
/// finish() returns is the same on every rank: status put together and spikes sorted by source and time.
///
/// One message of fixed size per rank and epoch in the usual case: its room for spikes follows the busiest rank of the
/// epochs before. Spikes beyond it take a second round.
class Exchange {
public:
    explicit Exchange(Ranks& ranks) : ranks_(ranks) {}

    /// @param spikes  in any order; sources of a rank are all above those of the ranks before it
    void begin(std::span<const Spike> spikes, const EpochStatus& status);
    EpochStatus finish();
    std::span<const Spike> spikes() const { return all_; }

    /// Bytes that this rank sent so far.
    std::int64_t bytes_sent() const { return bytes_sent_; }
    std::int64_t rounds() const { return rounds_; }

private:
    struct Header;
    static constexpr std::size_t least_room = 4;

    Ranks& ranks_;
    std::size_t room_ = least_room;  ///< spikes in a message; the same on all ranks
    std::vector<Spike> mine_, all_;
    std::vector<std::byte> outgoing_, incoming_;
    std::int64_t bytes_sent_ = 0, rounds_ = 0;
};

}  // namespace axolemma::network
