/// A group: cells packed into one set of arrays and stepped together. Plan is constant after it is built.
///
/// The nodes of the cells stand one after the other, each cell in Hines order, so parent(i) < i everywhere and a group
/// is itself a forest in Hines order. A result never depends on which cells share a group: cells do not exchange
/// anything inside a step, and sums over children run in node order, which is the cell's own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_array.hpp"
#include "discretise/discretised_cell.hpp"

namespace axolemma::group {

using base::AlignedArray;

/// One cell's place in its group.
struct CellRange {
    std::int64_t cell = 0;  ///< index over all cells of the model
    std::int32_t first_node = 0;
    std::int32_t n_nodes = 0;
};

/// One mechanism on all its nodes in the group.
struct MechanismPlan {
    const mechanisms::MechanismInfo* info = nullptr;
    std::vector<std::int32_t> node;                ///< ascending
    bool contiguous = false;                       ///< node[k] == node[0] + k: no gathering needed
    std::vector<AlignedArray<double>> parameters;  ///< columns
    AlignedArray<double> scale;                    ///< 0.01 area: turns S/cm2 into uS and mA/cm2 into nA
    std::size_t first_state_column = 0;            ///< into State
};

struct Plan {
    std::vector<CellRange> cells;
    std::vector<std::int32_t> parent;        ///< -1 for each cell's root
    AlignedArray<double> axial_uS;           ///< to the parent
    AlignedArray<double> axial_diagonal_uS;  ///< sum of the conductances at the node
    AlignedArray<double> capacitance_nF;
    AlignedArray<double> area_um2;  ///< 0 at junctions
    AlignedArray<double> v_init_mV;
    std::vector<std::int32_t> junctions;          ///< nodes of no area, ascending; never neighbours of each other
    std::vector<std::int32_t> junction_children;  ///< nodes whose parent is a junction, ascending
    std::vector<MechanismPlan> mechanisms;        ///< catalogue order
    std::vector<std::size_t> state_column_sizes;
    std::vector<discretise::CurrentClamp> current_clamps;  ///< taps in group node numbers
    std::vector<discretise::VoltageClamp> voltage_clamps;
    std::vector<std::int64_t> current_clamp_cell, voltage_clamp_cell;  ///< cell each belongs to
    double temperature_degC = 6.3;

    std::int32_t n_nodes() const { return static_cast<std::int32_t>(parent.size()); }
    /// Cell and node within it.
    const CellRange& cell_of(std::int32_t node) const;
};

/// @param cells  index over all cells of the model, and the cell; in ascending order of index
struct CellToPack {
    std::int64_t cell;
    const discretise::DiscretisedCell* what;
};
Plan make_plan(std::span<const CellToPack> cells, double temperature_degC);

}  // namespace axolemma::group
