/// Currents, ions, pools and events of channel files.
#include <algorithm>

#include <fmt/format.h>

#include "config/channel_parts.hpp"
#include "kinetics/ions.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using kinetics::Value;

/// The ion of this name with its charge number, as far as the file or everybody knows it.
mechanisms::IonUse ion_named(const ChannelDraft& draft, const std::string& name)
{
    for (const mechanisms::IonUse& ion : draft.equations().info.ions) {
        if (ion.name == name) {
            return ion;
        }
    }
    return {name, kinetics::usual_valence(name)};
}

/// Reports an ion whose charge number nobody knows.
bool has_valence(const ChannelDraft& draft, const mechanisms::IonUse& ion, const SourcePos& pos)
{
    if (ion.valence == 0) {
        draft.out().error(pos, fmt::format("the charge number of '{}' is not known", ion.name),
                          fmt::format("write ions: {{{}: {{valence: 1}}}}", ion.name));
    }
    return ion.valence != 0;
}

/// Product of the gates that the current has.
std::optional<Value> open_share(const ChannelDraft& draft, const MapReader& map, bool alone)
{
    std::optional<Value> product;
    const auto multiply = [&](Value factor) { product = product ? draft.graph().multiply(*product, factor) : factor; };
    const Node* const gates = map.find("gates");
    if (gates == nullptr && !alone && !draft.factors.empty()) {
        draft.out().error(map.pos(), "with several currents, 'gates' says which gates each is multiplied by",
                          "for example gates: [m, h], or gates: [] for none");
        return std::nullopt;
    }
    if (gates == nullptr) {
        std::for_each(draft.factors.begin(), draft.factors.end(), [&](const auto& factor) { multiply(factor.value); });
        return product;
    }
    for (const auto& [name, pos] : read_names(draft.out(), "gates", *gates)) {
        const auto at = std::find_if(draft.factors.begin(), draft.factors.end(),
                                     [&, &wanted = name](const auto& factor) { return factor.gate == wanted; });
        if (at == draft.factors.end()) {
            std::vector<std::string> all;
            for (const auto& factor : draft.factors) {
                all.push_back(factor.gate);
            }
            draft.out().error(pos, fmt::format("there is no gate '{}'", name), base::name_hint(name, all, "gates are"));
        } else {
            multiply(at->value);
        }
    }
    return product;
}

/// conductance (v - reversal)
std::optional<Value> ohmic(ChannelDraft& draft, const MapReader& map, const std::string& label,
                           const std::optional<mechanisms::IonUse>& ion, std::optional<Value> open)
{
    kinetics::Graph& graph = draft.graph();
    std::optional<Value> conductance = draft.formula(map, "conductance", label, draft.is_point ? "uS" : "S/cm2");
    std::optional<Value> reversal = draft.formula(map, "reversal", label);
    if (!map.has("reversal") && ion) {
        reversal = kinetics::ion_value(draft.equations(), *ion, mechanisms::IonQuantity::reversal_mV);
    } else if (!map.has("reversal")) {
        draft.out().error(map.pos(), fmt::format("{} needs a reversal potential", label),
                          "write reversal: -45 mV, or ion: NAME for that of an ion");
    }
    if (!conductance || !reversal) {
        return std::nullopt;
    }
    const Value g = open ? graph.multiply(*conductance, *open) : *conductance;
    return graph.multiply(g, graph.subtract(graph.input(kinetics::InputKind::voltage), *reversal));
}

std::optional<Value> constant_field(ChannelDraft& draft, const MapReader& map, const std::string& label,
                                    const std::optional<mechanisms::IonUse>& ion, std::optional<Value> open)
{
    if (!ion) {
        draft.out().error(map.pos(), fmt::format("{} with a permeability needs an ion", label), "write ion: ca");
        return std::nullopt;
    }
    if (map.has("reversal")) {
        draft.out().error(map.key_pos("reversal"), "a current with a permeability has no reversal potential of its own",
                          "the concentrations say where it reverses");
    }
    std::optional<Value> permeability = draft.formula(map, "permeability", label);
    if (!permeability || !has_valence(draft, *ion, map.value_pos("ion"))) {
        return std::nullopt;
    }
    kinetics::Equations& equations = draft.equations();
    kinetics::ConstantField field{
        open ? draft.graph().multiply(*permeability, *open) : *permeability, {}, {}, ion->valence};
    field.inside_mM = kinetics::ion_value(equations, *ion, mechanisms::IonQuantity::inside_mM);
    field.outside_mM = kinetics::ion_value(equations, *ion, mechanisms::IonQuantity::outside_mM);
    return kinetics::constant_field_current(draft.graph(), field);
}

void add_current(ChannelDraft& draft, mechanisms::CurrentInfo info, Value value)
{
    draft.equations().info.currents.push_back(std::move(info));
    draft.equations().currents.push_back(value);
}

