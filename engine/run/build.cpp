#include "run/build.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/sha256.hpp"
#include "run/gap_strength.hpp"
#include "run/group_filler.hpp"
#include "run/places.hpp"
#include "run/provenance.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;

std::int64_t step_count(const model::RunSpec& run, Diagnostics& diagnostics)
{
    const double steps = std::round(run.stop_ms / run.dt_ms);
    if (!(run.dt_ms > 0.0) || !(run.stop_ms > 0.0) || !(steps < 1e15)) {
        diagnostics.error(run.pos, "'stop' and 'dt' must be greater than 0");
        return 0;
    }
    if (std::abs(run.stop_ms / run.dt_ms - steps) > 1e-6 * std::max(1.0, steps * 1e-6)) {
        diagnostics.error(
            run.pos,
            fmt::format("'stop' is {:g} ms, which is not a whole number of steps of {:g} ms", run.stop_ms, run.dt_ms),
            fmt::format("use stop: {:g} ms, or change dt", std::max(1.0, steps) * run.dt_ms));
    }
    return static_cast<std::int64_t>(steps);
}

}  // namespace

BuiltModel::BuiltModel(model::Model description, network::Ranks& all_ranks)
    : model(std::move(description)), ranks(all_ranks)
{
    Diagnostics diagnostics = model.warnings;
    network::together(ranks, [&] { find_out(diagnostics); });
    take_fingerprint();
    share_cells();
    network::together(ranks, [&] { make_groups(diagnostics); });
    tell_strong_gaps(diagnostics);
    agree_on_facts();
    warnings = std::move(diagnostics);
}

void BuiltModel::find_out(Diagnostics& diagnostics)
{
    facts.n_steps = step_count(model.run, diagnostics);
    make_populations(diagnostics);
    diagnostics.throw_if_errors();  // places cannot be looked for on shapes that do not exist
    require_memory(bytes_of_cells());
    synapse_places = find_synapse_places(model, populations, diagnostics);
    tell_populations_of_point_processes();
    recordings = plan_recordings(model, populations, synapse_places, facts.n_steps, diagnostics);
    f_i_curves = plan_f_i_curves(model, populations, recordings, diagnostics);
    network = std::make_unique<NetworkPlan>(model, populations, synapse_places, recordings, diagnostics);
    diagnostics.throw_if_errors();
    constexpr double bytes_per_connection = 80.0;  // while they are made; 24 of them stay
    require_memory(bytes_of_cells() + bytes_per_connection * network->expected_connections());
}

void BuiltModel::tell_populations_of_point_processes()
{
    for (std::size_t s = 0; s < synapse_places.size(); ++s) {
        const auto* info = model.catalogue.find_synapse(model.synapses[s].type);
        const auto& places = synapse_places[s];
        if (places.cells.ok() && info->is_text() && !info->kernels->between_events().ions.empty()) {
            populations[static_cast<std::size_t>(places.cells.population)].add_point_process(
                info->kernels->between_events(), places.node);
        }
    }
}

void BuiltModel::take_fingerprint()
{
    network::together(ranks, [&] {
        inputs = input_files(model, populations);
        std::string all = model.config_text;
        for (const auto& text : model.overrides) {
            all += '\n' + text;
        }
        for (const auto& file : inputs) {
            all += '\n' + file.sha256;
        }
        fingerprint = base::sha256_hex(all);
    });
    const auto beginning = static_cast<std::int64_t>(std::stoull(fingerprint.substr(0, 15), nullptr, 16));
    const bool same = ranks.largest(beginning) == ranks.smallest(beginning);
    network::together(ranks, [&] {
        if (!same) {
            throw base::InputError({model.config_path, 0, 0}, "the ranks read different files",
                                   "is the folder the same on all machines, and did a file change just now?");
        }
    });
}

void BuiltModel::share_cells()
{
    share = CellShare(facts.n_cells);
    if (ranks.size() > 1) {
        std::vector<double> cost(populations.size(), 1.0);
        network::together(ranks, [&] {
            if (ranks.is_root()) {
                cost = measure_cell_cost(model, populations);
            }
        });
        ranks.broadcast(cost);
        share = CellShare(populations, cost, ranks.size(), ranks.rank());
    }
    for (const auto& report : recordings.reports) {
        const std::int64_t first_cell = populations[static_cast<std::size_t>(report.population)].first_cell();
        auto& first = first_columns.emplace_back();
        for (int rank = 0; rank <= ranks.size(); ++rank) {
            const auto at =
                std::lower_bound(report.elements.begin(), report.elements.end(), share.first_of(rank) - first_cell,
                                 [](const Element& element, std::int64_t wanted) { return element.cell < wanted; });
            first.push_back(static_cast<std::size_t>(at - report.elements.begin()));
        }
    }
}

