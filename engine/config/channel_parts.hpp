/// What the parts of the reader of channel files share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/channel_scope.hpp"
#include "config/reader.hpp"
#include "kinetics/gates.hpp"

namespace axolemma::config {

/// A channel file while it is being read.
struct ChannelDraft {
    ChannelScope& scope;
    bool is_point = false;
    kinetics::Value speed;  ///< factor on the rates of gates and scheme without one of their own; invalid: none
    /// Each gate with its power, and the open share of the scheme: what conductances are multiplied by.
    struct Factor {
        std::string gate;  ///< empty: the scheme
        kinetics::Value value;
    };
    std::vector<Factor> factors;

    kinetics::Equations& equations() const { return scope.equations(); }
    kinetics::Graph& graph() const { return scope.equations().graph; }
    base::Diagnostics& out() const { return scope.out(); }

    /// The formula of a key, in the unit of the schema table or in `unit`; nothing when it is absent or wrong.
    std::optional<kinetics::Value> formula(const MapReader& map, std::string_view key, std::string_view of,
                                           std::string_view unit = {}) const;
    /// A formula, or one of the standard forms.
    std::optional<kinetics::Value> rate(const MapReader& map, std::string_view key, std::string_view of) const;
    /// The factor of the key q10, else that of the file.
    kinetics::Value speed_of(const MapReader& map, std::string_view of) const;
    /// Adds something that can be recorded, unless its unit has no name.
    void add_output(const std::string& name, const base::Unit& unit, const std::string& meaning,
                    kinetics::Value value) const;
};

/// Calls `read` with each name and value of a mapping; names must be identifiers.
template <class Read>
void for_each_name(base::Diagnostics& out, std::string_view key, const Node& node, Read read)
{
    if (node.kind != Node::Kind::mapping) {
        out.error(node.pos, "'" + std::string(key) + "' needs a mapping of names, not " + describe(node));
        return;
    }
    for (const Entry& entry : node.entries) {
        if (!is_identifier(entry.key)) {
            out.error(entry.key_pos, "'" + entry.key + "' cannot be used as a name",
                      "a name starts with a letter or _ and goes on with letters, digits and _");
        } else if (entry.value->kind == Node::Kind::null) {
            out.error(entry.key_pos, "'" + entry.key + "' has no value", "give one, or remove the name");
        } else {
            read(entry);
        }
    }
}

/// A name or a list of names, with their places.
std::vector<std::pair<std::string, base::SourcePos>> read_names(base::Diagnostics& out, std::string_view key,
                                                                const Node& node);

// One function per part, in the order in which they are called.
void read_parameters(ChannelDraft& draft, const Node& node);
void read_ions(ChannelDraft& draft, const Node& node);
/// Makes the names of all states known, so that formulas may use them whatever their order.
void declare_states(ChannelDraft& draft, const MapReader& root);
void read_definitions(ChannelDraft& draft, const Node& node);
void read_gates(ChannelDraft& draft, const Node& node);
void read_scheme(ChannelDraft& draft, const MapReader& map);
void read_states(ChannelDraft& draft, const Node& node);
void read_pool(ChannelDraft& draft, const MapReader& map);
void read_current(ChannelDraft& draft, const Node& node);
void read_currents(ChannelDraft& draft, const Node& node);
void read_concentrations(ChannelDraft& draft, const Node& node);
void read_events(ChannelDraft& draft, const Node& node);

}  // namespace axolemma::config
