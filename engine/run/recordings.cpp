#include "run/recordings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "model/variables.hpp"
#include "solve/voltage_reader.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;
using Kind = Report::Kind;

/// The number of steps in a time, or -1 when it is not a whole number (to a millionth of a step).
std::int64_t whole_steps(double time_ms, double dt_ms)
{
    const double steps = std::round(time_ms / dt_ms);
    return std::abs(time_ms / dt_ms - steps) < 1e-6 && steps < 1e15 ? static_cast<std::int64_t>(steps) : -1;
}

class Planner {
public:
    Planner(const model::Model& model, const std::vector<Population>& populations,
            const std::vector<SynapsePlaces>& synapses, std::int64_t n_steps, Diagnostics& diagnostics)
        : model_(model), populations_(populations), synapses_(synapses), n_steps_(n_steps), diagnostics_(diagnostics)
    {}

    Recordings plan()
    {
        for (const auto& spec : model_.recordings) {
            add_report(spec);
        }
        for (std::size_t p = 0; p < populations_.size(); ++p) {
            recordings_.sites.emplace_back();
        }
        for (const auto& spec : model_.spikes) {
            add_spikes(spec);
        }
        for (const auto& spec : model_.connections) {
            add_detector(spec);
        }
        std::stable_sort(recordings_.sources.begin(), recordings_.sources.end(), [](const Source& a, const Source& b) {
            return std::pair{a.population, a.cell} < std::pair{b.population, b.cell};
        });
        return std::move(recordings_);
    }

private:
    const Population& population(std::int32_t p) const { return populations_[static_cast<std::size_t>(p)]; }

    /// Fills kind, channel, what and units from the quantity's text. False after an error.
    bool settle_quantity(Report& report, const model::RecordSpec& spec)
    {
        report.description.quantity = spec.quantity;
        if (spec.quantity == "v") {
            report.kind = Kind::voltage;
            report.description.units = "mV";
            return true;
        }
        if (spec.quantity == "i_ion") {
            report.kind = Kind::ionic_current;
            report.description.units = "mA/cm2";
            return true;
        }
        const auto dot = spec.quantity.find('.');
        const auto owner = spec.quantity.substr(0, dot);
        const auto item = dot == std::string::npos ? std::string{} : spec.quantity.substr(dot + 1);
        const auto* info = item.empty() ? nullptr : model_.catalogue.find_channel(owner);
        if ((info != nullptr && settle_item(report, *info, item)) || settle_ion(report, owner, item)) {
            return true;
        }
        if (info == nullptr) {
            diagnostics_.error(spec.pos, fmt::format("unknown quantity '{}'", spec.quantity),
                               "use v, i_ion, spikes, stimulus.<name>, <channel>.<state> or <channel>.<current>");
            return false;
        }
        diagnostics_.error(spec.pos, fmt::format("channel '{}' has nothing called '{}' to record", owner, item),
                           base::name_hint(item, names_in(*info), owner + " has"));
        return false;
    }

    /// A state, current or output of a channel.
    static bool settle_item(Report& report, const mechanisms::MechanismInfo& info, const std::string& item)
    {
        report.channel = info.name;
        if (report.what = info.state_index(item); report.what >= 0) {
            report.kind = Kind::state;
            report.description.units = info.states[static_cast<std::size_t>(report.what)].unit;
        } else if (report.what = info.current_index(item); report.what >= 0) {
            report.kind = Kind::current;
            report.description.units = "mA/cm2";
        } else if (report.what = info.output_index(item); report.what >= 0) {
            report.kind = Kind::output;
            report.description.units = info.outputs[static_cast<std::size_t>(report.what)].unit;
        }
        return report.what >= 0;
    }

    static bool settle_ion(Report& report, const std::string& ion, const std::string& item)
    {
        const auto& variables = model::ion_variables;
        const auto at = std::find(variables.begin(), variables.end(), item);
        if (at == variables.end()) {
            return false;
        }
        constexpr std::array<std::string_view, 4> units{"mV", "mM", "mM", "mA/cm2"};
        report.kind = Kind::ion;
        report.channel.clear();
        report.ion = ion;
        report.what = static_cast<int>(at - variables.begin());
        report.description.units = units[static_cast<std::size_t>(report.what)];
        return true;
    }

