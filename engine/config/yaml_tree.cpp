#include "config/yaml_tree.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>
#pragma GCC diagnostic pop

namespace axolemma::config {

namespace {

using base::Diagnostics;
using base::SourcePos;

/// Thrown inside the event handler to leave yaml-cpp at once; the message is already in the diagnostics.
struct GiveUp {};

/// Bytes of the UTF-8 character at the start of `text`; 0 when there is none. Overlong forms and surrogates are none.
std::size_t utf8_length(std::string_view text)
{
    const auto byte = [&](std::size_t k) -> unsigned {
        return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u;
    };
    const auto follows = [&](std::size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80u) {
        return 1;
    }
    if (first >= 0xC2u && first < 0xE0u && follows(1)) {
        return 2;
    }
    if (first >= 0xE0u && first < 0xF0u && follows(1) && follows(2)) {
        const bool overlong = first == 0xE0u && byte(1) < 0xA0u;
        const bool surrogate = first == 0xEDu && byte(1) >= 0xA0u;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0u && first < 0xF5u && follows(1) && follows(2) && follows(3)) {
        const bool overlong = first == 0xF0u && byte(1) < 0x90u;
        const bool too_large = first == 0xF4u && byte(1) >= 0x90u;
        return overlong || too_large ? 0 : 4;
    }
    return 0;
}

/// Finds what no YAML parser should see: the first bad byte, or a tab in the indentation.
bool check_characters(std::string_view text, const std::string& name, Diagnostics& out)
{
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        out.error({name, 1, 1}, "this file is UTF-16, not UTF-8", "save it as UTF-8");
        return false;
    }
    std::int64_t line = 1, column = 1;
    bool indentation = true;
    for (std::size_t at = 0; at < text.size();) {
        const SourcePos pos{name, line, column};
        const std::size_t length = utf8_length(text.substr(at));
        const char c = text[at];
        if (length == 0) {
            out.error(pos, fmt::format("byte 0x{:02X} is not UTF-8", static_cast<unsigned char>(c)),
                      "save the file as UTF-8");
            return false;
        }
        const auto code = static_cast<unsigned char>(c);
        if ((code < 0x20 && c != '\n' && c != '\r' && c != '\t') || code == 0x7F) {
            out.error(pos, fmt::format("control character 0x{:02X} in the text", code),
                      "a configuration is a text file; is this one?");
            return false;
        }
        if (indentation && c == '\t') {
            const std::size_t next = text.find_first_not_of(" \t", at);
            if (next != std::string_view::npos && text[next] != '\n' && text[next] != '\r' && text[next] != '#') {
                out.error(pos, "a tab is used for indentation", "YAML wants spaces here");
                return false;
            }
        }
        indentation = c == '\n' || (indentation && (c == ' ' || c == '\t'));
        line += c == '\n' ? 1 : 0;
        column = c == '\n' ? 1 : column + 1;
        at += length;
    }
    return true;
}

/// yaml-cpp counts columns in bytes; people and editors count characters.
class Columns {
public:
    explicit Columns(std::string_view text) : text_(text)
    {
        plain_ =
            std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80u) != 0; });
        line_starts_.push_back(0);
        for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
            line_starts_.push_back(at + 1);
        }
    }

    SourcePos position(const std::string& name, const YAML::Mark& mark) const
    {
        constexpr int longest_line = 10'000;  // beyond, nobody counts columns and counting them would take for ever
        std::int64_t column = mark.column;
        const auto line = static_cast<std::size_t>(mark.line);
        if (line >= line_starts_.size()) {  // the end of the text
            return {name, static_cast<std::int64_t>(line_starts_.size()),
                    static_cast<std::int64_t>(text_.size() - line_starts_.back()) + 1};
        }
        if (!plain_ && mark.column < longest_line) {
            const std::string_view before = text_.substr(line_starts_[line], static_cast<std::size_t>(mark.column));
            column -= std::count_if(before.begin(), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; });
        }
        return {name, mark.line + 1, column + 1};
    }

