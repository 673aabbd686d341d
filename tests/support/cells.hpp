/// Discretised cells for tests of the floors above: a tree, the same membrane everywhere, mechanisms with their defaults.
#pragma once

#include <memory>
#include <numeric>

#include "discretise/discretised_cell.hpp"
#include "group/plan.hpp"
#include "mechanisms/catalogue.hpp"

namespace axolemma::test {

struct CellMaker {
    morphology::Morphology morphology;
    std::vector<std::int32_t> counts;
    double cm_uF_per_cm2 = 1.0, ra_ohm_cm = 100.0, v_init_mV = -65.0;
    std::vector<std::string> mechanisms = {};

    discretise::DiscretisedCell make() const
    {
        discretise::DiscretisedCell cell;
        cell.layout = std::make_shared<const discretise::Layout>(discretise::lay_out(morphology, counts));
        const auto n = static_cast<std::size_t>(cell.layout->n_nodes());
        cell.cable = discretise::make_cable_tree(*cell.layout, std::vector<double>(n, cm_uF_per_cm2), resistivity(n));
        cell.v_init_mV.assign(n, v_init_mV);
        for (const auto& name : mechanisms) {
            cell.mechanisms.push_back(everywhere(*cell.layout, name));
        }
        return cell;
    }
    std::vector<double> resistivity(std::size_t n) const { return std::vector<double>(n, ra_ohm_cm); }
    discretise::Tap tap(const discretise::DiscretisedCell& cell, discretise::Location where) const
    {
        return discretise::tap_at(*cell.layout, morphology,
                                  resistivity(static_cast<std::size_t>(cell.layout->n_nodes())), where);
    }

    static discretise::PlacedMechanism everywhere(const discretise::Layout& layout, const std::string& name)
    {
        discretise::PlacedMechanism placed;
        placed.info = mechanisms::Catalogue().find_channel(name);
        for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
            if (!layout.is_junction(i)) {
                placed.node.push_back(i);
            }
        }
        for (const auto& parameter : placed.info->parameters) {
            placed.parameters.emplace_back(placed.node.size(), parameter.default_value);
        }
        return placed;
    }
};

inline group::Plan plan_of(const std::vector<const discretise::DiscretisedCell*>& cells, double temperature_degC = 6.3)
{
    std::vector<group::CellToPack> list;
    for (std::size_t k = 0; k < cells.size(); ++k) {
        list.push_back({static_cast<std::int64_t>(k), cells[k]});
    }
    return group::make_plan(list, temperature_degC);
}

inline mechanisms::Waveform pulse(double t0_ms, double t1_ms, double level)
{
    return mechanisms::Waveform(mechanisms::Pieces{{{t0_ms, t1_ms, level, level}}, 0.0, 1});
}

}  // namespace axolemma::test
