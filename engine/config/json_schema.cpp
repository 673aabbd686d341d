#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "base/units.hpp"
#include "config/config.hpp"
#include "config/json_text.hpp"
#include "config/schema.hpp"
#include "mechanisms/catalogue.hpp"
#include "morphology/regions.hpp"

namespace axolemma::config {

namespace {

// Patterns are a help while typing; the reader is the judge. A value with a unit has a letter or a sign of its own, and so
// has arithmetic without units (or an operator).
constexpr std::string_view identifier_pattern = "^[A-Za-z_][A-Za-z0-9_]*$";
constexpr std::string_view ids_pattern = "^[0-9]+[.][.][0-9]+$";
constexpr std::string_view quantity_pattern = "[A-Za-z%\\u00b5\\u03bc\\u03a9\\u2126\\u00b0]";
constexpr std::string_view arithmetic_pattern = "[A-Za-z%*/^()]";

Json string_type()
{
    return Json::object({{"type", Json::text("string")}});
}

Json reference(std::string_view name)
{
    return Json::object({{"$ref", Json::text(fmt::format("#/definitions/{}", name))}});
}

Json array_of(Json items, int n_min, int n_max = 0)
{
    Json out =
        Json::object({{"type", Json::text("array")}, {"items", std::move(items)}, {"minItems", Json::number(n_min)}});
    return n_max > 0 ? out.add("maxItems", Json::number(n_max)) : out;
}

Json any_of(std::vector<Json> list)
{
    return Json::object({{"anyOf", Json::array(std::move(list))}});
}

Json texts(const std::vector<std::string>& list)
{
    Json out = Json::array();
    for (const std::string& text : list) {
        out.add(Json::text(text));
    }
    return out;
}

Json choices(const std::vector<std::string>& list)
{
    return Json::object({{"type", Json::text("string")}, {"enum", texts(list)}});
}

Json& add_range(Json& schema, const Range& range)
{
    if (!std::isinf(range.low)) {
        schema.add(range.low_open ? "exclusiveMinimum" : "minimum", Json::number(range.low));
    }
    if (!std::isinf(range.high)) {
        schema.add("maximum", Json::number(range.high));
    }
    return schema;
}

bool is_dimensionless(std::string_view unit)
{
    return unit.empty() || (unit != "clamp" && base::parse_unit(unit).dimension.is_none());
}

/// A value with a unit is a text; one without may be a number.
Json quantity(const Field& field)
{
    if (!is_dimensionless(field.unit)) {
        return string_type().add("pattern", Json::text(quantity_pattern));
    }
    Json number = Json::object({{"type", Json::text("number")}});
    return any_of({add_range(number, field.range), string_type().add("pattern", Json::text(arithmetic_pattern))});
}

Json interval(const Field& field)
{
    return array_of(any_of({quantity(field), Json::object({{"type", Json::text("null")}})}), 2, 2);
}

Json type_name()
{
    std::vector<std::string> names = morphology::region_names();
    names.erase(std::remove(names.begin(), names.end(), "all"), names.end());
    return any_of({choices(names), Json::object({{"type", Json::text("integer")}, {"minimum", Json::number(0)}})});
}

Json integer(const Field& field)
{
    Json out = Json::object({{"type", Json::text("integer")}});
    return add_range(out, field.range);
}

Json ids()
{
    const Json number = Json::object({{"type", Json::text("integer")}, {"minimum", Json::number(0)}});
    const Json range = Json::object({{"type", Json::text("string")}, {"pattern", Json::text(ids_pattern)}});
    return any_of({number, range, array_of(any_of({number, range}), 1)});
}

/// A mapping of names to values of this schema.
Json named(Json schema)
{
    return Json::object({{"type", Json::text("object")},
                         {"propertyNames", Json::object({{"pattern", Json::text(identifier_pattern)}})},
                         {"additionalProperties", std::move(schema)}});
}

/// The schema of a value, without its description.
Json value_schema(const Field& field)
{
    const std::vector<std::string> words(field.choices.begin(), field.choices.end());
    switch (field.kind) {
    case Kind::version: return Json::object({{"const", Json::number(1)}});
    case Kind::text:
    case Kind::path: return string_type();
    case Kind::identifier: return string_type().add("pattern", Json::text(identifier_pattern));
    case Kind::integer: return integer(field);
    case Kind::number:
    case Kind::quantity:
    case Kind::place_value:
    case Kind::cell_value:
    case Kind::connection_value: return quantity(field);
    case Kind::quantities: return any_of({quantity(field), array_of(quantity(field), 1)});
    case Kind::boolean: return Json::object({{"type", Json::text("boolean")}});
    case Kind::choice: return words.empty() ? choices(mechanisms::Catalogue().channel_names()) : choices(words);
    case Kind::diameters: return any_of({quantity(field), array_of(quantity(field), 1, 2)});
    case Kind::interval: return interval(field);
    case Kind::point: return array_of(quantity(field), 3, 3);
    case Kind::type_name: return type_name();
    case Kind::any_quantity: return any_of({Json::object({{"type", Json::text("number")}}), string_type()});
    case Kind::any_list: return array_of(Json::object(), 1);
    case Kind::texts: return any_of({string_type(), array_of(string_type(), 1)});
    case Kind::ids: return ids();
    case Kind::parameters: return Json::object({{"type", Json::text("object")}});
    case Kind::region: return reference("a_region");
    case Kind::region_list: return array_of(reference("a_region"), 1);
    case Kind::region_map:
        return Json::object({{"type", Json::text("object")},
                             {"propertyNames", Json::object({{"pattern", Json::text(identifier_pattern)}})},
                             {"additionalProperties", reference("a_region")}});
    case Kind::place: return reference("a_place");
    case Kind::places: return any_of({reference("a_place"), array_of(reference("a_place"), 1)});
    case Kind::object: return reference(field.object().name);
    case Kind::object_list: return array_of(reference(field.object().name), field.required ? 1 : 0);
    case Kind::formula: return any_of({Json::object({{"type", Json::text("number")}}), string_type()});
    case Kind::formula_or_object:
        return any_of({Json::object({{"type", Json::text("number")}}), string_type(), reference(field.object().name)});
    case Kind::object_map: return named(reference(field.object().name));
    case Kind::formula_map:
        return named(
            any_of({Json::object({{"type", Json::text("number")}}), string_type(), reference(field.object().name)}));
    case Kind::names: return any_of({string_type(), array_of(string_type(), 0)});
    case Kind::shares:
        return any_of({string_type(), array_of(string_type(), 1),
                       named(any_of({Json::object({{"type", Json::text("number")}}), string_type()}))});
    case Kind::object_or_list:
        return any_of({reference(field.object().name), array_of(reference(field.object().name), 0)});
    }
    return string_type();
}

std::string description(const Field& field)
{
    std::string out(field.doc);
    if (field.unit == "clamp") {
        out += " Unit: nA in a current clamp, mV in a voltage clamp.";
    } else if (!field.unit.empty() && field.unit != "1") {
        out +=
            fmt::format(" Unit: {} or another unit of {}.", field.unit, base::parse_unit(field.unit).dimension.name());
    }
    if (const std::string range = field.range.text(field.unit == "clamp" ? "" : field.unit); !range.empty()) {
        out += fmt::format(" Allowed: {}.", range);
    }
    return out;
}

/// A value with its description, default and example. In draft-07 nothing may stand beside $ref, hence allOf.
Json property(const Field& field)
{
    Json schema = value_schema(field);
    const bool is_reference = schema.dump().find("\"$ref\"") != std::string::npos &&
                              (field.kind == Kind::object || field.kind == Kind::region || field.kind == Kind::place);
    if (is_reference) {
        schema = Json::object({{"allOf", Json::array({std::move(schema)})}});
    }
    schema.add("description", Json::text(description(field)));
    if (!field.default_text.empty()) {
        if (field.kind == Kind::integer || (field.kind == Kind::number)) {
            schema.add("default", Json::number(std::stod(std::string(field.default_text))));
        } else if (field.kind == Kind::boolean) {
            schema.add("default", Json::boolean(field.default_text == "true"));
        } else {
            schema.add("default", Json::text(field.default_text));
        }
    }
    return schema;
}

/// "if the channel is hh, its parameters are these"; `key` is the one that names the channel or synapse.
Json parameter_rule(std::string_view key, std::string_view name, std::span<const mechanisms::ParameterInfo> list)
{
    Json parameters = Json::object();
    for (const mechanisms::ParameterInfo& info : list) {
        if (info.from != mechanisms::ParameterInfo::From::user) {
            continue;
        }
        const std::string default_text = fmt::format("{} {}", info.default_value, info.unit);
        parameters.add(std::string(info.name), property({.key = info.name,
                                                         .kind = Kind::place_value,
                                                         .unit = info.unit,
                                                         .default_text = default_text,
                                                         .range = {.low = info.low, .high = info.high},
                                                         .doc = info.meaning}));
    }
    const Json is_this = Json::object({{"const", Json::text(name)}});
    const Json closed = Json::object({{"properties", parameters}, {"additionalProperties", Json::boolean(false)}});
    return Json::object({{"if", Json::object({{"properties", Json::object({{std::string(key), is_this}})}})},
                         {"then", Json::object({{"properties", Json::object({{"parameters", closed}})}})}});
}

Json object_schema(const Object& object)
{
    Json properties = Json::object();
    std::vector<std::string> required;
    for (const Field& field : object.fields) {
        properties.add(std::string(field.key), property(field));
        if (field.required) {
            required.emplace_back(field.key);
        }
    }
    Json out = Json::object({{"type", Json::text("object")},
                             {"description", Json::text(object.doc)},
                             {"properties", properties},
                             {"additionalProperties", Json::boolean(false)}});
    if (!required.empty()) {
        out.add("required", texts(required));
    }
    for (const Alternatives& alternatives : object.exactly_one) {
        Json one_of = Json::array();
        for (const std::string_view key : alternatives.keys) {
            one_of.add(Json::object({{"required", texts({std::string(key)})}}));
        }
        out.add("oneOf", one_of);
    }
    if (&object == &channel_object()) {
        Json rules = Json::array();
        const mechanisms::Catalogue catalogue;
        for (const mechanisms::MechanismInfo* channel : catalogue.channels()) {
            rules.add(parameter_rule("channel", channel->name, channel->parameters));
        }
        out.add("allOf", rules);
    }
    if (&object == &synapse_object()) {
        Json rules = Json::array();
        const mechanisms::Catalogue catalogue;
        for (const mechanisms::SynapseInfo* synapse : catalogue.synapses()) {
            rules.add(parameter_rule("type", synapse->name, synapse->parameters));
        }
        out.add("allOf", rules);
    }
    return out;
}

}  // namespace

std::string channel_json_schema()
{
    Json definitions = Json::object();
    for (const Object* object : channel_file_objects()) {
        definitions.add(std::string(object->name), object_schema(*object));
    }
    const Json schema = Json::object({{"$schema", Json::text("http://json-schema.org/draft-07/schema#")},
                                      {"title", Json::text("Axolemma channel file")},
                                      {"allOf", Json::array({reference(channel_file_object().name)})},
                                      {"definitions", definitions}});
    return schema.dump() + "\n";
}

std::string json_schema()
{
    Json definitions = Json::object();
    definitions.add("a_region", any_of({string_type(), reference(region_object().name)}));
    definitions.add("a_place", any_of({choices({"soma", "tips"}), reference(place_object().name)}));
    for (const Object* object : all_objects()) {
        definitions.add(std::string(object->name), object_schema(*object));
    }
    const Json schema = Json::object({{"$schema", Json::text("http://json-schema.org/draft-07/schema#")},
                                      {"title", Json::text("Axolemma configuration, format version 1")},
                                      {"allOf", Json::array({reference(root_object().name)})},
                                      {"definitions", definitions}});
    return schema.dump() + "\n";
}

}  // namespace axolemma::config
