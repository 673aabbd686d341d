#include "record/spike_stream.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "record/result_file.hpp"

namespace axolemma::record {
namespace {

constexpr std::size_t block_spikes = 8192;
constexpr std::uint64_t chunk_spikes = 1024;  // chunks are stored whole: few spikes must not take much space

constexpr std::uint64_t spikes_per_look = 1 << 20;  // 20 MB

hdf5::Dataset create_column(hdf5::Group& group, const std::string& name, hdf5::NumberType type)
{
    return group.create_extendible(name, type, {chunk_spikes}, 0, false);
}

hdf5::Dataset create_times(hdf5::Group& group, const std::string& name)
{
    hdf5::Dataset times = create_column(group, name, hdf5::NumberType::f64);
    times.set_text("units", "ms");
    return times;
}
hdf5::Dataset create_cells(hdf5::Group& group, const std::string& name)
{
    return create_column(group, name, hdf5::NumberType::u64);
}
hdf5::Dataset create_sites(hdf5::Group& group, const std::string& name)
{
    return create_column(group, name, hdf5::NumberType::i32);
}

}  // namespace

SpikeStream::SpikeStream(hdf5::Group group, hdf5::Dataset times, hdf5::Dataset cells, hdf5::Dataset sites)
    : group_(std::move(group)), times_(std::move(times)), cells_(std::move(cells)), sites_(std::move(sites))
{
    block_.reserve(block_spikes);
}

SpikeStream::SpikeStream(hdf5::Group group)
    : SpikeStream(group, create_times(group, "timestamps"), create_cells(group, "node_ids"),
                  create_sites(group, "site"))
{}

SpikeStream SpikeStream::continued(hdf5::Group group, std::uint64_t n_spikes)
{
    SpikeStream stream(group, group.dataset("timestamps"), group.dataset("node_ids"), group.dataset("site"));
    for (const hdf5::Dataset* column : {&stream.times_, &stream.cells_, &stream.sites_}) {
        const hdf5::Shape shape = column->shape();
        if (shape.size() != 1 || column->chunk().empty()) refuse_other_run(*column, "it is not a growing column");
        if (shape[0] < n_spikes) refuse_loss(*column, shape[0], n_spikes, "spikes");
    }
    stream.n_written_ = n_spikes;
    stream.look_at_order();
    return stream;
}

void SpikeStream::look_at_order()
{
    for (std::uint64_t first = 0; first < n_written_; first += spikes_per_look) {
        const hdf5::Block block{{first}, {std::min(spikes_per_look, n_written_ - first)}, {1}};
        const std::vector<double> times = times_.read<double>(block);
        const std::vector<std::uint64_t> cells = cells_.read<std::uint64_t>(block);
        const std::vector<std::int32_t> sites = sites_.read<std::int32_t>(block);
        for (std::size_t k = 0; k < times.size(); ++k) {
            const Spike spike{times[k], cells[k], sites[k]};
            if (first + k > 0 && spike < last_written_) in_order_ = false;
            last_written_ = first + k > 0 ? std::max(last_written_, spike) : spike;
        }
    }
}

void SpikeStream::cut()
{
    for (hdf5::Dataset* column : {&times_, &cells_, &sites_}) {
        if (column->shape()[0] != n_written_) column->resize({n_written_});
    }
}

bool SpikeStream::append(std::span<const Spike> spikes)
{
    block_.insert(block_.end(), spikes.begin(), spikes.end());
    if (block_.size() < block_spikes) return false;
    save();
    return true;
}

void SpikeStream::save()
{
    if (block_.empty()) return;
    std::sort(block_.begin(), block_.end());
    if (n_written_ > 0 && block_.front() < last_written_) in_order_ = false;
    last_written_ = std::max(last_written_, block_.back());
    write(n_written_, block_);
    n_written_ += block_.size();
    block_.clear();
}

void SpikeStream::sort()
{
    save();
    if (in_order_) return;
    std::vector<Spike> spikes = read_spikes(group_);
    std::sort(spikes.begin(), spikes.end());
    for (const char* name : {"timestamps.sorted", "node_ids.sorted", "site.sorted"}) {
        if (group_.has(name)) group_.remove(name);  // of a process killed inside the commit
    }
    times_ = create_times(group_, "timestamps.sorted");
    cells_ = create_cells(group_, "node_ids.sorted");
    sites_ = create_sites(group_, "site.sorted");
    write(0, spikes);
    for (const char* name : {"timestamps", "node_ids", "site"}) group_.replace(name, std::string(name) + ".sorted");
    in_order_ = true;
}

void SpikeStream::write(std::uint64_t first, std::span<const Spike> spikes)
{
    std::vector<double> times;
    std::vector<std::uint64_t> cells;
    std::vector<std::int32_t> sites;
    for (const Spike& spike : spikes) {
        times.push_back(spike.time_ms);
        cells.push_back(spike.cell);
        sites.push_back(spike.site);
    }
    for (hdf5::Dataset* column : {&times_, &cells_, &sites_})
        column->resize({std::max(n_written_, first + spikes.size())});
    times_.write_rows<double>(first, times);
    cells_.write_rows<std::uint64_t>(first, cells);
    sites_.write_rows<std::int32_t>(first, sites);
}

std::vector<Spike> read_spikes(const hdf5::Group& group)
{
    const std::vector<double> times = group.dataset("timestamps").read<double>();
    const std::vector<std::uint64_t> cells = group.dataset("node_ids").read<std::uint64_t>();
    const std::vector<std::int32_t> sites = group.dataset("site").read<std::int32_t>();
    // A process killed inside a commit may have lengthened one column and not yet the next.
    const std::size_t n = std::min({times.size(), cells.size(), sites.size()});
    std::vector<Spike> spikes(n);
    for (std::size_t k = 0; k < n; ++k) spikes[k] = {times[k], cells[k], sites[k]};
    return spikes;
}

}  // namespace axolemma::record
