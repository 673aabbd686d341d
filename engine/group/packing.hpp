/// How the trees of a group lie in rows of eight lanes, and the order in which the rows are eliminated.
///
/// A row holds eight nodes that can be eliminated together (Hines 1984 in eight lanes). An unbranched run of nodes, a
/// chain, stays in one lane from row to row, so what a node hands to its parent is still in the register when the parent's
/// row comes. Only where a chain ends does a lane put its sums into the outbox, and where one begins it takes up the sums of
/// its children, always added in the order of their node numbers. So a result does not depend on who else is in the group.
///
/// Eight copies of one tree lie side by side instead, a lane each (Packing::side_by_side): then what a row hands over
/// stays in its lanes, and goes through the outbox as whole rows.
///
/// Junctions have no membrane and get rows of their own. A long chain of a cell that cannot fill the lanes is cut at
/// separators: the piece between two of them is eliminated while it carries its coupling to the separator below along (a
/// bridge), and the separators, then coupled to each other, follow at the end.
///
///     rows 0 .. n_rows-1                      nodes with a membrane; root rows first
///     rows n_rows .. n_rows+n_junction_rows-1 junctions
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_array.hpp"
#include "base/simd.hpp"

namespace axolemma::group {

inline constexpr std::int32_t lanes = static_cast<std::int32_t>(base::lanes);

/// One cell's tree, as the packer sees it.
struct TreeToPack {
    std::span<const std::int32_t> parent;  ///< in the cell's node numbers; -1 for the root
    std::span<const double> area_um2;      ///< 0 at a junction
    std::vector<std::int32_t> injected;    ///< nodes where an electrode acts, ascending, each once
    bool cut_long_chains = false;          ///< may chains be cut at separators?

    friend bool operator==(const TreeToPack& a, const TreeToPack& b)
    {
        return a.parent.data() == b.parent.data() && a.parent.size() == b.parent.size() && a.injected == b.injected &&
               a.cut_long_chains == b.cut_long_chains;
    }
};

/// Where lanes take up new chains before the first row of an operation. Indices count blocks of eight.
struct Start {
    std::int32_t lists = 0;       ///< lists of places in the outbox to add up, per lane; side by side: blocks of it
    std::int32_t first_list = 0;  ///< into Packing::child_pairs; side by side: into Packing::child_blocks
    bool carried = false;         ///< side by side: what the operation before handed over is added last
    std::int32_t keep = -1;       ///< into Packing::masks: set where a lane goes on, not where it starts; -1: all start
    /// The junctions of the operation before are all that the lanes take up, each in its own lane: no way through the outbox.
    bool from_junctions = false;
    std::int32_t injection = -1;  ///< number of the block of injected currents to add, or -1
    // Of bridges only:
    std::int32_t bridge_start = -1;  ///< into Packing::bridge_starts
    std::int32_t keep_bridge = -1;   ///< into Packing::masks
    std::int32_t links = -1;         ///< separators: into Packing::link_places
};

/// Where lanes end a chain after the last row of an operation.
struct End {
    std::int32_t out = 0;          ///< block of the outbox; -1: the next operation takes it up directly
    std::int32_t parents = 0;      ///< into Packing::places: slot of the parent; the empty slot where there is none
    std::int32_t parent_slot = 0;  ///< side by side: of lane 0
    std::int32_t keep = -1;        ///< into Packing::masks: set where the lane goes on upwards
    // Of bridges only:
    std::int32_t bridge_out = -1;  ///< block of the outbox for the separator below
    std::int32_t link_block = -1;  ///< block of links
    std::int32_t below = -1;       ///< into Packing::places: slot of the separator below
};

/// Rows eliminated one after the other, from last_row() down to top_row, without anything but rows in between.
struct Operation {
    enum class Kind : std::uint8_t { rows, junctions, separators } kind = Kind::rows;
    bool bridged = false;  ///< does a lane carry the coupling to a separator along?
    std::int32_t top_row = 0, n_rows = 0;
    std::int32_t start = -1, end = -1;  ///< into Packing::starts and Packing::ends

    std::int32_t last_row() const { return top_row + n_rows - 1; }
};

/// Block of injected currents and lane in which the electrodes of a node act.
struct Injection {
    std::int32_t node = 0, block = 0, lane = 0;
};

struct Packing {
    std::int32_t n_rows = 0, n_junction_rows = 0;
    std::vector<std::int32_t> slot;    ///< of each node, cell after cell: row * 8 + lane
    std::vector<std::int32_t> parent;  ///< node, in the group's node numbers; -1 for a root
    bool side_by_side = false;
    std::vector<Operation> operations;
    std::vector<Start> starts;
    std::vector<End> ends;
    std::vector<std::int32_t> child_pairs;  ///< eight places in the outbox each
    std::vector<std::int32_t> child_blocks;
    std::vector<std::int32_t> places;         ///< eight slots each
    std::vector<std::int32_t> link_places;    ///< eight places in the links each
    base::AlignedArray<double> masks;         ///< eight each; all bits set, or none
    std::vector<std::int32_t> bridge_starts;  ///< eight nodes each: the separator below, or -1
    std::int32_t n_out_blocks = 1;            ///< of eight pairs; pair 0 is always zero
    std::int32_t n_link_blocks = 1;           ///< of eight couplings; place 0 is always zero
    /// Places in the outbox that hold the coupling to a separator from the beginning.
    struct ConstantPair {
        std::int32_t pair, node;
    };
    std::vector<ConstantPair> constant_pairs;
    std::vector<Injection> injections;  ///< nodes ascending
    std::int32_t n_injection_blocks = 0;

    std::int32_t n_all_rows() const { return n_rows + n_junction_rows; }
    /// A slot behind all rows that always holds 0.
    std::int32_t empty_slot() const { return n_all_rows() * lanes; }
    std::int32_t n_nodes() const { return static_cast<std::int32_t>(slot.size()); }
    std::size_t bytes() const;
    /// Share of the lanes of all rows that hold a node.
    double fill() const { return n_nodes() / static_cast<double>(n_all_rows() * lanes); }
};

/// Packs any trees; side by side where there are eight copies of one after the other, and only those.
Packing pack(std::span<const TreeToPack> trees);

}  // namespace axolemma::group