    static std::vector<std::string> names_in(const mechanisms::MechanismInfo& info)
    {
        std::vector<std::string> names;
        for (const auto& state : info.states) {
            if (!state.hidden) {
                names.push_back(state.name);
            }
        }
        for (const auto& current : info.currents) {
            names.push_back(current.name);
        }
        for (const auto& output : info.outputs) {
            names.push_back(output.name);
        }
        return names;
    }

    /// Start, interval and end in steps. False after an error.
    bool settle_times(Report& report, const model::RecordSpec& spec)
    {
        const double dt_ms = model_.run.dt_ms;
        const double every_ms = spec.every_ms.value_or(dt_ms);
        report.every_steps = whole_steps(every_ms, dt_ms);
        report.first_step = whole_steps(spec.start_ms, dt_ms);
        const double stop_ms = std::min(spec.stop_ms.value_or(model_.run.stop_ms), model_.run.stop_ms);
        report.last_step = std::min(static_cast<std::int64_t>(std::floor(stop_ms / dt_ms + 1e-6)), n_steps_);
        if (report.every_steps < 1) {
            const double nearest = std::max(1.0, std::round(every_ms / dt_ms)) * dt_ms;
            diagnostics_.error(
                spec.pos,
                fmt::format("'every' is {:g} ms, which is not a whole number of steps of {:g} ms", every_ms, dt_ms),
                fmt::format("use {:g} ms, or change dt", nearest));
            return false;
        }
        if (report.first_step < 0) {
            diagnostics_.error(spec.pos,
                               fmt::format("'start' is {:g} ms, which is not a whole number of steps of {:g} ms",
                                           spec.start_ms, dt_ms),
                               fmt::format("use {:g} ms, or change dt", std::round(spec.start_ms / dt_ms) * dt_ms));
            return false;
        }
        if (report.first_step > report.last_step) {
            diagnostics_.error(spec.pos, fmt::format("recording '{}' starts at {:g} ms, after its end at {:g} ms",
                                                     spec.name, spec.start_ms, stop_ms));
            return false;
        }
        report.description.start_ms = static_cast<double>(report.first_step) * dt_ms;
        report.description.interval_ms = static_cast<double>(report.every_steps) * dt_ms;
        return true;
    }

    void add_report(const model::RecordSpec& spec)
    {
        if (spec.quantity.starts_with("stimulus.")) {
            add_stimulus_report(spec);
            return;
        }
        if (const auto name = spec.quantity.substr(0, spec.quantity.find('.')); is_synapse(name)) {
            add_synapse_report(spec, name);
            return;
        }
        Report report;
        const bool quantity_ok = settle_quantity(report, spec);
        const bool times_ok = settle_times(report, spec);
        const auto selected = select(spec.target, populations_, diagnostics_);
        if (!selected.ok() || !quantity_ok || !times_ok) {
            return;
        }
        report.population = selected.population;
        const auto places =
            spec.region ? compartments_in(*spec.region, report, spec) : places_at(spec, selected.population);
        if (places.empty() || !channel_present(report, places, spec)) {
            return;
        }
        for (const std::int64_t cell : selected.cells) {
            for (const auto& place : places) {
                report.elements.push_back({cell, place.where, place.node, 0});
            }
        }
        std::vector<std::string> names;
        for (const auto& place : places) {
            names.push_back(place.name);
        }
        finish(std::move(report), spec, selected, names);
    }

    struct Place {
        morphology::Location where;
        std::int32_t node;
        std::string name;
    };

    std::vector<Place> places_at(const model::RecordSpec& spec, std::int32_t p)
    {
        std::vector<Place> places;
        for (const auto& at : spec.at) {
            const auto locations = locate(at, population(p), diagnostics_);
            for (std::size_t k = 0; k < locations.size(); ++k) {
                places.push_back({locations[k], population(p).layout().compartment_at(locations[k]),
                                  place_name(at.text, locations.size(), p, locations[k])});
            }
        }
        return places;
    }

    /// A rule that gives several places names each by its section.
    std::string place_name(const std::string& text, std::size_t n, std::int32_t p, morphology::Location where) const
    {
        return n == 1 ? text : population(p).place_text(where);
    }

