/// Parameters, definitions, gates, schemes and states of channel files.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "config/channel_parts.hpp"
#include "config/context.hpp"
#include "kinetics/scheme.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using base::Unit;
using kinetics::InputKind;
using kinetics::Value;

Unit unit_named(std::string_view text)
{
    return base::parse_unit(text.empty() ? "1" : text);
}

/// The unit per ms.
Unit rate_of(const Unit& unit)
{
    Unit out = unit_named("1/ms");
    out.dimension = out.dimension * unit.dimension;
    out.mantissa *= unit.mantissa;
    out.exponent10 += unit.exponent10;
    out.text = unit.text.empty() || unit.text == "1" ? "1/ms" : unit.text + "/ms";
    return out;
}

bool is_conductance(const base::Dimension& dimension)
{
    return dimension == unit_named("S/cm2").dimension || dimension == unit_named("uS").dimension;
}

}  // namespace

// ---- values of keys ------------------------------------------------------------------------------------------------

std::optional<Value> ChannelDraft::formula(const MapReader& map, std::string_view key, std::string_view of,
                                           std::string_view unit) const
{
    const Field& field = map.object().field(key);
    const std::string what = fmt::format("'{}' of {}", key, of);
    const Unit target = unit_named(unit.empty() ? field.unit : unit);
    if (const Node* node = map.find(key)) {
        return scope.value(*node, target, what);
    }
    if (!field.default_text.empty()) {
        Node node;
        node.kind = Node::Kind::scalar;
        node.text = std::string(field.default_text);
        return scope.value(node, target, what);
    }
    return std::nullopt;
}

std::optional<Value> ChannelDraft::rate(const MapReader& map, std::string_view key, std::string_view of) const
{
    const Node* const node = map.find(key);
    if (node == nullptr || node->kind != Node::Kind::mapping) {
        return formula(map, key, of);
    }
    const std::string label = fmt::format("'{}' of {}", key, of);
    const std::int64_t errors_before = out().n_errors();
    const MapReader form(*node, channel_rate_object(), label, map.key_pos(key), out());
    const std::string_view unit = map.object().field(key).unit;
    std::optional<Value> rate = formula(form, "rate", label, unit);
    if (!form.has("rate") && unit == "1") {
        rate = graph().constant(1.0);
    } else if (!form.has("rate")) {
        out().error(form.pos(), fmt::format("{} needs the key 'rate'", label),
                    fmt::format("its value at the midpoint, in {}", unit));
    }
    const std::optional<Value> midpoint = formula(form, "midpoint", label), scale = formula(form, "scale", label);
    const auto kind = static_cast<kinetics::RateForm>(form.choice_or("form"));
    if (out().n_errors() > errors_before || !rate || !midpoint || !scale) {
        return std::nullopt;
    }
    if (graph().is_constant(*scale, 0.0)) {
        out().error(form.value_pos("scale"), fmt::format("the scale of {} is 0", label));
        return std::nullopt;
    }
    return kinetics::rate_form(graph(), kind, *rate, *midpoint, *scale);
}

Value ChannelDraft::speed_of(const MapReader& map, std::string_view of) const
{
    const Node* const node = map.find("q10");
    if (node == nullptr) {
        return speed;
    }
    if (node->kind != Node::Kind::mapping) {
        return formula(map, "q10", of).value_or(Value{});
    }
    const std::string label = fmt::format("'q10' of {}", of);
    const MapReader q10(*node, channel_q10_object(), label, map.key_pos("q10"), out());
    const std::optional<Value> factor = formula(q10, "factor", label), at = formula(q10, "at", label);
    if (!factor || !at) {
        return {};
    }
    const Value warmer = graph().subtract(graph().input(InputKind::temperature), *at);
    return graph().power(*factor, graph().divide(warmer, graph().constant(10.0)));
}

void ChannelDraft::add_output(const std::string& name, const Unit& unit, const std::string& meaning, Value value) const
{
    if (!unit.text.empty()) {
        equations().info.outputs.push_back({name, unit.text, meaning});
        equations().outputs.push_back(value);
    }
}

