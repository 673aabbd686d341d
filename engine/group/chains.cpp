#include "group/chains.hpp"

#include <algorithm>
#include <limits>

#include "base/index.hpp"

namespace axolemma::group {

namespace {

using base::index;

constexpr std::int32_t no_cut = std::numeric_limits<std::int32_t>::max();
/// A cell whose longest path is within this factor of an even share of the lanes is packed as it is.
constexpr double good_enough = 1.15;
constexpr std::int32_t shortest_piece = 8;

/// One cell: where units begin, for a given length of pieces.
class Cutter {
public:
    explicit Cutter(const TreeToPack& tree) : tree_(tree), n_children_(tree.parent.size(), 0)
    {
        only_child_.assign(tree.parent.size(), -1);
        for (std::size_t i = 0; i < tree.parent.size(); ++i) {
            if (tree.parent[i] >= 0) {
                ++n_children_[index(tree.parent[i])];
                only_child_[index(tree.parent[i])] = static_cast<std::int32_t>(i);
            }
        }
    }

    bool is_junction(std::int32_t i) const { return tree_.area_um2[index(i)] == 0.0; }
    bool is_separator(std::int32_t i) const { return separator_[index(i)]; }
    std::int32_t only_child(std::int32_t i) const { return only_child_[index(i)]; }

    /// Is `i` the lowest node of its unit?
    bool begins(std::int32_t i) const
    {
        if (is_separator(i) || is_junction(i) || n_children_[index(i)] != 1) {
            return true;
        }
        const std::int32_t child = only_child(i);
        return is_junction(child) || is_separator(child);
    }
    /// Is it the highest?
    bool ends(std::int32_t i) const
    {
        const std::int32_t parent = tree_.parent[index(i)];
        return parent < 0 || is_separator(i) || is_junction(i) || begins(parent);
    }

    /// Puts separators into chains of more than `longest` nodes and returns the rows on the longest path.
    std::int32_t cut(std::int32_t longest)
    {
        separator_.assign(tree_.parent.size(), false);
        if (longest != no_cut) {
            std::vector<std::int32_t> chain;
            for (std::int32_t i = 0; i < n_nodes(); ++i) {
                // The lowest node sees its chain as it was before any cut: cuts lie above it.
                if (!is_junction(i) && begins(i)) {
                    cut_chain(i, longest, chain);
                }
            }
        }
        return longest_path();
    }

    void choose()
    {
        const double share = static_cast<double>(n_nodes()) / lanes;
        std::int32_t best = no_cut;
        std::int32_t shortest = cut(no_cut);
        if (!tree_.cut_long_chains) {
            return;
        }
        for (auto longest = static_cast<std::int32_t>(share) + 1;
             shortest > good_enough * share && longest >= shortest_piece; longest /= 2) {
            if (const std::int32_t path = cut(longest); path < shortest) {
                shortest = path;
                best = longest;
            }
        }
        cut(best);
    }

private:
    std::int32_t n_nodes() const { return static_cast<std::int32_t>(tree_.parent.size()); }

    void cut_chain(std::int32_t bottom, std::int32_t longest, std::vector<std::int32_t>& chain)
    {
        chain.clear();
        for (std::int32_t i = bottom; i >= 0 && (i == bottom || (!is_junction(i) && n_children_[index(i)] == 1));
             i = tree_.parent[index(i)]) {
            chain.push_back(i);
        }
        const auto n = static_cast<std::int32_t>(chain.size());
        const std::int32_t n_separators = (n + longest + 1) / (longest + 1) - 1;
        for (std::int32_t k = 1; k <= n_separators; ++k) {
            const std::int64_t before = static_cast<std::int64_t>(n - n_separators) * k / (n_separators + 1);
            separator_[index(chain[static_cast<std::size_t>(before) + index(k) - 1])] = true;
        }
    }

    std::int32_t longest_path() const
    {
        // Rows from a node's own to the end. A bridge is followed by the separator below it, and that by what is above.
        std::vector<std::int32_t> height(tree_.parent.size(), 0);
        std::vector<std::int32_t> above_unit(tree_.parent.size(), 0);  // height above the unit of the node
        std::int32_t longest = 0;
        for (std::int32_t i = 0; i < n_nodes(); ++i) {
            const std::int32_t parent = tree_.parent[index(i)];
            auto& above = above_unit[index(i)];
            if (is_separator(i)) {
                above = parent < 0 ? 0 : above_unit[index(parent)];
                height[index(i)] = above + 1;
            } else {
                above = ends(i) ? (parent < 0 ? 0 : height[index(parent)]) : above_unit[index(parent)];
                height[index(i)] = (parent < 0 ? 0 : height[index(parent)]) + 1;
            }
            const bool lowest_of_bridge = n_children_[index(i)] == 1 && !is_separator(i) && is_separator(only_child(i));
            longest = std::max(longest, height[index(i)] + (lowest_of_bridge ? 1 : 0));
        }
        return longest;
    }

