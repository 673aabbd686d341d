/// Connections and gap junctions: who is joined, by which rule, and how strongly.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::ConnectionSpec;
using model::GapJunctionSpec;
using model::Rule;

/// The name given, or `kind` with the next number; another of the list may not have it.
template <class Spec>
std::string read_name(Context& context, const MapReader& map, std::string_view kind, const std::vector<Spec>& list)
{
    const std::string name = map.text_or("name", fmt::format("{}{}", kind, list.size() + 1));
    const auto first = std::find_if(list.begin(), list.end(), [&](const Spec& spec) { return spec.name == name; });
    if (first != list.end()) {
        refuse_second(context, map, kind == "connection" ? "connections" : "gap junctions", name, first->pos);
    }
    return name;
}

// ---- rules ---------------------------------------------------------------------------------------------------------

/// The two sides, as far as they are known.
struct Ends {
    std::optional<Numbered> source, target;
    bool same_cells = false;   ///< the same cells of one population on both sides
    std::int64_t n_cells = 0;  ///< of them, where they are the same
    bool allow_self = false;
    std::string_view self_hint = "";  ///< what to do about a rule that joins every cell to itself
};

/// A rule that joins every cell to itself and nothing else makes nothing.
void refuse_only_self(Context& context, const SourcePos& pos, const Ends& ends)
{
    context.out.error(pos, "this joins every cell to itself and to no other", std::string(ends.self_hint));
}

model::Rule read_word(Context& context, const MapReader& map, const Ends& ends)
{
    if (map.choice_or("rule") == 0) {
        return model::AllToAll{};
    }
    if (ends.same_cells && !ends.allow_self) {
        refuse_only_self(context, map.value_pos("rule"), ends);
    }
    return model::OneToOne{};
}

model::Rule read_offset(Context& context, const MapReader& map, const Ends& ends)
{
    const model::RingOffset out{map.integer_or("offset", 1)};
    if (ends.same_cells && !ends.allow_self && out.offset % ends.n_cells == 0) {
        refuse_only_self(context, map.value_pos("offset"), ends);
    }
    return out;
}

model::Rule read_pairs(Context& context, const MapReader& map, const Ends& ends, bool has_values)
{
    model::ListedPairs out;
    out.path = context.resolve(map.text_or("pairs"));
    if (!out.path.empty() && context.options.open_files && ends.source && ends.target) {
        read_pairs_file(map.value_pos("pairs"), {*ends.source, *ends.target, has_values}, out, context.out);
    }
    return out;
}

model::Rule read_edges(Context& context, const Node& node, const SourcePos& pos)
{
    const MapReader map(node, edges_object(), "'edges'", pos, context.out);
    model::SonataEdges out;
    out.pos = map.has("file") ? map.value_pos("file") : pos;
    out.path = context.resolve(map.text_or("file"));
    out.population = map.text_or("population");
    std::error_code ignored;
    if (context.options.open_files && !out.path.empty() && !std::filesystem::is_regular_file(out.path, ignored)) {
        const bool there = std::filesystem::exists(out.path, ignored);
        context.out.error(
            out.pos,
            there ? fmt::format("'{}' is not a file", out.path) : fmt::format("there is no file '{}'", out.path),
            there ? "" : "a relative path starts from the folder of the configuration");
    }
    return out;
}

/// The rules that connections and gap junctions share.
model::Rule read_rule(Context& context, const MapReader& map, const Ends& ends, bool has_values)
{
    if (map.has("rule")) {
        return read_word(context, map, ends);
    }
    if (map.has("offset")) {
        return read_offset(context, map, ends);
    }
    if (map.has("probability")) {
        return model::WithProbability{map.expression("probability", model::connection_variables())};
    }
    return map.has("pairs") ? read_pairs(context, map, ends, has_values) : model::AllToAll{};
}

/// Ids choose cells, and so does a file.
void refuse_ids_beside_file(Context& context, const MapReader& map, std::string_view file,
                            std::initializer_list<std::string_view> ids)
{
    for (const std::string_view key : ids) {
        if (map.has(key) && map.has(file)) {
            context.out.error(map.key_pos(key),
                              fmt::format("'{}' cannot be used with '{}', which names its cells itself", key, file));
        }
    }
}

// ---- connections ---------------------------------------------------------------------------------------------------

std::vector<std::string> source_names(const Context& context)
{
    std::vector<std::string> names = context.population_names();
    for (const model::GeneratorSpec& generators : context.model.generators) {
        names.push_back(generators.name);
    }
    return names;
}

