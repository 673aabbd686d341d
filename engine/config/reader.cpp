#include "config/reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/units.hpp"
#include "config/other_words.hpp"

namespace axolemma::config {

namespace {

using base::Expression;
using base::SourcePos;
using base::UnitError;

bool is_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_sign(std::string_view text)
{
    return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

/// What is odd about a text that is nearly a whole number.
std::string integer_hint(std::string_view text)
{
    const std::string_view digits = without_sign(text);
    if (digits.starts_with("0x") || digits.starts_with("0o") || digits.find('_') != std::string_view::npos) {
        return "write it with the digits 0 to 9 alone";
    }
    if (const std::size_t dot = digits.find('.'); dot != std::string_view::npos && dot > 0 &&
                                                  is_digits(digits.substr(0, dot)) &&
                                                  digits.find_first_not_of('0', dot + 1) == std::string_view::npos) {
        return fmt::format("write {}", text.substr(0, text.find('.')));
    }
    return {};
}

std::string phrase_of_unit(std::string_view unit)
{
    return base::parse_unit(unit.empty() ? "1" : unit).dimension.phrase();
}

base::Unit unit_of(std::string_view unit)
{
    return base::parse_unit(unit.empty() ? "1" : unit);
}

std::string example_of(const Field& field)
{
    const std::string_view text = !field.example.empty() ? field.example : field.default_text;
    const std::string_view more = field.unit == "clamp" ? " (mV in a voltage clamp)" : "";
    return text.empty() ? std::string{} : fmt::format("for example {}: {}{}", field.key, text, more);
}

}  // namespace

std::string describe(const Node& node)
{
    switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::scalar:
        return fmt::format("'{}'", node.text.size() > 40 ? node.text.substr(0, 40) + "..." : node.text);
    case Node::Kind::sequence: return "a list";
    case Node::Kind::mapping: return "a mapping";
    }
    return {};
}

bool is_identifier(std::string_view text)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), letter_or_digit);
}

