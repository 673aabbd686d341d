/// The samples of a file as a tree ready to be cut into sections: in working order, with types and soma as the rule
/// wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "morphology/soma.hpp"
#include "morphology/swc.hpp"

namespace axolemma::morphology {

/// Samples in an order in which parents come first; all lists have one entry per node.
struct WorkTree {
    std::vector<std::int32_t> parent;  ///< node, -1 for node 0, the root
    std::vector<std::int32_t> type;
    std::vector<Point> point;
    std::vector<std::int32_t> sample;  ///< index into SwcFile::samples

    std::int32_t size() const { return static_cast<std::int32_t>(parent.size()); }
    std::int32_t parent_of(std::int32_t k) const { return parent[static_cast<std::size_t>(k)]; }
    std::int32_t type_of(std::int32_t k) const { return type[static_cast<std::size_t>(k)]; }
    const Point& point_of(std::int32_t k) const { return point[static_cast<std::size_t>(k)]; }
    bool is_soma(std::int32_t k) const { return type_of(k) == soma; }
    std::vector<std::int32_t> count_children() const;
};

/// The samples as they are, in file order if every parent comes first there, else depth first.
WorkTree tree_in_file_order(const SwcFile& file);

/// The samples rooted at the soma if there is one: its samples first, then neurite by neurite, depth first. Types 5
/// and 6 that only label forks and ends (has_fork_and_end_labels) are replaced by the type of the cable they lie on.
WorkTree tree_from_soma(const SwcFile& file, const SomaFacts& soma);

/// Does the file use type 5 for fork points and 6 for end points (CNIC, CATMAID, navis, FlyWire) rather than for kinds
/// of neurites? Then every sample of type 5 has at least two children, every one of type 6 has none, and both occur.
bool has_fork_and_end_labels(const SwcFile& file);

/// The soma samples, which must be a connected piece with the root, become the single root sample `centre`.
WorkTree with_soma_as_point(const WorkTree& tree, const Point& centre);

}  // namespace axolemma::morphology