void BuiltModel::make_groups(Diagnostics& diagnostics)
{
    pack(diagnostics);
    check_clamps(diagnostics);
    diagnostics.throw_if_errors();
    const auto timing = network->connect(groups, share.first(), share.end(), diagnostics);
    min_delay_steps = timing.shortest_delay_steps;
    facts.first_event_ms = timing.first_event_ms;
    diagnostics.throw_if_errors();
}

void BuiltModel::agree_on_facts()
{
    min_delay_steps = ranks.smallest(min_delay_steps);
    facts.first_event_ms = -ranks.largest(-facts.first_event_ms);
    first_stimulus_ms = std::min(-ranks.largest(-first_stimulus_ms), facts.first_event_ms);
    count_facts();
}

double BuiltModel::bytes_of_cells() const
{
    // Plan, state and solver need up to about 25 numbers per node with a channel on it, and a cell a few more of its own.
    double bytes = 0;
    for (const auto& population : populations) {
        bytes += static_cast<double>(population.count()) * (200.0 * population.layout().n_nodes() + 400.0);
    }
    return bytes;
}

void BuiltModel::require_memory(double bytes) const
{
    bytes *= static_cast<double>(ranks.n_on_machine()) / ranks.size();
    const double machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    if (bytes > machine) {
        throw base::EngineError(
            fmt::format("the model needs about {:.3g} GB of memory, and this machine has {:.3g} GB; use fewer cells, "
                        "longer compartments or fewer connections",
                        1e-9 * bytes, 1e-9 * machine));
    }
}

void BuiltModel::make_populations(Diagnostics& diagnostics)
{
    std::int64_t first_cell = 0;
    ShapeCache shapes;
    for (const auto& spec : model.cells) {
        populations.emplace_back(spec, model.catalogue, model.temperature_degC, model.run.seed, first_cell, shapes,
                                 diagnostics);
        first_cell += spec.count;
    }
    check_valences(populations, diagnostics);
    facts.n_cells = first_cell;
}

std::vector<BuiltModel::Plug> BuiltModel::find_plugs(Diagnostics& diagnostics) const
{
    std::vector<Plug> plugs;
    for (const auto& stimulus : model.stimuli) {
        Plug plug{select(stimulus.target, populations, diagnostics), {}};
        if (plug.cells.ok()) {
            plug.places =
                locate(stimulus.at, populations[static_cast<std::size_t>(plug.cells.population)], diagnostics);
        }
        plugs.push_back(std::move(plug));
    }
    return plugs;
}

discretise::Plugged BuiltModel::plug_in(const std::vector<Plug>& plugs, std::size_t p, std::int64_t index,
                                        Diagnostics& diagnostics)
{
    discretise::Plugged plugged;
    const auto& population = populations[p];
    const auto ra = population.axial_resistivity(index);
    for (std::size_t k = 0; k < plugs.size(); ++k) {
        const auto& chosen = plugs[k].cells;
        if (chosen.population != static_cast<std::int32_t>(p) ||
            !std::binary_search(chosen.cells.begin(), chosen.cells.end(), index)) {
            continue;
        }
        const auto& stimulus = model.stimuli[k];
        const CellOfPopulation number{index, population.count(), population.first_cell() + index};
        const auto waveform = make_waveform(stimulus, number, model.run.seed, diagnostics);
        first_stimulus_ms = std::min(first_stimulus_ms, waveform.begin_ms());
        for (const auto& where : plugs[k].places) {
            if (stimulus.kind == model::StimulusSpec::Kind::current_clamp) {
                const auto tap = discretise::tap_at(population.layout(), population.morphology(), *ra, where);
                plugged.current_clamps.push_back({static_cast<std::int32_t>(k), tap, waveform});
            } else {
                plugged.voltage_clamps.push_back({static_cast<std::int32_t>(k),
                                                  population.layout().compartment_at(where),
                                                  stimulus.series_resistance_Mohm, waveform});
            }
        }
    }
    return plugged;
}

void BuiltModel::pack(Diagnostics& diagnostics)
{
    const auto plugs = find_plugs(diagnostics);
    tell_moved_clamps(plugs, diagnostics);
    GroupFiller filler(model, facts.n_cells, share.end() - share.first(),
                       [&](group::Plan plan) { add_group(std::move(plan)); });
    for (std::size_t p = 0; p < populations.size(); ++p) {
        try {
            pack_population(p, plugs, filler, diagnostics);
        } catch (const base::InputError& error) {
            diagnostics.append(error.diagnostics());
        }
    }
    if (!diagnostics.has_errors()) {
        filler.flush();
    }
    packing_bytes = filler.packing_bytes();
}