    std::vector<Place> compartments_in(const model::RegionRef& region, Report& report, const model::RecordSpec& spec)
    {
        const auto& cells = population(report.population);
        report.whole_compartments = true;
        std::vector<Place> places;
        for (std::int32_t i = 0; i < cells.layout().n_nodes(); ++i) {
            const auto where = cells.layout().centre(i);
            const bool carries = is_carried(report, cells, i);
            if (!cells.layout().is_junction(i) && carries &&
                morphology::contains(region.region, cells.morphology(), where)) {
                places.push_back({where, i, ""});
            }
        }
        if (places.empty()) {
            diagnostics_.error(
                region.pos,
                fmt::format("region '{}' of '{}' holds no compartment {}to record", region.text, cells.name(),
                            !report.ion.empty()      ? "with ion '" + report.ion + "' "
                            : report.channel.empty() ? ""
                                                     : "with channel '" + report.channel + "' "),
                spec.quantity == "v" ? "a compartment belongs to a region if its centre does" : "");
        }
        return places;
    }

    /// Is there, at this node, what is to be recorded?
    static bool is_carried(const Report& report, const Population& cells, std::int32_t node)
    {
        return report.ion.empty() ? report.channel.empty() || cells.has_channel(report.channel, node)
                                  : cells.has_ion(report.ion, node);
    }

    bool channel_present(const Report& report, const std::vector<Place>& places, const model::RecordSpec& spec)
    {
        for (const auto& place : places) {
            const auto& cells = population(report.population);
            if (!is_carried(report, cells, place.node)) {
                diagnostics_.error(spec.pos,
                                   fmt::format("'{}' cannot be recorded at {} of '{}': there is no channel {}",
                                               spec.quantity, cells.place_text(place.where), cells.name(),
                                               report.ion.empty() ? fmt::format("'{}'", report.channel)
                                                                  : fmt::format("that uses the ion '{}'", report.ion)),
                                   "paint the channel there under 'channels', or record elsewhere");
                return false;
            }
        }
        return true;
    }

    bool is_synapse(std::string_view name) const
    {
        return std::any_of(model_.synapses.begin(), model_.synapses.end(),
                           [&](const model::SynapseSpec& synapse) { return synapse.name == name; });
    }

    /// Something of all instances of a synapse on the selected cells.
    void add_synapse_report(const model::RecordSpec& spec, std::string_view name)
    {
        Report report;
        report.kind = Kind::synapse;
        while (model_.synapses[static_cast<std::size_t>(report.synapse)].name != name) {
            ++report.synapse;
        }
        const auto& synapse = synapses_[static_cast<std::size_t>(report.synapse)];
        const auto item = spec.quantity.substr(std::min(name.size() + 1, spec.quantity.size()));
        const auto& type = model_.synapses[static_cast<std::size_t>(report.synapse)].type;
        const auto quantities = model_.catalogue.find_synapse(type)->quantities();
        const auto found = std::find_if(quantities.begin(), quantities.end(),
                                        [&](const mechanisms::RecordableQuantity& one) { return one.name == item; });
        if (found == quantities.end()) {
            std::vector<std::string> names;
            for (const auto& one : quantities) {
                names.push_back(fmt::format("{}.{}", name, one.name));
            }
            diagnostics_.error(spec.pos, fmt::format("synapse '{}' has nothing called '{}' to record", name, item),
                               fmt::format("it has {}", fmt::join(names, ", ")));
            return;
        }
        report.of_synapse = found->what;
        report.description.quantity = spec.quantity;
        report.description.units = found->unit;
        auto wanted = spec.target;
        if (wanted.cells.empty()) {
            wanted.cells = model_.synapses[static_cast<std::size_t>(report.synapse)].target.cells;
        }
        auto selected = select(wanted, populations_, diagnostics_);
        if (!settle_times(report, spec) || !selected.ok() || !synapse.cells.ok() || synapse.node.empty()) {
            return;
        }
        report.population = selected.population;
        std::erase_if(selected.cells, [&](std::int64_t cell) {
            return !std::binary_search(synapse.cells.cells.begin(), synapse.cells.cells.end(), cell);
        });
        if (selected.population != synapse.cells.population || selected.cells.empty()) {
            diagnostics_.error(spec.pos, fmt::format("none of these cells carries the synapse '{}'", name));
            return;
        }
        std::vector<std::string> names;
        for (const auto& where : synapse.where) {
            names.push_back(population(report.population).place_text(where));
        }
        for (const std::int64_t cell : selected.cells) {
            for (std::size_t k = 0; k < synapse.node.size(); ++k) {
                report.elements.push_back({cell, synapse.where[k], synapse.node[k], static_cast<std::int32_t>(k)});
            }
        }
        finish(std::move(report), spec, selected, names);
    }

