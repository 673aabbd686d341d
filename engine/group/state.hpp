/// Every number of a group that changes during a run: voltages, states of mechanisms and synapses, ions, and whether the states
/// of mechanisms have caught up with the voltages. Nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"

namespace axolemma::group {

class State {
public:
    /// All voltages at their initial value, all states 0.
    /// @param plan  its packing must outlive the state
    explicit State(const Plan& plan);

    double& v_mV(std::int32_t node) { return values_[slot_of(node)]; }
    double v_mV(std::int32_t node) const { return values_[slot_of(node)]; }
    /// Voltages as they lie in the rows, and after them eight zeros that stay zero.
    std::span<double> v_slots_mV() { return {values_.data(), n_slots_}; }
    std::span<const double> v_slots_mV() const { return {values_.data(), n_slots_}; }
    /// A state of a mechanism, in the places of MechanismPlan; an ion over membrane slots; or the states of a kind of
    /// synapse.
    double* column(std::size_t c) { return values_.data() + offsets_[c]; }
    const double* column(std::size_t c) const { return values_.data() + offsets_[c]; }

    /// What an ion is at a slot of the membrane, in the units of mechanisms::IonQuantity.
    double ion(const IonPlan& ion, mechanisms::IonQuantity what, std::size_t slot) const;
    /// Ions to what they are at the beginning of a run.
    void reset_ions(const Plan& plan);

    /// Are the mechanism states still to be advanced to the time that goes with the voltages?
    bool states_lag = false;

    /// Hash of one cell's numbers, independent of the group it is packed in.
    std::uint64_t hash_cell(const Plan& plan, const CellRange& cell) const;
    /// Appends one cell's numbers, in an order that is the cell's own and not the group's.
    void save_cell(const Plan& plan, const CellRange& cell, std::vector<double>& numbers) const;
    /// Takes back what save_cell() gave. False, and nothing is changed, if their count is not that of the cell.
    bool load_cell(const Plan& plan, const CellRange& cell, std::span<const double> numbers);
    std::size_t bytes() const { return values_.capacity() * sizeof(double); }

private:
    std::size_t slot_of(std::int32_t node) const
    {
        return static_cast<std::size_t>(packing_->slot[static_cast<std::size_t>(node)]);
    }

    const Packing* packing_;
    std::size_t n_slots_;
    std::vector<std::size_t> offsets_;
    base::AlignedArray<double> values_;  ///< v, then the columns, each starting on a cache line
};

}  // namespace axolemma::group
