#include "run/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "network/spike_detector.hpp"
#include "run/analysis.hpp"
#include "run/recordings.hpp"
#include "solve/stepper.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;

constexpr std::int64_t nodes_per_group = 2048;       ///< state and plan of a group fit into L2
constexpr std::int64_t node_steps_per_epoch = 2000000;  ///< progress and files are served a few times a second
constexpr std::int64_t values_per_epoch = 1 << 20;   ///< recorded numbers buffered between two writes (8 MB)

/// A group, its solver and everything that watches it. Not movable: parts point at each other.
struct GroupRun {
    GroupRun(group::Plan made, const model::RunSpec& run) : plan(std::move(made)), state(plan), stepper(plan, run.method, run.dt_ms) {}
    GroupRun(const GroupRun&) = delete;
    GroupRun& operator=(const GroupRun&) = delete;

    group::Plan plan;
    group::State state;
    solve::Stepper stepper;
    network::SpikeDetector detector;
    std::vector<record::GroupProbe> probes;  ///< one per report
    std::int32_t bad_node = -1;              ///< node whose voltage stopped being a number, and the step it was reached in
    std::int64_t bad_step = std::numeric_limits<std::int64_t>::max();
};

std::int64_t step_count(const model::RunSpec& run, Diagnostics& diagnostics)
{
    const double steps = std::round(run.stop_ms / run.dt_ms);
    if (!(run.dt_ms > 0.0) || !(run.stop_ms > 0.0) || !(steps < 1e15)) {
        diagnostics.error(run.pos, "'stop' and 'dt' must be greater than 0");
        return 0;
    }
    if (std::abs(run.stop_ms / run.dt_ms - steps) > 1e-6 * std::max(1.0, steps * 1e-6)) {
        diagnostics.error(run.pos, fmt::format("'stop' is {:g} ms, which is not a whole number of steps of {:g} ms", run.stop_ms, run.dt_ms),
                          fmt::format("use stop: {:g} ms, or change dt", std::max(1.0, steps) * run.dt_ms));
    }
    return static_cast<std::int64_t>(steps);
}

double cpu_seconds()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace

struct Simulation::Impl {
    model::Model model;
    Facts facts;
    Diagnostics warnings;
    std::vector<Population> populations;
    Recordings recordings;
    std::vector<record::ReportDescription> descriptions;
    std::vector<std::unique_ptr<GroupRun>> groups;
    double first_stimulus_ms = std::numeric_limits<double>::infinity();

    // ---- build ----
    void build();
    void make_populations(Diagnostics& diagnostics);
    void check_f_i_curves(Diagnostics& diagnostics) const;
    void pack(Diagnostics& diagnostics);
    void plug_stimuli(discretise::DiscretisedCell& cell, const Population& population, std::int64_t index,
                      Diagnostics& diagnostics);
    void add_group(std::vector<group::CellToPack>& cells);
    void count_facts();
    void warn_about_stiff_clamps(Diagnostics& diagnostics) const;

    // ---- run ----
    struct Progress;
    Outcome run(const RunOptions& options, Sink& sink);
};

/// One run: what is kept between epochs.
struct Simulation::Impl::Progress {
    Progress(Impl& owner, const RunOptions& options, Sink& destination) : impl(owner), sink(destination)
    {
        outcome.threads = options.threads > 0 ? options.threads : base::default_thread_count();
        for (const auto& source : impl.recordings.sources) {
            outcome.sources.push_back({source.population, source.cell, source.site, 0, 0, 0, 0, 0});
        }
        resting.assign(impl.populations.size(), std::numeric_limits<double>::quiet_NaN());
        buffers.resize(impl.recordings.reports.size());
        row_hashes.resize(buffers.size());
        spike_hashes.resize(impl.populations.size());
        std::int64_t per_step = 1;
        for (const auto& report : impl.recordings.reports) {
            per_step += static_cast<std::int64_t>(report.elements.size()) / report.every_steps + 1;
        }
        const std::int64_t watched = 1 + static_cast<std::int64_t>(impl.recordings.sources.size());
        epoch_steps = std::min({node_steps_per_epoch / std::max<std::int64_t>(impl.facts.n_nodes, 1), values_per_epoch / per_step,
                                values_per_epoch / watched, std::int64_t{1000}});
        epoch_steps = std::max<std::int64_t>(epoch_steps, 1);
    }

