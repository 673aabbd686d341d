/// What synapses and gap junctions put into the equations of a step.
///
/// A synapse enters a step with its mean conductance over it (mechanisms/synapse.hpp); where the conductance depends on the
/// voltage, its current is taken to first order around V(t), and so are the currents of synapses of text
/// (mechanisms/point_kernels.hpp). The other side of a gap junction enters with the voltage
/// that it is expected to have at the time that is solved for, while the own side is solved for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "solve/ions.hpp"

namespace axolemma::solve {

using mechanisms::SynapticEvent;

/// What reaches the cells of a group in one step from outside.
struct Arrivals {
    /// Those of the step, by time and then weight for each synapse.
    std::span<const SynapticEvent> events;
    /// Expected voltage of every site of the model; not looked at without gap junctions.
    const double* site_mV = nullptr;
};

/// A synapse that cannot go on.
struct SynapseFailure {
    mechanisms::PointFault fault = mechanisms::PointFault::none;
    std::int32_t synapse = -1;  ///< instance in the group, over all kinds
    double t_ms = 0.0;

    bool failed() const { return fault != mechanisms::PointFault::none; }
};

class Points {
public:
    /// @param plan      must outlive the points
    /// @param in_lanes  false: synapses of text one after the other (the reference)
    Points(const group::Plan& plan, double dt_ms, bool in_lanes);

    /// Are there none in this group?
    bool empty() const { return slots_.empty(); }
    /// Synapses of text as they are at t = 0, at the voltages of the state; those of the engine begin with zeros.
    void initialise(group::State& state);
    /// States of the synapses from step*dt to (step+1)*dt, and what the step's equations get. An event before the step
    /// counts as one at its beginning. False if a synapse cannot go on.
    bool prepare(group::State& state, std::int64_t step, const Arrivals& arrivals);
    /// Why prepare() returned false.
    const SynapseFailure& failure() const { return failure_; }

    /// Adds the currents of synapses that ions carry to the sums for those who read them.
    void add_ion_currents(Ions& ions) const;

    /// Added to the diagonal [uS] and the right-hand side [nA] of every membrane slot; null without any.
    const double* g_uS() const { return empty() ? nullptr : g_uS_.data(); }
    const double* i_nA() const { return empty() ? nullptr : i_nA_.data(); }
    std::size_t bytes() const;

private:
    mechanisms::SynapseBlock block(std::size_t kind, group::State& state) const;
    void receive(group::State& state, std::int64_t step, std::span<const SynapticEvent> events);
    void add_currents(std::size_t kind, group::State& state);
    mechanisms::PointBlock text_block(std::size_t kind, group::State& state);
    bool step_text(std::size_t kind, group::State& state, std::int64_t step, std::span<const SynapticEvent> events);

    /// What a kind of text has of its own.
    struct Text {
        std::unique_ptr<mechanisms::PointRunner> runner;  ///< null for the engine's own
        base::AlignedArray<double> v_mV, g_uS, s_nA;
        base::AlignedArray<double> ion_reads;  ///< columns as in mechanisms::PointBlock
        /// Columns as in mechanisms::PointStep; empty where no ion's current is asked for.
        base::AlignedArray<double> currents_g_uS, currents_s_nA;
    };

    const group::Plan& plan_;
    double dt_ms_;
    std::vector<base::AlignedArray<double>> constants_;  ///< per kind
    base::AlignedArray<double> mean_uS_;                 ///< of all instances
    std::vector<std::int32_t> slots_;                    ///< where there is one, ascending
    base::AlignedArray<double> g_uS_, i_nA_;
    std::vector<Text> texts_;  ///< per kind
    SynapseFailure failure_;
};

}  // namespace axolemma::solve