std::vector<std::pair<std::string, SourcePos>> read_names(base::Diagnostics& out, std::string_view key,
                                                          const Node& node)
{
    std::vector<const Node*> items = {&node};
    if (node.kind == Node::Kind::sequence) {
        items.clear();
        for (const NodePtr& item : node.items) {
            items.push_back(item.get());
        }
    }
    std::vector<std::pair<std::string, SourcePos>> names;
    for (const Node* item : items) {
        if (!item->is_scalar() || !is_identifier(item->text)) {
            out.error(item->pos, fmt::format("'{}' needs names, not {}", key, describe(*item)));
        } else {
            names.emplace_back(item->text, item->pos);
        }
    }
    return names;
}

// ---- parameters and definitions ------------------------------------------------------------------------------------

namespace {

/// The range given, or what is usual for the dimension.
void read_range(ChannelDraft& draft, const MapReader* map, const Unit& unit, mechanisms::ParameterInfo& info)
{
    info.low = is_conductance(unit.dimension) ? 0.0 : -1e30;
    info.high = 1e30;
    if (map == nullptr || !map->has("range")) {
        return;
    }
    if (const auto interval = map->value("range", info.unit)->interval()) {
        info.low = std::max(interval->low, info.low == 0.0 && interval->low < 0.0 ? interval->low : -1e30);
        info.high = std::min(interval->high, 1e30);
        if (info.default_value < info.low || info.default_value > info.high) {
            draft.out().error(map->value_pos("range"), fmt::format("the default {} {} of '{}' is outside its range",
                                                                   info.default_value, info.unit, info.name));
        }
    }
}

void read_parameter(ChannelDraft& draft, const Entry& entry)
{
    std::optional<MapReader> map;
    const Node* text = entry.value.get();
    mechanisms::ParameterInfo info{entry.key, "1", 0.0, 0.0, 0.0, {}};
    if (entry.value->kind == Node::Kind::mapping) {
        map.emplace(*entry.value, channel_parameter_object(), fmt::format("parameter '{}'", entry.key), entry.key_pos,
                    draft.out());
        text = map->find("default");
        info.meaning = map->text_or("about");
        if (text == nullptr) {
            return;
        }
    }
    const std::optional<base::Quantity> quantity = text->is_scalar() ? as_quantity(text->text) : std::nullopt;
    if (!quantity) {
        draft.out().error(
            text->pos,
            fmt::format("the default of '{}' needs a number with its unit, not {}", entry.key, describe(*text)),
            fmt::format("for example {}: 0.1 S/cm2", entry.key));
        return;
    }
    const std::string unit = unit_text(quantity->unit);
    info.unit = unit.empty() ? "1" : unit;
    info.default_value = quantity->value;
    read_range(draft, map ? &*map : nullptr, quantity->unit, info);
    std::vector<mechanisms::ParameterInfo>& parameters = draft.equations().info.parameters;
    const Value value = draft.graph().input(InputKind::parameter, parameters.size());
    if (draft.scope.declare(entry.key, quantity->unit, value, entry.key_pos)) {
        parameters.push_back(std::move(info));
    }
}

}  // namespace

void read_parameters(ChannelDraft& draft, const Node& node)
{
    for_each_name(draft.out(), "parameters", node, [&](const Entry& entry) { read_parameter(draft, entry); });
}

void read_definitions(ChannelDraft& draft, const Node& node)
{
    for_each_name(draft.out(), "define", node, [&](const Entry& entry) {
        const Node* formula = entry.value.get();
        std::string meaning;
        if (formula->kind == Node::Kind::mapping) {
            const MapReader map(*formula, channel_definition_object(), fmt::format("'{}'", entry.key), entry.key_pos,
                                draft.out());
            meaning = map.text_or("about");
            formula = map.find("value");
        }
        if (formula == nullptr) {
            return;
        }
        if (const auto typed = draft.scope.any_value(*formula, fmt::format("'{}'", entry.key))) {
            if (draft.scope.declare(entry.key, typed->unit, typed->value, entry.key_pos)) {
                draft.add_output(entry.key, typed->unit, meaning, typed->value);
            }
        }
    });
}

