/// Spikes of one population on their way to the file: appended in blocks while the run goes on, sorted at its end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "record/hdf5_file.hpp"
#include "record/result_tables.hpp"

namespace axolemma::record {

class SpikeStream {
public:
    SpikeStream(hdf5::Group group, const SpikeSites& sites);

    /// @returns true when a block became full and was written
    bool append(std::span<const Spike> spikes);
    /// Writes the spikes of the unfinished block.
    void save();
    /// Puts all spikes of the file into order: time, then cell, then site. Free of cost when blocks came in order.
    void sort();

private:
    void write(std::uint64_t first, std::span<const Spike> spikes);

    hdf5::Dataset times_, cells_, sites_;
    std::vector<Spike> block_;
    std::uint64_t n_written_ = 0;
    Spike last_written_;
    bool in_order_ = true;
};

/// All spikes of a population, in the order of the file.
std::vector<Spike> read_spikes(const hdf5::Group& group);

}  // namespace axolemma::record