/// `from`, its ids and where its spikes arise. Returns what the sources are, if there are such.
std::optional<Numbered> read_source(Context& context, const MapReader& map, ConnectionSpec& connection)
{
    connection.from = map.text_or("from");
    const model::CellSpec* cells = context.find_cells(connection.from);
    const model::GeneratorSpec* generators = context.find_generators(connection.from);
    if (const Node* detect = map.find("detect")) {
        const MapReader place(*detect, detect_object(), "'detect'", map.key_pos("detect"), context.out);
        if (const Node* at = place.find("at")) {
            connection.detect_at = read_place(context, context.regions_of(connection.from), *at);
        }
        connection.threshold_mV = place.quantity_or("threshold");
        if (generators != nullptr) {
            context.out.error(map.key_pos("detect"),
                              fmt::format("'detect' is for cells, and '{}' are generators", connection.from),
                              "the spikes of generators are known; leave it out");
        }
    }
    if (cells == nullptr && generators == nullptr) {
        if (!connection.from.empty()) {
            context.out.error(map.value_pos("from"),
                              fmt::format("there is no population or generator '{}'", connection.from),
                              base::name_hint(connection.from, source_names(context), "there are"));
        }
        return std::nullopt;
    }
    const Numbered sources = cells != nullptr ? numbered(*cells) : numbered(*generators);
    connection.from_ids = read_ids(context, map, "from_ids", sources);
    return sources;
}

/// Cells of `to_ids` that do not carry the synapse.
void check_carriers(Context& context, const MapReader& map, const model::SynapseSpec& synapse,
                    const std::vector<std::int64_t>& to_ids)
{
    const std::vector<std::int64_t>& carriers = synapse.target.ids;
    for (const std::int64_t id : to_ids) {
        if (!carriers.empty() && !std::binary_search(carriers.begin(), carriers.end(), id)) {
            context.out.error(map.value_pos("to_ids"),
                              fmt::format("cell {} does not carry the synapse '{}'", id, synapse.name),
                              fmt::format("the synapse is at line {}; see its 'ids'", synapse.pos.line));
            return;
        }
    }
}

/// `synapse` and `to_ids`. Returns what the targets are, if there are such.
std::optional<Numbered> read_target(Context& context, const MapReader& map, ConnectionSpec& connection)
{
    connection.synapse = map.text_or("synapse");
    const model::SynapseSpec* synapse = context.find_synapse(connection.synapse);
    if (synapse == nullptr) {
        if (!connection.synapse.empty()) {
            const std::vector<std::string> names = context.synapse_names();
            context.out.error(map.value_pos("synapse"), fmt::format("there is no synapse '{}'", connection.synapse),
                              names.empty() ? "list the synapses of the cells under 'synapses'"
                                            : base::name_hint(connection.synapse, names, "synapses are"));
        }
        return std::nullopt;
    }
    const model::CellSpec* cells = context.find_cells(synapse->target.cells);
    if (cells == nullptr) {
        return std::nullopt;  // reported where the synapse is
    }
    if (const auto* type = context.model.catalogue.find_synapse(synapse->type);
        type != nullptr && !type->receives_events()) {
        context.out.error(
            map.value_pos("synapse"),
            fmt::format("nothing can be connected to '{}': '{}' receives no events", connection.synapse, synapse->type),
            "its file has no NET_RECEIVE; it acts by itself");
    }
    connection.to_ids = read_ids(context, map, "to_ids", numbered(*cells));
    check_carriers(context, map, *synapse, connection.to_ids);
    return numbered(*cells);
}

Ends read_ends(Context& context, const MapReader& map, ConnectionSpec& connection)
{
    Ends ends;
    ends.source = read_source(context, map, connection);
    ends.target = read_target(context, map, connection);
    ends.allow_self = connection.allow_self;
    ends.self_hint = "write allow_self: true if this is meant, or offset: 1 for a ring";
    const model::SynapseSpec* synapse = context.find_synapse(connection.synapse);
    if (ends.source && ends.target && synapse->target.cells == connection.from) {
        const std::vector<std::int64_t>& to = connection.to_ids.empty() ? synapse->target.ids : connection.to_ids;
        ends.same_cells = connection.from_ids == to;
        ends.n_cells = to.empty() ? ends.target->count : static_cast<std::int64_t>(to.size());
    }
    return ends;
}

Rule read_connection_rule(Context& context, const MapReader& map, const Ends& ends)
{
    if (map.has("in_degree")) {
        return model::InDegree{map.integer_or("in_degree", 1)};
    }
    if (const Node* edges = map.find("edges")) {
        return read_edges(context, *edges, map.key_pos("edges"));
    }
    return read_rule(context, map, ends, true);
}