    const TreeToPack& tree_;
    std::vector<std::int32_t> n_children_, only_child_;
    std::vector<bool> separator_;
};

/// Appends one cell's units.
class Appender {
public:
    Appender(const TreeToPack& tree, Units& units, std::vector<std::int32_t>& unit_of)
        : tree_(tree),
          units_(units),
          unit_of_(unit_of),
          cutter_(tree),
          first_node_(static_cast<std::int32_t>(units.parent.size()))
    {
        cutter_.choose();
    }

    void append()
    {
        unit_of_.resize(units_.parent.size() + tree_.parent.size(), -1);
        for (const std::int32_t parent : tree_.parent) {
            units_.parent.push_back(parent < 0 ? -1 : parent + first_node_);
        }
        for (std::int32_t i = 0; i < static_cast<std::int32_t>(tree_.parent.size()); ++i) {
            if (cutter_.ends(i)) {
                append_unit(i);
            }
        }
    }

private:
    void append_unit(std::int32_t top)
    {
        Unit unit;
        unit.kind = cutter_.is_junction(top)    ? Unit::Kind::junction
                    : cutter_.is_separator(top) ? Unit::Kind::separator
                                                : Unit::Kind::chain;
        unit.first = static_cast<std::int32_t>(units_.nodes.size());
        const auto number = static_cast<std::int32_t>(units_.units.size());
        std::int32_t bottom = top;
        while (!cutter_.begins(bottom)) {
            bottom = cutter_.only_child(bottom);
        }
        for (std::int32_t i = bottom;; i = tree_.parent[index(i)]) {
            units_.nodes.push_back(i + first_node_);
            unit_of_[index(i + first_node_)] = number;
            if (i == top) {
                break;
            }
        }
        unit.n = static_cast<std::int32_t>(units_.nodes.size()) - unit.first;
        const std::int32_t parent = tree_.parent[index(top)];
        const std::int32_t parent_unit = parent < 0 ? -1 : unit_of_[index(parent + first_node_)];
        if (unit.kind == Unit::Kind::separator) {
            // Above a separator there is always a bridge; what it hands over goes to what is above that.
            auto& bridge = units_.units[index(parent_unit)];
            unit.above = bridge.above;
            unit.bridge = parent_unit;
            bridge.below = number;
            bridge.height = bridge.n + 1 + height_of(bridge.above);
        } else {
            unit.above = parent_unit;
        }
        unit.height = unit.n + height_of(unit.above);
        units_.units.push_back(unit);
    }

    std::int32_t height_of(std::int32_t unit) const { return unit < 0 ? 0 : units_.units[index(unit)].height; }

    const TreeToPack& tree_;
    Units& units_;
    std::vector<std::int32_t>& unit_of_;
    Cutter cutter_;
    std::int32_t first_node_;
};

}  // namespace

Units take_apart(std::span<const TreeToPack> trees)
{
    Units units;
    std::vector<std::int32_t> unit_of;
    for (const auto& tree : trees) {
        Appender(tree, units, unit_of).append();
    }
    // Units were made from the root on, each after the one above it; of two that hand over to the same unit, the one with
    // the lower node came first, and a separator comes after the bridge above it.
    units.first_giver.assign(units.units.size() + 1, 0);
    for (const auto& unit : units.units) {
        if (unit.above >= 0) {
            ++units.first_giver[index(unit.above) + 1];
        }
    }
    for (std::size_t u = 1; u < units.first_giver.size(); ++u) {
        units.first_giver[u] += units.first_giver[u - 1];
    }
    units.giver.resize(index(units.first_giver.back()));
    auto next = units.first_giver;
    for (std::size_t u = 0; u < units.units.size(); ++u) {
        if (const std::int32_t above = units.units[u].above; above >= 0) {
            units.giver[index(next[index(above)]++)] = static_cast<std::int32_t>(u);
        }
    }
    return units;
}

}  // namespace axolemma::group