private:
    std::string_view text_;
    bool plain_ = true;
    std::vector<std::size_t> line_starts_;
};

/// Builds the tree from yaml-cpp's events, which carry the position of every key and alias.
class Builder final : public YAML::EventHandler {
public:
    Builder(const std::string& name, std::string_view text, Diagnostics& out) : name_(name), columns_(text), out_(out)
    {}

    NodePtr root() const { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        auto node = std::make_shared<Node>();
        node->pos = position(mark);
        add(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            fail(position(mark), "this alias stands inside the value it repeats", "remove it");
        }
        place(found->second, position(mark), found->second->n_nodes);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        refuse_tag(mark, tag);
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::scalar;
        node->pos = position(mark);
        node->text = value;
        node->quoted = tag == "!";
        add(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Node::Kind::sequence);
    }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, Node::Kind::mapping);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapEnd() override
    {
        merge(*open_.back().node);
        close();
    }

private:
    struct Open {
        std::shared_ptr<Node> node;
        YAML::anchor_t anchor = 0;
        NodePtr key;  // waiting for its value
        std::vector<Entry> merged;
    };

    SourcePos position(const YAML::Mark& mark) const { return columns_.position(name_, mark); }

    [[noreturn]] void fail(SourcePos pos, std::string message, std::string hint)
    {
        out_.error(std::move(pos), std::move(message), std::move(hint));
        throw GiveUp{};
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag)
    {
        if (!tag.empty() && tag != "?" && tag != "!") {
            fail(position(mark), fmt::format("the tag '{}' has no meaning here", tag), "leave it out");
        }
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind)
    {
        refuse_tag(mark, tag);
        if (static_cast<std::int64_t>(open_.size()) >= max_config_depth) {
            fail(position(mark), fmt::format("this is nested deeper than {} levels", max_config_depth), {});
        }
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->pos = position(mark);
        open_.push_back({std::move(node), anchor, nullptr, {}});
    }

    void close()
    {
        Open done = std::move(open_.back());
        open_.pop_back();
        count_nodes(*done.node);
        add(std::move(done.node), done.anchor);
    }

    void add(std::shared_ptr<Node> node, YAML::anchor_t anchor)
    {
        // An empty value is marked on the line after it; its key is the better place.
        if (node->kind == Node::Kind::null && !open_.empty() && open_.back().key != nullptr) {
            node->pos = open_.back().key->pos;
        }
        if (anchor != 0) {
            anchors_[anchor] = node;
        }
        const SourcePos pos = node->pos;
        place(std::move(node), pos, 1);  // what is inside has been counted already
    }

    void place(NodePtr node, const SourcePos& pos, std::int64_t n_new)
    {
        n_nodes_ += n_new;
        if (n_nodes_ > max_config_nodes) {
            fail(pos,
                 fmt::format("this configuration has more than {} values once its aliases are expanded",
                             max_config_nodes),
                 "put big tables into SWC or CSV files");
        }
        if (node->depth + static_cast<std::int64_t>(open_.size()) > max_config_depth) {
            fail(pos, fmt::format("this is nested deeper than {} levels", max_config_depth), {});
        }
        if (open_.empty()) {
            root_ = std::move(node);
        } else if (Open& parent = open_.back(); parent.node->kind == Node::Kind::sequence) {
            parent.node->items.push_back(std::move(node));
        } else if (parent.key == nullptr) {
            parent.key = std::move(node);
        } else {
            add_entry(parent, std::exchange(parent.key, nullptr), std::move(node));
        }
    }

    void add_entry(Open& parent, const NodePtr& key, NodePtr value)
    {
        if (!key->is_scalar()) {
            out_.error(key->pos, "a key must be a word", "is a value in braces or brackets missing its quotes?");
            return;
        }
        if (const Entry* first = parent.node->find(key->text)) {
            out_.error(key->pos, fmt::format("the key '{}' is given twice", key->text),
                       fmt::format("it was first given in line {}", first->key_pos.line));
            return;
        }
        if (parent.node->entries.size() >= max_config_keys) {
            fail(key->pos, fmt::format("this mapping has more than {} keys", max_config_keys), {});
        }
        parent.node->entries.push_back({key->text, key->pos, std::move(value)});
    }

    /// Replaces `<<: *base` by the entries of base that are not given here (https://yaml.org/type/merge.html).
    void merge(Node& node)
    {
        const auto at =
            std::find_if(node.entries.begin(), node.entries.end(), [](const Entry& e) { return e.key == "<<"; });
        if (at == node.entries.end()) {
            return;
        }
        const Entry entry = *at;
        node.entries.erase(at);
        const std::vector<NodePtr> sources =
            entry.value->kind == Node::Kind::sequence ? entry.value->items : std::vector<NodePtr>{entry.value};
        for (const NodePtr& source : sources) {
            if (source->kind != Node::Kind::mapping) {
                out_.error(entry.key_pos, "the merge key '<<' needs a mapping or a list of mappings",
                           "as in <<: *defaults");
                return;
            }
            for (const Entry& inherited : source->entries) {
                if (node.find(inherited.key) == nullptr && node.entries.size() < max_config_keys) {
                    node.entries.push_back(inherited);
                }
            }
        }
    }

    std::string name_;
    Columns columns_;
    Diagnostics& out_;
    NodePtr root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, NodePtr> anchors_;
    std::int64_t n_nodes_ = 0;
};