/// `weight` or `delay`: needed, unless a file has it.
std::optional<model::Value> read_strength(Context& context, const MapReader& map, std::string_view key,
                                          const Rule& rule)
{
    const auto* pairs = std::get_if<model::ListedPairs>(&rule);
    const bool in_pairs = pairs != nullptr && !(key == "weight" ? pairs->weight_uS : pairs->delay_ms).empty();
    const std::string_view column = key == "weight" ? "weight_uS" : "delay_ms";
    if (in_pairs && map.has(key)) {
        context.out.error(map.key_pos(key), fmt::format("'{}' is given here and in '{}'", key, pairs->path),
                          fmt::format("leave it out here, or remove the column {} there", column));
    }
    const bool unread = pairs != nullptr && pairs->source.empty();  // the file was not opened, or has errors
    const bool needed = !in_pairs && !unread && !std::holds_alternative<model::SonataEdges>(rule);
    if (needed && !map.has(key) && map.find("synapse") != nullptr) {
        context.out.error(map.pos(), fmt::format("this connection needs the key '{}'", key),
                          fmt::format("for example {}: {}{}", key, map.object().field(key).example,
                                      pairs != nullptr ? fmt::format(", or a column {} in the file", column) : ""));
    }
    return map.given_expression(key, model::connection_variables());
}

/// Generators are nowhere.
void check_distance(Context& context, const MapReader& map, const ConnectionSpec& connection)
{
    const auto check = [&](std::string_view key, const std::optional<model::Value>& value) {
        if (value && value->expression.uses("distance")) {
            context.out.error(
                map.value_pos(key),
                fmt::format("'{}' uses distance, but the generators '{}' have no position", key, connection.from));
        }
    };
    if (context.find_generators(connection.from) == nullptr) {
        return;
    }
    if (const auto* random = std::get_if<model::WithProbability>(&connection.rule)) {
        check("probability", random->probability);
    }
    check("weight", connection.weight_uS);
    check("delay", connection.delay_ms);
}

void read_connection(Context& context, const Node& node)
{
    const MapReader map(node, connection_object(), "this connection", node.pos, context.out);
    ConnectionSpec connection;
    connection.pos = node.pos;
    connection.name = read_name(context, map, "connection", context.model.connections);
    connection.allow_self = map.boolean_or("allow_self");
    const Ends ends = read_ends(context, map, connection);
    connection.rule = read_connection_rule(context, map, ends);
    for (const std::string_view file : {"pairs", "edges"}) {
        refuse_ids_beside_file(context, map, file, {"from_ids", "to_ids"});
    }
    connection.weight_uS = read_strength(context, map, "weight", connection.rule);
    connection.delay_ms = read_strength(context, map, "delay", connection.rule);
    check_distance(context, map, connection);
    context.model.connections.push_back(std::move(connection));
}

// ---- gap junctions -------------------------------------------------------------------------------------------------

void read_gap_ends(Context& context, const MapReader& map, GapJunctionSpec& gaps)
{
    gaps.a = read_selection(context, map);
    if (map.has("to_cells")) {
        gaps.b = read_selection(context, map, "to_cells", "to_ids");
    } else {
        gaps.b = gaps.a;
        const model::CellSpec* cells = context.find_cells(gaps.a.cells);
        if (cells != nullptr && map.has("to_ids")) {
            gaps.b.ids = read_ids(context, map, "to_ids", numbered(*cells));
        }
    }
    if (const Node* at = map.find("at")) {
        gaps.at_a = read_place(context, context.regions_of(gaps.a.cells), *at);
        const Node* to_at = map.find("to_at");
        gaps.at_b = to_at == nullptr && gaps.a.cells == gaps.b.cells
                        ? gaps.at_a
                        : read_place(context, context.regions_of(gaps.b.cells), to_at != nullptr ? *to_at : *at);
    }
}

void read_gap_junction(Context& context, const Node& node)
{
    const MapReader map(node, gap_junction_object(), "this gap junction", node.pos, context.out);
    GapJunctionSpec gaps;
    gaps.pos = node.pos;
    gaps.name = read_name(context, map, "gap_junction", context.model.gap_junctions);
    read_gap_ends(context, map, gaps);
    Ends ends;
    ends.self_hint = "a gap junction joins two cells; offset: 1 joins neighbours";
    const model::CellSpec* a = context.find_cells(gaps.a.cells);
    const model::CellSpec* b = context.find_cells(gaps.b.cells);
    if (a != nullptr && b != nullptr) {
        ends.source = numbered(*a);
        ends.target = numbered(*b);
        ends.same_cells = a == b && gaps.a.ids == gaps.b.ids;
        ends.n_cells = gaps.b.ids.empty() ? b->count : static_cast<std::int64_t>(gaps.b.ids.size());
    }
    gaps.rule = read_rule(context, map, ends, false);
    refuse_ids_beside_file(context, map, "pairs", {"ids", "to_ids"});
    gaps.conductance_uS = map.expression("conductance", model::connection_variables());
    context.model.gap_junctions.push_back(std::move(gaps));
}

}  // namespace

void read_connections(Context& context, const Node& list)
{
    for_each_item(context, "connections", list, false, [&](const Node& item) { read_connection(context, item); });
}

void read_gap_junctions(Context& context, const Node& list)
{
    for_each_item(context, "gap_junctions", list, false, [&](const Node& item) { read_gap_junction(context, item); });
}

}  // namespace axolemma::config
