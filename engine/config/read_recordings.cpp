#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::RecordSpec;
using model::SpikeSpec;

constexpr std::string_view stimulus_prefix = "stimulus.";

std::string_view before_dot(std::string_view quantity)
{
    return quantity.substr(0, quantity.find('.'));
}

std::string_view after_dot(std::string_view quantity)
{
    const std::size_t dot = quantity.find('.');
    return dot == std::string_view::npos ? std::string_view{} : quantity.substr(dot + 1);
}

/// What can be recorded of a synapse; nothing where its type is unknown, which is reported there.
std::vector<std::string> synapse_variables(const Context& context, const model::SynapseSpec& synapse)
{
    std::vector<std::string> names;
    if (const mechanisms::SynapseInfo* info = context.model.catalogue.find_synapse(synapse.type)) {
        for (const mechanisms::RecordableQuantity& quantity : info->quantities()) {
            names.push_back(quantity.name);
        }
    }
    return names;
}

bool is_synapse_variable(const Context& context, const model::SynapseSpec& synapse, std::string_view name)
{
    const std::vector<std::string> names = synapse_variables(context, synapse);
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

/// What to write for a quantity of a synapse.
std::string synapse_hint(const Context& context, const model::SynapseSpec& synapse)
{
    std::vector<std::string> names = synapse_variables(context, synapse);
    if (names == std::vector<std::string>{"g", "i"}) {
        return fmt::format("write {0}.g for its conductance or {0}.i for its current", synapse.name);
    }
    for (std::string& name : names) {
        name = fmt::format("{}.{}", synapse.name, name);
    }
    return fmt::format("it has {}", fmt::join(names, ", "));
}

std::vector<std::string> stimulus_names(const Context& context)
{
    std::vector<std::string> out;
    for (const model::StimulusSpec& stimulus : context.model.stimuli) {
        out.push_back(stimulus.name);
    }
    return out;
}

bool is_painted(const model::CellSpec& cells, std::string_view channel)
{
    return std::any_of(cells.channels.begin(), cells.channels.end(),
                       [&](const model::Paint& paint) { return paint.channel == channel; });
}

/// The ions that the channels of a population use.
std::set<std::string> ions_of(const Context& context, const model::CellSpec& cells)
{
    std::set<std::string> names;
    for (const mechanisms::MechanismInfo* info : context.model.catalogue.channels()) {
        for (const mechanisms::IonUse& use : info->ions) {
            if (is_painted(cells, info->name)) {
                names.insert(use.name);
            }
        }
    }
    return names;
}

bool is_ion_variable(std::string_view name)
{
    return std::find(model::ion_variables.begin(), model::ion_variables.end(), name) != model::ion_variables.end();
}

/// What NEURON calls cai, cao, eca or ica, as it is called here; empty for other words.
std::string as_ion_quantity(std::string_view word, const std::set<std::string>& ions)
{
    for (const std::string& ion : ions) {
        const std::array<std::pair<std::string, std::string_view>, 4> words{
            {{ion + "i", "inside"}, {ion + "o", "outside"}, {"e" + ion, "reversal"}, {"i" + ion, "current"}}};
        for (const auto& [other, variable] : words) {
            if (word == other) {
                return fmt::format("{}.{}", ion, variable);
            }
        }
    }
    return {};
}

/// Every quantity that can be recorded from a population.
std::vector<std::string> quantity_names(const Context& context, const model::CellSpec& cells)
{
    std::vector<std::string> out = {"v", "i_ion", "spikes"};
    for (const mechanisms::MechanismInfo* info : context.model.catalogue.channels()) {
        if (!is_painted(cells, info->name)) {
            continue;
        }
        for (const mechanisms::StateInfo& state : info->states) {
            if (!state.hidden) {
                out.push_back(fmt::format("{}.{}", info->name, state.name));
            }
        }
        for (const mechanisms::CurrentInfo& current : info->currents) {
            out.push_back(fmt::format("{}.{}", info->name, current.name));
        }
        for (const mechanisms::OutputInfo& output : info->outputs) {
            out.push_back(fmt::format("{}.{}", info->name, output.name));
        }
    }
    for (const std::string& ion : ions_of(context, cells)) {
        for (const std::string_view variable : model::ion_variables) {
            out.push_back(fmt::format("{}.{}", ion, variable));
        }
    }
    for (const model::SynapseSpec& synapse : context.model.synapses) {
        for (const std::string& variable : synapse_variables(context, synapse)) {
            if (synapse.target.cells == cells.name) {
                out.push_back(fmt::format("{}.{}", synapse.name, variable));
            }
        }
    }
    for (const std::string& name : stimulus_names(context)) {
        out.push_back(std::string(stimulus_prefix) + name);
    }
    return out;
}

bool is_quantity(const Context& context, std::string_view quantity, const model::CellSpec& cells)
{
    if (quantity == "v" || quantity == "i_ion" || quantity == "spikes") {
        return true;
    }
    if (quantity.starts_with(stimulus_prefix)) {
        return context.find_stimulus(quantity.substr(stimulus_prefix.size())) != nullptr;
    }
    const std::string_view variable = after_dot(quantity);
    if (const model::SynapseSpec* synapse = context.find_synapse(before_dot(quantity))) {
        return synapse->target.cells == cells.name && is_synapse_variable(context, *synapse, variable);
    }
    const mechanisms::MechanismInfo* channel =
        variable.empty() ? nullptr : context.model.catalogue.find_channel(before_dot(quantity));
    if (channel != nullptr && is_painted(cells, channel->name) &&
        (channel->state_index(variable) >= 0 || channel->current_index(variable) >= 0 ||
         channel->output_index(variable) >= 0)) {
        return true;
    }
    return is_ion_variable(variable) && ions_of(context, cells).count(std::string(before_dot(quantity))) > 0;
}

/// The synapse on these cells whose type somebody wrote instead of its name.
const model::SynapseSpec* synapse_of_type(const Context& context, std::string_view type, const model::CellSpec& cells)
{
    const auto& all = context.model.synapses;
    const auto found = std::find_if(all.begin(), all.end(), [&](const model::SynapseSpec& synapse) {
        return synapse.type == type && synapse.target.cells == cells.name;
    });
    return found == all.end() ? nullptr : &*found;
}

/// Is there such a quantity? Reports it if not.
bool check_quantity(Context& context, const MapReader& map, const std::string& quantity, const model::CellSpec& cells)
{
    if (is_quantity(context, quantity, cells)) {
        return true;
    }
    const std::string_view owner = before_dot(quantity);
    const model::SynapseSpec* synapse = context.find_synapse(owner);
    const model::SynapseSpec* of_type = synapse_of_type(context, owner, cells);
    const std::string as_ion = as_ion_quantity(quantity, ions_of(context, cells));
    std::string hint;
    if (!as_ion.empty()) {
        hint = fmt::format("write {}", as_ion);
    } else if (context.model.catalogue.find_channel(owner) != nullptr && !is_painted(cells, owner)) {
        hint = fmt::format("the channel '{}' is nowhere in population '{}'", owner, cells.name);
    } else if (synapse != nullptr && synapse->target.cells != cells.name) {
        hint = fmt::format("the synapse '{}' is on population '{}'", owner, synapse->target.cells);
    } else if (synapse != nullptr && after_dot(quantity).empty()) {
        hint = synapse_hint(context, *synapse);
    } else if (synapse == nullptr && of_type != nullptr) {
        hint = fmt::format("a synapse is called by its name, not its type: {}.{}", of_type->name,
                           is_synapse_variable(context, *of_type, after_dot(quantity))
                               ? std::string(after_dot(quantity))
                               : synapse_variables(context, *of_type).front());
    } else {
        hint = base::name_hint(quantity, quantity_names(context, cells),
                               fmt::format("quantities of '{}' are", cells.name));
    }
    context.out.error(map.value_pos("quantity"), fmt::format("unknown quantity '{}'", quantity), hint);
    return false;
}

/// Is the name taken by a recording of the same cells above this one?
void check_name(Context& context, const MapReader& map, const std::string& cells, const std::string& name)
{
    const auto [first, is_new] = context.recording_pos.emplace(cells + "." + name, map.pos());
    if (!is_new) {
        context.out.error(
            map.has("name") ? map.value_pos("name") : map.pos(),
            fmt::format("there are two recordings called '{}'", name),
            fmt::format("the first is at line {}; give this one a 'name' of its own", first->second.line));
    }
}

void refuse(Context& context, const MapReader& map, std::initializer_list<std::string_view> keys, std::string_view why)
{
    for (const std::string_view key : keys) {
        if (map.has(key)) {
            context.out.error(map.key_pos(key), fmt::format("'{}' {}", key, why));
        }
    }
}

void read_spikes(Context& context, const MapReader& map, SpikeSpec spec)
{
    refuse(context, map, {"region", "every", "start", "stop"}, "cannot be used with spikes");
    if (const Node* at = map.find("at")) {
        spec.at = read_places(context, context.regions_of(spec.target.cells), *at);
    } else {
        context.out.error(map.pos(), "a recording of spikes needs the key 'at'", "for example at: soma");
    }
    spec.threshold_mV = map.quantity_or("threshold");
    context.model.spikes.push_back(std::move(spec));
}

void check_times(Context& context, const MapReader& map, const RecordSpec& record)
{
    const model::RunSpec& run = context.model.run;
    if (run.stop_ms <= 0.0 || run.dt_ms <= 0.0) {
        return;  // reported already
    }
    if (record.every_ms) {
        const double steps = *record.every_ms / run.dt_ms;
        if (std::fabs(steps - std::round(steps)) > 1e-6 * steps || steps < 0.5) {
            context.out.error(map.value_pos("every"),
                              fmt::format("'every' is {} ms, which is not a whole number of steps of {} ms",
                                          *record.every_ms, run.dt_ms),
                              "rows are taken at steps");
        }
    }
    if (record.start_ms > run.stop_ms) {
        context.out.error(map.value_pos("start"), fmt::format("'start' is {} ms, after the end of the run at {} ms",
                                                              record.start_ms, run.stop_ms));
    } else if (record.stop_ms && *record.stop_ms < record.start_ms) {
        context.out.error(map.value_pos("stop"),
                          fmt::format("'stop' is {} ms, before 'start' at {} ms", *record.stop_ms, record.start_ms));
    }
}

/// Does every selected cell carry the synapse?
void check_synapse_record(Context& context, const MapReader& map, const RecordSpec& record,
                          const model::SynapseSpec& synapse)
{
    refuse(context, map, {"at", "region"}, "cannot be used with a synapse, which has its own places");
    const std::vector<std::int64_t>& carriers = synapse.target.ids;
    for (const std::int64_t id : record.target.ids) {
        if (!carriers.empty() && !std::binary_search(carriers.begin(), carriers.end(), id)) {
            context.out.error(map.value_pos("ids"),
                              fmt::format("cell {} does not carry the synapse '{}'", id, synapse.name),
                              fmt::format("the synapse is at line {}; see its 'ids'", synapse.pos.line));
            return;
        }
    }
}

/// A recording of what a stimulus delivers takes cells and places from the stimulus.
void read_stimulus_record(Context& context, const MapReader& map, RecordSpec& record)
{
    refuse(context, map, {"at", "region"}, "cannot be used with a stimulus, which has its own place");
    const model::StimulusSpec* stimulus =
        context.find_stimulus(std::string_view(record.quantity).substr(stimulus_prefix.size()));
    if (stimulus != nullptr && map.has("cells") && stimulus->target.cells != record.target.cells) {
        context.out.error(map.value_pos("cells"),
                          fmt::format("stimulus '{}' is on population '{}'", stimulus->name, stimulus->target.cells));
    }
}

void read_place_record(Context& context, const MapReader& map, RecordSpec& record)
{
    const NamedRegions& named = context.regions_of(record.target.cells);
    if (map.has("at") == map.has("region")) {
        context.out.error(map.pos(),
                          fmt::format("this recording needs exactly one of at, region; it has {}",
                                      map.has("at") ? "at and region" : "none"),
                          "for example at: soma, or region: all");
    }
    if (const Node* at = map.find("at")) {
        record.at = read_places(context, named, *at);
    } else if (map.has("region")) {
        record.region = region_or_all(context, named, map, "region");
    }
}

/// Cells of a recording: those given, or those of the stimulus or synapse that it records.
model::CellSelection read_target(Context& context, const MapReader& map, std::string_view quantity,
                                 const model::SynapseSpec* synapse)
{
    const model::StimulusSpec* stimulus = quantity.starts_with(stimulus_prefix)
                                              ? context.find_stimulus(quantity.substr(stimulus_prefix.size()))
                                              : nullptr;
    if (stimulus != nullptr && !map.has("cells") && !map.has("ids")) {
        return stimulus->target;
    }
    if (synapse == nullptr || map.has("cells")) {
        const bool all_carriers = synapse != nullptr && !map.has("ids");
        model::CellSelection target = read_selection(context, map);
        if (all_carriers && target.cells == synapse->target.cells) {
            target.ids = synapse->target.ids;
        }
        return target;
    }
    model::CellSelection target = synapse->target;
    if (const model::CellSpec* cells = context.find_cells(target.cells); cells != nullptr && map.has("ids")) {
        target.ids = read_ids(context, map, "ids", numbered(*cells));
    }
    return target;
}

void read_recording(Context& context, const Node& node)
{
    const MapReader map(node, recording_object(), "this recording", node.pos, context.out);
    const std::string quantity = map.text_or("quantity");
    const std::string name = map.text_or("name", quantity);
    const bool of_stimulus = quantity.starts_with(stimulus_prefix);
    const model::SynapseSpec* synapse =
        after_dot(quantity).empty() ? nullptr : context.find_synapse(before_dot(quantity));
    model::CellSelection target = read_target(context, map, quantity, synapse);
    bool is_known = true;
    if (const model::CellSpec* cells = context.find_cells(target.cells); cells != nullptr && !quantity.empty()) {
        is_known = check_quantity(context, map, quantity, *cells);
    }
    if (!name.empty()) {
        check_name(context, map, target.cells, name);
    }
    if (quantity == "spikes") {
        read_spikes(context, map, {name, std::move(target), {}, 0.0, node.pos});
        return;
    }
    refuse(context, map, {"threshold"}, "is for spikes only");
    RecordSpec record;
    record.name = name;
    record.quantity = quantity;
    record.target = std::move(target);
    record.pos = node.pos;
    record.every_ms = map.quantity("every");
    record.start_ms = map.quantity_or("start");
    record.stop_ms = map.quantity("stop");
    check_times(context, map, record);
    if (of_stimulus) {
        read_stimulus_record(context, map, record);
    } else if (synapse != nullptr) {
        check_synapse_record(context, map, record, *synapse);
    } else if (!quantity.empty() && (is_known || map.has("at") || map.has("region"))) {
        read_place_record(context, map, record);
    }
    context.model.recordings.push_back(std::move(record));
}

/// The name given, or the only one there is.
std::string pick(Context& context, const MapReader& map, std::string_view key, const std::vector<std::string>& names,
                 std::string_view what)
{
    const std::string name = map.text_or(key, names.size() == 1 ? names.front() : "");
    if (map.has(key) && std::find(names.begin(), names.end(), name) == names.end()) {
        context.out.error(map.value_pos(key), fmt::format("there is no {} '{}'", what, name),
                          base::name_hint(name, names, names.empty() ? "" : "there are"));
    } else if (!map.has(key) && names.empty()) {
        context.out.error(map.pos(), fmt::format("'f_i_curve' needs a {}, and there is none", what));
    } else if (!map.has(key) && names.size() > 1) {
        context.out.error(map.pos(), fmt::format("'{}' must say which {} is meant", key, what),
                          fmt::format("there are: {}", fmt::join(names, ", ")));
    }
    return name;
}

void read_f_i_curve(Context& context, const Node& node)
{
    const MapReader map(node, f_i_curve_object(), "'f_i_curve'", node.pos, context.out);
    model::FICurveSpec out;
    out.pos = node.pos;
    out.cells = pick(context, map, "cells", context.population_names(), "population");
    std::vector<std::string> stimuli, spikes;
    for (const model::StimulusSpec& stimulus : context.model.stimuli) {
        if (stimulus.target.cells == out.cells && stimulus.kind == model::StimulusSpec::Kind::current_clamp) {
            stimuli.push_back(stimulus.name);
        }
    }
    for (const SpikeSpec& spec : context.model.spikes) {
        if (spec.target.cells == out.cells) {
            spikes.push_back(spec.name);
        }
    }
    out.stimulus = pick(context, map, "stimulus", stimuli, "current clamp of these cells");
    out.spikes = pick(context, map, "spikes", spikes, "recording of spikes of these cells");
    out.from_ms = map.quantity_or("from");
    out.to_ms = map.quantity("to");
    const double end_ms = out.to_ms.value_or(context.model.run.stop_ms);
    if (out.from_ms >= end_ms && context.model.run.stop_ms > 0.0) {
        context.out.error(map.has("from") ? map.value_pos("from") : map.value_pos("to"),
                          fmt::format("no time is left between {} ms and {} ms", out.from_ms, end_ms));
    }
    if (map.has("file")) {
        out.file = map.text_or("file");
    }
    context.model.f_i_curves.push_back(std::move(out));
}

}  // namespace

void read_recordings(Context& context, const Node& list)
{
    for_each_item(context, "recordings", list, false, [&](const Node& item) { read_recording(context, item); });
}

void read_analysis(Context& context, const Node& node, const SourcePos& pos)
{
    const MapReader map(node, analysis_object(), "'analysis'", pos, context.out);
    if (const Node* curves = map.find("f_i_curve")) {
        for_each_item(context, "f_i_curve", *curves, true, [&](const Node& item) { read_f_i_curve(context, item); });
    }
}

}  // namespace axolemma::config
