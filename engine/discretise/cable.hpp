/// The electrical tree of one cell: what the layout becomes once cm and Ra are known at every node.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "discretise/layout.hpp"

namespace axolemma::discretise {

/// Capacitances and conductances, one per node of the layout.
struct Cable {
    std::vector<double> cm_uF_per_cm2;  ///< of no meaning at a junction
    std::vector<double> axial_uS;       ///< conductance to the parent; 0 for the root
};

/// Axial conductance of two half compartments in series, each with its own resistivity.
///
/// @param own_per_um, parent_per_um  integral of ds/(pi r^2) over each half   [1/um]
/// @param own_ra_ohm_cm, parent_ra_ohm_cm  axial resistivities, > 0           [ohm cm]
/// @returns conductance                                                      [uS]
double axial_conductance_uS(double own_per_um, double own_ra_ohm_cm, double parent_per_um, double parent_ra_ohm_cm);

/// @param cm_uF_per_cm2, ra_ohm_cm  one value per node (ignored at junctions)
Cable make_cable_tree(const Layout& layout, std::span<const double> cm_uF_per_cm2, std::span<const double> ra_ohm_cm);

/// A place as a point on the resistor between two neighbouring nodes (or on the half compartment before a sealed end).
///
/// Reading: V = sum weight V(node) + resistance_Mohm * (current injected at that very place).
/// Injecting: node k receives weight[k] of the current. Both follow from eliminating the point, so they are exact for
/// the discretised tree and second order in the compartment length for the cable.
struct Tap {
    std::array<std::int32_t, 2> node{-1, -1};  ///< second is -1 when one node suffices
    std::array<double, 2> weight{1.0, 0.0};
    double resistance_Mohm = 0.0;  ///< between the point and the nodes taken together
    // Where on the resistor: from node[0], and its whole length. At a sealed end the resistor is open beyond the end.
    double from_first_Mohm = 0.0;
    double whole_Mohm = 0.0;
    enum class Sealed { no, start, end } sealed = Sealed::no;
};

Tap tap_at(const Layout& layout, const Morphology& morphology, std::span<const double> ra_ohm_cm, Location where);

/// Voltage at `reader` per nA injected at `source` that does not pass through a node: not zero only when both sit on
/// the same resistor.   [MOhm]
double shared_resistance_Mohm(const Tap& reader, const Tap& source);

}  // namespace axolemma::discretise
