#include "run/run_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/cpu_time.hpp"
#include "base/index.hpp"
#include "base/parallel.hpp"
#include "run/cells_in_work.hpp"
#include "run/fault.hpp"

namespace axolemma::run {

namespace {

/// Progress and files are served about twice a second; a group stays in the cache for at least the shortest epoch, unless
/// the buffers of what is recorded are full or spikes are waited for before.
constexpr std::int64_t node_steps_per_epoch = 100000000;
constexpr std::int64_t shortest_epoch_steps = 32;
constexpr std::int64_t values_per_epoch = 1 << 20;  ///< recorded numbers buffered between two writes (8 MB)
/// Threads that meet after every step must have more to do in it than meeting costs.
constexpr std::int64_t nodes_worth_a_thread = 5000;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

double wall_s()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

RunLoop::RunLoop(BuiltModel& built, const RunOptions& options, Sink& sink)
    : built_(built),
      ranks_(built.ranks),
      options_(options),
      collector_(built, sink),
      exchange_(built.ranks),
      gap_sites_(built)
{
    outcome_.threads = threads_of_rank(options_.threads, ranks_);
    outcome_.ranks = ranks_.size();
    choose_epoch();
}

void RunLoop::choose_epoch()
{
    std::int64_t per_step = 1;
    for (const auto& report : built_.recordings.reports) {
        per_step += static_cast<std::int64_t>(report.elements.size()) / report.every_steps + 1;
    }
    const std::int64_t watched = 1 + static_cast<std::int64_t>(built_.recordings.sources.size());
    const std::int64_t nodes = std::max<std::int64_t>(built_.facts.largest_share_nodes, 1);
    epoch_steps_ = std::min({std::max(shortest_epoch_steps, node_steps_per_epoch / nodes), values_per_epoch / per_step,
                             values_per_epoch / watched, std::int64_t{1000}});
    overlap_ = ranks_.size() > 1 && built_.min_delay_steps > 1;
    epoch_steps_ = std::min(epoch_steps_, overlap_ ? built_.min_delay_steps / 2 : built_.min_delay_steps);
    epoch_steps_ = std::max<std::int64_t>(epoch_steps_, 1);
}

void RunLoop::make_room()
{
    for (auto& epoch : epochs_) {
        epoch.rows.clear();
        for (std::size_t r = 0; r < built_.recordings.reports.size(); ++r) {
            const auto rows = static_cast<std::size_t>(epoch_steps_ / built_.recordings.reports[r].every_steps + 2);
            epoch.rows.emplace_back(built_.n_own_columns(r) * rows, 0.0);
        }
        epoch.first_row.assign(epoch.rows.size(), 0);
    }
    listened_to_.assign(built_.recordings.sources.size(), false);
    for (const auto& group : built_.groups) {
        for (const std::int32_t source : group->inbox.sources()) {
            listened_to_[base::index(source)] = true;
        }
    }
}

void RunLoop::start()
{
    make_room();
    for (auto& group : built_.groups) {
        group->state = group::State(group->plan);
        group->bad_node = -1;
        group->bad_step = never;
        group->stepper->initialise(group->state);
        group->detector.clear();
        group->detector.reserve(static_cast<std::size_t>(epoch_steps_));
        group->detector.initialise(group->state);
        group->inbox.reset();
    }
    if (!options_.resume_from.empty()) {
        resume();
        return;
    }
    gap_sites_.begin();
    for (auto& group : built_.groups) {
        sample(*group, 0, 0.0, epochs_[0]);
    }
    hand_over_rows(epochs_[0], 0, 1);
}

void RunLoop::resume()
{
    GapVoltages gaps;
    network::together(ranks_, [&] { load_checkpoint(built_, options_.resume_from, collector_.progress(), gaps); });
    gap_sites_.go_on_from(std::move(gaps));
    outcome_.first_step = collector_.progress().step;
    outcome_.n_steps = collector_.progress().step;
}

std::int64_t RunLoop::end_of_epoch(std::int64_t step) const
{
    std::int64_t end = std::min(step + epoch_steps_, built_.facts.n_steps);
    if (const std::int64_t every = options_.checkpoint.every_steps; every > 0) {
        end = std::min(end, (step / every + 1) * every);
    }
    return end;
}

void RunLoop::sample(GroupRun& group, std::int64_t step, double gate_lag_ms, Epoch& epoch)
{
    const double dt_ms = built_.model.run.dt_ms;
    const record::SampleTime time{static_cast<double>(step) * dt_ms, dt_ms, gate_lag_ms};
    for (std::size_t r = 0; r < epoch.rows.size(); ++r) {
        const auto& report = built_.recordings.reports[r];
        if (report.due(step) && !group.probes[r].empty()) {
            const auto row = static_cast<std::size_t>(report.rows_before(step) - epoch.first_row[r]);
            group.probes[r].sample(group.state, time, epoch.rows[r].data() + row * built_.n_own_columns(r));
        }
    }
}

void RunLoop::open_epoch(GroupRun& group, const Epoch& epoch) const
{
    group.inbox.receive(arrived_, built_.model.run.dt_ms);
    group.inbox.open(epoch.from, epoch.to, built_.model.run.dt_ms);
}

void RunLoop::run_group(GroupRun& group, std::int64_t from, std::int64_t to, Epoch& epoch)
{
    const double dt_ms = built_.model.run.dt_ms;
    const WorkOnCells note({group.plan.cells.front().cell, group.plan.cells.back().cell});
    for (std::int64_t step = from; step < to && group.bad_step == never; ++step) {
        if (!group.stepper->advance(group.state, step, {group.inbox.take(step), gap_sites_.expected_mV()})) {
            // A clamp may have set right what the solver left.
            group.bad_node = group.stepper->find_bad_node(group.state);
            if (group.bad_node >= 0 || group.stepper->synapse_failure().failed()) {
                group.bad_step = step + 1;
                return;
            }
        }
        sample(group, step + 1, group.stepper->gate_lag_ms(), epoch);
        group.detector.observe(group.state, step, dt_ms);
    }
}

void RunLoop::compute(Epoch& epoch)
{
    for (std::size_t r = 0; r < epoch.rows.size(); ++r) {
        epoch.first_row[r] = built_.recordings.reports[r].rows_before(epoch.from + 1);
    }
    if (!gap_sites_.empty()) {
        compute_step_by_step(epoch);
    } else {
        base::parallel_for(static_cast<std::int64_t>(built_.groups.size()), outcome_.threads, [&](std::int64_t g) {
            auto& group = *built_.groups[base::index(g)];
            open_epoch(group, epoch);
            run_group(group, epoch.from, epoch.to, epoch);
        });
    }
    arrived_.clear();
}

/// Gap junctions: everybody needs everybody's voltage at every step.
void RunLoop::compute_step_by_step(Epoch& epoch)
{
    std::int64_t n_nodes = 0;
    for (const auto& group : built_.groups) {
        n_nodes += group->plan.n_nodes();
    }
    const auto threads = static_cast<int>(std::min<std::int64_t>(outcome_.threads, 1 + n_nodes / nodes_worth_a_thread));
    for (auto& group : built_.groups) {
        open_epoch(*group, epoch);
    }
    for (std::int64_t step = epoch.from; step < epoch.to; ++step) {
        gap_sites_.expect();
        base::parallel_for(static_cast<std::int64_t>(built_.groups.size()), threads,
                           [&](std::int64_t g) { run_group(*built_.groups[base::index(g)], step, step + 1, epoch); });
        gap_sites_.exchange();
    }
}

void RunLoop::begin_exchange(const Epoch& epoch)
{
    std::vector<network::Spike> spikes;
    network::EpochStatus status;
    for (auto& group : built_.groups) {
        const auto& found = group->detector.spikes();
        spikes.insert(spikes.end(), found.begin(), found.end());
        group->detector.clear();
        status.failed_step = std::min(status.failed_step, group->bad_step);
    }
    status.stop = options_.stop_requested && options_.stop_requested();
    status.checkpoint = ranks_.is_root() && wants_checkpoint(epoch.to);
    status.broken = collector_.failure() != nullptr;
    exchange_.begin(spikes, status);
}

bool RunLoop::wants_checkpoint(std::int64_t step) const
{
    const auto& when = options_.checkpoint;
    if (when.path.empty()) {
        return false;
    }
    return (when.every_wall_s > 0.0 && wall_s() - last_checkpoint_s_ >= when.every_wall_s) ||
           (when.every_steps > 0 && step % when.every_steps == 0);
}

void RunLoop::settle(Epoch& epoch)
{
    const auto status = exchange_.finish();
    failed_step_ = status.failed_step;
    stop_ = stop_ || status.stop;
    checkpoint_wanted_ = checkpoint_wanted_ || status.checkpoint;
    broken_ = broken_ || status.broken;
    // What was reached by every group before one of them failed is sound, and is kept.
    const std::int64_t sound = std::min(epoch.to, failed_step_ - 1);
    if (!broken_) {
        hand_over_rows(epoch, epoch.from + 1, sound + 1);
        collector_.spikes(exchange_.spikes(), static_cast<double>(sound) * built_.model.run.dt_ms);
    }
    keep_arrived(exchange_.spikes());
    outcome_.n_steps = sound;
    if (sound < epoch.to) {
        describe_failure(failed_step_);
    }
    if (options_.progress && ranks_.is_root()) {
        options_.progress(outcome_.n_steps, built_.facts.n_steps);
    }
}

void RunLoop::keep_arrived(std::span<const network::Spike> spikes)
{
    const auto n_before = static_cast<std::ptrdiff_t>(arrived_.size());
    std::copy_if(spikes.begin(), spikes.end(), std::back_inserter(arrived_),
                 [&](const network::Spike& spike) { return listened_to_[base::index(spike.source)]; });
    std::inplace_merge(arrived_.begin(), arrived_.begin() + n_before, arrived_.end(),
                       [](const network::Spike& a, const network::Spike& b) { return a.source < b.source; });
}

void RunLoop::hand_over_rows(const Epoch& epoch, std::int64_t from, std::int64_t to)
{
    for (std::size_t r = 0; r < epoch.rows.size(); ++r) {
        const auto& report = built_.recordings.reports[r];
        const std::int64_t n = report.rows_before(to) - report.rows_before(from);
        if (n > 0) {
            collector_.rows(r, {epoch.rows[r].data(), base::index(n) * built_.n_own_columns(r)},
                            report.rows_before(from), n);
        }
    }
}

void RunLoop::describe_failure(std::int64_t step)
{
    std::string text;
    for (const auto& group : built_.groups) {
        if (group->bad_step == step && text.empty()) {
            text = describe_fault(built_, *group);
        }
    }
    std::string first;
    ranks_.gather(std::as_bytes(std::span(text)), [&](int rank, std::span<const std::byte> bytes) {
        if (first.empty() && !bytes.empty()) {
            first.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            if (ranks_.size() > 1) {
                first += fmt::format(" (rank {} of {})", rank, ranks_.size());
            }
        }
    });
    outcome_.failure =
        first.empty() ? "a cell of another rank could not go on" : first + "; what was recorded before is saved";
}

void RunLoop::save_checkpoint(std::int64_t step)
{
    for (auto& group : built_.groups) {
        group->inbox.receive(arrived_, built_.model.run.dt_ms);
    }
    arrived_.clear();
    collector_.progress().step = step;
    const auto problem = write_checkpoint(built_, collector_.progress(), gap_sites_.voltages(), options_.checkpoint);
    last_checkpoint_s_ = wall_s();
    checkpoint_wanted_ = false;
    outcome_.checkpointed = problem.empty();
    if (!problem.empty() && ranks_.is_root() && options_.checkpoint.warn) {
        options_.checkpoint.warn(problem);
    }
}

void RunLoop::run_steps()
{
    const std::int64_t n_steps = built_.facts.n_steps;
    std::int64_t step = collector_.progress().step;
    std::size_t now = 0;
    bool waiting = false;  // for the epoch before
    while (step < n_steps) {
        Epoch& epoch = epochs_[now];
        epoch.from = step;
        epoch.to = end_of_epoch(step);
        compute(epoch);
        if (waiting) {
            settle(epochs_[1 - now]);
            waiting = false;
            if (failed_step_ != never || broken_) {
                return;
            }
        }
        begin_exchange(epoch);
        step = epoch.to;
        if (overlap_ && !stop_ && !checkpoint_wanted_ && step < n_steps) {
            waiting = true;
            now = 1 - now;
            continue;
        }
        settle(epoch);
        if (failed_step_ != never || broken_) {
            return;
        }
        if (!options_.checkpoint.path.empty() && (checkpoint_wanted_ || stop_) && step < n_steps) {
            save_checkpoint(step);
        }
        if (stop_) {
            return;
        }
    }
}

std::uint64_t RunLoop::hash_of_states()
{
    std::vector<std::uint64_t> mine;
    for (const auto& group : built_.groups) {
        group->stepper->catch_up(group->state);
        for (const auto& cell : group->plan.cells) {
            mine.push_back(group->state.hash_cell(group->plan, cell));
        }
    }
    base::Hash64 hash;
    for (const auto* parts : {&collector_.progress().row_hashes, &collector_.progress().spike_hashes}) {
        for (const auto& part : *parts) {
            hash.add(part.value());
        }
    }
    for (const std::uint64_t of_cell : network::gather_records(ranks_, mine)) {
        hash.add(of_cell);
    }
    return hash.value();
}

void RunLoop::finish()
{
    outcome_.complete = outcome_.n_steps == built_.facts.n_steps && outcome_.failure.empty() && !broken_;
    if (outcome_.failure.empty() && !broken_) {  // otherwise groups stopped at different steps
        outcome_.result_hash = hash_of_states();
    }
    collector_.tell(outcome_);
    outcome_.bytes_exchanged = exchange_.bytes_sent();
    outcome_.exchanges = exchange_.rounds();
}

Outcome RunLoop::run()
{
    const double wall_start_s = wall_s();
    const double cpu_start_s = base::process_cpu_s();
    last_checkpoint_s_ = wall_start_s;
    start();
    run_steps();
    // A failure of the sink after the last exchange is not known to the others yet.
    broken_ = ranks_.largest(std::int64_t{collector_.failure() != nullptr ? 1 : 0}) != 0 || broken_;
    finish();
    network::together(ranks_, [&] {
        if (collector_.failure() != nullptr) {
            std::rethrow_exception(collector_.failure());
        }
    });
    outcome_.wall_s = wall_s() - wall_start_s;
    outcome_.cpu_s = ranks_.sum(base::process_cpu_s() - cpu_start_s);
    return std::move(outcome_);
}

}  // namespace axolemma::run