    void add_stimulus_report(const model::RecordSpec& spec)
    {
        const auto name = spec.quantity.substr(std::string("stimulus.").size());
        std::vector<std::string> names;
        for (std::size_t k = 0; k < model_.stimuli.size(); ++k) {
            names.push_back(model_.stimuli[k].name);
            if (names.back() != name) {
                continue;
            }
            Report report;
            report.kind = Kind::stimulus;
            report.stimulus = static_cast<std::int32_t>(k);
            report.description.quantity = spec.quantity;
            report.description.units = "nA";
            const auto selected = select(model_.stimuli[k].target, populations_, diagnostics_);
            if (!settle_times(report, spec) || !selected.ok()) {
                return;
            }
            report.population = selected.population;
            const auto places = locate(model_.stimuli[k].at, population(selected.population), diagnostics_);
            std::vector<std::string> place_names;
            for (std::size_t i = 0; i < places.size(); ++i) {
                place_names.push_back(
                    place_name(model_.stimuli[k].at.text, places.size(), selected.population, places[i]));
            }
            for (const std::int64_t cell : selected.cells) {
                for (const auto& where : places) {
                    report.elements.push_back(
                        {cell, where, population(selected.population).layout().compartment_at(where), 0});
                }
            }
            if (!places.empty()) {
                finish(std::move(report), spec, selected, place_names);
            }
            return;
        }
        diagnostics_.error(spec.pos, fmt::format("there is no stimulus named '{}'", name),
                           base::name_hint(name, names, "stimuli"));
    }

    void finish(Report report, const model::RecordSpec& spec, const Selected& selected,
                const std::vector<std::string>& place_names)
    {
        auto& d = report.description;
        const auto& cells = population(selected.population);
        const bool first_voltage = report.kind == Kind::voltage && voltage_seen_.insert(selected.population).second;
        d.name = first_voltage ? cells.name() : fmt::format("{}.{}", cells.name(), spec.name);
        if (!names_.insert(d.name).second) {
            diagnostics_.error(spec.pos, fmt::format("'{}' has two recordings named '{}'", cells.name(), spec.name),
                               "give one of them another 'name'");
            return;
        }
        d.population = cells.name();
        d.recording = spec.name;
        d.precision = model_.output.precision;
        d.expected_rows = static_cast<std::uint64_t>(report.rows_before(n_steps_ + 1));
        const std::size_t per_cell = place_names.size();
        for (std::size_t c = 0; c < selected.cells.size(); ++c) {
            d.node_ids.push_back(static_cast<std::uint64_t>(selected.cells[c]));
            d.index_pointers.push_back(c * per_cell);
        }
        d.index_pointers.push_back(selected.cells.size() * per_cell);
        for (std::size_t k = 0; k < report.elements.size(); ++k) {
            const auto& element = report.elements[k];
            d.element_ids.push_back(static_cast<std::uint32_t>(element.where.section));
            d.element_pos.push_back(static_cast<float>(element.where.position));
            d.distance_um.push_back(cells.morphology().distance_um(element.where));
            d.node.push_back(report.whole_compartments ? compartment_row(cells.layout(), element.node) : -1);
            d.names.push_back(place_names[k % per_cell]);
        }
        recordings_.reports.push_back(std::move(report));
    }

