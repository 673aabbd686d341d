#include "bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/cpu_time.hpp"
#include "base/diagnostics.hpp"
#include "bench/memory.hpp"
#include "run/provenance.hpp"

namespace axolemma::bench {

namespace {

/// Time since it was made.
class Stopwatch {
public:
    Seconds elapsed() const
    {
        return {base::process_cpu_s() - cpu_start_s_,
                std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start_).count()};
    }

private:
    double cpu_start_s_ = base::process_cpu_s();
    std::chrono::steady_clock::time_point wall_start_ = std::chrono::steady_clock::now();
};

/// Counts spikes and throws everything else away.
class SpikeTally : public run::Sink {
public:
    void rows(std::size_t, std::span<const double>, std::size_t) override {}
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override
    {
        for (const auto& spike : spikes) {
            const Key key{static_cast<std::int32_t>(population), static_cast<std::int64_t>(spike.cell), spike.site};
            auto& seen = sites_[key];
            if (seen.n == 0) {
                seen = {std::get<0>(key), std::get<1>(key), std::get<2>(key), 0, spike.time_ms, spike.time_ms};
            }
            ++seen.n;
            seen.first_ms = std::min(seen.first_ms, spike.time_ms);
            seen.last_ms = std::max(seen.last_ms, spike.time_ms);
        }
    }
    std::vector<SiteSpikes> list() const
    {
        std::vector<SiteSpikes> list;
        for (const auto& [key, seen] : sites_) {
            list.push_back(seen);
        }
        return list;
    }

private:
    using Key = std::tuple<std::int32_t, std::int64_t, std::int32_t>;
    std::map<Key, SiteSpikes> sites_;
};

/// What reading the shape files of a model takes; their errors are left for the simulation to find.
Seconds time_reading(const model::Model& model)
{
    const Stopwatch watch;
    for (const auto& cell : model.cells) {
        if (std::holds_alternative<model::SwcShape>(cell.morphology.shape)) {
            base::Diagnostics ignored;
            run::make_shape(cell.morphology, ignored);
        }
    }
    return watch.elapsed();
}

Seconds less(const Seconds& all, const Seconds& part)
{
    return {std::max(0.0, all.cpu - part.cpu), std::max(0.0, all.wall - part.wall)};
}

/// One run from the initial state.
void run_once(Measurement& measurement, run::Simulation& simulation, int threads)
{
    SpikeTally tally;
    run::RunOptions options;
    options.threads = threads;
    const auto outcome = simulation.run(options, tally);
    if (!outcome.complete) {
        throw base::EngineError(fmt::format("{}: {}", measurement.name, outcome.failure));
    }
    if (!measurement.runs.empty() && outcome.result_hash != measurement.result_hash) {
        throw base::EngineError(fmt::format("{}: run {} gave {:016x} where run 1 gave {:016x}", measurement.name,
                                            measurement.runs.size() + 1, outcome.result_hash, measurement.result_hash));
    }
    measurement.runs.push_back({outcome.cpu_s, outcome.wall_s});
    measurement.result_hash = outcome.result_hash;
    measurement.threads = outcome.threads;
    measurement.n_sites = static_cast<std::int64_t>(outcome.sources.size());
    measurement.spikes = tally.list();
}

}  // namespace

std::int64_t Measurement::n_spikes() const
{
    return std::accumulate(spikes.begin(), spikes.end(), std::int64_t{0},
                           [](std::int64_t sum, const SiteSpikes& site) { return sum + site.n; });
}

double Measurement::ns(double seconds) const
{
    return 1e9 * seconds / (static_cast<double>(facts.n_compartments) * static_cast<double>(facts.n_steps));
}

double Measurement::counted_bytes_per_compartment() const
{
    return 1e6 * facts.memory_MB / static_cast<double>(facts.n_compartments);
}

double Measurement::resident_bytes_per_compartment() const
{
    return static_cast<double>(resident_bytes) / static_cast<double>(facts.n_compartments);
}

Statistics statistics(const std::vector<Seconds>& runs, double Seconds::*which)
{
    std::vector<double> values;
    std::transform(runs.begin(), runs.end(), std::back_inserter(values), [&](const Seconds& s) { return s.*which; });
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return {0.5 * (values[(n - 1) / 2] + values[n / 2]), values.front()};
}

Measurement measure(Workload workload, int threads, int repeats)
{
    Measurement measurement;
    measurement.name = workload.name;
    measurement.note = workload.note;
    measurement.method = run::method_text(workload.model.run.method);
    measurement.dt_ms = workload.model.run.dt_ms;
    measurement.read = time_reading(workload.model);
    const std::int64_t resident_before = resident_bytes();
    const Stopwatch watch;
    run::Simulation simulation(std::move(workload.model));
    measurement.setup = less(watch.elapsed(), measurement.read);
    measurement.facts = simulation.facts();
    for (int k = 0; k < repeats; ++k) {
        run_once(measurement, simulation, threads);
        if (k == 0 && resident_before > 0) {
            measurement.resident_bytes = std::max<std::int64_t>(0, resident_bytes() - resident_before);
        }
    }
    return measurement;
}

}  // namespace axolemma::bench