    void start();
    /// Steps all groups from step `from` to step `to` (or until one fails) and hands on what was recorded.
    void advance(std::int64_t from, std::int64_t to);
    void finish(bool reached_end);

    void run_group(GroupRun& group, std::int64_t from, std::int64_t to);
    void sample(GroupRun& group, std::int64_t step, double gate_lag_ms);
    void hand_over_rows(std::int64_t from, std::int64_t to);
    void hand_over_spikes(double until_ms);
    void count_spike(const network::Spike& spike);
    void note_resting(std::size_t r, std::int64_t first_row, std::int64_t n_rows);
    std::int64_t earliest_failure() const;
    void describe_failure();

    Impl& impl;
    Sink& sink;
    Outcome outcome;
    std::int64_t epoch_steps = 1;
    std::vector<std::vector<double>> buffers;  ///< rows of this epoch, one buffer per report
    std::vector<std::int64_t> first_buffered;  ///< row number of each buffer's first row
    std::vector<double> resting;
    std::vector<base::Hash64> row_hashes, spike_hashes;  ///< per report and per population: epochs leave no trace in them
};

// ---- build -------------------------------------------------------------------------------------------------------------

void Simulation::Impl::build()
{
    Diagnostics diagnostics;
    facts.n_steps = step_count(model.run, diagnostics);
    make_populations(diagnostics);
    diagnostics.throw_if_errors();  // places cannot be looked for on shapes that do not exist
    recordings = plan_recordings(model, populations, facts.n_steps, diagnostics);
    check_f_i_curves(diagnostics);
    pack(diagnostics);
    warn_about_stiff_clamps(diagnostics);
    diagnostics.throw_if_errors();
    for (const auto& report : recordings.reports) {
        descriptions.push_back(report.description);
    }
    count_facts();
    warnings = std::move(diagnostics);
}

void Simulation::Impl::make_populations(Diagnostics& diagnostics)
{
    std::int64_t first_cell = 0;
    for (const auto& spec : model.cells) {
        populations.emplace_back(spec, model.temperature_degC, model.run.seed, first_cell, diagnostics);
        first_cell += spec.count;
    }
    facts.n_cells = first_cell;
}

void Simulation::Impl::check_f_i_curves(Diagnostics& diagnostics) const
{
    for (const auto& curve : model.f_i_curves) {
        std::vector<std::string> stimuli;
        for (const auto& stimulus : model.stimuli) {
            stimuli.push_back(stimulus.name);
        }
        if (std::find(stimuli.begin(), stimuli.end(), curve.stimulus) == stimuli.end()) {
            diagnostics.error(curve.pos, fmt::format("there is no stimulus named '{}'", curve.stimulus),
                              base::name_hint(curve.stimulus, stimuli, "stimuli"));
        }
        const auto population = std::find_if(populations.begin(), populations.end(),
                                             [&](const Population& p) { return p.name() == curve.cells; });
        if (population == populations.end()) {
            diagnostics.error(curve.pos, fmt::format("there are no cells named '{}'", curve.cells));
        } else if (recordings.sites[static_cast<std::size_t>(population - populations.begin())].name.empty()) {
            diagnostics.error(curve.pos, fmt::format("the f-I curve of '{}' needs its spikes", curve.cells),
                              "add a recording with quantity: spikes on these cells");
        }
    }
}