// ---- states --------------------------------------------------------------------------------------------------------

namespace {

bool is_instantaneous(const Node& gate)
{
    const Entry* const entry = gate.find("instantaneous");
    return entry != nullptr && entry->value->is_scalar() && entry->value->text == "true";
}

}  // namespace

void declare_states(ChannelDraft& draft, const MapReader& root)
{
    std::size_t next = draft.equations().info.states.size();
    const auto declare = [&](const std::string& name, const Unit& unit, const SourcePos& pos) {
        draft.scope.declare(name, unit, draft.graph().input(InputKind::state, next++), pos);
    };
    const auto entries_of = [&](std::string_view key) {
        const Node* const node = root.find(key);
        return node != nullptr && node->kind == Node::Kind::mapping ? std::span<const Entry>(node->entries)
                                                                    : std::span<const Entry>{};
    };
    for (const Entry& gate : entries_of("gates")) {
        if (!is_instantaneous(*gate.value)) {
            declare(gate.key, unit_named("1"), gate.key_pos);
        }
    }
    if (const Node* const scheme = root.find("scheme"); scheme != nullptr && scheme->find("states") != nullptr) {
        base::Diagnostics later;  // reported when the scheme is read
        for (const auto& [name, pos] : read_names(later, "states", *scheme->find("states")->value)) {
            declare(name, unit_named("1"), pos);
        }
    }
    for (const Entry& state : entries_of("states")) {
        const Entry* const unit = state.value->find("unit");
        Unit of_state = unit_named("1");
        try {
            of_state = unit_named(unit != nullptr && unit->value->is_scalar() ? unit->value->text : "1");
        } catch (const base::UnitError& error) {
            draft.out().error(place_in(*unit->value, error.offset), error.message, error.hint);
        }
        declare(state.key, of_state, state.key_pos);
    }
}

namespace {

std::string shown(const MapReader& map, std::string_view key)
{
    const Node* const node = map.find(key);
    return node == nullptr ? std::string{} : node->is_scalar() ? node->text : flow_text(*node);
}

std::string gate_as_written(const std::string& name, const MapReader& map)
{
    std::string text = map.has("inf") || map.has("tau") ? fmt::format("{0}' = ({0}_inf - {0})/{0}_tau", name)
                                                        : fmt::format("{0}' = alpha (1 - {0}) - beta {0}", name);
    for (const std::string_view key : {"alpha", "beta", "inf", "tau"}) {
        if (map.has(key)) {
            text += fmt::format("; {} = {}", key, shown(map, key));
        }
    }
    return text;
}

/// Are the keys there that make up a gate?
bool is_complete(const ChannelDraft& draft, const MapReader& map, const std::string& label, bool instantaneous)
{
    const bool rates = map.has("alpha") && map.has("beta");
    const bool one_rate = map.has("alpha") != map.has("beta");
    const bool enough = rates || (map.has("inf") && (map.has("tau") || instantaneous));
    if (one_rate) {
        draft.out().error(map.pos(), fmt::format("{} has '{}' without '{}'", label, map.has("alpha") ? "alpha" : "beta",
                                                 map.has("alpha") ? "beta" : "alpha"));
    } else if (!enough) {
        draft.out().error(map.pos(), fmt::format("{} needs alpha and beta, or inf and tau", label),
                          "with instantaneous: true, inf is enough");
    }
    return enough && !one_rate;
}

void read_gate(ChannelDraft& draft, const Entry& entry)
{
    const std::string label = fmt::format("gate '{}'", entry.key);
    const MapReader map(*entry.value, channel_gate_object(), label, entry.key_pos, draft.out());
    if (entry.value->kind != Node::Kind::mapping) {
        return;
    }
    kinetics::Gate gate{entry.key, map.text_or("about"), {}, {}, {}, {}, {}, map.boolean_or("instantaneous")};
    const std::int64_t power = map.integer_or("power", 1);
    const bool complete = is_complete(draft, map, label, gate.instantaneous);
    const std::int64_t errors_before = draft.out().n_errors();
    gate.alpha_per_ms = draft.rate(map, "alpha", label).value_or(Value{});
    gate.beta_per_ms = draft.rate(map, "beta", label).value_or(Value{});
    gate.inf = draft.rate(map, "inf", label).value_or(Value{});
    gate.tau_ms = draft.rate(map, "tau", label).value_or(Value{});
    gate.speed = draft.speed_of(map, label);
    kinetics::Equations& equations = draft.equations();
    kinetics::Graph& graph = draft.graph();
    const bool good = complete && draft.out().n_errors() == errors_before;
    const Value inf = good ? kinetics::steady_state(graph, gate) : graph.constant(0.0);
    Value x = inf;
    if (gate.instantaneous) {
        draft.scope.declare(entry.key, unit_named("1"), inf, entry.key_pos);
        draft.add_output(entry.key, unit_named("1"), gate.meaning, inf);
    } else {
        const std::size_t state = equations.info.states.size();
        x = kinetics::add_state(equations, {entry.key, gate.meaning}, inf, gate_as_written(entry.key, map));
        if (good) {
            kinetics::add_derivative(equations, state, kinetics::gate_derivative(graph, gate, x), entry.key_pos);
        }
    }
    if (power > 0) {
        draft.factors.push_back({entry.key, graph.power(x, graph.constant(static_cast<double>(power)))});
    }
}

}  // namespace

