#include <span>

#include <fmt/format.h>

#include "base/units.hpp"
#include "config/config.hpp"
#include "config/schema.hpp"
#include "mechanisms/catalogue.hpp"
#include "model/variables.hpp"

namespace axolemma::config {

namespace {

std::string unit_words(const Field& field)
{
    if (field.unit == "clamp") {
        return "current (nA) or voltage (mV)";
    }
    return fmt::format("{} ({})", base::parse_unit(field.unit).dimension.name(), field.unit);
}

std::string link(const Object& object)
{
    return fmt::format("[{}](#{})", object.name, object.name);
}

/// What stands behind a key, in a few words.
std::string value_words(const Field& field)
{
    switch (field.kind) {
    case Kind::version: return "`1`";
    case Kind::text: return "text";
    case Kind::identifier: return "name";
    case Kind::path: return "path";
    case Kind::integer: return "whole number";
    case Kind::number: return "number";
    case Kind::boolean: return "`true` or `false`";
    case Kind::choice: {
        std::string out;
        for (const std::string_view choice : field.choices) {
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", choice);
        }
        return out.empty() ? "name of a channel" : out;
    }
    case Kind::quantity: return unit_words(field);
    case Kind::place_value: return unit_words(field) + "; expression of the place";
    case Kind::cell_value: return unit_words(field) + "; expression of the cell";
    case Kind::connection_value: return unit_words(field) + "; expression of the connection";
    case Kind::quantities: return fmt::format("list of {}", unit_words(field));
    case Kind::diameters: return unit_words(field) + ", or a list of two";
    case Kind::interval: return field.unit == "1" ? "[low, high]" : fmt::format("[low, high], {}", unit_words(field));
    case Kind::point: return fmt::format("[x, y, z], {}", unit_words(field));
    case Kind::type_name: return "section type";
    case Kind::any_quantity: return "value with unit";
    case Kind::any_list: return "list";
    case Kind::texts: return "text, or a list of them";
    case Kind::ids: return "whole number, list, or range `\"0..9\"`";
    case Kind::parameters: return "mapping of parameters";
    case Kind::region: return link(region_object());
    case Kind::region_list: return fmt::format("list of {}", link(region_object()));
    case Kind::region_map: return fmt::format("mapping of names to {}", link(region_object()));
    case Kind::place: return link(place_object());
    case Kind::places: return fmt::format("{}, or a list of them", link(place_object()));
    case Kind::object: return link(field.object());
    case Kind::object_list: return fmt::format("list of {}", link(field.object()));
    case Kind::formula: return field.unit.empty() ? "formula" : unit_words(field) + "; formula";
    case Kind::formula_or_object: return fmt::format("{}; formula, or {}", unit_words(field), link(field.object()));
    case Kind::object_map: return fmt::format("mapping of names to {}", link(field.object()));
    case Kind::formula_map: return fmt::format("mapping of names to formulas or {}", link(field.object()));
    case Kind::names: return "name, or a list of them";
    case Kind::shares: return "name, list of names, or mapping of names to numbers";
    case Kind::object_or_list: return fmt::format("{}, or a list of them", link(field.object()));
    }
    return {};
}

std::string default_words(const Field& field)
{
    return field.required ? "required" : field.default_text.empty() ? "" : fmt::format("`{}`", field.default_text);
}

std::string meaning(const Field& field)
{
    std::string out(field.doc);
    if (const std::string range = field.range.text(field.unit); !range.empty()) {
        out += fmt::format(" Must be {}.", range);
    }
    if (!field.example.empty()) {
        out += fmt::format(" Example: `{}`.", field.example);
    }
    return out;
}

std::string object_section(const Object& object)
{
    std::string out = fmt::format("## {}\n\n{}\n\n", object.name, object.doc);
    for (const Alternatives& alternatives : object.exactly_one) {
        out += "Exactly one of";
        for (std::size_t k = 0; k < alternatives.keys.size(); ++k) {
            out += fmt::format("{} `{}`", k == 0 ? "" : ",", alternatives.keys[k]);
        }
        out += " must be given.\n\n";
    }
    out += "| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const Field& field : object.fields) {
        out += fmt::format("| `{}` | {} | {} | {} |\n", field.key, value_words(field), default_words(field),
                           meaning(field));
    }
    return out + "\n";
}

std::string parameter_table(std::span<const mechanisms::ParameterInfo> parameters)
{
    std::string out = "| parameter | unit | default | meaning |\n|---|---|---|---|\n";
    for (const mechanisms::ParameterInfo& info : parameters) {
        if (info.from != mechanisms::ParameterInfo::From::user) {
            continue;
        }
        out += fmt::format("| `{}` | {} | {} | {}; from {} to {} |\n", info.name, info.unit, info.default_value,
                           info.meaning, info.low, info.high);
    }
    return out;
}

std::string channels_section()
{
    std::string out = "## Channels\n\n";
    const mechanisms::Catalogue catalogue;
    for (const mechanisms::MechanismInfo* info : catalogue.channels()) {
        const mechanisms::MechanismInfo& channel = *info;
        out += fmt::format("### {}\n\n{} ({})\n\n", channel.name, channel.meaning, channel.source);
        out += parameter_table(channel.parameters);
        out += "\nQuantities that can be recorded:";
        std::string separator = " ";
        const auto add = [&](std::string_view quantity, std::string_view words) {
            out += fmt::format("{}`{}.{}` ({})", separator, channel.name, quantity, words);
            separator = ", ";
        };
        for (const mechanisms::StateInfo& state : channel.states) {
            add(state.name, state.meaning);
        }
        for (const mechanisms::CurrentInfo& current : channel.currents) {
            add(current.name, current.meaning);
        }
        out += ".\n\n";
    }
    return out;
}

std::string synapses_section()
{
    std::string out = "## Synapses\n\n";
    const mechanisms::Catalogue catalogue;
    for (const mechanisms::SynapseInfo* synapse : catalogue.synapses()) {
        out += fmt::format("### {}\n\n{} ({})\n\n", synapse->name, synapse->meaning, synapse->source);
        out += parameter_table(synapse->parameters) + "\n";
    }
    return out +
           "A recording of the synapse called NAME can have the quantities `NAME.g` (conductance, uS) and `NAME.i` "
           "(current, nA).\n\n";
}

std::string values_section()
{
    std::string out =
        "## Values\n\n"
        "A value with a dimension has a unit, always: `120 mS/cm2`, `35.4 ohm*cm`, `18.5 degC`. Any unit of the right\n"
        "dimension will do. Units are V A S F ohm m s min h Hz C M mol g K degC rad deg %, with the prefixes f p n u m "
        "k "
        "M G T\n"
        "(not for min, h, degC, rad, deg and %; also cm, dm); powers are written `cm2`, `cm^2` or `cm^-2`; factors are "
        "joined by `*`, a space or `/`. A unit "
        "belongs to\n"
        "the number before it, so `distance/300 um` is distance divided by 300 um.\n\n"
        "Where the tables say *expression*, a value may be arithmetic: `+ - * / ^`, parentheses, `pi`, and the "
        "functions exp,\n"
        "log, log10, sqrt, abs, min, max, step(x) (0 below 0, else 1), if(a < b, yes, no), uniform(low, high) and\n"
        "normal(mean, sd). Random numbers are drawn once per cell and place in this file; they depend on `run.seed` "
        "only.\n"
        "Values that are not expressions may use arithmetic too, without variables.\n\n"
        "| variable | unit | meaning |\n|---|---|---|\n";
    for (const base::Variable& variable : model::place_variables()) {
        out += fmt::format("| `{}` | {} | {} |\n", variable.name, variable.unit.text, variable.meaning);
    }
    out +=
        "\nAn expression of the cell may use `cell` and `count` alone. An expression of the connection has its own "
        "variables:\n\n"
        "| variable | unit | meaning |\n|---|---|---|\n";
    for (const base::Variable& variable : model::connection_variables()) {
        out += fmt::format("| `{}` | {} | {} |\n", variable.name, variable.unit.text, variable.meaning);
    }
    out +=
        "\nIts random numbers are drawn once per connection (`probability`: once per pair).\n\n"
        "YAML's anchors, aliases and merge keys (`<<: *name`) work. Tags, several documents and tabs do not.\n\n"
        "A value can be replaced on the command line: `--set run.dt=\"0.01 ms\"`, `--set cells.axon.count=10`,\n"
        "`--set cells.axon.channels.hh.parameters.gl=\"0.6 mS/cm2\"`. Entries of a list are named by their index (from "
        "0),\n"
        "their `name`, their `channel` or their `quantity`.\n\n";
    return out;
}

}  // namespace

std::string config_reference_markdown()
{
    std::string out =
        "# Configuration reference\n\n"
        "Generated by `axolemma schema --markdown`; do not edit. Editors that know JSON Schema complete and check a\n"
        "configuration that starts with the line `# yaml-language-server: $schema=schema.json`.\n\n";
    out += values_section();
    for (const Object* object : all_objects()) {
        out += object_section(*object);
    }
    out += channels_section();
    out += synapses_section();
    out +=
        "# Channel files\n\nChannels, ion pools and synapses in YAML; [channels.md](channels.md) explains them by "
        "example.\n\n";
    for (const Object* object : channel_file_objects()) {
        out += object_section(*object);
    }
    while (out.ends_with("\n\n")) {
        out.pop_back();
    }
    return out;
}

}  // namespace axolemma::config
