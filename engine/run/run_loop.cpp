#include "run/run_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/cpu_time.hpp"
#include "base/parallel.hpp"
#include "run/conduction_velocity.hpp"

namespace axolemma::run {

namespace {

/// Progress and files are served about twice a second; a group stays in the cache for at least the shortest epoch, unless
/// the buffers of what is recorded are full before.
constexpr std::int64_t node_steps_per_epoch = 100000000;
constexpr std::int64_t shortest_epoch_steps = 32;
constexpr std::int64_t values_per_epoch = 1 << 20;  ///< recorded numbers buffered between two writes (8 MB)

}  // namespace

RunLoop::RunLoop(BuiltModel& built, const RunOptions& options, Sink& sink)
    : built_(built), options_(options), sink_(sink)
{
    outcome_.threads = options_.threads > 0 ? options_.threads : base::default_thread_count();
    for (const auto& source : built_.recordings.sources) {
        outcome_.sources.push_back({source.population, source.cell, source.site, 0, 0});
    }
    for (const auto& plan : built_.f_i_curves) {
        f_i_counters_.emplace_back(plan, built_.model.run.stop_ms);
    }
    resting_.assign(built_.populations.size(), std::numeric_limits<double>::quiet_NaN());
    buffers_.resize(built_.recordings.reports.size());
    row_hashes_.resize(buffers_.size());
    spike_hashes_.resize(built_.populations.size());
    std::int64_t per_step = 1;
    for (const auto& report : built_.recordings.reports) {
        per_step += static_cast<std::int64_t>(report.elements.size()) / report.every_steps + 1;
    }
    const std::int64_t watched = 1 + static_cast<std::int64_t>(built_.recordings.sources.size());
    epoch_steps_ = std::min(
        {std::max(shortest_epoch_steps, node_steps_per_epoch / std::max<std::int64_t>(built_.facts.n_nodes, 1)),
         values_per_epoch / per_step, values_per_epoch / watched, std::int64_t{1000}});
    epoch_steps_ = std::max<std::int64_t>(epoch_steps_, 1);
}

void RunLoop::start()
{
    first_buffered_.assign(buffers_.size(), 0);
    for (auto& group : built_.groups) {
        group->state = group::State(group->plan);
        group->bad_node = -1;
        group->bad_step = std::numeric_limits<std::int64_t>::max();
        group->stepper->initialise(group->state);
        group->detector.clear();
        group->detector.reserve(static_cast<std::size_t>(epoch_steps_));
        group->detector.initialise(group->state);
    }
    for (std::size_t r = 0; r < buffers_.size(); ++r) {
        const auto& report = built_.recordings.reports[r];
        buffers_[r].assign(report.elements.size() * static_cast<std::size_t>(epoch_steps_ / report.every_steps + 2),
                           0.0);
    }
    for (auto& group : built_.groups) {
        sample(*group, 0, 0.0);
    }
    hand_over_rows(0, 1);
}

void RunLoop::sample(GroupRun& group, std::int64_t step, double gate_lag_ms)
{
    const double dt_ms = built_.model.run.dt_ms;
    const record::SampleTime time{static_cast<double>(step) * dt_ms, dt_ms, gate_lag_ms};
    for (std::size_t r = 0; r < buffers_.size(); ++r) {
        const auto& report = built_.recordings.reports[r];
        if (report.due(step) && !group.probes[r].empty()) {
            const std::int64_t row = report.rows_before(step) - first_buffered_[r];
            group.probes[r].sample(group.state, time,
                                   buffers_[r].data() + static_cast<std::size_t>(row) * report.elements.size());
        }
    }
}

void RunLoop::run_group(GroupRun& group, std::int64_t from, std::int64_t to)
{
    const double dt_ms = built_.model.run.dt_ms;
    for (std::int64_t step = from; step < to; ++step) {
        if (!group.stepper->advance(group.state, step)) {
            // A clamp may have set right what the solver left.
            group.bad_node = group.stepper->find_bad_node(group.state);
            if (group.bad_node >= 0) {
                group.bad_step = step + 1;
                return;
            }
        }
        sample(group, step + 1, group.stepper->gate_lag_ms());
        group.detector.observe(group.state, static_cast<double>(step + 1) * dt_ms, dt_ms);
    }
}

std::int64_t RunLoop::earliest_failure() const
{
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
    for (const auto& group : built_.groups) {
        earliest = std::min(earliest, group->bad_step);
    }
    return earliest;
}

void RunLoop::advance(std::int64_t from, std::int64_t to)
{
    base::parallel_for(static_cast<std::int64_t>(built_.groups.size()), outcome_.threads,
                       [&](std::int64_t g) { run_group(*built_.groups[static_cast<std::size_t>(g)], from, to); });
    // What was reached by every group before one of them failed is sound, and is kept.
    const std::int64_t sound = std::min(to, earliest_failure() - 1);
    hand_over_rows(from + 1, sound + 1);
    hand_over_spikes(static_cast<double>(sound) * built_.model.run.dt_ms);
    outcome_.n_steps = sound;
    if (sound < to) {
        describe_failure();
    }
}

void RunLoop::hand_over_rows(std::int64_t from, std::int64_t to)
{
    for (std::size_t r = 0; r < buffers_.size(); ++r) {
        const auto& report = built_.recordings.reports[r];
        const std::int64_t n = report.rows_before(to) - report.rows_before(from);
        if (n > 0) {
            const std::span<const double> rows{buffers_[r].data(),
                                               static_cast<std::size_t>(n) * report.elements.size()};
            row_hashes_[r].add(rows);
            note_resting(r, report.rows_before(from), n);
            sink_.rows(r, rows, static_cast<std::size_t>(n));
        }
        first_buffered_[r] = report.rows_before(to);
    }
}

void RunLoop::note_resting(std::size_t r, std::int64_t first_row, std::int64_t n_rows)
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
            resting_[static_cast<std::size_t>(report.population)] =
                buffers_[r][static_cast<std::size_t>(row) * report.elements.size()];
        }
    }
}

