/// A YAML text as a tree in which every key and value knows where it stands.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::config {

struct Node;
using NodePtr = std::shared_ptr<const Node>;

/// One "key: value" of a mapping.
struct Entry {
    std::string key;
    base::SourcePos key_pos;
    NodePtr value;
};

/// A value. An alias shares the node it stands for; cycles are refused when the text is read.
struct Node {
    enum class Kind { null, scalar, sequence, mapping } kind = Kind::null;
    base::SourcePos pos;         ///< of the value; of its key when the value is empty
    std::string text;            ///< scalar, without quotes
    bool quoted = false;         ///< scalar in quotes or in a block
    std::vector<Entry> entries;  ///< mapping, in the order written, keys unique
    std::vector<NodePtr> items;  ///< sequence
    std::int64_t n_nodes = 1;    ///< nodes in this subtree, aliases expanded
    std::int64_t depth = 1;      ///< levels in this subtree, aliases expanded

    bool is_scalar() const { return kind == Kind::scalar; }
    const Entry* find(std::string_view key) const;
};

constexpr std::size_t max_config_bytes = 4u << 20;
constexpr std::int64_t max_config_nodes = 200'000;
constexpr std::int64_t max_config_depth = 32;
constexpr std::size_t max_config_keys = 1000;  // per mapping

/// The one document of `text`. Errors (with positions in `name`) go to `out`; the result is null when nothing can be
/// used.
///
/// Refused: bytes that are not UTF-8, control characters, tabs as indentation, tags, several documents, keys that occur
/// twice, aliases of themselves, and trees beyond the limits above. Merge keys (`<<`) are resolved.
NodePtr parse_yaml(std::string_view text, const std::string& name, base::Diagnostics& out);

/// The subtree as one line in YAML's flow style, shortened to about 120 characters.
std::string flow_text(const Node& node);

/// The subtree as one line in YAML's flow style that reads back as the same subtree.
std::string exact_text(const Node& node);

/// Updates n_nodes and depth of `node` from its children.
void count_nodes(Node& node);

}  // namespace axolemma::config
