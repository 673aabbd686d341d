/// Where the compartments of a cell are and how they hang together. Shape only: no capacitance, no resistivity.
///
/// A section is cut into compartments of equal length; each has its node at its centre. Where sections meet, the halves
/// of the neighbouring compartments are joined in series. Where three or more meet there is a junction: a node of no
/// area. Sealed ends carry no current and need no node. So a tree of n compartments with b branch points has n + b
/// nodes, ordered parent first (Hines order).
///
///     section a            junction            section b
///     |---o---|---o---|---------*---------|---o---|---o---|        o compartment, * junction
///                               \---------|---o---|                  c
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "morphology/morphology.hpp"

namespace axolemma::discretise {

using morphology::Location;
using morphology::Morphology;

/// Membrane values that the d_lambda rule looks at, at the middle of a section.
struct PassiveSample {
    double cm_uF_per_cm2;
    double ra_ohm_cm;
};

/// Number of compartments of every section: the largest that any of the rules set in `spec` asks for (d_lambda 0.1 if
/// none is).
///
/// d_lambda: n = 2 floor((L / (d lambda_f) + 0.9) / 2) + 1, with lambda_f the length constant at f for the traced shape
/// (Carnevale & Hines, The NEURON Book, 2006, section 5; the same count as NEURON's rule).
/// @param passive  cm and Ra at the middle of section s
std::vector<std::int32_t> count_compartments(const Morphology& morphology, const model::DiscretisationSpec& spec,
                                             const std::function<PassiveSample(std::int32_t)>& passive);

/// AC length constant of a section at frequency f.   [um]
double length_constant_um(const Morphology& morphology, std::int32_t section, double frequency_Hz,
                          PassiveSample passive);

/// One axial resistor half: `per_um` is the integral of ds/(pi r^2) over it, to be multiplied by the Ra of compartment
/// `node`.
struct Half {
    std::int32_t node = -1;
    double per_um = 0.0;
};

/// Structure of arrays over nodes; parents come before children; node 0 is the root.
struct Layout {
    std::vector<std::int32_t> parent;        ///< -1 for the root
    std::vector<std::int32_t> section;       ///< section of a compartment; of a junction: the section that ends in it
    std::vector<double> from, to;            ///< extent on the section, 0..1; equal for a junction
    std::vector<double> area_um2;            ///< 0 for a junction
    std::vector<double> own_half_per_um;     ///< from the node towards its parent, in the node's own Ra
    std::vector<double> parent_half_per_um;  ///< the parent's part, in the parent's Ra
    std::vector<double> distance_um, diameter_um;  ///< at the node

    std::vector<std::int32_t> first_node;       ///< first compartment of section s; its compartments are consecutive
    std::vector<std::int32_t> n_cv;             ///< compartments of section s
    std::vector<std::int32_t> start_neighbour;  ///< node beyond position 0 of section s, -1 when sealed
    std::vector<std::int32_t> end_neighbour;    ///< node beyond position 1 of section s, -1 when sealed

    std::int32_t n_nodes() const { return static_cast<std::int32_t>(parent.size()); }
    std::int32_t n_compartments() const;
    bool is_junction(std::int32_t node) const { return area_um2[static_cast<std::size_t>(node)] == 0.0; }
    /// Centre of a compartment (the joint itself for a junction).
    Location centre(std::int32_t node) const;
    /// Compartment that contains a place; the lower one where two meet.
    std::int32_t compartment_at(Location where) const;
};

/// @param counts  compartments of each section, >= 1
Layout lay_out(const Morphology& morphology, const std::vector<std::int32_t>& counts);

}  // namespace axolemma::discretise