/// @param alone  is it the only current, which all gates belong to?
void read_one_current(ChannelDraft& draft, std::string name, const Node& node, const SourcePos& pos, bool alone)
{
    const std::string_view unit = draft.is_point ? "nA" : "mA/cm2";
    const std::string label = name.empty() ? "'current'" : fmt::format("current '{}'", name);
    if (node.kind != Node::Kind::mapping) {
        if (const auto value = draft.scope.value(node, base::parse_unit(unit), label)) {
            add_current(draft, {name.empty() ? "i" : name, {}}, *value);
        }
        return;
    }
    const MapReader map(node, channel_current_object(), label, pos, draft.out());
    const std::int64_t errors_before = draft.out().n_errors();
    std::optional<mechanisms::IonUse> ion;
    if (const std::string ion_name = map.text_or("ion"); !ion_name.empty()) {
        ion = ion_named(draft, ion_name);
    }
    std::optional<Value> value;
    if (map.has("value")) {
        value = draft.formula(map, "value", label, unit);
    } else if (map.has("conductance") || map.has("permeability")) {
        const std::optional<Value> open = open_share(draft, map, alone);
        value =
            map.has("conductance") ? ohmic(draft, map, label, ion, open) : constant_field(draft, map, label, ion, open);
    }
    if (!value || draft.out().n_errors() > errors_before) {
        return;
    }
    mechanisms::CurrentInfo info{name, map.text_or("about")};
    info.name = !name.empty() ? name : ion ? "i" + ion->name : "i";
    info.ion = ion ? static_cast<int>(kinetics::ion_index(draft.equations(), *ion)) : -1;
    add_current(draft, std::move(info), *value);
}

}  // namespace

void read_current(ChannelDraft& draft, const Node& node)
{
    read_one_current(draft, {}, node, node.pos, true);
}

void read_currents(ChannelDraft& draft, const Node& node)
{
    if (!draft.equations().currents.empty()) {
        draft.out().error(node.pos, "either 'current' or 'currents' can be given, not both");
    }
    for_each_name(draft.out(), "currents", node, [&](const Entry& entry) {
        read_one_current(draft, entry.key, *entry.value, entry.key_pos, node.entries.size() == 1);
    });
}

// ---- ions ----------------------------------------------------------------------------------------------------------

void read_ions(ChannelDraft& draft, const Node& node)
{
    for_each_name(draft.out(), "ions", node, [&](const Entry& entry) {
        const MapReader map(*entry.value, channel_ion_object(), fmt::format("ion '{}'", entry.key), entry.key_pos,
                            draft.out());
        mechanisms::IonUse ion{entry.key, kinetics::usual_valence(entry.key)};
        if (map.has("valence")) {
            ion.valence = static_cast<int>(map.integer_or("valence", ion.valence));
        }
        draft.scope.add_ion(ion);
        kinetics::ion_index(draft.equations(), ion);
    });
}

void read_concentrations(ChannelDraft& draft, const Node& node)
{
    kinetics::Equations& equations = draft.equations();
    const auto write = [&](const MapReader& map, std::string_view key, const std::string& ion,
                           mechanisms::IonQuantity what) {
        const std::optional<Value> value = draft.formula(map, key, fmt::format("ion '{}'", ion));
        if (!value) {
            return;
        }
        equations.info.ion_writes.push_back({kinetics::ion_index(equations, ion_named(draft, ion)), what});
        equations.concentrations.push_back(*value);
        equations.initial_concentrations.push_back(
            equations.graph.substitute(*value, [&](const kinetics::Input& input) {
                return input.kind == kinetics::InputKind::state ? equations.initial[input.index] : Value{};
            }));
    };
    if (node.kind != Node::Kind::mapping) {
        return;  // reported by read_ions
    }
    for (const Entry& entry : node.entries) {
        if (entry.value->kind == Node::Kind::mapping) {
            base::Diagnostics reported;
            const MapReader map(*entry.value, channel_ion_object(), entry.key, entry.key_pos, reported);
            write(map, "inside", entry.key, mechanisms::IonQuantity::inside_mM);
            write(map, "outside", entry.key, mechanisms::IonQuantity::outside_mM);
        }
    }
}

void read_pool(ChannelDraft& draft, const MapReader& map)
{
    kinetics::Pool pool;
    pool.ion = ion_named(draft, map.text_or("ion"));
    const auto depth = draft.formula(map, "depth", "the pool"), share = draft.formula(map, "free_share", "the pool"),
               decay = draft.formula(map, "decay", "the pool"), minimum = draft.formula(map, "minimum", "the pool");
    const auto initial = map.has("initial") ? draft.formula(map, "initial", "the pool") : minimum;
    if (pool.ion.name.empty() || !has_valence(draft, pool.ion, map.value_pos("ion")) || !depth || !share || !decay ||
        !minimum || !initial) {
        return;
    }
    pool.depth_um = *depth;
    pool.free_share = *share;
    pool.decay_ms = *decay;
    pool.minimum_mM = *minimum;
    pool.initial_mM = *initial;
    pool.inward_only = map.boolean_or("inward_only");
    kinetics::add_pool(draft.equations(), pool, map.pos());
}

// ---- events --------------------------------------------------------------------------------------------------------

void read_events(ChannelDraft& draft, const Node& node)
{
    kinetics::EventHandler& handler = draft.equations().on_event;
    draft.scope.declare("weight", base::parse_unit("uS"), draft.graph().input(kinetics::InputKind::weight, 0),
                        node.pos);
    handler.arguments = {"weight"};
    for_each_name(draft.out(), "on_event", node, [&](const Entry& entry) {
        const mechanisms::MechanismInfo& info = draft.equations().info;
        const int state = info.state_index(entry.key);
        if (state < 0) {
            std::vector<std::string> all;
            for (const mechanisms::StateInfo& known : info.states) {
                all.push_back(known.name);
            }
            draft.out().error(entry.key_pos, fmt::format("there is no state '{}'", entry.key),
                              base::name_hint(entry.key, all, "states are"));
            return;
        }
        const auto index = static_cast<std::size_t>(state);
        const base::Unit unit = base::parse_unit(info.states[index].unit);
        if (const auto after = draft.scope.value(*entry.value, unit, fmt::format("'{}' after an event", entry.key))) {
            handler.updates.push_back({index, *after});
        }
    });
}

}  // namespace axolemma::config
