/// Samples on their way to an extendible dataset: collected into blocks of rows, rounded, written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "record/hdf5_file.hpp"
#include "record/result_tables.hpp"

namespace axolemma::record {

/// Rows and columns of one chunk. About 256 kB, so that both one trace over time and all elements at one time can be
/// read without touching the whole dataset, and the block in memory (chunk rows times all columns) stays below 32 MB.
struct ChunkShape {
    std::uint64_t rows = 1, columns = 1;
};
/// @param columns        of the dataset, > 0
/// @param expected_rows  rows there will be; 0 = not known
ChunkShape choose_chunk(std::uint64_t columns, std::size_t bytes_per_value, std::uint64_t expected_rows);

/// Rounds to 12 mantissa bits (of the 23 of a float), to nearest, ties to even: relative error at most 2^-13.
float round_compact(double value);

/// Form and times of the samples of one dataset.
struct RowFormat {
    std::uint64_t columns = 1;
    std::string units;
    Precision precision = Precision::single;
    double start_ms = 0, interval_ms = 0;
    std::uint64_t expected_rows = 0;
};

class RowStream {
public:
    /// Creates dataset `data` in `group` and dataset `time` in `time_group`.
    RowStream(hdf5::Group group, hdf5::Group time_group, const RowFormat& format);
    /// Finds what the other constructor made and continues behind row `n_rows`. Changes nothing until cut().
    /// Throws base::InputError when what is there does not agree with `format` or ends before `n_rows`.
    static RowStream continued(hdf5::Group group, hdf5::Group time_group, const RowFormat& format,
                               std::uint64_t n_rows);
    /// Removes the rows behind n_rows() from the dataset of a continued stream.
    void cut();

    /// @returns true when at least one block became full and was written
    bool append(std::span<const double> rows, std::size_t n_rows);
    /// Writes the rows of the unfinished block, which are written again when it is full.
    void save();
    /// False when save() would cost more space than it is worth: a compressed chunk that is written again takes new
    /// space (hdf5_driver.hpp), so only doublings are worth it; all of them together take less than the full block.
    bool is_worth_saving() const;

    std::uint64_t n_rows() const { return block_start_ + in_block_; }

private:
    RowStream(hdf5::Group group, const RowFormat& format, ChunkShape chunk, hdf5::Dataset data, hdf5::Dataset time);
    void read_back();
    void write_time();
    void keep(std::span<const double> values);
    void write_block();

    RowFormat format_;
    ChunkShape chunk_;
    hdf5::Group group_;
    hdf5::Dataset data_, time_;
    std::vector<float> singles_;  // rows of the block; one of the two is in use
    std::vector<double> doubles_;
    std::uint64_t block_start_ = 0, in_block_ = 0, saved_ = 0;
    double rounding_error_ = 0;
};

}  // namespace axolemma::record