void BuiltModel::pack_population(std::size_t p, const std::vector<Plug>& plugs, GroupFiller& filler,
                                 Diagnostics& diagnostics)
{
    const auto& population = populations[p];
    std::shared_ptr<const discretise::DiscretisedCell> cell;
    const std::int64_t first = std::clamp<std::int64_t>(share.first() - population.first_cell(), 0, population.count());
    const std::int64_t end = std::clamp<std::int64_t>(share.end() - population.first_cell(), 0, population.count());
    for (std::int64_t index = first; index < end; ++index) {
        if (!cell || !population.identical()) {
            cell = std::make_shared<const discretise::DiscretisedCell>(population.make_cell(index));
        }
        auto plugged = plug_in(plugs, p, index, diagnostics);
        network->plug(p, index, plugged, diagnostics);
        if (diagnostics.has_errors()) {
            return;  // further cells would only repeat it
        }
        look_for_strong_gaps(population, *cell, plugged);
        filler.add(population.first_cell() + index, cell, std::move(plugged));
    }
}

void BuiltModel::look_for_strong_gaps(const Population& population, const discretise::DiscretisedCell& cell,
                                      const discretise::Plugged& plugged)
{
    if (!strong_gap_.empty() || model.run.method != model::Method::crank_nicolson) {
        return;  // further cells would only repeat it
    }
    if (const auto strong = find_strong_gap(cell, plugged, model.run.dt_ms)) {
        strong_gap_ = fmt::format(
            "the gap junctions of {} of '{}' sum up to {:.3g} uS, more than C/dt = {:.3g} uS of this "
            "compartment: crank_nicolson may let the voltage grow without bound\n"
            "use dt: {:.2g} ms or less, longer compartments, or method: backward_euler",
            population.place_text(population.layout().centre(strong->node)), population.name(), strong->g_uS,
            strong->limit_uS, 0.95 * strong->dt_ms);
    }
}

void BuiltModel::tell_strong_gaps(Diagnostics& diagnostics) const
{
    std::string first;
    ranks.gather(std::as_bytes(std::span(strong_gap_)), [&](int, std::span<const std::byte> bytes) {
        if (first.empty()) {
            first.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        }
    });
    if (!first.empty()) {
        const auto end = first.find('\n');
        diagnostics.warning(model.gap_junctions.front().pos, first.substr(0, end), first.substr(end + 1));
    }
}

void BuiltModel::add_group(group::Plan plan)
{
    groups.push_back(std::make_unique<GroupRun>(std::move(plan), model.run));
    auto& group = *groups.back();
    for (std::size_t r = 0; r < recordings.reports.size(); ++r) {
        group.probes.emplace_back(group.plan);
        add_columns(group.probes.back(), recordings.reports[r], group.plan, populations,
                    first_columns[r][static_cast<std::size_t>(ranks.rank())]);
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
                                                *population.axial_resistivity(source->cell), source->where);
            group.detector.watch(static_cast<std::int32_t>(source - recordings.sources.begin()),
                                 solve::VoltageReader(group.plan, cell.cell, solve::shifted(tap, cell.first_node)),
                                 source->threshold_mV);
        }
    }
}

void BuiltModel::count_facts()
{
    auto bytes = static_cast<double>(packing_bytes);
    std::int64_t slots = 0;
    for (const auto& population : populations) {
        facts.n_compartments += population.count() * population.layout().n_compartments();
    }
    for (const auto& group : groups) {
        facts.n_nodes += group->plan.n_nodes();
        facts.n_synapses += group->plan.n_synapses();
        facts.n_connections += static_cast<std::int64_t>(group->inbox.n_connections());
        slots += group->plan.packing->empty_slot();
        bytes += static_cast<double>(group->plan.bytes() + group->state.bytes() + group->stepper->bytes() +
                                     group->inbox.bytes());
    }
    double output = 0;
    for (const auto& report : recordings.reports) {
        const auto columns = static_cast<double>(report.elements.size());
        facts.n_recorded += static_cast<std::int64_t>(report.elements.size());
        bytes += columns * 60.0;  // description and probe
        output += columns * static_cast<double>(report.rows_before(facts.n_steps + 1)) *
                  (report.description.precision == model::Precision::full ? 8.0 : 4.0);
    }
    facts.n_gap_junctions = network->n_gap_junctions();
    facts.n_ranks = ranks.size();
    facts.largest_share_nodes = ranks.largest(facts.n_nodes);
    facts.n_nodes = ranks.sum(facts.n_nodes);
    facts.n_synapses = ranks.sum(facts.n_synapses);
    facts.n_connections = ranks.sum(facts.n_connections);
    facts.n_groups = ranks.sum(static_cast<std::int64_t>(groups.size()));
    facts.lane_fill =
        static_cast<double>(facts.n_nodes) / static_cast<double>(std::max<std::int64_t>(ranks.sum(slots), 1));
    facts.largest_memory_MB = 1e-6 * ranks.largest(bytes);
    facts.memory_MB = 1e-6 * ranks.sum(bytes);
    facts.output_MB = 1e-6 * output;
    if (min_delay_steps < std::numeric_limits<std::int64_t>::max()) {
        facts.min_delay_ms = static_cast<double>(min_delay_steps) * model.run.dt_ms;
    }
}