SourcePos place_in(const Node& node, std::size_t offset)
{
    SourcePos pos = node.pos;
    if (pos.line > 0 && node.is_scalar() && offset > 0) {
        const std::string_view before = std::string_view(node.text).substr(0, offset);
        pos.column += std::count_if(before.begin(), before.end(),  // characters, not bytes
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
        pos.column += node.quoted ? 1 : 0;
    }
    return pos;
}

// ---- ValueReader ---------------------------------------------------------------------------------------------------

void ValueReader::fail_at(std::size_t offset, std::string message, std::string hint) const
{
    out_.error(place_in(node_, offset), std::move(message), std::move(hint));
}

void ValueReader::fail_kind(std::string_view needed) const
{
    const bool list = node_.kind == Node::Kind::sequence;
    const std::string found = list ? fmt::format("a list of {}", node_.items.size()) : describe(node_);
    fail(fmt::format("{} needs {}, not {}", subject(), needed, found), example_of(field_));
}

std::optional<double> ValueReader::evaluate(const Node& node, std::span<const base::Variable> variables,
                                            bool must_be_constant) const
{
    const ValueReader part(field_, node, out_, unit_);
    const std::optional<Expression> expression = part.expression(variables);
    if (!expression) {
        return std::nullopt;
    }
    if (must_be_constant && !expression->is_constant()) {
        part.fail(fmt::format("{} must be the same for all cells, so it cannot use random numbers", subject()));
        return std::nullopt;
    }
    return expression->value();
}

std::optional<Expression> ValueReader::expression(std::span<const base::Variable> variables) const
{
    if (!node_.is_scalar()) {
        fail_kind(phrase_of_unit(unit_));
        return std::nullopt;
    }
    try {
        const Expression parsed = Expression::parse(node_.text, unit_of(unit_), variables, subject());
        if (parsed.is_constant() && !field_.range.contains(parsed.value())) {
            fail(fmt::format("{} must be {}, not {}", subject(), field_.range.text(unit_), node_.text),
                 std::string(field_.range_hint));
            return std::nullopt;
        }
        return parsed;
    } catch (const UnitError& error) {
        fail_at(error.offset, error.message, error.hint);
        return std::nullopt;
    }
}

std::optional<double> ValueReader::quantity() const
{
    return evaluate(node_, {}, true);
}

std::optional<double> ValueReader::number() const
{
    if (node_.is_scalar() && node_.quoted) {
        try {
            base::parse_quantity_in(node_.text, unit_of("1"));
            fail(fmt::format("{} needs a number, not a text in quotes", subject()), "leave the quotes out");
            return std::nullopt;
        } catch (const UnitError&) {  // arithmetic, or a mistake that is explained below
        }
    }
    const std::string_view digits = node_.is_scalar() ? without_sign(node_.text) : std::string_view{};
    if (digits.size() > 1 && digits[0] == '0' && is_digits(digits)) {
        fail(fmt::format("'{}' starts with a 0, which other YAML readers take for octal", node_.text),
             "leave the leading 0 out");
        return std::nullopt;
    }
    return evaluate(node_, {}, true);
}

std::optional<std::int64_t> ValueReader::integer() const
{
    if (!node_.is_scalar()) {
        fail_kind("a whole number");
        return std::nullopt;
    }
    const std::string_view digits = without_sign(node_.text);
    if (!is_digits(digits)) {
        const std::string hint = integer_hint(node_.text);
        fail(fmt::format("{} needs a whole number, not {}", subject(), describe(node_)),
             hint.empty() ? example_of(field_) : hint);
        return std::nullopt;
    }
    if (node_.quoted) {
        fail(fmt::format("{} needs a whole number, not a text in quotes", subject()), "leave the quotes out");
        return std::nullopt;
    }
    if (digits.size() > 1 && digits[0] == '0') {
        fail(fmt::format("'{}' starts with a 0, which other YAML readers take for octal", node_.text),
             "leave the leading 0 out");
        return std::nullopt;
    }
    std::int64_t value = 0;
    const std::string_view number = node_.text.starts_with('+') ? digits : std::string_view(node_.text);
    const auto [end, status] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (status != std::errc{} || !field_.range.contains(static_cast<double>(value))) {
        fail(fmt::format("{} must be {}, not {}", subject(),
                         field_.range.is_all() ? "a smaller number" : field_.range.text(""), node_.text));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> ValueReader::boolean() const
{
    if (node_.is_scalar() && !node_.quoted && (node_.text == "true" || node_.text == "false")) {
        return node_.text == "true";
    }
    fail(fmt::format("{} needs true or false, not {}", subject(), describe(node_)));
    return std::nullopt;
}

std::optional<std::string> ValueReader::text() const
{
    if (!node_.is_scalar()) {
        fail_kind(field_.kind == Kind::path ? "a path" : "a text");
        return std::nullopt;
    }
    if (node_.text.empty()) {
        fail(fmt::format("{} is empty", subject()), example_of(field_));
        return std::nullopt;
    }
    return node_.text;
}

std::optional<std::string> ValueReader::identifier() const
{
    if (!node_.is_scalar()) {
        fail_kind("a name");
        return std::nullopt;
    }
    if (!is_identifier(node_.text)) {
        fail(fmt::format("{} cannot be used as a name", describe(node_)),
             "a name starts with a letter or _ and goes on with letters, digits and _");
        return std::nullopt;
    }
    return node_.text;
}

std::optional<std::size_t> ValueReader::choice() const
{
    const std::vector<std::string> choices(field_.choices.begin(), field_.choices.end());
    if (!node_.is_scalar()) {
        fail_kind(fmt::format("one of {}", fmt::join(choices, ", ")));
        return std::nullopt;
    }
    const auto at = std::find(choices.begin(), choices.end(), node_.text);
    if (at == choices.end()) {
        fail(fmt::format("{} cannot be {}", subject(), describe(node_)),
             unknown_choice_hint(node_.text, field_.key, choices));
        return std::nullopt;
    }
    return static_cast<std::size_t>(at - choices.begin());
}

std::optional<morphology::Interval> ValueReader::interval() const
{
    if (node_.kind != Node::Kind::sequence || node_.items.size() != 2) {
        fail_kind("two values [low, high]");
        return std::nullopt;
    }
    morphology::Interval out;
    bool good = true;
    const auto read = [&](const Node& end, double& value) {
        if (end.kind != Node::Kind::null) {  // ~ leaves the side open
            const std::optional<double> number = evaluate(end, {}, true);
            good = good && number.has_value();
            value = number.value_or(value);
        }
    };
    read(*node_.items[0], out.low);
    read(*node_.items[1], out.high);
    if (good && out.low > out.high) {
        fail(fmt::format("{} goes from {} to {}, which holds nothing", subject(), flow_text(*node_.items[0]),
                         flow_text(*node_.items[1])),
             "the smaller value comes first");
        return std::nullopt;
    }
    return good ? std::optional(out) : std::nullopt;
}

std::optional<std::vector<double>> ValueReader::quantities(std::size_t n_min, std::size_t n_max) const
{
    std::vector<const Node*> items = {&node_};
    if (node_.kind == Node::Kind::sequence) {
        items.clear();
        for (const NodePtr& item : node_.items) {
            items.push_back(item.get());
        }
    }
    if (node_.kind == Node::Kind::mapping || items.size() < n_min || items.size() > n_max) {
        fail_kind(n_min == n_max        ? fmt::format("a list of {} values", n_min)
                  : n_max == any_number ? fmt::format("{} or a list of them", phrase_of_unit(unit_))
                                        : fmt::format("{} or a list of {}", phrase_of_unit(unit_), n_max));
        return std::nullopt;
    }
    std::vector<double> out;
    for (const Node* item : items) {
        if (const std::optional<double> value = evaluate(*item, {}, true)) {
            out.push_back(*value);
        }
    }
    return out.size() == items.size() ? std::optional(out) : std::nullopt;
}

std::optional<std::int32_t> ValueReader::type_code() const
{
    if (node_.is_scalar() && is_digits(node_.text) && !node_.quoted) {
        std::int32_t code = 0;
        const auto [end, status] = std::from_chars(node_.text.data(), node_.text.data() + node_.text.size(), code);
        if (status == std::errc{}) {
            return code;
        }
    }
    std::vector<std::string> names = morphology::region_names();
    names.erase(std::remove(names.begin(), names.end(), "all"), names.end());
    if (node_.is_scalar() && std::find(names.begin(), names.end(), node_.text) != names.end()) {
        return morphology::region_of_name(node_.text)->type;
    }
    fail(fmt::format("{} needs a section type, not {}", subject(), describe(node_)),
         base::name_hint(node_.is_scalar() ? node_.text : "", names, "types are a whole number or one of"));
    return std::nullopt;
}

// ---- MapReader -----------------------------------------------------------------------------------------------------

MapReader::MapReader(const Node& node, const Object& object, std::string label, SourcePos pos, base::Diagnostics& out)
    : node_(node),
      object_(object),
      label_(std::move(label)),
      pos_(std::move(pos)),
      out_(out),
      values_(object.fields.size(), nullptr),
      key_pos_(object.fields.size(), pos_)
{
    if (node.kind != Node::Kind::mapping) {
        out_.error(node.pos, fmt::format("{} needs a mapping of keys, not {}", label_, describe(node)),
                   fmt::format("its keys are {}", fmt::join(object.keys(), ", ")));
        return;
    }
    for (const Entry& entry : node.entries) {
        const Field* field = object.find(entry.key);
        if (field == nullptr) {
            out_.error(entry.key_pos, fmt::format("unknown key '{}' in {}", entry.key, label_),
                       unknown_key_hint(entry.key, object));
        } else {
            const auto k = static_cast<std::size_t>(field - object.fields.data());
            values_[k] = entry.value.get();
            key_pos_[k] = entry.key_pos;
            if (entry.value->kind == Node::Kind::null) {
                out_.error(entry.key_pos, fmt::format("the key '{}' has no value", entry.key),
                           "give one, or remove the key");
            }
        }
    }
    for (const Field& field : object.fields) {
        if (field.required && values_[static_cast<std::size_t>(&field - object.fields.data())] == nullptr) {
            out_.error(pos_, fmt::format("{} needs the key '{}'", label_, field.key),
                       example_of(field).empty() ? std::string(field.doc) : example_of(field));
        }
    }
    for (const Alternatives& alternatives : object.exactly_one) {
        std::vector<std::string_view> given;
        for (const std::string_view key : alternatives.keys) {
            if (node.find(key) != nullptr) {
                given.push_back(key);
            }
        }
        if (given.size() != 1) {
            out_.error(given.size() > 1 ? key_pos(given[1]) : pos_,
                       fmt::format("{} needs exactly one of {}; it has {}", label_, fmt::join(alternatives.keys, ", "),
                                   given.empty() ? "none" : fmt::format("{}", fmt::join(given, " and "))));
        }
    }
}

const Node* MapReader::find(std::string_view key) const
{
    const Node* node = values_[static_cast<std::size_t>(&object_.field(key) - object_.fields.data())];
    return node != nullptr && node->kind != Node::Kind::null ? node : nullptr;
}

SourcePos MapReader::key_pos(std::string_view key) const
{
    return key_pos_[static_cast<std::size_t>(&object_.field(key) - object_.fields.data())];
}

SourcePos MapReader::value_pos(std::string_view key) const
{
    const Node* node = find(key);
    return node != nullptr ? node->pos : pos_;
}

std::optional<ValueReader> MapReader::value(std::string_view key, std::string_view unit) const
{
    const Node* node = find(key);
    return node == nullptr ? std::nullopt
                           : std::optional<ValueReader>(std::in_place, object_.field(key), *node, out_, unit);
}

NodePtr MapReader::default_node(const Field& field) const
{
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::scalar;
    node->pos = pos_;
    node->text = std::string(field.default_text);
    return node;
}

/// The value given; the default of the table when the key is absent; nothing when there is neither or the value is wrong.
template <class Read>
auto MapReader::read_or_default(std::string_view key, Read read) const
    -> decltype(read(std::declval<const ValueReader&>()))
{
    if (const std::optional<ValueReader> given = value(key)) {
        return read(*given);
    }
    const Field& field = object_.field(key);
    if (field.default_text.empty()) {
        return std::nullopt;
    }
    const NodePtr node = default_node(field);
    return read(ValueReader(field, *node, out_));
}

std::optional<double> MapReader::quantity(std::string_view key) const
{
    const std::optional<ValueReader> given = value(key);
    return given ? given->quantity() : std::nullopt;
}

double MapReader::quantity_or(std::string_view key, double otherwise) const
{
    return read_or_default(key, [](const ValueReader& v) { return v.quantity(); }).value_or(otherwise);
}

double MapReader::number_or(std::string_view key, double otherwise) const
{
    return read_or_default(key, [](const ValueReader& v) { return v.number(); }).value_or(otherwise);
}

std::int64_t MapReader::integer_or(std::string_view key, std::int64_t otherwise) const
{
    return read_or_default(key, [](const ValueReader& v) { return v.integer(); }).value_or(otherwise);
}

bool MapReader::boolean_or(std::string_view key) const
{
    return read_or_default(key, [](const ValueReader& v) { return v.boolean(); }).value_or(false);
}

std::size_t MapReader::choice_or(std::string_view key) const
{
    return read_or_default(key, [](const ValueReader& v) { return v.choice(); }).value_or(0);
}

std::string MapReader::text_or(std::string_view key, std::string otherwise) const
{
    const std::optional<ValueReader> given = value(key);
    if (!given) {
        return otherwise;
    }
    const bool name = object_.field(key).kind == Kind::identifier;
    return (name ? given->identifier() : given->text()).value_or(otherwise);
}

model::Value MapReader::expression(std::string_view key, std::span<const base::Variable> variables,
                                   std::string_view unit) const
{
    model::Value out{Expression::constant(0.0), value_pos(key)};
    if (const std::optional<ValueReader> given = value(key, unit)) {
        if (const std::optional<Expression> parsed = given->expression(variables)) {
            out.expression = *parsed;
        }
    } else if (const Field& field = object_.field(key); !field.default_text.empty()) {
        const NodePtr node = default_node(field);
        out.expression = ValueReader(field, *node, out_, unit).expression(variables).value_or(out.expression);
    }
    return out;
}

std::optional<model::Value> MapReader::given_expression(std::string_view key,
                                                        std::span<const base::Variable> variables) const
{
    if (!has(key)) {
        return std::nullopt;
    }
    return expression(key, variables);
}

}  // namespace axolemma::config
