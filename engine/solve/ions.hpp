/// Ions of a group in a step: reversal potentials that follow concentrations, and currents for those who read them.
#pragma once

#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "mechanisms/lane_block.hpp"
#include "solve/lane_columns.hpp"

namespace axolemma::solve {

class Ions {
public:
    /// @param centred  are currents evaluated half a step after the time of the concentrations?
    Ions(const group::Plan& plan, bool centred);

    /// Reversal potentials that follow concentrations, at the beginning of a run.
    void start_reversals(group::State& state);
    /// Call before concentrations go forward.
    void before_advance(const group::State& state);
    /// Reversal potentials after concentrations went forward; if centred, extrapolated by half a step, which keeps the
    /// order 2.
    void follow_reversals(group::State& state);

    /// Sums g and s of the currents of ion i over the mechanisms, i = g v - s, by membrane slot; null where nobody reads
    /// the current.   [S/cm2], [mA/cm2]
    double* g(std::size_t ion) { return g_[ion].empty() ? nullptr : g_[ion].data(); }
    double* s(std::size_t ion) { return s_[ion].empty() ? nullptr : s_[ion].data(); }
    /// A quantity of ion i over the membrane rows: of the plan, or of the state where it changes.
    mechanisms::LaneColumn column(std::size_t ion, mechanisms::IonQuantity what, const group::State& state) const;
    bool has_sums() const { return has_sums_; }
    void clear_sums();
    /// Currents at the voltages `v_mV` of the slots, by the sums.
    void store_currents(group::State& state, const double* v_mV) const;

    std::size_t bytes() const;

private:
    /// Nernst's potential of an ion in all its rows.
    void find_equilibrium(std::size_t ion, const group::State& state, double* e_mV) const;

    const group::Plan& plan_;
    std::vector<base::AlignedArray<double>> before_mV_;  ///< of each ion, if centred
    base::AlignedArray<double> now_mV_;                  ///< room for one ion
    LaneColumns initial_;                                ///< all quantities of all ions
    std::vector<base::AlignedArray<double>> g_, s_;      ///< of each ion
    bool has_sums_ = false;
};

}  // namespace axolemma::solve