void Simulation::Impl::plug_stimuli(discretise::DiscretisedCell& cell, const Population& population, std::int64_t index,
                                    Diagnostics& diagnostics)
{
    for (std::size_t k = 0; k < model.stimuli.size(); ++k) {
        const auto& stimulus = model.stimuli[k];
        Diagnostics already_reported;  // names and ids were checked with the recordings of the first cell
        const auto selected = select(stimulus.target, populations, index == 0 && population.first_cell() == 0 ? diagnostics : already_reported);
        const bool here = selected.ok() && populations[static_cast<std::size_t>(selected.population)].name() == population.name() &&
                          std::binary_search(selected.cells.begin(), selected.cells.end(), index);
        if (!here) {
            continue;
        }
        const auto places = locate(stimulus.at, population, index == selected.cells.front() ? diagnostics : already_reported);
        const auto ra = population.axial_resistivity(index);
        const CellOfPopulation number{index, population.count(), population.first_cell() + index};
        const auto waveform = make_waveform(stimulus, number, model.run.seed, diagnostics);
        first_stimulus_ms = std::min(first_stimulus_ms, waveform.begin_ms());
        for (const auto& where : places) {
            if (stimulus.kind == model::StimulusSpec::Kind::current_clamp) {
                const auto tap = discretise::tap_at(population.layout(), population.morphology(), ra, where);
                cell.current_clamps.push_back({static_cast<std::int32_t>(k), tap, waveform});
            } else {
                cell.voltage_clamps.push_back({static_cast<std::int32_t>(k), population.layout().compartment_at(where),
                                               stimulus.series_resistance_Mohm, waveform});
            }
        }
    }
}

void Simulation::Impl::pack(Diagnostics& diagnostics)
{
    for (const auto& population : populations) {
        const std::int64_t nodes = population.layout().n_nodes();
        const std::int64_t per_group = model.run.group_cells.value_or(std::max<std::int64_t>(1, nodes_per_group / nodes));
        discretise::DiscretisedCell membrane;
        try {
            if (population.identical()) {
                membrane = population.make_cell(0);
            }
            for (std::int64_t first = 0; first < population.count(); first += per_group) {
                const std::int64_t last = std::min(first + per_group, population.count());
                std::vector<discretise::DiscretisedCell> cells;
                for (std::int64_t index = first; index < last; ++index) {
                    cells.push_back(population.identical() ? membrane : population.make_cell(index));
                    plug_stimuli(cells.back(), population, index, diagnostics);
                }
                std::vector<group::CellToPack> to_pack;
                for (std::int64_t index = first; index < last; ++index) {
                    to_pack.push_back({population.first_cell() + index, &cells[static_cast<std::size_t>(index - first)]});
                }
                if (!diagnostics.has_errors()) {
                    add_group(to_pack);
                }
            }
        } catch (const base::InputError& error) {
            diagnostics.append(error.diagnostics());
        }
    }
}

void Simulation::Impl::add_group(std::vector<group::CellToPack>& cells)
{
    groups.push_back(std::make_unique<GroupRun>(group::make_plan(cells, model.temperature_degC), model.run));
    auto& group = *groups.back();
    for (const auto& report : recordings.reports) {
        group.probes.emplace_back(group.plan);
        add_columns(group.probes.back(), report, group.plan, populations);
        group.probes.back().prepare();
    }
    for (const auto& cell : group.plan.cells) {
        const auto before = [&](const Source& source, std::int64_t wanted) {
            return populations[static_cast<std::size_t>(source.population)].first_cell() + source.cell < wanted;
        };
        auto source = std::lower_bound(recordings.sources.begin(), recordings.sources.end(), cell.cell, before);
        for (; source != recordings.sources.end(); ++source) {
            const auto& population = populations[static_cast<std::size_t>(source->population)];
            if (population.first_cell() + source->cell != cell.cell) {
                break;
            }
            const auto tap = discretise::tap_at(population.layout(), population.morphology(),
                                                population.axial_resistivity(source->cell), source->where);
            group.detector.watch(static_cast<std::int32_t>(source - recordings.sources.begin()),
                                 solve::VoltageReader(group.plan, cell.cell, solve::shifted(tap, cell.first_node)),
                                 source->threshold_mV);
        }
    }
}

