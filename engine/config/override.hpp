/// Laying --set arguments over a tree.
#pragma once

#include "config/config.hpp"
#include "config/yaml_tree.hpp"

namespace axolemma::config {

/// The tree with the override's value in its place; keys that are missing on the way are added. Problems go to `out`, and
/// then the tree is returned unchanged.
NodePtr apply_override(const NodePtr& root, const Override& override, base::Diagnostics& out);

}  // namespace axolemma::config