void RunLoop::count_spike(const network::Spike& spike)
{
    auto& source = outcome_.sources[static_cast<std::size_t>(spike.source)];
    source.first_ms = source.n == 0 ? spike.t_ms : source.first_ms;
    ++source.n;
    for (auto& counter : f_i_counters_) {
        counter.add(built_.recordings.sources[static_cast<std::size_t>(spike.source)], spike.t_ms);
    }
}

void RunLoop::hand_over_spikes(double until_ms)
{
    std::vector<std::vector<record::Spike>> by_population(built_.populations.size());
    for (auto& group : built_.groups) {
        for (const auto& spike : group->detector.spikes()) {
            if (spike.t_ms <= until_ms) {
                const auto& source = built_.recordings.sources[static_cast<std::size_t>(spike.source)];
                by_population[static_cast<std::size_t>(source.population)].push_back(
                    {spike.t_ms, static_cast<std::uint64_t>(source.cell), source.site});
                count_spike(spike);
            }
        }
        group->detector.clear();
    }
    for (std::size_t p = 0; p < by_population.size(); ++p) {
        auto& spikes = by_population[p];
        std::sort(spikes.begin(), spikes.end());
        for (const auto& spike : spikes) {
            spike_hashes_[p].add(spike.time_ms);
            spike_hashes_[p].add(spike.cell);
            spike_hashes_[p].add(static_cast<std::uint64_t>(spike.site));
        }
        if (!spikes.empty()) {
            sink_.spikes(p, spikes);
        }
    }
}

void RunLoop::describe_failure()
{
    const std::int64_t step = earliest_failure();
    for (const auto& group : built_.groups) {
        if (group->bad_step != step) {
            continue;
        }
        const auto& cell = group->plan.cell_of(group->bad_node);
        for (const auto& population : built_.populations) {
            const std::int64_t index = cell.cell - population.first_cell();
            if (index >= 0 && index < population.count()) {
                const auto where = population.layout().centre(group->bad_node - cell.first_node);
                const double v_mV = group->state.v_mV(group->bad_node);
                outcome_.failure = fmt::format(
                    "the voltage left the range of numbers at t = {:g} ms in cell {} of '{}', {}: {:g} mV; "
                    "what was recorded before is saved",
                    static_cast<double>(step) * built_.model.run.dt_ms, index, population.name(),
                    population.place_text(where), v_mV);
            }
        }
        return;
    }
}

void RunLoop::finish(bool reached_end)
{
    base::Hash64 hash;
    for (const auto* parts : {&row_hashes_, &spike_hashes_}) {
        for (const auto& part : *parts) {
            hash.add(part.value());
        }
    }
    for (const auto& group : built_.groups) {
        if (!outcome_.failure.empty()) {
            break;  // groups stopped at different steps; their states are not a result
        }
        group->stepper->catch_up(group->state);
        for (const auto& cell : group->plan.cells) {
            hash.add(group->state.hash_cell(group->plan, cell));
        }
    }
    outcome_.complete = reached_end;
    outcome_.result_hash = hash.value();
    outcome_.conduction_velocities =
        conduction_velocities(built_.populations, built_.recordings.sites, outcome_.sources);
    for (const auto& counter : f_i_counters_) {
        outcome_.f_i_curves.push_back(counter.curve());
    }
    for (std::size_t p = 0; p < resting_.size(); ++p) {
        if (std::isfinite(resting_[p])) {
            outcome_.resting.push_back({built_.populations[p].name(), resting_[p]});
        }
    }
}

Outcome RunLoop::run()
{
    const auto wall_start = std::chrono::steady_clock::now();
    const double cpu_start_s = base::process_cpu_s();
    start();
    bool go_on = true;
    std::int64_t step = 0;
    while (step < built_.facts.n_steps && go_on) {
        const std::int64_t to = std::min(step + epoch_steps_, built_.facts.n_steps);
        advance(step, to);
        step = to;
        go_on = outcome_.failure.empty() && !(options_.stop_requested && options_.stop_requested());
        if (options_.progress) {
            options_.progress(outcome_.n_steps, built_.facts.n_steps);
        }
    }
    finish(outcome_.n_steps == built_.facts.n_steps && outcome_.failure.empty());
    outcome_.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
    outcome_.cpu_s = base::process_cpu_s() - cpu_start_s;
    return std::move(outcome_);
}

}  // namespace axolemma::run