void Simulation::Impl::count_facts()
{
    double bytes = 0;
    for (const auto& population : populations) {
        facts.n_compartments += population.count() * population.layout().n_compartments();
    }
    for (const auto& group : groups) {
        const auto& plan = group->plan;
        facts.n_nodes += plan.n_nodes();
        bytes += 8.0 * 10.0 * plan.n_nodes();  // six columns of the plan, v, and three of the solver
        for (const auto& mechanism : plan.mechanisms) {
            const double columns = static_cast<double>(mechanism.parameters.size() + mechanism.info->states.size()) + 4.5;
            bytes += 8.0 * columns * static_cast<double>(mechanism.node.size());
        }
    }
    double output = 0;
    for (const auto& report : recordings.reports) {
        const auto columns = static_cast<double>(report.elements.size());
        facts.n_recorded += static_cast<std::int64_t>(report.elements.size());
        bytes += columns * 60.0;  // description and probe
        output += columns * static_cast<double>(report.rows_before(facts.n_steps + 1)) *
                  (report.description.precision == model::Precision::full ? 8.0 : 4.0);
    }
    facts.n_groups = static_cast<std::int64_t>(groups.size());
    facts.memory_MB = 1e-6 * bytes;
    facts.output_MB = 1e-6 * output;
}

void Simulation::Impl::warn_about_stiff_clamps(Diagnostics& diagnostics) const
{
    if (model.run.method != model::Method::crank_nicolson) {
        return;
    }
    std::vector<bool> told(model.stimuli.size(), false);
    for (const auto& group : groups) {
        for (const auto& clamp : group->plan.voltage_clamps) {
            const auto k = static_cast<std::size_t>(clamp.stimulus);
            const double tau_ms = clamp.series_resistance_Mohm * group->plan.capacitance_nF[static_cast<std::size_t>(clamp.node)];
            if (tau_ms > 0.0 && tau_ms < 0.5 * model.run.dt_ms && !told[k]) {
                told[k] = true;
                diagnostics.warning(model.stimuli[k].pos,
                                    fmt::format("the clamp '{}' charges its compartment with a time constant of {:.3g} ms, which Crank-Nicolson "
                                                "steps of {:g} ms answer by ringing",
                                                model.stimuli[k].name, tau_ms, model.run.dt_ms),
                                    fmt::format("use method: backward_euler, dt below {:.2g} ms, or leave out series_resistance for an ideal "
                                                "clamp",
                                                2.0 * tau_ms));
            }
        }
    }
}

// ---- run ---------------------------------------------------------------------------------------------------------------

void Simulation::Impl::Progress::start()
{
    first_buffered.assign(buffers.size(), 0);
    for (auto& group : impl.groups) {
        group->state = group::State(group->plan);
        group->bad_node = -1;
        group->bad_step = std::numeric_limits<std::int64_t>::max();
        group->stepper.initialise(group->state);
        group->detector.clear();
        group->detector.reserve(static_cast<std::size_t>(epoch_steps));
        group->detector.initialise(group->state);
    }
    for (std::size_t r = 0; r < buffers.size(); ++r) {
        const auto& report = impl.recordings.reports[r];
        buffers[r].assign(report.elements.size() * static_cast<std::size_t>(epoch_steps / report.every_steps + 2), 0.0);
    }
    for (auto& group : impl.groups) {
        sample(*group, 0, 0.0);
    }
    hand_over_rows(0, 1);
}

void Simulation::Impl::Progress::sample(GroupRun& group, std::int64_t step, double gate_lag_ms)
{
    const double dt_ms = impl.model.run.dt_ms;
    const record::SampleTime time{static_cast<double>(step) * dt_ms, dt_ms, gate_lag_ms};
    for (std::size_t r = 0; r < buffers.size(); ++r) {
        const auto& report = impl.recordings.reports[r];
        if (report.due(step) && !group.probes[r].empty()) {
            const std::int64_t row = report.rows_before(step) - first_buffered[r];
            group.probes[r].sample(group.state, time, buffers[r].data() + static_cast<std::size_t>(row) * report.elements.size());
        }
    }
}