void read_gates(ChannelDraft& draft, const Node& node)
{
    for_each_name(draft.out(), "gates", node, [&](const Entry& entry) { read_gate(draft, entry); });
}

void read_states(ChannelDraft& draft, const Node& node)
{
    for_each_name(draft.out(), "states", node, [&](const Entry& entry) {
        const std::string label = fmt::format("state '{}'", entry.key);
        const MapReader map(*entry.value, channel_state_object(), label, entry.key_pos, draft.out());
        if (entry.value->kind != Node::Kind::mapping) {
            return;
        }
        const std::string unit = map.text_or("unit", "1");
        Unit of_state;
        try {
            of_state = unit_named(unit);
        } catch (const base::UnitError&) {  // reported by declare_states
            return;
        }
        const Unit of_rate = rate_of(of_state);
        const Node* const derivative = map.find("derivative");
        const Node* const initial = map.find("initial");
        const std::optional<Value> slope =
            derivative != nullptr ? draft.scope.value(*derivative, of_rate, "'derivative' of " + label) : std::nullopt;
        const std::optional<Value> start =
            initial != nullptr ? draft.scope.value(*initial, of_state, "'initial' of " + label) : std::nullopt;
        const std::size_t state = draft.equations().info.states.size();
        kinetics::add_state(draft.equations(), {entry.key, map.text_or("about"), unit},
                            start.value_or(draft.graph().constant(0.0)),
                            fmt::format("{}' = {}", entry.key, shown(map, "derivative")));
        if (slope) {
            kinetics::add_derivative(draft.equations(), state, *slope, entry.key_pos);
        }
    });
}

// ---- kinetic scheme ------------------------------------------------------------------------------------------------