    /// Row among the compartments alone, junctions left out.
    std::int32_t compartment_row(const discretise::Layout& layout, std::int32_t node)
    {
        auto& rows = compartment_rows_[&layout];
        if (rows.empty()) {
            std::int32_t row = 0;
            for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
                rows.push_back(layout.is_junction(i) ? -1 : row++);
            }
        }
        return rows[static_cast<std::size_t>(node)];
    }

    void add_spikes(const model::SpikeSpec& spec)
    {
        const auto selected = select(spec.target, populations_, diagnostics_);
        recordings_.first_sites.emplace_back();
        if (!selected.ok()) {
            return;
        }
        const auto& cells = population(selected.population);
        auto& sites = recordings_.sites[static_cast<std::size_t>(selected.population)];
        recordings_.first_sites.back() = {selected.population, static_cast<std::int32_t>(sites.name.size())};
        for (const auto& at : spec.at) {
            const auto locations = locate(at, cells, diagnostics_);
            for (std::size_t k = 0; k < locations.size(); ++k) {
                const auto site = static_cast<std::int32_t>(sites.name.size());
                sites.name.push_back(place_name(at.text, locations.size(), selected.population, locations[k]));
                sites.section.push_back(locations[k].section);
                sites.position.push_back(locations[k].position);
                sites.distance_um.push_back(cells.morphology().distance_um(locations[k]));
                sites.threshold_mV.push_back(spec.threshold_mV);
                for (const std::int64_t cell : selected.cells) {
                    recordings_.sources.push_back({selected.population, cell, site, locations[k], spec.threshold_mV});
                }
            }
        }
    }

    /// The place where the spikes of a connection arise: one that is recorded from, if it is the same, or one of its own.
    void add_detector(const model::ConnectionSpec& spec)
    {
        recordings_.detectors.emplace_back();
        const bool from_generator =
            std::any_of(model_.generators.begin(), model_.generators.end(),
                        [&](const model::GeneratorSpec& generator) { return generator.name == spec.from; });
        const auto selected =
            from_generator ? Selected{} : select({spec.from, {}, spec.pos}, populations_, diagnostics_);
        if (!selected.ok()) {
            return;
        }
        const auto& cells = population(selected.population);
        const auto places = spec.detect_at ? locate(*spec.detect_at, cells, diagnostics_)
                                           : std::vector{cells.morphology().soma_centre()};
        if (places.size() != 1) {
            if (places.size() > 1) {
                diagnostics_.error(spec.detect_at->pos,
                                   fmt::format("{} is {} places on '{}'; spikes are detected at one",
                                               spec.detect_at->text, places.size(), cells.name()));
            }
            return;
        }
        recordings_.detectors.back() = {selected.population,
                                        detector_site(selected, places.front(), spec.threshold_mV)};
    }

    std::int32_t detector_site(const Selected& selected, morphology::Location where, double threshold_mV)
    {
        std::map<std::int32_t, std::size_t> cells_of_site;
        for (const auto& source : recordings_.sources) {
            if (source.population == selected.population && source.where == where &&
                source.threshold_mV == threshold_mV && ++cells_of_site[source.site] == selected.cells.size()) {
                return source.site;
            }
        }
        const std::int32_t site = first_hidden_site + n_hidden_sites_++;
        for (const std::int64_t cell : selected.cells) {
            recordings_.sources.push_back({selected.population, cell, site, where, threshold_mV, false});
        }
        return site;
    }

    /// Sites that are in no table are numbered from here on.
    static constexpr std::int32_t first_hidden_site = 1 << 30;

    const model::Model& model_;
    const std::vector<Population>& populations_;
    const std::vector<SynapsePlaces>& synapses_;
    std::int64_t n_steps_;
    Diagnostics& diagnostics_;
    Recordings recordings_;
    std::int32_t n_hidden_sites_ = 0;
    std::set<std::int32_t> voltage_seen_;
    std::set<std::string> names_;
    std::map<const discretise::Layout*, std::vector<std::int32_t>> compartment_rows_;
};

/// The mechanism of the plan that is this channel at the node.
std::size_t mechanism_of(const group::Plan& plan, std::string_view channel, std::int32_t node)
{
    const auto slot = static_cast<std::int32_t>(plan.slot(node));
    const auto found = std::find_if(plan.mechanisms.begin(), plan.mechanisms.end(), [&](const group::MechanismPlan& m) {
        return m.info->name == channel && m.place(slot) >= 0;
    });
    return static_cast<std::size_t>(found - plan.mechanisms.begin());
}

std::size_t ion_of(const group::Plan& plan, std::string_view name)
{
    const auto found =
        std::find_if(plan.ions.begin(), plan.ions.end(), [&](const group::IonPlan& ion) { return ion.name == name; });
    return static_cast<std::size_t>(found - plan.ions.begin());
}

