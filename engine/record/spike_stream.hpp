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
    /// Creates the columns in `group`.
    explicit SpikeStream(hdf5::Group group);
    /// Finds the columns and continues behind `n_spikes`. Changes nothing until cut().
    /// Throws base::InputError when they are shorter.
    static SpikeStream continued(hdf5::Group group, std::uint64_t n_spikes);
    /// Removes the spikes behind n_spikes() from the columns of a continued stream.
    void cut();

    /// @returns true when a block became full and was written
    bool append(std::span<const Spike> spikes);
    /// Writes the spikes of the unfinished block.
    void save();
    /// Puts all spikes of the file into order: time, then cell, then site. Free of cost when blocks came in order;
    /// otherwise new columns take the place of the old ones, so that a kill leaves one or the other.
    void sort();

    /// Spikes that are written; all of them after save().
    std::uint64_t n_spikes() const { return n_written_; }

private:
    SpikeStream(hdf5::Group group, hdf5::Dataset times, hdf5::Dataset cells, hdf5::Dataset sites);
    void look_at_order();
    void write(std::uint64_t first, std::span<const Spike> spikes);

    hdf5::Group group_;
    hdf5::Dataset times_, cells_, sites_;
    std::vector<Spike> block_;
    std::uint64_t n_written_ = 0;
    Spike last_written_;
    bool in_order_ = true;
};

/// All spikes of a population, in the order of the file.
/// @param group  with columns timestamps, node_ids and site
std::vector<Spike> read_spikes(const hdf5::Group& group);

}  // namespace axolemma::record
