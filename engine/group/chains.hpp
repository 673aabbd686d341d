/// The trees of a group taken apart into units that a lane works off in one go: chains, junctions, separators.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "group/packing.hpp"

namespace axolemma::group {

/// Nodes eliminated one after the other in one lane.
struct Unit {
    enum class Kind : std::uint8_t { chain, junction, separator } kind = Kind::chain;
    std::int32_t first = 0, n = 0;  ///< into Units::nodes: from the bottom (eliminated first) to the top
    std::int32_t above = -1;        ///< unit that takes up what this one hands over; -1 at a root
    std::int32_t below = -1;        ///< of a bridge: the separator at its lower end
    std::int32_t bridge = -1;       ///< of a separator: the bridge that begins at it
    std::int32_t height = 0;        ///< rows from its own first one to the end of the elimination

    bool is_bridge() const { return below >= 0; }
};

struct Units {
    std::vector<Unit> units;           ///< a unit comes after the one above it
    std::vector<std::int32_t> nodes;   ///< group node numbers, unit by unit
    std::vector<std::int32_t> parent;  ///< of every node, in group node numbers
    /// What a unit takes up when it begins: units that hand over to it, in the order of adding. CSR.
    std::vector<std::int32_t> first_giver, giver;
};

/// A cell's chains are cut where that shortens the elimination and the cell asks for it; the cuts depend on the cell alone.
Units take_apart(std::span<const TreeToPack> trees);

}  // namespace axolemma::group
