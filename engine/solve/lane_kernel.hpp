/// The two sweeps of a step over the rows of a group: elimination towards the roots, with the membrane of the squid axon on
/// the way, and back-substitution. What other rows carry is computed before.
///
/// Row by row, with d and b the eliminated diagonal and right-hand side and g the coupling to the parent, the elimination
/// stores f = g / d and r = b / d, hands g - g f and g r to the parent, and back-substitution is x = r + f x(parent): one
/// division per node, and both hand-overs stay in registers along a chain (group/packing.hpp).
#pragma once

#include "group/plan.hpp"
#include "mechanisms/hh_columns.hpp"

namespace axolemma::solve {

struct Sweep {
    const group::Plan* plan = nullptr;
    double* v_mV = nullptr;      ///< slots
    double* f = nullptr;         ///< slots
    double* r_mV = nullptr;      ///< slots and the eight of the empty slot
    double* bridge_f = nullptr;  ///< membrane slots; null where no chain is cut
    double* outbox = nullptr;    ///< pairs
    double* links_uS = nullptr;
    const double* injected = nullptr;  ///< per block: eight conductances [uS], eight currents [nA]
    const double* point_uS = nullptr;  ///< membrane slots: of synapses and gap junctions; null without them
    const double* point_nA = nullptr;
    mechanisms::LaneColumn c_S_per_cm2;  ///< capacitance over the length of the implicit step
    /// Index in Plan::mechanisms of the one that has the shape of hh, or -1; rows that carry nothing else go through the
    /// fused kernel.
    std::int32_t fused = -1;
    mechanisms::HhColumns hh;  ///< all its places
    /// Sums over the mechanisms of the other rows, i = g v - s: membrane slots; null where there are no such rows.
    const double* g_S_per_cm2 = nullptr;
    const double* s_mA_per_cm2 = nullptr;
};

/// Elimination; with `advance_gates` the states of fused rows are first brought forward by dt at the voltage of the row.
void eliminate(const Sweep& sweep, bool advance_gates);

/// With `centred` x goes into Sweep::r_mV and v <- 2 x - v, otherwise v <- x. Returns false if a voltage is not a finite number or
/// beyond `limit_mV`.
bool substitute_back(const Sweep& sweep, bool centred, double limit_mV);

}  // namespace axolemma::solve