std::string_view line_of(std::string_view text, std::int64_t line)
{
    std::size_t start = 0;
    for (std::int64_t k = 1; k < line; ++k) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos) {
            return {};
        }
        start = end + 1;
    }
    return text.substr(start, text.find('\n', start) - start);
}

/// What a person has probably done when yaml-cpp stops with this message.
std::string syntax_hint(const std::string& message, std::string_view line)
{
    const auto has = [&](std::string_view word) { return message.find(word) != std::string::npos; };
    if (const std::size_t bracket = line.find('['); has("flow") && bracket != std::string_view::npos && bracket > 0 &&
                                                    std::isalpha(static_cast<unsigned char>(line[bracket - 1])) != 0) {
        return "names with brackets need quotes inside { }, as in {section: \"dend[3]\"}";
    }
    if (has("flow")) {
        return "is a closing } or ] or a comma missing?";
    }
    if (has("map value")) {
        return "keys of one mapping start in the same column, and a value that contains ': ' needs quotes";
    }
    if (has("end of map") || has("end of sequence") || has("block entry") || has("map key")) {
        return "entries that belong together start in the same column";
    }
    if (has("EOF in scalar") || has("document indicator")) {
        return "is a closing quote missing?";
    }
    if (has("anchor is not defined")) {
        return "an alias (*name) needs an anchor (&name) before it";
    }
    if (has("unknown token")) {
        return "a value that starts with @, `, % or another special character needs quotes";
    }
    return {};
}

}  // namespace

const Entry* Node::find(std::string_view key) const
{
    for (const Entry& entry : entries) {
        if (entry.key == key) {
            return &entry;
        }
    }
    return nullptr;
}

void count_nodes(Node& node)
{
    node.n_nodes = 1;
    node.depth = 1;
    const auto count = [&](const Node& child) {
        node.n_nodes += child.n_nodes;
        node.depth = std::max(node.depth, child.depth + 1);
    };
    for (const Entry& entry : node.entries) {
        count(*entry.value);
    }
    for (const NodePtr& item : node.items) {
        count(*item);
    }
}