void Simulation::Impl::Progress::run_group(GroupRun& group, std::int64_t from, std::int64_t to)
{
    const double dt_ms = impl.model.run.dt_ms;
    for (std::int64_t step = from; step < to; ++step) {
        group.stepper.advance_voltage(group.state, step);
        group.bad_node = group.stepper.find_bad_node(group.state);
        if (group.bad_node >= 0) {
            group.bad_step = step + 1;
            return;
        }
        sample(group, step + 1, group.stepper.gate_lag_ms());
        group.stepper.advance_states(group.state);
        group.detector.observe(group.state, static_cast<double>(step + 1) * dt_ms, dt_ms);
    }
}

std::int64_t Simulation::Impl::Progress::earliest_failure() const
{
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
    for (const auto& group : impl.groups) {
        earliest = std::min(earliest, group->bad_step);
    }
    return earliest;
}

void Simulation::Impl::Progress::advance(std::int64_t from, std::int64_t to)
{
    base::parallel_for(static_cast<std::int64_t>(impl.groups.size()), outcome.threads,
                       [&](std::int64_t g) { run_group(*impl.groups[static_cast<std::size_t>(g)], from, to); });
    // What was reached by every group before one of them failed is sound, and is kept.
    const std::int64_t sound = std::min(to, earliest_failure() - 1);
    hand_over_rows(from + 1, sound + 1);
    hand_over_spikes(static_cast<double>(sound) * impl.model.run.dt_ms);
    outcome.n_steps = sound;
    if (sound < to) {
        describe_failure();
    }
}

void Simulation::Impl::Progress::hand_over_rows(std::int64_t from, std::int64_t to)
{
    for (std::size_t r = 0; r < buffers.size(); ++r) {
        const auto& report = impl.recordings.reports[r];
        const std::int64_t n = report.rows_before(to) - report.rows_before(from);
        if (n > 0) {
            const std::span<const double> rows{buffers[r].data(), static_cast<std::size_t>(n) * report.elements.size()};
            row_hashes[r].add(rows);
            note_resting(r, report.rows_before(from), n);
            sink.rows(r, rows, static_cast<std::size_t>(n));
        }
        first_buffered[r] = report.rows_before(to);
    }
}

void Simulation::Impl::Progress::note_resting(std::size_t r, std::int64_t first_row, std::int64_t n_rows)
{
    const auto& report = impl.recordings.reports[r];
    if (report.kind != Report::Kind::voltage || report.description.name != report.description.population) {
        return;
    }
    // The last sample that no stimulus has touched yet; none when a stimulus is on from the start.
    for (std::int64_t row = 0; row < n_rows; ++row) {
        const double t_ms = report.description.start_ms + static_cast<double>(first_row + row) * report.description.interval_ms;
        if (t_ms < impl.first_stimulus_ms) {
            resting[static_cast<std::size_t>(report.population)] = buffers[r][static_cast<std::size_t>(row) * report.elements.size()];
        }
    }
}

void Simulation::Impl::Progress::count_spike(const network::Spike& spike)
{
    auto& source = outcome.sources[static_cast<std::size_t>(spike.source)];
    source.first_ms = source.n == 0 ? spike.t_ms : source.first_ms;
    ++source.n;
    for (const auto& curve : impl.model.f_i_curves) {
        const bool mine = curve.cells == impl.populations[static_cast<std::size_t>(source.population)].name();
        if (mine && spike.t_ms >= curve.from_ms && spike.t_ms <= curve.to_ms.value_or(impl.model.run.stop_ms)) {
            source.window_first_ms = source.n_window == 0 ? spike.t_ms : source.window_first_ms;
            source.window_last_ms = spike.t_ms;
            ++source.n_window;
        }
    }
}

