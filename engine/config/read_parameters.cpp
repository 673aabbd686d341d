#include <algorithm>

#include <fmt/format.h>

#include "config/context.hpp"
#include "config/other_words.hpp"

namespace axolemma::config {

namespace {

/// The engine itself fills in what follows from the shape.
bool is_for_users(const mechanisms::ParameterInfo& parameter)
{
    return parameter.from == mechanisms::ParameterInfo::From::user;
}

std::vector<std::string> names_of(const Mechanism& mechanism)
{
    std::vector<std::string> out;
    for (const mechanisms::ParameterInfo& parameter : mechanism.parameters) {
        if (is_for_users(parameter)) {
            out.emplace_back(parameter.name);
        }
    }
    return out;
}

std::optional<model::ParameterSetting> read_parameter(Context& context, const mechanisms::ParameterInfo& info,
                                                      const Entry& entry)
{
    const std::string example = fmt::format("{} {}", info.default_value, info.unit);
    if (entry.value->kind == Node::Kind::null) {
        context.out.error(entry.key_pos, fmt::format("the key '{}' has no value", entry.key),
                          fmt::format("for example {}: {}", entry.key, example));
        return std::nullopt;
    }
    const Field field{.key = info.name,
                      .kind = Kind::place_value,
                      .unit = info.unit,
                      .range = {.low = info.low, .high = info.high},
                      .doc = info.meaning,
                      .example = example};
    if (auto parsed = ValueReader(field, *entry.value, context.out).expression(model::place_variables())) {
        return model::ParameterSetting{entry.key, {*parsed, entry.value->pos}, entry.key_pos};
    }
    return std::nullopt;
}

}  // namespace

std::vector<model::ParameterSetting> read_parameters(Context& context, const Mechanism& mechanism, const Node& node)
{
    std::vector<model::ParameterSetting> out;
    if (node.kind != Node::Kind::mapping) {
        context.out.error(node.pos, fmt::format("'parameters' needs a mapping, not {}", describe(node)),
                          fmt::format("{} has {}", mechanism.name, fmt::join(names_of(mechanism), ", ")));
        return out;
    }
    for (const Entry& entry : node.entries) {
        const auto info =
            std::find_if(mechanism.parameters.begin(), mechanism.parameters.end(),
                         [&](const mechanisms::ParameterInfo& p) { return p.name == entry.key && is_for_users(p); });
        if (info == mechanism.parameters.end()) {
            context.out.error(
                entry.key_pos,
                fmt::format("unknown parameter '{}' of {} '{}'", entry.key, mechanism.noun, mechanism.name),
                unknown_parameter_hint(entry.key, mechanism.name, names_of(mechanism)));
        } else if (auto setting = read_parameter(context, *info, entry)) {
            out.push_back(std::move(*setting));
        }
    }
    return out;
}

}  // namespace axolemma::config
