#include "run/collector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/index.hpp"
#include "run/conduction_velocity.hpp"

namespace axolemma::run {

Collector::Collector(const BuiltModel& built, Sink& sink) : built_(built), ranks_(built.ranks), sink_(sink)
{
    progress_.row_hashes.resize(built_.recordings.reports.size());
    progress_.spike_hashes.resize(built_.populations.size());
    progress_.resting_mV.assign(built_.populations.size(), std::numeric_limits<double>::quiet_NaN());
    for (const auto& source : built_.recordings.sources) {
        progress_.sources.push_back({source.population, source.cell, source.site, 0, 0});
    }
    for (const auto& plan : built_.f_i_curves) {
        progress_.f_i_counters.emplace_back(plan, built_.model.run.stop_ms);
    }
}

template <class Action>
void Collector::on_root(Action action)
{
    if (!ranks_.is_root() || failure_ != nullptr) {
        return;
    }
    try {
        action();
    } catch (...) {
        if (ranks_.size() == 1) {
            throw;
        }
        failure_ = std::current_exception();
    }
}

void Collector::rows(std::size_t r, std::span<const double> mine, std::int64_t first_row, std::int64_t n)
{
    if (ranks_.size() == 1) {
        hand_over(r, mine, first_row, n);
        return;
    }
    const auto& first = built_.first_columns[r];
    const auto n_rows = static_cast<std::size_t>(n);
    std::vector<int> counts;
    for (std::size_t k = 0; k + 1 < first.size(); ++k) {
        counts.push_back(static_cast<int>(n_rows * (first[k + 1] - first[k])));
    }
    std::vector<double> blocks(ranks_.is_root() ? n_rows * first.back() : 0);
    ranks_.gather(mine, counts, std::span<double>(blocks));
    if (!ranks_.is_root()) {
        return;
    }
    std::vector<double> rows(blocks.size());
    const double* block = blocks.data();
    for (std::size_t k = 0; k + 1 < first.size(); ++k) {
        const std::size_t columns = first[k + 1] - first[k];
        for (std::size_t row = 0; row < n_rows; ++row, block += columns) {
            std::copy_n(block, columns, rows.data() + row * first.back() + first[k]);
        }
    }
    hand_over(r, rows, first_row, n);
}

void Collector::hand_over(std::size_t r, std::span<const double> rows, std::int64_t first_row, std::int64_t n_rows)
{
    progress_.row_hashes[r].add(rows);
    note_resting(r, rows, first_row, n_rows);
    on_root([&] { sink_.rows(r, rows, static_cast<std::size_t>(n_rows)); });
}

void Collector::note_resting(std::size_t r, std::span<const double> rows, std::int64_t first_row, std::int64_t n_rows)
{
    const auto& report = built_.recordings.reports[r];
    if (report.kind != Report::Kind::voltage || report.description.name != report.description.population) {
        return;
    }
    // The last sample that no stimulus has touched yet; none when a stimulus is on from the start.
    for (std::int64_t row = 0; row < n_rows; ++row) {
        const double t_ms =
            report.description.start_ms + static_cast<double>(first_row + row) * report.description.interval_ms;
        if (t_ms < built_.first_stimulus_ms) {
            progress_.resting_mV[base::index(report.population)] = rows[base::index(row) * report.elements.size()];
        }
    }
}

void Collector::count(const network::Spike& spike)
{
    auto& source = progress_.sources[base::index(spike.source)];
    source.first_ms = source.n == 0 ? spike.t_ms : source.first_ms;
    ++source.n;
    for (auto& counter : progress_.f_i_counters) {
        counter.add(built_.recordings.sources[base::index(spike.source)], spike.t_ms);
    }
}

void Collector::spikes(std::span<const network::Spike> spikes, double until_ms)
{
    std::vector<std::vector<record::Spike>> by_population(built_.populations.size());
    for (const auto& spike : spikes) {
        const auto& source = built_.recordings.sources[base::index(spike.source)];
        if (spike.t_ms <= until_ms && source.recorded) {
            by_population[base::index(source.population)].push_back(
                {spike.t_ms, static_cast<std::uint64_t>(source.cell), source.site});
            count(spike);
        }
    }
    for (std::size_t p = 0; p < by_population.size(); ++p) {
        auto& found = by_population[p];
        std::sort(found.begin(), found.end());
        for (const auto& spike : found) {
            progress_.spike_hashes[p].add(spike.time_ms);
            progress_.spike_hashes[p].add(spike.cell);
            progress_.spike_hashes[p].add(static_cast<std::uint64_t>(spike.site));
        }
        if (!found.empty()) {
            on_root([&] { sink_.spikes(p, found); });
        }
    }
}

void Collector::tell(Outcome& outcome) const
{
    for (std::size_t k = 0; k < progress_.sources.size(); ++k) {
        if (built_.recordings.sources[k].recorded) {
            outcome.sources.push_back(progress_.sources[k]);
        }
    }
    outcome.conduction_velocities = conduction_velocities(built_.populations, built_.recordings.sites, outcome.sources);
    for (const auto& counter : progress_.f_i_counters) {
        outcome.f_i_curves.push_back(counter.curve());
    }
    for (std::size_t p = 0; p < progress_.resting_mV.size(); ++p) {
        if (std::isfinite(progress_.resting_mV[p])) {
            outcome.resting.push_back({built_.populations[p].name(), progress_.resting_mV[p]});
        }
    }
}

}  // namespace axolemma::run
