/// Finds the times at which the voltage at a place crosses a threshold upwards.
#pragma once

#include <cstdint>
#include <vector>

#include "solve/voltage_reader.hpp"

namespace axolemma::network {

/// One crossing. `source` numbers the watched places of the whole model.
struct Spike {
    double t_ms = 0;
    std::int32_t source = 0;
};

/// Time at which the parabola through (t0 - dt, v_before), (t0, v0), (t0 + dt, v1) crosses `threshold` between t0 and
/// t0 + dt; of order dt^3. Needs v0 < threshold <= v1. Falls back to the straight line when there is no earlier voltage
/// (NaN).
double crossing_time_ms(double t0_ms, double dt_ms, double v_before_mV, double v0_mV, double v1_mV,
                        double threshold_mV);

/// Watches the places of one group.
class SpikeDetector {
public:
    void watch(std::int32_t source, solve::VoltageReader reader, double threshold_mV);

    /// Takes the voltages at t = 0; a place that starts above its threshold must first fall below it.
    void initialise(const group::State& state);
    /// Call after every step. A spike lies inside the step in which it was seen: step*dt < t <= (step+1)*dt.
    void observe(const group::State& state, std::int64_t step, double dt_ms);

    std::size_t n_watched() const { return watched_.size(); }
    /// Makes room for all spikes that `steps` steps can bring, so that observe() does not allocate.
    void reserve(std::size_t steps);
    /// Spikes seen since the last clear(), in the order in which they were found.
    const std::vector<Spike>& spikes() const { return spikes_; }
    void clear() { spikes_.clear(); }

    /// What has to be known of a watched place to go on from a checkpoint.
    struct Memory {
        double before_mV = 0, last_mV = 0;
    };
    std::int32_t source(std::size_t k) const { return watched_[k].source; }
    Memory memory(std::size_t k) const { return {watched_[k].before_mV, watched_[k].last_mV}; }
    void set_memory(std::size_t k, const Memory& memory);

private:
    struct Watched {
        std::int32_t source;
        solve::VoltageReader reader;
        double threshold_mV;
        double before_mV, last_mV;
    };
    std::vector<Watched> watched_;
    std::vector<Spike> spikes_;
};

}  // namespace axolemma::network
