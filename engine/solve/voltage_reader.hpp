/// The voltage at a place that need not be a node.
#pragma once

#include <cstdint>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"

namespace axolemma::solve {

/// Reads V at a tap: the weighted node voltages, plus the drop that currents injected on the same resistor cause there.
class VoltageReader {
public:
    /// @param tap   in the group's node numbers
    /// @param cell  index over all cells: only this cell's clamps can matter
    VoltageReader(const group::Plan& plan, std::int64_t cell, const discretise::Tap& tap);

    /// @param dt_ms  the step, of which a small part is the rounding of t_ms (mechanisms::Waveform::value)
    double read_mV(const group::State& state, double t_ms, double dt_ms = 0.0) const
    {
        const auto v_mV = state.v_mV();
        double v = tap_.weight[0] * v_mV[static_cast<std::size_t>(tap_.node[0])];
        if (tap_.node[1] >= 0) {
            v += tap_.weight[1] * v_mV[static_cast<std::size_t>(tap_.node[1])];
        }
        for (const auto& drop : drops_) {
            // As everything else at time t: the limit from the left, except where there is none.
            const auto& waveform = drop.clamp->waveform;
            v += drop.resistance_Mohm * (t_ms > 0.0 ? waveform.value_before(t_ms, dt_ms) : waveform.value(t_ms, dt_ms));
        }
        return v;
    }

private:
    struct Drop {
        const discretise::CurrentClamp* clamp;
        double resistance_Mohm;
    };
    discretise::Tap tap_;
    std::vector<Drop> drops_;
};

/// The same tap in the numbering of the group, for a cell whose nodes start at `first_node`.
discretise::Tap shifted(discretise::Tap tap, std::int32_t first_node);

}  // namespace axolemma::solve
