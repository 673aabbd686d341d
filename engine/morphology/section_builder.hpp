/// Sections made one after another, parents first, with where each sample of the file ended up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "morphology/morphology.hpp"
#include "morphology/work_tree.hpp"

namespace axolemma::morphology {

class SectionBuilder {
public:
    explicit SectionBuilder(std::int32_t n_nodes) : place_(static_cast<std::size_t>(n_nodes)) {}

    /// Adds a section and returns its index. The first is the root and its `at` is not used.
    /// @param points at least two
    std::int32_t add(std::int32_t type, Location at, const std::vector<Point>& points);
    bool empty() const { return sections_.empty(); }

    void put_node(std::int32_t node, Location where) { place_[static_cast<std::size_t>(node)] = where; }
    Location place_of(std::int32_t node) const { return place_[static_cast<std::size_t>(node)]; }

    /// Places nodes at consecutive points of the section, the first of them at point `at_point`.
    void put_nodes(std::int32_t section, std::size_t at_point, std::span<const std::int32_t> nodes);

    Morphology build(const SwcFile& file, const WorkTree& tree);

private:
    std::vector<Section> sections_;
    std::vector<Point> points_;
    std::vector<Location> place_;
    std::unordered_map<std::int32_t, std::int32_t> n_of_type_;
};

// The two ways of cutting a tree into sections.

struct NeuronRuleOptions {
    /// A single soma sample (or three in the NeuroMorpho form) is a sphere; off: three samples are two cylinders.
    bool recognise_three_point = true;
    /// A root section of one sample that is no soma becomes a cylinder of length = diameter, as in NEURON; off: the
    /// sections that leave it start there.
    bool inflate_lone_root = true;
    /// Joins and drops what NEURON does although the file says otherwise (docs/morphology.md lists it). For comparison
    /// only.
    bool copy_defects = false;
};
/// NEURON's Import3d rule.
Morphology sections_as_neuron(const SwcFile& file, const WorkTree& tree, const NeuronRuleOptions& options);

/// Every branch of a Neurolucida file is one section, as NEURON's Import3d makes them.
Morphology sections_as_drawn(const SwcFile& file, const WorkTree& tree);

/// Every line of the file is one frustum from its parent to itself.
Morphology sections_as_graph(const SwcFile& file, const WorkTree& tree);

}  // namespace axolemma::morphology