void Simulation::Impl::Progress::hand_over_spikes(double until_ms)
{
    std::vector<std::vector<record::Spike>> by_population(impl.populations.size());
    for (auto& group : impl.groups) {
        for (const auto& spike : group->detector.spikes()) {
            if (spike.t_ms <= until_ms) {
                const auto& source = impl.recordings.sources[static_cast<std::size_t>(spike.source)];
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
            spike_hashes[p].add(spike.time_ms);
            spike_hashes[p].add(spike.cell);
            spike_hashes[p].add(static_cast<std::uint64_t>(spike.site));
        }
        if (!spikes.empty()) {
            sink.spikes(p, spikes);
        }
    }
}

void Simulation::Impl::Progress::describe_failure()
{
    const std::int64_t step = earliest_failure();
    for (const auto& group : impl.groups) {
        if (group->bad_step != step) {
            continue;
        }
        const auto& cell = group->plan.cell_of(group->bad_node);
        for (const auto& population : impl.populations) {
            const std::int64_t index = cell.cell - population.first_cell();
            if (index >= 0 && index < population.count()) {
                const auto where = population.layout().centre(group->bad_node - cell.first_node);
                const auto& section = population.morphology().section(where.section);
                const double v_mV = group->state.v_mV()[static_cast<std::size_t>(group->bad_node)];
                outcome.failure = fmt::format(
                    "the voltage left the range of numbers at t = {:g} ms in cell {} of '{}', {}({:.4g}): {:g} mV; what was recorded before "
                    "is saved",
                    static_cast<double>(step) * impl.model.run.dt_ms, index, population.name(), section.name, where.position, v_mV);
            }
        }
        return;
    }
}

void Simulation::Impl::Progress::finish(bool reached_end)
{
    base::Hash64 hash;
    for (const auto* parts : {&row_hashes, &spike_hashes}) {
        for (const auto& part : *parts) {
            hash.add(part.value());
        }
    }
    for (const auto& group : impl.groups) {
        for (const auto& cell : group->plan.cells) {
            hash.add(group->state.hash_cell(group->plan, cell));
        }
    }
    outcome.complete = reached_end;
    outcome.result_hash = hash.value();
    outcome.conduction_velocities = conduction_velocities(impl.populations, impl.recordings.sites, outcome.sources);
    for (const auto& curve : impl.model.f_i_curves) {
        outcome.f_i_curves.push_back(f_i_curve(curve, impl.model, impl.populations, outcome.sources));
    }
    for (std::size_t p = 0; p < resting.size(); ++p) {
        if (std::isfinite(resting[p])) {
            outcome.resting.push_back({impl.populations[p].name(), resting[p]});
        }
    }
}

Outcome Simulation::Impl::run(const RunOptions& options, Sink& sink)
{
    const auto wall_start = std::chrono::steady_clock::now();
    const double cpu_start_s = cpu_seconds();
    Progress progress(*this, options, sink);
    progress.start();
    bool go_on = true;
    std::int64_t step = 0;
    while (step < facts.n_steps && go_on) {
        const std::int64_t to = std::min(step + progress.epoch_steps, facts.n_steps);
        progress.advance(step, to);
        step = to;
        go_on = progress.outcome.failure.empty() && !(options.stop_requested && options.stop_requested());
        if (options.progress) {
            options.progress(progress.outcome.n_steps, facts.n_steps);
        }
    }
    progress.finish(progress.outcome.n_steps == facts.n_steps && progress.outcome.failure.empty());
    progress.outcome.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
    progress.outcome.cpu_s = cpu_seconds() - cpu_start_s;
    return std::move(progress.outcome);
}

// ---- interface ---------------------------------------------------------------------------------------------------------

Simulation::Simulation(model::Model model) : impl_(std::make_unique<Impl>())
{
    impl_->model = std::move(model);
    impl_->build();
}

Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

const model::Model& Simulation::model() const { return impl_->model; }
const Facts& Simulation::facts() const { return impl_->facts; }
const base::Diagnostics& Simulation::warnings() const { return impl_->warnings; }
const std::vector<Population>& Simulation::populations() const { return impl_->populations; }
const std::vector<record::ReportDescription>& Simulation::reports() const { return impl_->descriptions; }
const std::vector<record::SpikeSites>& Simulation::spike_sites() const { return impl_->recordings.sites; }

Outcome Simulation::run(const RunOptions& options, Sink& sink)
{
    return impl_->run(options, sink);
}

}  // namespace axolemma::run
