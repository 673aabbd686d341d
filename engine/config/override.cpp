#include "config/override.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace axolemma::config {

namespace {

constexpr std::size_t max_parts = 20;

std::vector<std::string> split_path(const std::string& path)
{
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', start)) {
        parts.push_back(path.substr(start, dot - start));
        start = dot + 1;
    }
    parts.push_back(path.substr(start));
    return parts;
}

/// What an entry of a list is called: its `name`, or the channel it paints, or the quantity it records.
std::string entry_name(const Node& item)
{
    for (const char* key : {"name", "channel", "quantity"}) {
        if (const Entry* entry = item.find(key); entry != nullptr && entry->value->is_scalar()) {
            return entry->value->text;
        }
    }
    return {};
}

class Setter {
public:
    Setter(const std::string& path, base::SourcePos where, base::Diagnostics& out)
        : parts_(split_path(path)), where_(std::move(where)), out_(out)
    {}

    NodePtr set(const NodePtr& root, NodePtr value)
    {
        if (parts_.size() > max_parts || std::find(parts_.begin(), parts_.end(), "") != parts_.end()) {
            fail("the path is not a list of names joined by dots", "as in run.dt=0.01 ms or cells.axon.count=10");
            return root;
        }
        value_ = std::move(value);
        const NodePtr changed = set_at(root.get(), 0);
        return changed != nullptr ? changed : root;
    }

private:
    void fail(std::string message, std::string hint = {}) { out_.error(where_, std::move(message), std::move(hint)); }

    std::string path_until(std::size_t n) const
    {
        return fmt::format("{}", fmt::join(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(n), "."));
    }

    /// A changed copy of `node` (null: a new mapping), or null after a problem.
    NodePtr set_at(const Node* node, std::size_t k)
    {
        if (k == parts_.size()) {
            return value_;
        }
        if (node != nullptr && node->kind == Node::Kind::sequence) {
            return set_item(*node, k);
        }
        if (node != nullptr && node->kind == Node::Kind::scalar) {
            fail(fmt::format("'{}' is a value, so it has no '{}'", path_until(k), parts_[k]));
            return nullptr;
        }
        auto copy = std::make_shared<Node>();
        if (node != nullptr) {
            *copy = *node;
        } else {
            copy->pos = where_;
        }
        copy->kind = Node::Kind::mapping;
        const auto at = std::find_if(copy->entries.begin(), copy->entries.end(),
                                     [&](const Entry& e) { return e.key == parts_[k]; });
        const NodePtr child = set_at(at == copy->entries.end() ? nullptr : at->value.get(), k + 1);
        if (child == nullptr) {
            return nullptr;
        }
        if (at == copy->entries.end()) {
            copy->entries.push_back({parts_[k], where_, child});
        } else {
            at->value = child;
        }
        count_nodes(*copy);
        return copy;
    }

    NodePtr set_item(const Node& list, std::size_t k)
    {
        const std::optional<std::size_t> index = find_item(list, k);
        if (!index) {
            return nullptr;
        }
        auto copy = std::make_shared<Node>(list);
        const NodePtr child = set_at(list.items[*index].get(), k + 1);
        if (child == nullptr) {
            return nullptr;
        }
        copy->items[*index] = child;
        count_nodes(*copy);
        return copy;
    }

    std::optional<std::size_t> find_item(const Node& list, std::size_t k)
    {
        const std::string& part = parts_[k];
        std::size_t index = 0;
        const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), index);
        if (status == std::errc{} && end == part.data() + part.size()) {
            if (index < list.items.size()) {
                return index;
            }
            fail(fmt::format("'{}' has {} entries, so there is no entry {}", path_until(k), list.items.size(), index),
                 "entries are counted from 0");
            return std::nullopt;
        }
        std::vector<std::string> names;
        std::optional<std::size_t> found;
        for (std::size_t n = 0; n < list.items.size(); ++n) {
            names.push_back(entry_name(*list.items[n]));
            if (names.back() != part) {
                continue;
            }
            if (found) {
                fail(fmt::format("'{}' has several entries called '{}'", path_until(k), part),
                     fmt::format("name one by its index, for example {}.{}", path_until(k), *found));
                return std::nullopt;
            }
            found = n;
        }
        if (!found) {
            names.erase(std::remove(names.begin(), names.end(), ""), names.end());
            fail(fmt::format("'{}' has no entry called '{}'", path_until(k), part),
                 base::name_hint(part, names, fmt::format("it has {} entries", list.items.size())));
        }
        return found;
    }

    std::vector<std::string> parts_;
    base::SourcePos where_;
    base::Diagnostics& out_;
    NodePtr value_;
};

/// The value with the argument as its place: lines and columns inside an argument help nobody.
std::shared_ptr<Node> placed(const Node& node, const base::SourcePos& where)
{
    auto copy = std::make_shared<Node>(node);
    copy->pos = where;
    for (Entry& entry : copy->entries) {
        entry.key_pos = where;
        entry.value = placed(*entry.value, where);
    }
    for (NodePtr& item : copy->items) {
        item = placed(*item, where);
    }
    return copy;
}

}  // namespace

Override Override::parse(std::string_view argument)
{
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw base::InputError({fmt::format("--set {}", argument), 0, 0}, "this is not of the form path=value",
                               "as in --set run.dt=\"0.01 ms\" or --set cells.axon.count=10");
    }
    return {std::string(argument.substr(0, equals)), std::string(argument.substr(equals + 1))};
}

NodePtr apply_override(const NodePtr& root, const Override& override, base::Diagnostics& out)
{
    const base::SourcePos where{override.text(), 0, 0};
    base::Diagnostics found;
    const NodePtr value = parse_yaml(override.value, where.file, found);
    for (base::Diagnostic diagnostic : found.list()) {
        diagnostic.pos = where;
        if (value == nullptr && override.value.find_first_not_of(" \t") == std::string::npos) {
            diagnostic.message = "the value is missing";
            diagnostic.hint = "as in --set run.dt=\"0.01 ms\"";
        }
        out.append(std::move(diagnostic));
    }
    if (value == nullptr || found.has_errors()) {
        return root;
    }
    return Setter(override.path, where, out).set(root, placed(*value, where));
}

NodePtr set_value(const NodePtr& root, const std::string& path, const base::SourcePos& path_pos,
                  const std::string& value, const base::SourcePos& value_pos, base::Diagnostics& out)
{
    const NodePtr node = parse_yaml(value, value_pos.file, out);
    return node == nullptr ? root : Setter(path, path_pos, out).set(root, placed(*node, value_pos));
}

}  // namespace axolemma::config
