#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include <fmt/format.h>

#include "config/channel_files.hpp"
#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::MembraneSpec;

// ---- morphology ----------------------------------------------------------------------------------------------------

model::SwcShape read_swc_shape(Context& context, const MapReader& map)
{
    using Fragments = morphology::SwcOptions::Fragments;
    model::SwcShape out;
    out.path = context.resolve(map.text_or("file"));
    out.soma_rule = static_cast<morphology::SomaRule>(map.choice_or("soma"));
    out.options.fragments = static_cast<Fragments>(map.choice_or("fragments"));
    out.options.absolute_radius = map.boolean_or("absolute_radius");
    out.options.scale = map.number_or("scale", 1.0);
    out.options.min_radius_um = map.quantity_or("min_radius");
    if (const Node* stub = map.find("axon_stub")) {
        const MapReader of_stub(*stub, axon_stub_object(), "'axon_stub'", map.key_pos("axon_stub"), context.out);
        out.axon_stub = {static_cast<std::int32_t>(of_stub.integer_or("sections", 2)),
                         of_stub.quantity_or("length", 30.0), of_stub.quantity_or("diameter", 1.0)};
    }
    std::error_code ignored;
    if (context.options.open_files && map.value("file")->text() && !std::filesystem::exists(out.path, ignored)) {
        context.out.error(map.value_pos("file"), fmt::format("there is no file '{}'", out.path),
                          "a relative path starts from the folder of the configuration");
    }
    return out;
}

model::PatchShape read_patch(const MapReader& map)
{
    model::PatchShape out;
    if (map.has("area")) {
        if (map.has("diameter")) {
            map.out().error(map.key_pos("diameter"), "'diameter' belongs to 'length'; 'area' stands alone",
                            "with 'area', length and diameter are equal");
        }
        // The side of a cylinder with length = diameter has the area pi d^2.
        out.diameter_um = std::sqrt(map.quantity_or("area") / std::numbers::pi);
        out.length_um = out.diameter_um;
    } else {
        out.length_um = map.quantity_or("length");
        out.diameter_um = map.quantity_or("diameter");
        if (map.has("length") && !map.has("diameter")) {
            map.out().error(map.pos(), "'patch' needs the key 'diameter'", "for example diameter: 17.84 um");
        }
    }
    return out;
}

model::CableShape read_cable(const MapReader& map)
{
    model::CableShape out;
    out.length_um = map.quantity_or("length");
    if (const std::optional<ValueReader> diameter = map.value("diameter")) {
        if (const auto ends = diameter->quantities(1, 2)) {
            out.diameter_start_um = ends->front();
            out.diameter_end_um = ends->back();
        }
    }
    if (const std::optional<ValueReader> type = map.value("type")) {
        out.type = type->type_code().value_or(out.type);
    }
    return out;
}

model::BallAndStickShape read_ball_and_stick(const MapReader& map)
{
    return {map.quantity_or("soma_diameter"), map.quantity_or("dend_length"), map.quantity_or("dend_diameter")};
}

model::BinaryTreeShape read_binary_tree(const MapReader& map)
{
    return {static_cast<std::int32_t>(map.integer_or("levels", 1)), map.quantity_or("length"),
            map.quantity_or("diameter"), map.number_or("length_ratio", 1.0), map.number_or("diameter_ratio", 1.0)};
}

model::MorphologySpec read_morphology(Context& context, const Node& node, const SourcePos& pos)
{
    const MapReader map(node, morphology_object(), "'morphology'", pos, context.out);
    model::MorphologySpec out{model::PatchShape{}, pos};
    for (const std::string_view key : {"soma", "fragments", "absolute_radius", "scale", "min_radius", "axon_stub"}) {
        if (map.has(key) && !map.has("file")) {
            context.out.error(map.key_pos(key), fmt::format("'{}' belongs to 'file', which is not given", key));
        }
    }
    const auto shape = [&](std::string_view key, const Object& object) {
        return MapReader(*map.find(key), object, fmt::format("'{}'", key), map.key_pos(key), context.out);
    };
    if (map.has("file")) {
        out.shape = read_swc_shape(context, map);
    } else if (map.has("patch")) {
        out.shape = read_patch(shape("patch", patch_object()));
    } else if (map.has("cable")) {
        out.shape = read_cable(shape("cable", cable_object()));
    } else if (map.has("ball_and_stick")) {
        out.shape = read_ball_and_stick(shape("ball_and_stick", ball_and_stick_object()));
    } else if (map.has("binary_tree")) {
        out.shape = read_binary_tree(shape("binary_tree", binary_tree_object()));
    }
    return out;
}

