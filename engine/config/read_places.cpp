#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::LocationRef;
using model::RegionRef;
using morphology::LocationRule;
using morphology::Region;

constexpr std::int64_t max_listed_ids = 10'000'000;

Region read_region_value(Context& context, const NamedRegions& named, std::string_view key, const Node& node);

std::vector<Region> read_region_list(Context& context, const NamedRegions& named, const MapReader& map,
                                     std::string_view key)
{
    std::vector<Region> out;
    const Node* node = map.find(key);
    if (node == nullptr) {
        return out;
    }
    if (node->kind != Node::Kind::sequence || node->items.empty()) {
        map.value(key)->fail_kind("a list of regions");
        return out;
    }
    for (const NodePtr& item : node->items) {
        out.push_back(read_region_value(context, named, key, *item));
    }
    return out;
}

Region read_region_name(Context& context, const NamedRegions& named, const Node& node)
{
    const auto at =
        std::find_if(named.begin(), named.end(), [&](const auto& entry) { return entry.first == node.text; });
    if (at != named.end()) {
        return at->second;
    }
    if (const std::optional<Region> region = morphology::region_of_name(node.text)) {
        return *region;
    }
    std::vector<std::string> names = morphology::region_names();
    for (const auto& entry : named) {
        names.push_back(entry.first);
    }
    std::string hint = base::name_hint(node.text, names, "regions of this population are");
    if (node.text.find('[') != std::string::npos) {
        hint = fmt::format("for one section write {{section: \"{}\"}}", node.text);
    }
    context.out.error(node.pos, fmt::format("unknown region '{}'", node.text), hint);
    return {};
}

Region read_region_value(Context& context, const NamedRegions& named, std::string_view key, const Node& node)
{
    if (node.is_scalar()) {
        return read_region_name(context, named, node);
    }
    Region out;
    if (node.kind != Node::Kind::mapping) {
        context.out.error(node.pos, fmt::format("'{}' needs a region, not {}", key, describe(node)),
                          "a region is a name (soma, dend, all, ...) or a mapping such as {type: apic}");
        return out;
    }
    if (node.entries.empty()) {
        context.out.error(node.pos, fmt::format("'{}' has a region without any condition", key),
                          "for the whole cell write all");
        return out;
    }
    const MapReader map(node, region_object(), "this region", node.pos, context.out);
    const auto interval = [&](std::string_view name) {
        const std::optional<ValueReader> value = map.value(name);
        return value ? value->interval() : std::nullopt;
    };
    if (const std::optional<ValueReader> type = map.value("type")) {
        out.type = type->type_code();
    }
    if (map.has("section")) {
        out.section = map.text_or("section");
    }
    out.distance_um = interval("distance");
    out.diameter_um = interval("diameter");
    out.branch_order = interval("branch_order");
    out.all_of = read_region_list(context, named, map, "all_of");
    out.any_of = read_region_list(context, named, map, "any_of");
    out.none_of = read_region_list(context, named, map, "none_of");
    return out;
}

/// What to write instead of a word that is no place: soma(0.5) and dend[3] are places elsewhere, and dend is a region.
std::string place_hint(std::string_view word)
{
    const std::size_t bracket = word.find('(');
    const std::string_view section = word.substr(0, bracket);
    const bool is_type = section == "dend" || section == "apic" || section == "axon";
    if (!is_type && bracket == std::string_view::npos && section.find('[') == std::string_view::npos) {
        return "a place is soma, tips, or a mapping such as {section: \"dend[3]\", position: 0.5}, "
               "{sample: 211}, {distance: 300 um, region: apic}, {nearest: [0 um, 100 um, 0 um]}";
    }
    std::string_view position = bracket == std::string_view::npos ? "" : word.substr(bracket + 1);
    position = position.substr(0, position.find(')'));
    const std::string all =
        is_type ? fmt::format("; a synapse or recording in all of it has region: {} instead of 'at'", section) : "";
    return fmt::format("write {{section: \"{}\", position: {}}}{}", section, position.empty() ? "0.5" : position, all);
}

/// A place given as a word.
LocationRule read_place_word(Context& context, const Node& node)
{
    LocationRule rule;
    if (node.text == "soma") {
        rule.kind = LocationRule::Kind::soma_centre;
    } else if (node.text == "tips") {
        rule.kind = LocationRule::Kind::tips;
    } else {
        context.out.error(node.pos, fmt::format("unknown place '{}'", node.text), place_hint(node.text));
    }
    return rule;
}

