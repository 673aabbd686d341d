#include "discretise/cable.hpp"

#include <algorithm>
#include <cmath>

#include "base/index.hpp"

namespace axolemma::discretise {

namespace {

using base::index;

/// Ra [ohm cm] times an integral of ds/(pi r^2) [1/um]: 1 ohm cm / um = 1e4 ohm = 0.01 MOhm.
double resistance_Mohm(double ra_ohm_cm, double per_um)
{
    return 0.01 * ra_ohm_cm * per_um;
}

/// Tap between two nodes at `from_first` of `whole` MOhm.
Tap between(std::int32_t first, std::int32_t second, double from_first_Mohm, double whole_Mohm)
{
    const double share = whole_Mohm > 0.0 ? from_first_Mohm / whole_Mohm : 0.0;
    Tap tap;
    tap.node = {first, second};
    tap.weight = {1.0 - share, share};
    tap.resistance_Mohm = from_first_Mohm * (1.0 - share);
    tap.from_first_Mohm = from_first_Mohm;
    tap.whole_Mohm = whole_Mohm;
    if (share >= 1.0) {
        tap = Tap{};
        tap.node = {second, -1};
    }
    return tap;
}

}  // namespace

double axial_conductance_uS(double own_per_um, double own_ra_ohm_cm, double parent_per_um, double parent_ra_ohm_cm)
{
    return 1.0 / (resistance_Mohm(own_ra_ohm_cm, own_per_um) + resistance_Mohm(parent_ra_ohm_cm, parent_per_um));
}

Cable make_cable_tree(const Layout& layout, std::span<const double> cm_uF_per_cm2, std::span<const double> ra_ohm_cm)
{
    Cable cable;
    const auto n = index(layout.n_nodes());
    cable.cm_uF_per_cm2.assign(cm_uF_per_cm2.begin(), cm_uF_per_cm2.end());
    cable.axial_uS.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        if (layout.parent[i] >= 0) {
            cable.axial_uS[i] = axial_conductance_uS(layout.own_half_per_um[i], ra_ohm_cm[i],
                                                     layout.parent_half_per_um[i], ra_ohm_cm[index(layout.parent[i])]);
        }
    }
    return cable;
}

Tap tap_at(const Layout& layout, const Morphology& morphology, std::span<const double> ra_ohm_cm, Location where)
{
    const std::int32_t node = layout.compartment_at(where);
    const auto i = index(node);
    const double centre = 0.5 * (layout.from[i] + layout.to[i]);
    const bool towards_start = where.position < centre;
    Tap at_node;
    at_node.node = {node, -1};
    if (std::abs(where.position - centre) <= 1e-12) {
        return at_node;
    }
    const auto s = index(where.section);
    const std::int32_t edge = towards_start ? layout.first_node[s] : layout.first_node[s] + layout.n_cv[s] - 1;
    const double from_first =
        towards_start ? resistance_Mohm(ra_ohm_cm[i], morphology.axial_per_um(where.section, where.position, centre))
                      : resistance_Mohm(ra_ohm_cm[i], morphology.axial_per_um(where.section, centre, where.position));
    const std::int32_t neighbour = node != edge    ? (towards_start ? node - 1 : node + 1)
                                   : towards_start ? layout.start_neighbour[s]
                                                   : layout.end_neighbour[s];
    if (neighbour < 0) {
        at_node.resistance_Mohm = from_first;
        at_node.from_first_Mohm = from_first;
        at_node.whole_Mohm = from_first;
        at_node.sealed = towards_start ? Tap::Sealed::start : Tap::Sealed::end;
        return at_node;
    }
    // The resistor between two coupled nodes belongs to whichever of them is the child.
    const std::int32_t child = layout.parent[i] == neighbour ? node : neighbour;
    const auto c = index(child);
    const double whole = resistance_Mohm(ra_ohm_cm[c], layout.own_half_per_um[c]) +
                         resistance_Mohm(ra_ohm_cm[index(layout.parent[c])], layout.parent_half_per_um[c]);
    return between(node, neighbour, from_first, whole);
}

double shared_resistance_Mohm(const Tap& reader, const Tap& source)
{
    // A section of one compartment has two sealed ends on the same node.
    if (reader.sealed != Tap::Sealed::no && reader.sealed == source.sealed && reader.node[0] == source.node[0]) {
        return std::min(reader.from_first_Mohm, source.from_first_Mohm);
    }
    if (reader.node[1] < 0 || source.node[1] < 0) {
        return 0.0;
    }
    double a = reader.from_first_Mohm;
    const double b = source.from_first_Mohm;
    if (reader.node[0] == source.node[1] && reader.node[1] == source.node[0]) {
        a = reader.whole_Mohm - a;
    } else if (reader.node != source.node) {
        return 0.0;
    }
    return std::min(a, b) * (1.0 - std::max(a, b) / source.whole_Mohm);
}

}  // namespace axolemma::discretise