NodePtr parse_yaml(std::string_view text, const std::string& name, Diagnostics& out)
{
    if (text.size() > max_config_bytes) {
        out.error({name, 0, 0}, fmt::format("this file is larger than {} MB", max_config_bytes >> 20),
                  "put big tables into SWC or CSV files");
        return nullptr;
    }
    text.remove_prefix(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    if (!check_characters(text, name, out)) {
        return nullptr;
    }
    text = text.substr(0, text.find_last_not_of(" \r\n") + 1);
    Builder builder(name, text, out);
    try {
        // yaml-cpp 0.7 takes an unclosed quote for closed when the text ends with a line break; a comment stops that.
        std::istringstream stream{std::string(text) + "\n#"};
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder) || builder.root() == nullptr ||
            builder.root()->kind == Node::Kind::null) {
            out.error({name, 0, 0}, "this configuration is empty", "start with 'axolemma: 1'");
            return nullptr;
        }
        const NodePtr first = builder.root();
        Builder second(name, text, out);
        if (parser.HandleNextDocument(second) && second.root() != nullptr && second.root()->kind != Node::Kind::null) {
            out.error(second.root()->pos, "a second document starts here",
                      "a configuration is one document; remove the '---'");
        }
        return first;
    } catch (const YAML::ParserException& error) {
        const SourcePos pos = error.mark.is_null() ? SourcePos{name, 0, 0} : Columns(text).position(name, error.mark);
        out.error(pos, fmt::format("this is not valid YAML: {}", error.msg),
                  syntax_hint(error.msg, line_of(text, pos.line)));
    } catch (const YAML::Exception& error) {
        out.error({name, 0, 0}, fmt::format("this is not valid YAML: {}", error.msg));
    } catch (const GiveUp&) {
    }
    return nullptr;
}

namespace {

/// A text in double quotes.
std::string quoted_text(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '\n': out += "\\n"; break;
        case '\t': out += "\\t"; break;
        case '\r': out += "\\r"; break;
        case '"':
        case '\\': out += '\\'; [[fallthrough]];
        default: out += c;
        }
    }
    return out + "\"";
}

std::string exact_scalar(const Node& node, bool inside_flow)
{
    const bool needs_quotes = node.quoted || (inside_flow && node.text.find_first_of(",[]{}#:") != std::string::npos);
    return needs_quotes ? quoted_text(node.text) : node.text;
}

std::string exact_text(const Node& node, bool inside_flow)
{
    std::string out;
    switch (node.kind) {
    case Node::Kind::null: return "~";
    case Node::Kind::scalar: return exact_scalar(node, inside_flow);
    case Node::Kind::sequence:
        for (const NodePtr& item : node.items) {
            out += (out.empty() ? "" : ", ") + exact_text(*item, true);
        }
        return "[" + out + "]";
    case Node::Kind::mapping:
        for (const Entry& entry : node.entries) {
            out += (out.empty() ? "" : ", ") + quoted_text(entry.key) + ": " + exact_text(*entry.value, true);
        }
        return "{" + out + "}";
    }
    return out;
}

}  // namespace

std::string exact_text(const Node& node)
{
    return exact_text(node, false);
}

std::string flow_text(const Node& node)
{
    constexpr std::size_t longest = 120;
    std::string out;
    switch (node.kind) {
    case Node::Kind::null: return "~";
    case Node::Kind::scalar: return node.text;
    case Node::Kind::sequence:
        for (const NodePtr& item : node.items) {
            out += (out.empty() ? "[" : ", ") + flow_text(*item);
            if (out.size() > longest) {
                return out.substr(0, longest) + "...";
            }
        }
        return out.empty() ? "[]" : out + "]";
    case Node::Kind::mapping:
        for (const Entry& entry : node.entries) {
            out += (out.empty() ? "{" : ", ") + entry.key + ": " + flow_text(*entry.value);
            if (out.size() > longest) {
                return out.substr(0, longest) + "...";
            }
        }
        return out.empty() ? "{}" : out + "}";
    }
    return out;
}

}  // namespace axolemma::config
