/// Synapses, and the generators that can drive them.
#include <algorithm>

#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::GeneratorSpec;
using model::SynapseSpec;
using model::Value;

// ---- synapses ------------------------------------------------------------------------------------------------------

/// Recordings name a synapse as they name a channel or a stimulus.
void check_synapse_name(Context& context, const MapReader& map, const std::string& name)
{
    if (const SynapseSpec* first = context.find_synapse(name)) {
        refuse_second(context, map, "synapses", name, first->pos);
    } else if (context.model.catalogue.find_channel(name) != nullptr) {
        context.out.error(map.value_pos("name"), fmt::format("'{}' is the name of a channel", name),
                          "recordings must tell them apart; choose another name");
    } else if (name == "stimulus") {
        context.out.error(map.value_pos("name"), "a synapse cannot be called 'stimulus'",
                          "recordings call a stimulus stimulus.NAME; choose another name");
    }
}

/// Parameters that do not fit together, where all of them are the same everywhere.
void check_together(Context& context, const mechanisms::SynapseInfo& info, const SynapseSpec& synapse,
                    const SourcePos& pos)
{
    std::vector<double> values;
    for (const mechanisms::ParameterInfo& parameter : info.parameters) {
        values.push_back(parameter.default_value);
    }
    for (const model::ParameterSetting& setting : synapse.parameters) {
        if (!setting.value.expression.is_constant()) {
            return;
        }
        values[static_cast<std::size_t>(info.parameter_index(setting.name))] = setting.value.expression.value();
    }
    if (const std::string complaint = info.complaint(values); !complaint.empty()) {
        std::vector<std::string> have;
        for (std::size_t k = 0; k < values.size(); ++k) {
            have.push_back(fmt::format("{} = {} {}", info.parameters[k].name, values[k], info.parameters[k].unit));
        }
        context.out.error(pos, complaint, fmt::format("here {}", fmt::join(have, ", ")));
    }
}

void read_type(Context& context, const MapReader& map, SynapseSpec& synapse)
{
    const std::optional<ValueReader> type = map.value("type");
    const std::optional<std::size_t> choice = type ? type->choice() : std::nullopt;
    if (!choice) {
        return;
    }
    synapse.type = context.model.catalogue.synapse_names()[*choice];
    const mechanisms::SynapseInfo& info = *context.model.catalogue.find_synapse(synapse.type);
    if (const Node* parameters = map.find("parameters")) {
        const std::int64_t n_before = context.out.n_errors();
        synapse.parameters = read_parameters(context, {"synapse", info.name, info.parameters}, *parameters);
        if (context.out.n_errors() == n_before) {
            check_together(context, info, synapse, map.key_pos("parameters"));
        }
    }
}

void read_synapse(Context& context, const Node& node)
{
    const MapReader map(node, synapse_object(), "this synapse", node.pos, context.out);
    SynapseSpec synapse;
    synapse.pos = node.pos;
    synapse.name = map.text_or("name");
    if (!synapse.name.empty()) {
        check_synapse_name(context, map, synapse.name);
    }
    synapse.target = read_selection(context, map);
    const NamedRegions& named = context.regions_of(synapse.target.cells);
    if (const Node* at = map.find("at")) {
        synapse.at = read_places(context, named, *at);
    } else if (map.has("region")) {
        synapse.region = region_or_all(context, named, map, "region");
    }
    read_type(context, map, synapse);
    context.synapse_index.emplace(synapse.name, context.model.synapses.size());
    context.model.synapses.push_back(std::move(synapse));
}

// ---- generators ----------------------------------------------------------------------------------------------------

std::optional<Value> given(const MapReader& map, std::string_view key)
{
    return map.given_expression(key, model::cell_variables());
}

/// Is there time between start and stop, where both are the same for all generators?
void check_stop(Context& context, const MapReader& map, const Value& start_ms, const std::optional<Value>& stop_ms)
{
    if (stop_ms && start_ms.expression.is_constant() && stop_ms->expression.is_constant() &&
        stop_ms->expression.value() < start_ms.expression.value()) {
        context.out.error(map.value_pos("stop"), fmt::format("'stop' is {} ms, before 'start' at {} ms",
                                                             stop_ms->expression.value(), start_ms.expression.value()));
    }
}

model::RegularTrain read_regular(Context& context, const MapReader& map)
{
    const auto variables = model::cell_variables();
    model::RegularTrain out{map.expression("start", variables), map.expression("interval", variables), std::nullopt,
                            given(map, "stop")};
    if (map.has("count")) {
        out.count = map.integer_or("count", 1);
    }
    check_stop(context, map, out.start_ms, out.stop_ms);
    return out;
}

model::PoissonTrain read_poisson(Context& context, const MapReader& map)
{
    const auto variables = model::cell_variables();
    model::PoissonTrain out{map.expression("rate", variables), map.expression("start", variables), given(map, "stop")};
    check_stop(context, map, out.start_ms, out.stop_ms);
    return out;
}

model::ListedTrain read_times(const ValueReader& times)
{
    model::ListedTrain out{times.quantities(1, ValueReader::any_number).value_or(std::vector<double>{})};
    std::sort(out.t_ms.begin(), out.t_ms.end());
    return out;
}

model::FileTrain read_spike_train(Context& context, const MapReader& map, const GeneratorSpec& generators)
{
    model::FileTrain out;
    out.path = context.resolve(map.text_or("path"));
    if (!out.path.empty() && context.options.open_files) {
        read_spike_file(map.value_pos("path"), numbered(generators), out, context.out);
    }
    return out;
}

model::Train read_train(Context& context, const MapReader& map, const GeneratorSpec& generators)
{
    const auto part = [&](std::string_view key, const Object& object) {
        return MapReader(*map.find(key), object, fmt::format("'{}'", key), map.key_pos(key), context.out);
    };
    if (map.has("regular")) {
        return read_regular(context, part("regular", regular_object()));
    }
    if (map.has("poisson")) {
        return read_poisson(context, part("poisson", poisson_object()));
    }
    if (map.has("file")) {
        return read_spike_train(context, part("file", spike_file_object()), generators);
    }
    const std::optional<ValueReader> times = map.value("times");
    return times ? read_times(*times) : model::ListedTrain{};
}

void read_generator(Context& context, const Node& node)
{
    const MapReader map(node, generator_object(), "this generator", node.pos, context.out);
    GeneratorSpec generators;
    generators.pos = node.pos;
    generators.name = map.text_or("name");
    generators.count = map.integer_or("count", 1);
    if (const GeneratorSpec* first = context.find_generators(generators.name); first != nullptr && map.has("name")) {
        refuse_second(context, map, "generators", generators.name, first->pos);
    } else if (const model::CellSpec* cells = context.find_cells(generators.name);
               cells != nullptr && map.has("name")) {
        context.out.error(
            map.value_pos("name"), fmt::format("'{}' is the name of a population", generators.name),
            fmt::format("the population is at line {}; connections must tell them apart", cells->pos.line));
    }
    generators.train = read_train(context, map, generators);
    context.generator_index.emplace(generators.name, context.model.generators.size());
    context.model.generators.push_back(std::move(generators));
}

}  // namespace

void read_synapses(Context& context, const Node& list)
{
    for_each_item(context, "synapses", list, false, [&](const Node& item) { read_synapse(context, item); });
}

void read_generators(Context& context, const Node& list)
{
    for_each_item(context, "generators", list, false, [&](const Node& item) { read_generator(context, item); });
}

}  // namespace axolemma::config