LocationRule read_place_mapping(Context& context, const NamedRegions& named, const Node& node)
{
    LocationRule rule;
    const MapReader map(node, place_object(), "this place", node.pos, context.out);
    const auto belongs_to = [&](std::string_view key, std::string_view owner) {
        if (map.has(key) && !map.has(owner)) {
            context.out.error(map.key_pos(key), fmt::format("'{}' belongs to '{}', which is not given", key, owner));
        }
    };
    belongs_to("position", "section");
    belongs_to("region", "distance");
    if (map.has("section")) {
        rule.kind = LocationRule::Kind::section_position;
        rule.section = map.text_or("section");
        rule.position = map.number_or("position");
    } else if (map.has("sample")) {
        rule.kind = LocationRule::Kind::sample;
        rule.sample = map.integer_or("sample");
    } else if (map.has("distance")) {
        rule.kind = LocationRule::Kind::distance;
        rule.distance_um = map.quantity_or("distance");
        if (const Node* region = map.find("region")) {
            rule.within = read_region_value(context, named, "region", *region);
        }
    } else if (const Node* tips = map.find("tips")) {
        rule.kind = LocationRule::Kind::tips;
        rule.within = read_region_value(context, named, "tips", *tips);
    } else if (const std::optional<ValueReader> nearest = map.value("nearest")) {
        rule.kind = LocationRule::Kind::nearest;
        if (const auto point = nearest->quantities(3, 3)) {
            rule.x_um = (*point)[0];
            rule.y_um = (*point)[1];
            rule.z_um = (*point)[2];
        }
    }
    return rule;
}

std::optional<std::int64_t> whole_number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    return status == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Checks one index.
bool is_known(Context& context, const SourcePos& pos, std::int64_t id, const Numbered& numbered)
{
    if (!numbered.has(id)) {
        context.out.error(pos, numbered.absence(id));
    }
    return numbered.has(id);
}

/// "3" or "0..9".
void add_ids(Context& context, const ValueReader& value, const Node& node, const Numbered& numbered,
             std::vector<std::int64_t>& ids)
{
    const std::size_t dots = node.is_scalar() ? node.text.find("..") : std::string::npos;
    if (dots == std::string::npos) {
        const std::optional<std::int64_t> id =
            node.is_scalar() && !node.quoted ? whole_number(node.text) : std::nullopt;
        if (!id) {
            value.fail(fmt::format("'{}' needs {} numbers, not {}", value.key(), numbered.item, describe(node)),
                       "as in 3, [0, 3] or \"0..9\", counted from 0");
        } else if (is_known(context, node.pos, *id, numbered)) {
            ids.push_back(*id);
        }
        return;
    }
    const std::optional<std::int64_t> first = whole_number(std::string_view(node.text).substr(0, dots));
    const std::optional<std::int64_t> last = whole_number(std::string_view(node.text).substr(dots + 2));
    if (!first || !last || *first > *last) {
        value.fail(fmt::format("'{}' is not a range of {}s", node.text, numbered.item),
                   "as in \"0..9\", first and last included");
        return;
    }
    if (!is_known(context, node.pos, *first, numbered) || !is_known(context, node.pos, *last, numbered)) {
        return;
    }
    if (*last - *first >= max_listed_ids) {
        value.fail(fmt::format("'{}' lists more than {} {}s", node.text, max_listed_ids, numbered.item),
                   fmt::format("leave '{}' out to take all {}s", value.key(), numbered.item));
        return;
    }
    for (std::int64_t id = *first; id <= *last; ++id) {
        ids.push_back(id);
    }
}

}  // namespace

RegionRef read_region(Context& context, const NamedRegions& named, const Field& field, const Node& node)
{
    return {read_region_value(context, named, field.key, node), flow_text(node), node.pos};
}

RegionRef region_or_all(Context& context, const NamedRegions& named, const MapReader& map, std::string_view key)
{
    if (const Node* node = map.find(key)) {
        return read_region(context, named, map.object().field(key), *node);
    }
    return {Region{}, "all", map.pos()};
}

NamedRegions read_region_map(Context& context, const Node& node)
{
    NamedRegions named;
    if (node.kind != Node::Kind::mapping) {
        context.out.error(node.pos,
                          fmt::format("'regions' needs a mapping of names to regions, not {}", describe(node)),
                          "as in regions: {distal: {type: apic, distance: [300 um, ~]}}");
        return named;
    }
    for (const Entry& entry : node.entries) {
        if (!is_identifier(entry.key)) {
            context.out.error(entry.key_pos, fmt::format("'{}' cannot be used as a name", entry.key),
                              "a name starts with a letter or _ and goes on with letters, digits and _");
        } else if (morphology::region_of_name(entry.key)) {
            context.out.error(entry.key_pos, fmt::format("'{}' is a region that every cell has", entry.key),
                              "choose another name");
        } else {
            named.emplace_back(entry.key, read_region_value(context, named, entry.key, *entry.value));
        }
    }
    return named;
}

