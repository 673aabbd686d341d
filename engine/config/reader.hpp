/// Reading one mapping of a configuration against its object in the schema table.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "config/schema.hpp"
#include "config/yaml_tree.hpp"
#include "model/model.hpp"

namespace axolemma::config {

/// A value that is there, with the field of the schema table it belongs to.
///
/// The read functions report a problem at the value's place and then return nothing; reading goes on, so that a file's
/// errors come out together. `unit` replaces the field's unit where that depends on something else.
class ValueReader {
public:
    ValueReader(const Field& field, const Node& node, base::Diagnostics& out, std::string_view unit = {})
        : field_(field), node_(node), out_(out), unit_(unit.empty() ? field.unit : unit)
    {}

    std::optional<double> quantity() const;  ///< in the field's unit
    std::optional<double> number() const;
    std::optional<std::int64_t> integer() const;
    std::optional<bool> boolean() const;
    std::optional<std::string> text() const;
    std::optional<std::string> identifier() const;
    std::optional<std::size_t> choice() const;  ///< index into the field's choices
    std::optional<base::Expression> expression(std::span<const base::Variable> variables) const;
    std::optional<morphology::Interval> interval() const;
    /// As many as asked for; `any_number` of them has no upper bound.
    std::optional<std::vector<double>> quantities(std::size_t n_min, std::size_t n_max) const;
    static constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();
    std::optional<std::int32_t> type_code() const;

    std::string_view key() const { return field_.key; }
    void fail(std::string message, std::string hint = {}) const { fail_at(0, std::move(message), std::move(hint)); }
    /// Reports that something else stands here: "'dt' needs a time, not a list".
    void fail_kind(std::string_view needed) const;

private:
    void fail_at(std::size_t offset, std::string message, std::string hint) const;
    std::optional<double> evaluate(const Node& node, std::span<const base::Variable> variables,
                                   bool must_be_constant) const;
    std::string subject() const { return "'" + std::string(field_.key) + "'"; }

    const Field& field_;
    const Node& node_;
    base::Diagnostics& out_;
    std::string unit_;
};

/// A mapping. The constructor reports unknown, missing, empty and conflicting keys.
class MapReader {
public:
    /// @param label  how the mapping is called in messages, for example 'run'
    /// @param pos    where missing keys are reported
    MapReader(const Node& node, const Object& object, std::string label, base::SourcePos pos, base::Diagnostics& out);

    bool has(std::string_view key) const { return find(key) != nullptr; }
    /// The value of a key, or null when it is absent or empty.
    const Node* find(std::string_view key) const;
    /// Where the key stands; where the mapping stands when it is absent.
    base::SourcePos key_pos(std::string_view key) const;
    base::SourcePos value_pos(std::string_view key) const;
    const base::SourcePos& pos() const { return pos_; }
    const Object& object() const { return object_; }
    base::Diagnostics& out() const { return out_; }

    std::optional<ValueReader> value(std::string_view key, std::string_view unit = {}) const;
    std::optional<double> quantity(std::string_view key) const;
    /// The value given, else the default of the schema table, else `otherwise`.
    double quantity_or(std::string_view key, double otherwise = 0.0) const;
    double number_or(std::string_view key, double otherwise = 0.0) const;
    std::int64_t integer_or(std::string_view key, std::int64_t otherwise = 0) const;
    bool boolean_or(std::string_view key) const;
    std::size_t choice_or(std::string_view key) const;
    std::string text_or(std::string_view key, std::string otherwise = {}) const;
    /// The expression given, else the default, else 0; with its place.
    model::Value expression(std::string_view key, std::span<const base::Variable> variables,
                            std::string_view unit = {}) const;
    std::optional<model::Value> given_expression(std::string_view key, std::span<const base::Variable> variables) const;

private:
    NodePtr default_node(const Field& field) const;
    template <class Read>
    auto read_or_default(std::string_view key, Read read) const -> decltype(read(std::declval<const ValueReader&>()));

    const Node& node_;
    const Object& object_;
    std::string label_;
    base::SourcePos pos_;
    base::Diagnostics& out_;
    std::vector<const Node*> values_;  // per field of the object
    std::vector<base::SourcePos> key_pos_;
};

/// Place of the byte at this offset of a scalar's text.
base::SourcePos place_in(const Node& node, std::size_t offset);

/// "a list", "a mapping", "nothing" or "'text'", for messages.
std::string describe(const Node& node);

/// A letter or _, then letters, digits and _.
bool is_identifier(std::string_view text);

}  // namespace axolemma::config