namespace {

/// Are two waveforms present in the same step?
bool present_together(const mechanisms::Waveform& a, const mechanisms::Waveform& b, double dt_ms, std::int64_t n_steps)
{
    const double from_ms = std::max(a.begin_ms(), b.begin_ms());
    const double to_ms = std::min({a.end_ms(), b.end_ms(), static_cast<double>(n_steps) * dt_ms});
    if (!(from_ms < to_ms)) {
        return false;  // and from_ms may be more than an integer holds
    }
    for (auto step = static_cast<std::int64_t>(from_ms / dt_ms); static_cast<double>(step) * dt_ms < to_ms; ++step) {
        const double t0_ms = static_cast<double>(step) * dt_ms;
        const double t1_ms = static_cast<double>(step + 1) * dt_ms;
        if (a.share(t0_ms, t1_ms) > 0.0 && b.share(t0_ms, t1_ms) > 0.0) {
            return true;
        }
    }
    return false;
}

}  // namespace

void BuiltModel::check_clamps(Diagnostics& diagnostics) const
{
    for (const auto& group : groups) {
        const auto& clamps = group->plan.voltage_clamps;
        const auto& cell = group->plan.voltage_clamp_cell;
        for (std::size_t a = 0; a < clamps.size(); ++a) {
            // Clamps stand cell by cell, so those of one cell are neighbours.
            for (std::size_t b = a + 1; b < clamps.size() && cell[b] == cell[a]; ++b) {
                const bool both_ideal =
                    clamps[a].series_resistance_Mohm <= 0.0 && clamps[b].series_resistance_Mohm <= 0.0;
                if (clamps[a].node != clamps[b].node || !both_ideal ||
                    !present_together(clamps[a].waveform, clamps[b].waveform, model.run.dt_ms, facts.n_steps)) {
                    continue;
                }
                const auto& first = model.stimuli[static_cast<std::size_t>(clamps[a].stimulus)];
                const auto& second = model.stimuli[static_cast<std::size_t>(clamps[b].stimulus)];
                diagnostics.error(
                    second.pos,
                    fmt::format("the ideal voltage clamps '{}' and '{}' hold the same compartment at the same time",
                                first.name, second.name),
                    "remove one, move it to another compartment, or give it a series_resistance");
                return;
            }
        }
    }
}

/// A voltage clamp holds a compartment's centre; says so where that is not the place that was asked for.
void BuiltModel::tell_moved_clamps(const std::vector<Plug>& plugs, Diagnostics& diagnostics) const
{
    for (std::size_t k = 0; k < plugs.size(); ++k) {
        const auto& stimulus = model.stimuli[k];
        if (!plugs[k].cells.ok() || stimulus.kind != model::StimulusSpec::Kind::voltage_clamp) {
            continue;
        }
        const auto& population = populations[static_cast<std::size_t>(plugs[k].cells.population)];
        for (const auto& where : plugs[k].places) {
            const auto centre = population.layout().centre(population.layout().compartment_at(where));
            const double moved_um =
                std::abs(centre.position - where.position) * population.morphology().section(where.section).length_um;
            if (moved_um > 1e-6) {
                diagnostics.warning(
                    stimulus.at.pos,
                    fmt::format("the voltage clamp '{}' holds the centre of the compartment, {}, {:.3g} um from {}",
                                stimulus.name, population.place_text(centre), moved_um, population.place_text(where)),
                    "use more compartments, or a position that is a compartment's centre");
                break;
            }
        }
    }
}

}  // namespace axolemma::run