/// The clamps of one stimulus on one cell, in the order of the stimulus's places.
void add_stimulus_columns(record::GroupProbe& probe, const Report& report, const group::Plan& plan, std::int64_t cell,
                          std::size_t first_column)
{
    for (std::size_t k = 0; k < plan.current_clamps.size(); ++k) {
        if (plan.current_clamp_cell[k] == cell && plan.current_clamps[k].stimulus == report.stimulus) {
            probe.add_current_clamp(first_column++, k);
        }
    }
    for (std::size_t k = 0; k < plan.voltage_clamps.size(); ++k) {
        if (plan.voltage_clamp_cell[k] == cell && plan.voltage_clamps[k].stimulus == report.stimulus) {
            probe.add_voltage_clamp(first_column++, k);
        }
    }
}

void add_column(record::GroupProbe& probe, const Report& report, const group::Plan& plan, const group::CellRange& cell,
                const Element& element, std::size_t column, const discretise::Tap& tap)
{
    const std::int32_t node = cell.first_node + element.node;
    switch (report.kind) {
    case Kind::voltage:
        if (report.whole_compartments) {
            probe.add_node_voltage(column, node);
        } else {
            probe.add_voltage(column, solve::VoltageReader(plan, cell.cell, solve::shifted(tap, cell.first_node)));
        }
        break;
    case Kind::state: probe.add_state(column, mechanism_of(plan, report.channel, node), report.what, node); break;
    case Kind::current: probe.add_current(column, mechanism_of(plan, report.channel, node), report.what, node); break;
    case Kind::output: probe.add_output(column, mechanism_of(plan, report.channel, node), report.what, node); break;
    case Kind::ion:
        probe.add_ion(column, ion_of(plan, report.ion), static_cast<mechanisms::IonQuantity>(report.what), node);
        break;
    case Kind::ionic_current: probe.add_ionic_current(column, node); break;
    case Kind::synapse:
        probe.add_synapse(column, plan.find_synapse({cell.cell, report.synapse, element.place}), report.of_synapse);
        break;
    case Kind::stimulus: break;
    }
}

}  // namespace

std::int64_t Report::rows_before(std::int64_t step) const
{
    const std::int64_t last = std::min(step - 1, last_step);
    return last < first_step ? 0 : (last - first_step) / every_steps + 1;
}

std::int32_t Recordings::find_source(std::int32_t population, std::int64_t cell, std::int32_t site) const
{
    auto at = std::lower_bound(sources.begin(), sources.end(), std::pair{population, cell},
                               [](const Source& source, const std::pair<std::int32_t, std::int64_t>& wanted) {
                                   return std::pair{source.population, source.cell} < wanted;
                               });
    for (; at != sources.end() && at->population == population && at->cell == cell; ++at) {
        if (at->site == site) {
            return static_cast<std::int32_t>(at - sources.begin());
        }
    }
    return -1;
}

Recordings plan_recordings(const model::Model& model, const std::vector<Population>& populations,
                           const std::vector<SynapsePlaces>& synapses, std::int64_t n_steps, Diagnostics& diagnostics)
{
    return Planner(model, populations, synapses, n_steps, diagnostics).plan();
}

void add_columns(record::GroupProbe& probe, const Report& report, const group::Plan& plan,
                 const std::vector<Population>& populations, std::size_t first_column)
{
    const auto& population = populations[static_cast<std::size_t>(report.population)];
    const auto& elements = report.elements;
    for (const auto& cell : plan.cells) {
        const std::int64_t index = cell.cell - population.first_cell();
        auto element = std::lower_bound(elements.begin(), elements.end(), index,
                                        [](const Element& e, std::int64_t wanted) { return e.cell < wanted; });
        if (index < 0 || element == elements.end() || element->cell != index) {
            continue;
        }
        const auto first = static_cast<std::size_t>(element - elements.begin());
        if (report.kind == Kind::stimulus) {
            add_stimulus_columns(probe, report, plan, cell.cell, first - first_column);
            continue;
        }
        const bool needs_tap = report.kind == Kind::voltage && !report.whole_compartments;
        const auto ra = population.axial_resistivity(index);
        for (std::size_t column = first; column < elements.size() && elements[column].cell == index; ++column) {
            const auto tap = needs_tap ? discretise::tap_at(population.layout(), population.morphology(), *ra,
                                                            elements[column].where)
                                       : discretise::Tap{};
            add_column(probe, report, plan, cell, elements[column], column - first_column, tap);
        }
    }
}

}  // namespace axolemma::run