model::DiscretisationSpec read_discretisation(Context& context, const MapReader& cell)
{
    model::DiscretisationSpec out;
    out.pos = cell.key_pos("discretisation");
    const Node* node = cell.find("discretisation");
    if (node == nullptr) {
        out.d_lambda = 0.1;
        return out;
    }
    const MapReader map(*node, discretisation_object(), "'discretisation'", out.pos, context.out);
    out.max_length_um = map.quantity("max_length");
    if (map.has("count")) {
        out.count = static_cast<std::int32_t>(map.integer_or("count", 1));
    }
    out.odd_length_um = map.quantity("odd_length");
    if (map.has("d_lambda")) {
        out.d_lambda = map.number_or("d_lambda", 0.1);
    }
    out.d_lambda_frequency_Hz = map.quantity_or("frequency", 100.0);
    if (!map.has("max_length") && !map.has("count") && !map.has("odd_length") && !map.has("d_lambda")) {
        out.d_lambda = 0.1;
    }
    return out;
}

// ---- membrane and channels -----------------------------------------------------------------------------------------

MembraneSpec default_membrane(Context& context, const SourcePos& pos)
{
    Node empty;
    empty.kind = Node::Kind::mapping;
    const MapReader map(empty, membrane_object(), "'membrane'", pos, context.out);
    const auto variables = model::place_variables();
    return {{{}, "all", pos},
            map.expression("cm", variables),
            map.expression("Ra", variables),
            map.expression("v_init", variables),
            pos};
}

MembraneSpec read_membrane(Context& context, const NamedRegions& named, const Node& node)
{
    const MapReader map(node, membrane_object(), "'membrane'", node.pos, context.out);
    const auto variables = model::place_variables();
    return {region_or_all(context, named, map, "region"), map.given_expression("cm", variables),
            map.given_expression("Ra", variables), map.given_expression("v_init", variables), node.pos};
}

model::Paint read_channel(Context& context, const NamedRegions& named, const Node& node)
{
    const MapReader map(node, channel_object(), "this channel", node.pos, context.out);
    model::Paint out{map.text_or("channel"), region_or_all(context, named, map, "region"), {}, node.pos};
    if (out.channel.empty()) {
        return out;
    }
    const mechanisms::MechanismInfo* channel = find_channel(context.model.catalogue, out.channel);
    if (channel == nullptr) {
        std::vector<std::string> names = context.model.catalogue.channel_names();
        for (std::string& name : library_names()) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(std::move(name));
            }
        }
        const bool synapse = context.model.catalogue.find_synapse(out.channel) != nullptr;
        context.out.error(
            map.value_pos("channel"),
            synapse ? fmt::format("'{}' is a synapse, not a channel", out.channel)
                    : fmt::format("unknown channel '{}'", out.channel),
            synapse ? "write it as 'type' under 'synapses'" : base::name_hint(out.channel, names, "channels are"));
    } else if (const Node* parameters = map.find("parameters")) {
        out.parameters = read_parameters(context, {"channel", channel->name, channel->parameters}, *parameters);
    }
    return out;
}

/// The ions that somebody can mean: those of the squid axon, calcium, and what the channels of these cells use.
std::vector<std::string> ion_names(const Context& context, const model::CellSpec& cell)
{
    std::vector<std::string> names{"na", "k", "ca"};
    for (const model::Paint& paint : cell.channels) {
        const mechanisms::MechanismInfo* channel = context.model.catalogue.find_channel(paint.channel);
        for (std::size_t k = 0; channel != nullptr && k < channel->ions.size(); ++k) {
            if (std::find(names.begin(), names.end(), channel->ions[k].name) == names.end()) {
                names.push_back(channel->ions[k].name);
            }
        }
    }
    return names;
}

