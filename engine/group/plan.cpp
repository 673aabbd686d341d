#include "group/plan.hpp"

#include <algorithm>
#include <cassert>

#include "mechanisms/catalogue.hpp"

namespace axolemma::group {

namespace {

void append_tree(Plan& plan, const discretise::DiscretisedCell& cell, std::int32_t first)
{
    const auto& layout = *cell.layout;
    for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
        const auto k = static_cast<std::size_t>(i);
        const std::int32_t parent = layout.parent[k];
        plan.parent.push_back(parent < 0 ? -1 : parent + first);
        plan.axial_uS.push_back(cell.cable.axial_uS[k]);
        plan.capacitance_nF.push_back(cell.cable.capacitance_nF[k]);
        plan.area_um2.push_back(layout.area_um2[k]);
        plan.v_init_mV.push_back(cell.v_init_mV[k]);
        if (layout.is_junction(i)) {
            plan.junctions.push_back(i + first);
        }
        if (parent >= 0 && layout.is_junction(parent)) {
            plan.junction_children.push_back(i + first);
        }
    }
}

void append_clamps(Plan& plan, const CellToPack& cell, std::int32_t first)
{
    for (auto clamp : cell.what->current_clamps) {
        for (auto& node : clamp.tap.node) {
            node = node < 0 ? -1 : node + first;
        }
        plan.current_clamps.push_back(std::move(clamp));
        plan.current_clamp_cell.push_back(cell.cell);
    }
    for (auto clamp : cell.what->voltage_clamps) {
        clamp.node += first;
        plan.voltage_clamps.push_back(std::move(clamp));
        plan.voltage_clamp_cell.push_back(cell.cell);
    }
}

void append_mechanism(MechanismPlan& plan, const discretise::PlacedMechanism& placed, const discretise::Layout& layout,
                      std::int32_t first)
{
    for (std::size_t k = 0; k < placed.node.size(); ++k) {
        plan.node.push_back(placed.node[k] + first);
        plan.scale.push_back(0.01 * layout.area_um2[static_cast<std::size_t>(placed.node[k])]);
        for (std::size_t p = 0; p < plan.parameters.size(); ++p) {
            plan.parameters[p].push_back(placed.parameters[p][k]);
        }
    }
}

/// Columns of one mechanism over all cells; empty when no cell has it.
MechanismPlan gather_mechanism(std::span<const CellToPack> cells, const Plan& plan,
                               const mechanisms::MechanismInfo& info)
{
    MechanismPlan gathered;
    gathered.info = &info;
    gathered.parameters.resize(info.parameters.size());
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const auto& placed : cells[c].what->mechanisms) {
            if (placed.info == &info) {
                append_mechanism(gathered, placed, *cells[c].what->layout, plan.cells[c].first_node);
            }
        }
    }
    if (!gathered.node.empty()) {
        gathered.contiguous =
            static_cast<std::size_t>(gathered.node.back() - gathered.node.front()) + 1 == gathered.node.size();
    }
    return gathered;
}

void sum_axial_diagonal(Plan& plan)
{
    plan.axial_diagonal_uS.assign(plan.parent.size(), 0.0);
    for (std::size_t i = plan.parent.size(); i-- > 0;) {
        if (plan.parent[i] >= 0) {
            plan.axial_diagonal_uS[i] += plan.axial_uS[i];
            plan.axial_diagonal_uS[static_cast<std::size_t>(plan.parent[i])] += plan.axial_uS[i];
        }
    }
}

}  // namespace

const CellRange& Plan::cell_of(std::int32_t node) const
{
    const auto after = std::upper_bound(cells.begin(), cells.end(), node,
                                        [](std::int32_t n, const CellRange& range) { return n < range.first_node; });
    assert(after != cells.begin() && "every node belongs to a cell");
    return *(after - 1);
}

Plan make_plan(std::span<const CellToPack> cells, double temperature_degC)
{
    Plan plan;
    plan.temperature_degC = temperature_degC;
    for (const auto& cell : cells) {
        const auto first = plan.n_nodes();
        plan.cells.push_back({cell.cell, first, cell.what->layout->n_nodes()});
        append_tree(plan, *cell.what, first);
        append_clamps(plan, cell, first);
    }
    sum_axial_diagonal(plan);
    for (const auto& name : mechanisms::mechanism_names()) {
        const auto& info = *mechanisms::find_mechanism(name);
        auto gathered = gather_mechanism(cells, plan, info);
        if (!gathered.node.empty()) {
            gathered.first_state_column = plan.state_column_sizes.size();
            plan.state_column_sizes.insert(plan.state_column_sizes.end(), info.states.size(), gathered.node.size());
            plan.mechanisms.push_back(std::move(gathered));
        }
    }
    return plan;
}

}  // namespace axolemma::group
