/// What synapses and gap junctions put into the equations of a step.
///
/// A synapse enters a step with its mean conductance over it (mechanisms/synapse.hpp); where the conductance depends on the
/// voltage, its current is taken to first order around V(t). The other side of a gap junction enters with the voltage
/// that it is expected to have at the time that is solved for, while the own side is solved for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"

namespace axolemma::solve {

/// A spike that reaches a synapse.
struct SynapticEvent {
    double t_ms = 0;
    double weight_uS = 0;
    std::int32_t synapse = 0;  ///< instance in the group, over all kinds
};

/// What reaches the cells of a group in one step from outside.
struct Arrivals {
    /// Those of the step, by time and then weight for each synapse.
    std::span<const SynapticEvent> events;
    /// Expected voltage of every site of the model; not looked at without gap junctions.
    const double* site_mV = nullptr;
};

class Points {
public:
    /// @param plan must outlive the points
    Points(const group::Plan& plan, double dt_ms);

    /// Are there none in this group?
    bool empty() const { return slots_.empty(); }
    /// States of the synapses from step*dt to (step+1)*dt, and what the step's equations get. An event before the step
    /// counts as one at its beginning.
    void prepare(group::State& state, std::int64_t step, const Arrivals& arrivals);

    /// Added to the diagonal [uS] and the right-hand side [nA] of every membrane slot; null without any.
    const double* g_uS() const { return empty() ? nullptr : g_uS_.data(); }
    const double* i_nA() const { return empty() ? nullptr : i_nA_.data(); }
    std::size_t bytes() const;

private:
    mechanisms::SynapseBlock block(std::size_t kind, group::State& state) const;
    void receive(group::State& state, std::int64_t step, std::span<const SynapticEvent> events);
    void add_currents(std::size_t kind, group::State& state);

    const group::Plan& plan_;
    double dt_ms_;
    std::vector<base::AlignedArray<double>> constants_;  ///< per kind
    base::AlignedArray<double> mean_uS_;                 ///< of all instances
    std::vector<std::int32_t> slots_;                    ///< where there is one, ascending
    base::AlignedArray<double> g_uS_, i_nA_;
};

}  // namespace axolemma::solve