model::IonSpec read_ion(Context& context, const NamedRegions& named, const model::CellSpec& cell, const Node& node)
{
    const MapReader map(node, ion_object(), "this ion", node.pos, context.out);
    const auto variables = model::place_variables();
    model::IonSpec out;
    out.pos = node.pos;
    out.ion = map.text_or("ion");
    out.region = region_or_all(context, named, map, "region");
    const auto names = ion_names(context, cell);
    if (!out.ion.empty() && std::find(names.begin(), names.end(), out.ion) == names.end()) {
        context.out.error(map.value_pos("ion"), fmt::format("unknown ion '{}'", out.ion),
                          base::name_hint(out.ion, names, "ions are"));
    }
    const Node* reversal = map.find("reversal");
    out.reversal_is_nernst = reversal != nullptr && reversal->kind == Node::Kind::scalar && reversal->text == "nernst";
    if (!out.reversal_is_nernst) {
        out.reversal_mV = map.given_expression("reversal", variables);
    }
    out.inside_mM = map.given_expression("inside", variables);
    out.outside_mM = map.given_expression("outside", variables);
    if (node.kind == Node::Kind::mapping && !map.has("reversal") && !map.has("inside") && !map.has("outside")) {
        context.out.error(map.pos(), "this ion needs at least one of reversal, inside, outside",
                          "for example inside: 5e-5 mM");
    }
    return out;
}

void read_cell(Context& context, const Node& node)
{
    const MapReader map(node, cell_object(), "this population", node.pos, context.out);
    model::CellSpec cell;
    cell.pos = node.pos;
    cell.name = map.text_or("name");
    cell.count = map.integer_or("count", 1);
    if (const model::CellSpec* first = context.find_cells(cell.name); first != nullptr && !cell.name.empty()) {
        refuse_second(context, map, "populations", cell.name, first->pos);
    }
    NamedRegions named;
    if (const Node* regions = map.find("regions")) {
        named = read_region_map(context, *regions);
    }
    if (const Node* morphology = map.find("morphology")) {
        cell.morphology = read_morphology(context, *morphology, map.key_pos("morphology"));
    }
    cell.discretisation = read_discretisation(context, map);
    if (const Node* position = map.find("position")) {
        const MapReader place(*position, position_object(), "'position'", map.key_pos("position"), context.out);
        cell.x_um = place.given_expression("x", model::cell_variables());
        cell.y_um = place.given_expression("y", model::cell_variables());
        cell.z_um = place.given_expression("z", model::cell_variables());
    }
    cell.membrane.push_back(default_membrane(context, cell.pos));
    if (const Node* membrane = map.find("membrane")) {
        for_each_item(context, "membrane", *membrane, true,
                      [&](const Node& item) { cell.membrane.push_back(read_membrane(context, named, item)); });
    }
    if (const Node* channels = map.find("channels")) {
        for_each_item(context, "channels", *channels, false,
                      [&](const Node& item) { cell.channels.push_back(read_channel(context, named, item)); });
    }
    if (const Node* ions = map.find("ions")) {
        for_each_item(context, "ions", *ions, false,
                      [&](const Node& item) { cell.ions.push_back(read_ion(context, named, cell, item)); });
    }
    context.regions[cell.name] = std::move(named);
    context.cell_index.emplace(cell.name, context.model.cells.size());
    context.model.cells.push_back(std::move(cell));
}

}  // namespace

void read_cells(Context& context, const Node& list)
{
    for_each_item(context, "cells", list, false, [&](const Node& item) { read_cell(context, item); });
    if (list.kind == Node::Kind::sequence && list.items.empty()) {
        context.out.error(list.pos, "'cells' is an empty list", "a model needs at least one population");
    }
}

}  // namespace axolemma::config