namespace {

using Names = std::vector<std::pair<std::string, SourcePos>>;

/// Index of a state that a key names; reports one that is not there.
std::optional<std::size_t> state_of(ChannelDraft& draft, const Names& states, const std::string& name,
                                    const SourcePos& pos)
{
    const auto at = std::find_if(states.begin(), states.end(), [&](const auto& state) { return state.first == name; });
    if (at != states.end()) {
        return static_cast<std::size_t>(at - states.begin());
    }
    std::vector<std::string> all;
    for (const auto& state : states) {
        all.push_back(state.first);
    }
    draft.out().error(pos, fmt::format("the scheme has no state '{}'", name),
                      base::name_hint(name, all, "its states are"));
    return std::nullopt;
}

void read_transition(ChannelDraft& draft, const Names& states, Value speed, const Node& node, kinetics::Scheme& scheme)
{
    const MapReader map(node, channel_transition_object(), "this transition", node.pos, draft.out());
    if (node.kind != Node::Kind::mapping || !map.has("from") || !map.has("to")) {
        return;
    }
    const std::string from = map.text_or("from"), to = map.text_or("to");
    const std::string label = fmt::format("{} -> {}", from, to);
    std::optional<Value> forward = draft.rate(map, "forward", label), backward = draft.rate(map, "backward", label);
    const auto first = state_of(draft, states, from, map.value_pos("from"));
    const auto second = state_of(draft, states, to, map.value_pos("to"));
    if (!forward || !backward || !first || !second) {
        return;
    }
    if (*first == *second) {
        draft.out().error(map.value_pos("to"), fmt::format("a transition from '{}' to itself", from));
        return;
    }
    if (speed.is_valid()) {
        forward = draft.graph().multiply(speed, *forward);
        backward = draft.graph().multiply(speed, *backward);
    }
    scheme.transitions.push_back({*first, *second, *forward, *backward});
}

/// Do the transitions join all states?
bool is_connected(const kinetics::Scheme& scheme)
{
    std::vector<bool> reached(scheme.states.size(), false);
    reached[0] = true;
    for (std::size_t round = 0; round < scheme.states.size(); ++round) {
        for (const kinetics::Scheme::Transition& transition : scheme.transitions) {
            const bool either = reached[transition.from] || reached[transition.to];
            reached[transition.from] = reached[transition.to] = either;
        }
    }
    return std::find(reached.begin(), reached.end(), false) == reached.end();
}

/// Share of the conductance that is open.
std::optional<Value> read_open(ChannelDraft& draft, const Names& states, const std::vector<Value>& x, const Node& node)
{
    if (node.kind != Node::Kind::mapping) {
        const Names names = read_names(draft.out(), "open", node);
        std::optional<Value> sum;
        for (const auto& [name, pos] : names) {
            if (const auto state = state_of(draft, states, name, pos)) {
                sum = sum ? draft.graph().add(*sum, x[*state]) : x[*state];
            }
        }
        return sum;
    }
    std::optional<Value> sum;
    for (const Entry& entry : node.entries) {
        const auto state = state_of(draft, states, entry.key, entry.key_pos);
        const auto share = draft.scope.value(*entry.value, unit_named("1"), "'open'");
        if (state && share) {
            const Value term = draft.graph().multiply(*share, x[*state]);
            sum = sum ? draft.graph().add(*sum, term) : term;
        }
    }
    return sum;
}

}  // namespace

void read_scheme(ChannelDraft& draft, const MapReader& map)
{
    const Node* const names = map.find("states");
    const Node* const transitions = map.find("transitions");
    if (names == nullptr || transitions == nullptr) {
        return;
    }
    const Names states = read_names(draft.out(), "states", *names);
    constexpr std::size_t most_states = 64;
    if (states.size() < 2 || states.size() > most_states) {
        draft.out().error(names->pos,
                          fmt::format("a scheme has from 2 to {} states, not {}", most_states, states.size()));
        return;
    }
    kinetics::Scheme scheme;
    for (const auto& state : states) {
        scheme.states.push_back(state.first);
    }
    const Value speed = draft.speed_of(map, "the scheme");
    const std::int64_t errors_before = draft.out().n_errors();
    if (transitions->kind != Node::Kind::sequence) {
        draft.out().error(transitions->pos, fmt::format("'transitions' needs a list, not {}", describe(*transitions)),
                          "start each entry with '- '");
        return;
    }
    for (const NodePtr& transition : transitions->items) {
        read_transition(draft, states, speed, *transition, scheme);
    }
    if (draft.out().n_errors() > errors_before) {
        return;
    }
    if (!is_connected(scheme)) {
        draft.out().error(transitions->pos, "the transitions do not join all states");
        return;
    }
    const std::vector<Value> x = kinetics::add_scheme(draft.equations(), scheme, map.pos());
    if (const Node* open = map.find("open")) {
        if (const std::optional<Value> share = read_open(draft, states, x, *open)) {
            draft.factors.push_back({{}, *share});
        }
    }
}

}  // namespace axolemma::config
