#include "record/spike_stream.hpp"

#include <algorithm>

namespace axolemma::record {
namespace {

constexpr std::size_t block_spikes = 8192;
constexpr std::uint64_t chunk_spikes = 1024;  // chunks are stored whole: few spikes must not take much space

hdf5::Dataset create_column(hdf5::Group& group, const char* name, hdf5::NumberType type)
{
    return group.create_extendible(name, type, {chunk_spikes}, 0, false);
}

}  // namespace

SpikeStream::SpikeStream(hdf5::Group group, const SpikeSites& sites)
    : times_(create_column(group, "timestamps", hdf5::NumberType::f64)),
      cells_(create_column(group, "node_ids", hdf5::NumberType::u64)),
      sites_(create_column(group, "site", hdf5::NumberType::i32))
{
    times_.set_text("units", "ms");
    group.create_text("site_names", sites.name);
    group.create<std::int32_t>("site_section", sites.section);
    group.create<double>("site_position", sites.position);
    group.create<double>("site_distance", sites.distance_um).set_text("units", "um");
    group.create<double>("site_threshold", sites.threshold_mV).set_text("units", "mV");
    block_.reserve(block_spikes);
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
    const std::vector<double> times = times_.read<double>();
    const std::vector<std::uint64_t> cells = cells_.read<std::uint64_t>();
    const std::vector<std::int32_t> sites = sites_.read<std::int32_t>();
    std::vector<Spike> spikes(times.size());
    for (std::size_t k = 0; k < spikes.size(); ++k) spikes[k] = {times[k], cells[k], sites[k]};
    std::sort(spikes.begin(), spikes.end());
    write(0, spikes);
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
