#include "record/row_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>

#include "record/result_file.hpp"

namespace axolemma::record {
namespace {

constexpr std::uint64_t chunk_bytes = 256 * 1024;
constexpr std::uint64_t block_bytes = 32 * 1024 * 1024;
constexpr std::uint64_t most_rows = 4096;  // a run of a few elements must not wait long for its first block
constexpr std::uint64_t least_rows = 32;   // fewer would make reading one trace slow

std::size_t bytes_per_value(Precision precision)
{
    return precision == Precision::full ? sizeof(double) : sizeof(float);
}

hdf5::Dataset create_data(hdf5::Group& group, const RowFormat& format, ChunkShape chunk)
{
    const auto type = format.precision == Precision::full ? hdf5::NumberType::f64 : hdf5::NumberType::f32;
    // Deflate writes 50 MB/s, less than the engine makes; it pays only where rounding has emptied the low bits.
    const bool compress = format.precision == Precision::compact;
    hdf5::Dataset data = group.create_extendible("data", type, {chunk.rows, chunk.columns}, format.columns, compress);
    data.set_text("units", format.units);
    return data;
}

hdf5::Dataset create_time(hdf5::Group& group, const RowFormat& format)
{
    const std::array<double, 3> time{format.start_ms, format.start_ms, format.interval_ms};
    hdf5::Dataset dataset = group.create<double>("time", std::span<const double>(time));
    dataset.set_text("units", "ms");
    return dataset;
}

ChunkShape choose_chunk(const RowFormat& format)
{
    return record::choose_chunk(format.columns, bytes_per_value(format.precision), format.expected_rows);
}

void check(const hdf5::Object& part, const char* what, bool agrees)
{
    if (!agrees) refuse_other_run(part, fmt::format("its {} differ from this run's", what));
}

}  // namespace

ChunkShape choose_chunk(std::uint64_t columns, std::size_t value_bytes, std::uint64_t expected_rows)
{
    const std::uint64_t values = chunk_bytes / value_bytes;
    const std::uint64_t floor_rows = std::clamp<std::uint64_t>(block_bytes / (columns * value_bytes), 1, least_rows);
    ChunkShape chunk;
    chunk.rows = std::clamp(values / columns, floor_rows, most_rows);
    if (expected_rows > 0) chunk.rows = std::min(chunk.rows, expected_rows);
    // Chunks are stored whole: side by side they should end where the columns end.
    const std::uint64_t most_columns = std::clamp<std::uint64_t>(values / chunk.rows, 1, columns);
    const std::uint64_t n_side_by_side = (columns + most_columns - 1) / most_columns;
    chunk.columns = (columns + n_side_by_side - 1) / n_side_by_side;
    return chunk;
}

float round_compact(double value)
{
    constexpr std::uint32_t dropped_bits = 11;
    const auto single = static_cast<float>(value);
    if (!std::isfinite(single)) return single;
    auto bits = std::bit_cast<std::uint32_t>(single);
    const std::uint32_t half = (1u << (dropped_bits - 1)) - 1 + ((bits >> dropped_bits) & 1u);
    bits = (bits + half) & ~((1u << dropped_bits) - 1u);
    return std::bit_cast<float>(bits);
}

RowStream::RowStream(hdf5::Group group, const RowFormat& format, ChunkShape chunk, hdf5::Dataset data,
                     hdf5::Dataset time)
    : format_(format), chunk_(chunk), group_(std::move(group)), data_(std::move(data)), time_(std::move(time))
{
    if (format_.precision == Precision::full) {
        doubles_.reserve(chunk_.rows * format_.columns);
    } else {
        singles_.reserve(chunk_.rows * format_.columns);
    }
}

RowStream::RowStream(hdf5::Group group, hdf5::Group time_group, const RowFormat& format)
    : RowStream(group, format, choose_chunk(format), create_data(group, format, choose_chunk(format)),
                create_time(time_group, format))
{
    if (format_.precision == Precision::compact) group_.set_number("rounding_error", 0.0);
}

RowStream RowStream::continued(hdf5::Group group, hdf5::Group time_group, const RowFormat& format, std::uint64_t n_rows)
{
    hdf5::Dataset data = group.dataset("data"), time = time_group.dataset("time");
    const hdf5::Shape shape = data.shape(), chunk = data.chunk();
    const bool is_compact = group.has_attribute("rounding_error");
    check(data, "columns",
          shape.size() == 2 && chunk.size() == 2 && chunk[0] <= most_rows && shape[1] == format.columns);
    check(data, "units", data.text("units") == format.units);
    check(data, "number types",
          is_compact == (format.precision == Precision::compact) &&
              data.is_f32() == (format.precision != Precision::full));
    const std::vector<double> times = time.read<double>();
    check(time, "times", times.size() == 3 && times[0] == format.start_ms && times[2] == format.interval_ms);
    if (shape[0] < n_rows) refuse_loss(data, shape[0], n_rows, "rows");
    // Its chunks, as a run that is to become longer would choose others.
    RowStream stream(group, format, {chunk[0], chunk[1]}, std::move(data), std::move(time));
    stream.in_block_ = stream.saved_ = n_rows % chunk[0];
    stream.block_start_ = n_rows - stream.in_block_;
    // Of every row that ever was in the file: those beyond n_rows will come again.
    if (is_compact) stream.rounding_error_ = group.number<double>("rounding_error");
    stream.read_back();
    return stream;
}

void RowStream::read_back()
{
    const hdf5::Block block{{block_start_, 0}, {in_block_, format_.columns}, {1, 1}};
    if (format_.precision == Precision::full) {
        const std::vector<double> values = data_.read<double>(block);
        doubles_.insert(doubles_.end(), values.begin(), values.end());
    } else {
        const std::vector<float> values = data_.read<float>(block);
        singles_.insert(singles_.end(), values.begin(), values.end());
    }
}

void RowStream::cut()
{
    if (data_.shape()[0] != n_rows()) data_.resize({n_rows(), format_.columns});
    write_time();
}

bool RowStream::append(std::span<const double> rows, std::size_t n_rows)
{
    assert(rows.size() == n_rows * format_.columns && "samples must come as whole rows, one value per element");
    bool wrote = false;
    for (std::size_t done = 0; done < n_rows;) {
        const std::size_t n = std::min<std::size_t>(n_rows - done, chunk_.rows - in_block_);
        keep(rows.subspan(done * format_.columns, n * format_.columns));
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

void RowStream::save()
{
    if (in_block_ > saved_) write_block();
    saved_ = in_block_;
}

bool RowStream::is_worth_saving() const
{
    return in_block_ > saved_ && (format_.precision != Precision::compact || in_block_ >= 2 * saved_);
}

void RowStream::keep(std::span<const double> values)
{
    switch (format_.precision) {
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

void RowStream::write_block()
{
    const std::uint64_t rows = n_rows();
    data_.resize({rows, format_.columns});
    if (format_.precision == Precision::full) {
        data_.write_rows<double>(block_start_, doubles_);
    } else {
        data_.write_rows<float>(block_start_, singles_);
    }
    write_time();
    if (format_.precision == Precision::compact) group_.set_number("rounding_error", rounding_error_);
}

void RowStream::write_time()
{
    const double stop_ms = format_.start_ms + static_cast<double>(n_rows()) * format_.interval_ms;
    const std::array<double, 3> time{format_.start_ms, stop_ms, format_.interval_ms};
    time_.write_rows<double>(0, time);
}

}  // namespace axolemma::record
