#include "record/row_stream.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>

namespace axolemma::record {
namespace {

constexpr std::uint64_t chunk_bytes = 256 * 1024;
constexpr std::uint64_t block_bytes = 32 * 1024 * 1024;
constexpr std::uint64_t most_rows = 4096;  // a run of a few elements must not wait long for its first block
constexpr std::uint64_t least_rows = 32;   // fewer would make reading one trace slow

hdf5::Dataset create_data(hdf5::Group& group, std::uint64_t columns, ChunkShape chunk, Precision precision,
                          const std::string& units) {
    const auto type = precision == Precision::full ? hdf5::NumberType::f64 : hdf5::NumberType::f32;
    hdf5::Dataset data = group.create_extendible("data", type, {chunk.rows, chunk.columns}, columns);
    data.set_text("units", units);
    return data;
}

hdf5::Dataset create_time(hdf5::Group group, double start_ms, double interval_ms) {
    const std::array<double, 3> time{start_ms, start_ms, interval_ms};
    hdf5::Dataset dataset = group.create<double>("time", std::span<const double>(time));
    dataset.set_text("units", "ms");
    return dataset;
}

}  // namespace

ChunkShape choose_chunk(std::uint64_t columns, std::size_t bytes_per_value) {
    const std::uint64_t values = chunk_bytes / bytes_per_value;
    const std::uint64_t row_bytes = std::max<std::uint64_t>(columns, 1) * bytes_per_value;
    const std::uint64_t floor_rows = std::clamp<std::uint64_t>(block_bytes / row_bytes, 1, least_rows);
    ChunkShape chunk;
    chunk.rows = std::clamp<std::uint64_t>(values / std::max<std::uint64_t>(columns, 1), floor_rows, most_rows);
    chunk.columns = std::clamp<std::uint64_t>(values / chunk.rows, 1, std::max<std::uint64_t>(columns, 1));
    return chunk;
}

float round_compact(double value) {
    constexpr std::uint32_t dropped_bits = 11;
    const auto single = static_cast<float>(value);
    if (!std::isfinite(single)) return single;
    auto bits = std::bit_cast<std::uint32_t>(single);
    const std::uint32_t half = (1u << (dropped_bits - 1)) - 1 + ((bits >> dropped_bits) & 1u);
    bits = (bits + half) & ~((1u << dropped_bits) - 1u);
    return std::bit_cast<float>(bits);
}

RowStream::RowStream(hdf5::Group group, const std::string& time_group, std::uint64_t columns, const std::string& units,
                     Precision precision, double start_ms, double interval_ms)
    : group_(std::move(group)),
      data_(create_data(group_, columns, choose_chunk(columns, precision == Precision::full ? 8 : 4), precision, units)),
      time_(create_time(time_group.empty() ? group_ : group_.group(time_group), start_ms, interval_ms)),
      columns_(columns), precision_(precision), start_ms_(start_ms), interval_ms_(interval_ms),
      chunk_(choose_chunk(columns, precision == Precision::full ? 8 : 4)) {
    if (precision == Precision::full) {
        doubles_.reserve(chunk_.rows * columns);
    } else {
        singles_.reserve(chunk_.rows * columns);
    }
    if (precision == Precision::compact) group_.set_number("rounding_error", 0.0);
}

bool RowStream::append(std::span<const double> rows, std::size_t n_rows) {
    assert(rows.size() == n_rows * columns_ && "samples must come as whole rows, one value per element");
    bool wrote = false;
    for (std::size_t done = 0; done < n_rows;) {
        const std::size_t n = std::min<std::size_t>(n_rows - done, chunk_.rows - in_block_);
        keep(rows.subspan(done * columns_, n * columns_));
        in_block_ += n;
        done += n;
        if (in_block_ == chunk_.rows) {
            write_block();
            block_start_ += in_block_;
            in_block_ = saved_ = 0;
            singles_.clear();
            doubles_.clear();
            wrote = true;
        }
    }
    return wrote;
}

void RowStream::save() {
    if (in_block_ > saved_) write_block();
    saved_ = in_block_;
}

void RowStream::keep(std::span<const double> values) {
    switch (precision_) {
        case Precision::full: doubles_.insert(doubles_.end(), values.begin(), values.end()); return;
        case Precision::single:
            for (const double value : values) singles_.push_back(static_cast<float>(value));
            return;
        case Precision::compact:
            for (const double value : values) {
                const float rounded = round_compact(value);
                const double error = std::abs(value - static_cast<double>(rounded));
                if (error > rounding_error_) rounding_error_ = error;  // false for NaN
                singles_.push_back(rounded);
            }
    }
}

void RowStream::write_block() {
    const std::uint64_t rows = n_rows();
    data_.resize({rows, columns_});
    if (precision_ == Precision::full) {
        data_.write_rows<double>(block_start_, doubles_);
    } else {
        data_.write_rows<float>(block_start_, singles_);
    }
    const std::array<double, 3> time{start_ms_, start_ms_ + static_cast<double>(rows) * interval_ms_, interval_ms_};
    time_.write_rows<double>(0, time);
    if (precision_ == Precision::compact) group_.set_number("rounding_error", rounding_error_);
}

}  // namespace axolemma::record
