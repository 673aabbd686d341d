#include "config/read_channel.hpp"

#include <fmt/format.h>

#include "config/channel_parts.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;

/// What a file without any current, state or concentration lacks.
void check_has_effect(const ChannelDraft& draft, const MapReader& root)
{
    const kinetics::Equations& equations = draft.equations();
    if (equations.currents.empty() && equations.concentrations.empty() && !draft.out().has_errors()) {
        draft.out().error(root.pos(), fmt::format("'{}' has no current and sets no concentration", equations.info.name),
                          "add 'current', 'currents' or 'pool'");
    }
}

void read_file(ChannelDraft& draft, const MapReader& root)
{
    const auto part = [&](std::string_view key, auto read) {
        if (const Node* node = root.find(key)) {
            read(draft, *node);
        }
    };
    const auto mapping = [&](std::string_view key, const Object& object, auto read) {
        if (const Node* node = root.find(key)) {
            const MapReader map(*node, object, fmt::format("'{}'", key), root.key_pos(key), draft.out());
            if (node->kind == Node::Kind::mapping) {
                read(draft, map);
            }
        }
    };
    part("parameters", read_parameters);
    part("ions", read_ions);
    declare_states(draft, root);
    part("define", read_definitions);
    draft.speed = draft.speed_of(root, "this file");
    part("gates", read_gates);
    mapping("scheme", channel_scheme_object(), read_scheme);
    part("states", read_states);
    mapping("pool", channel_pool_object(), read_pool);
    part("current", read_current);
    part("currents", read_currents);
    part("ions", read_concentrations);
    if (const Node* events = root.find("on_event"); events != nullptr && !draft.is_point) {
        draft.out().error(root.key_pos("on_event"), "a channel gets no events", "a synapse does: write synapse: NAME");
    } else if (events != nullptr) {
        read_events(draft, *events);
    }
}

}  // namespace

std::optional<kinetics::Equations> parse_channel(std::string_view text, const std::string& name, base::Diagnostics& out)
{
    base::Diagnostics found;
    kinetics::Equations equations;
    if (const NodePtr tree = parse_yaml(text, name, found)) {
        const MapReader root(*tree, channel_file_object(), "this channel file", {name, 0, 0}, found);
        if (tree->kind == Node::Kind::mapping) {
            equations.is_point = root.has("synapse");
            equations.info.name = root.text_or(equations.is_point ? "synapse" : "channel");
            equations.info.meaning = root.text_or("about");
            equations.info.source = root.text_or("source");
            equations.info.pos = root.value_pos(equations.is_point ? "synapse" : "channel");
            ChannelScope scope(equations, found);
            ChannelDraft draft{scope, equations.is_point, {}, {}};
            read_file(draft, root);
            check_has_effect(draft, root);
        }
    }
    out.append(found);
    return found.has_errors() ? std::nullopt : std::optional(std::move(equations));
}

}  // namespace axolemma::config
