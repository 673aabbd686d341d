#include "run/sink.hpp"

#include <algorithm>

namespace axolemma::run {

void MemorySink::rows(std::size_t report, std::span<const double> rows, std::size_t /*n_rows*/)
{
    if (samples_.size() <= report) {
        samples_.resize(report + 1);
    }
    samples_[report].insert(samples_[report].end(), rows.begin(), rows.end());
}

void MemorySink::spikes(std::size_t population, std::span<const record::Spike> spikes)
{
    if (spikes_.size() <= population) {
        spikes_.resize(population + 1);
    }
    spikes_[population].insert(spikes_[population].end(), spikes.begin(), spikes.end());
}

std::vector<double> MemorySink::column(std::size_t report, std::size_t element, std::size_t n_elements) const
{
    const auto& all = samples_.at(report);
    std::vector<double> values;
    for (std::size_t i = element; i < all.size(); i += n_elements) {
        values.push_back(all[i]);
    }
    return values;
}

std::vector<record::Spike> MemorySink::sorted_spikes(std::size_t population) const
{
    auto sorted = population < spikes_.size() ? spikes_[population] : std::vector<record::Spike>{};
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

}  // namespace axolemma::run
