/// Laying --set arguments over a tree.
#pragma once

#include "config/config.hpp"
#include "config/yaml_tree.hpp"

namespace axolemma::config {

/// The tree with the override's value in its place; keys that are missing on the way are added. Problems go to `out`, and
/// then the tree is returned unchanged.
NodePtr apply_override(const NodePtr& root, const Override& override, base::Diagnostics& out);

/// The tree with a value (YAML text) that was written at `value_pos` of a file, for a path that was written at `path_pos`;
/// otherwise as apply_override().
NodePtr set_value(const NodePtr& root, const std::string& path, const base::SourcePos& path_pos,
                  const std::string& value, const base::SourcePos& value_pos, base::Diagnostics& out);

}  // namespace axolemma::config