/// What a person calls the place: "apic[3](0.25)", "sample 211", "300 um from the soma in apic".
std::string place_text(const LocationRule& rule, const Node& node)
{
    const auto within = [&](std::string_view key) -> std::string {
        for (const Entry& entry : node.entries) {
            if (entry.key == key) {
                return " in " + flow_text(*entry.value);
            }
        }
        return {};
    };
    switch (rule.kind) {
    case LocationRule::Kind::section_position: return fmt::format("{}({:.6g})", rule.section, rule.position);
    case LocationRule::Kind::sample: return fmt::format("sample {}", rule.sample);
    case LocationRule::Kind::distance:
        return fmt::format("{:g} um from the soma{}", rule.distance_um, within("region"));
    case LocationRule::Kind::tips: return "tips" + within("tips");
    case LocationRule::Kind::nearest:
        return fmt::format("nearest to ({:g}, {:g}, {:g}) um", rule.x_um, rule.y_um, rule.z_um);
    case LocationRule::Kind::soma_centre: break;
    }
    return "soma";
}

LocationRef read_place(Context& context, const NamedRegions& named, const Node& node)
{
    LocationRef out{{}, {}, node.pos};
    if (node.is_scalar()) {
        out.rule = read_place_word(context, node);
    } else if (node.kind == Node::Kind::mapping) {
        out.rule = read_place_mapping(context, named, node);
    } else {
        context.out.error(node.pos, fmt::format("'at' needs a place, not {}", describe(node)),
                          "a place is soma, tips, or a mapping such as {section: \"dend[3]\", position: 0.5}");
    }
    out.text = place_text(out.rule, node);
    return out;
}

std::vector<LocationRef> read_places(Context& context, const NamedRegions& named, const Node& node)
{
    std::vector<LocationRef> out;
    if (node.kind != Node::Kind::sequence) {
        out.push_back(read_place(context, named, node));
        return out;
    }
    if (node.items.empty()) {
        context.out.error(node.pos, "'at' is an empty list", "name a place, for example soma");
    }
    for (const NodePtr& item : node.items) {
        out.push_back(read_place(context, named, *item));
    }
    return out;
}

std::vector<std::int64_t> read_ids(Context& context, const MapReader& map, std::string_view key,
                                   const Numbered& numbered)
{
    std::vector<std::int64_t> out;
    const Node* ids = map.find(key);
    if (ids == nullptr) {
        return out;
    }
    const ValueReader value = *map.value(key);
    if (ids->kind == Node::Kind::sequence) {
        if (ids->items.empty()) {
            value.fail(fmt::format("'{}' is an empty list", key),
                       fmt::format("leave it out to take all {}s", numbered.item));
        }
        for (const NodePtr& item : ids->items) {
            add_ids(context, value, *item, numbered, out);
            if (static_cast<std::int64_t>(out.size()) > max_listed_ids) {
                value.fail(fmt::format("'{}' lists more than {} {}s", key, max_listed_ids, numbered.item),
                           fmt::format("leave it out to take all {}s", numbered.item));
                break;
            }
        }
    } else {
        add_ids(context, value, *ids, numbered, out);
    }
    std::sort(out.begin(), out.end());
    if (const auto twice = std::adjacent_find(out.begin(), out.end()); twice != out.end()) {
        value.fail(fmt::format("{} {} is listed twice", numbered.item, *twice));
        out.erase(std::unique(out.begin(), out.end()), out.end());
    }
    return out;
}

model::CellSelection read_selection(Context& context, const MapReader& map, std::string_view cells_key,
                                    std::string_view ids_key)
{
    const bool given = map.has(cells_key);
    model::CellSelection out{{}, {}, given ? map.value_pos(cells_key) : map.pos()};
    const std::size_t n_populations = context.model.cells.size();
    out.cells = map.text_or(cells_key, n_populations == 1 ? context.model.cells.front().name : "");
    const model::CellSpec* cells = context.find_cells(out.cells);
    if (given && cells == nullptr && n_populations > 0) {
        context.out.error(out.pos, fmt::format("there is no population '{}'", out.cells),
                          context.find_generators(out.cells) != nullptr
                              ? fmt::format("'{}' are generators, which have no cells", out.cells)
                              : base::name_hint(out.cells, context.population_names(), "populations are"));
    } else if (!given && n_populations > 1) {
        context.out.error(map.pos(), fmt::format("'{}' must say which population is meant", cells_key),
                          base::name_hint("", context.population_names(), "populations are"));
    }
    if (cells != nullptr) {
        out.ids = read_ids(context, map, ids_key, numbered(*cells));
    }
    return out;
}

}  // namespace axolemma::config
