/// The voltage at a place that need not be a node.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"

namespace axolemma::solve {

/// Reads V at a tap: the weighted node voltages, plus the drop that currents injected on the same resistor cause there.
class VoltageReader {
public:
    /// @param tap   in the node numbers of the group
    /// @param cell  index over all cells: only this cell's clamps can matter
    VoltageReader(const group::Plan& plan, std::int64_t cell, const discretise::Tap& tap);

    /// @param dt_ms  the step, of which a small part is the rounding of t_ms (mechanisms::Waveform::value)
    double read_mV(const group::State& state, double t_ms, double dt_ms = 0.0) const
    {
        const auto v_mV = state.v_slots_mV();
        double v = weight_[0] * v_mV[slot_[0]];
        if (weight_[1] != 0.0) {
            v += weight_[1] * v_mV[slot_[1]];
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
    std::array<std::size_t, 2> slot_{};
    std::array<double, 2> weight_{};
    std::vector<Drop> drops_;
};

/// The same tap in the numbering of the group, for a cell whose nodes start at `first_node`.
discretise::Tap shifted(discretise::Tap tap, std::int32_t first_node);

}  // namespace axolemma::solve
