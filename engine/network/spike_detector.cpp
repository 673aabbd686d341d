#include "network/spike_detector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace axolemma::network {

double crossing_time_ms(double t0_ms, double dt_ms, double v_before_mV, double v0_mV, double v1_mV, double threshold_mV)
{
    const double rise = v1_mV - v0_mV;
    double x = (threshold_mV - v0_mV) / rise;  // share of the step on the straight line
    if (!std::isfinite(v_before_mV)) {
        return t0_ms + x * dt_ms;
    }
    // v(x) = v0 + rise x + bend x (x - 1), with 2 bend the second difference; Newton from the straight line, kept
    // inside the step.
    const double bend = 0.5 * (v1_mV - 2.0 * v0_mV + v_before_mV);
    for (int i = 0; i < 20; ++i) {
        const double error = v0_mV + x * (rise + bend * (x - 1.0)) - threshold_mV;
        const double slope = rise + bend * (2.0 * x - 1.0);
        const double next = slope > 0.0 ? x - error / slope : x;
        if (!(next >= 0.0 && next <= 1.0)) {
            return t0_ms + (threshold_mV - v0_mV) / rise * dt_ms;
        }
        if (std::abs(next - x) < 1e-14) {
            break;
        }
        x = next;
    }
    return t0_ms + x * dt_ms;
}

void SpikeDetector::watch(std::int32_t source, solve::VoltageReader reader, double threshold_mV)
{
    watched_.push_back({source, std::move(reader), threshold_mV, 0.0, 0.0});
}

void SpikeDetector::initialise(const group::State& state)
{
    for (auto& place : watched_) {
        place.before_mV = std::numeric_limits<double>::quiet_NaN();
        place.last_mV = place.reader.read_mV(state, 0.0);
    }
}

void SpikeDetector::observe(const group::State& state, std::int64_t step, double dt_ms)
{
    const double from_ms = static_cast<double>(step) * dt_ms;
    const double t_ms = static_cast<double>(step + 1) * dt_ms;
    for (auto& place : watched_) {
        const double v_mV = place.reader.read_mV(state, t_ms, dt_ms);
        if (place.last_mV < place.threshold_mV && v_mV >= place.threshold_mV) {
            const double crossed_ms =
                crossing_time_ms(from_ms, dt_ms, place.before_mV, place.last_mV, v_mV, place.threshold_mV);
            // Rounding must not carry a spike into another step.
            spikes_.push_back({std::clamp(crossed_ms, std::nextafter(from_ms, t_ms), t_ms), place.source});
        }
        place.before_mV = place.last_mV;
        place.last_mV = v_mV;
    }
}

void SpikeDetector::set_memory(std::size_t k, const Memory& memory)
{
    watched_[k].before_mV = memory.before_mV;
    watched_[k].last_mV = memory.last_mV;
}

void SpikeDetector::reserve(std::size_t steps)
{
    spikes_.reserve(watched_.size() * (steps / 2 + 1));
}

}  // namespace axolemma::network
