#include "verify/hh_patch_solution.hpp"

#include <cmath>

#include "verify/squid_equations.hpp"

namespace axolemma::verify {

namespace {

SquidState derivative(const SquidState& x, double i_uA_per_cm2)
{
    auto rate = squid_gate_rates(x, 1.0);
    rate[0] = i_uA_per_cm2 - squid_current_uA_per_cm2(x);
    return rate;
}

SquidState moved(const SquidState& x, const SquidState& rate, double by_ms)
{
    return {x[0] + by_ms * rate[0], x[1] + by_ms * rate[1], x[2] + by_ms * rate[2], x[3] + by_ms * rate[3]};
}

SquidState runge_kutta_step(const SquidState& x, double i_uA_per_cm2, double dt_ms)
{
    const auto a = derivative(x, i_uA_per_cm2);
    const auto b = derivative(moved(x, a, 0.5 * dt_ms), i_uA_per_cm2);
    const auto c = derivative(moved(x, b, 0.5 * dt_ms), i_uA_per_cm2);
    const auto d = derivative(moved(x, c, dt_ms), i_uA_per_cm2);
    SquidState y;
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = x[i] + dt_ms / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
    }
    return y;
}

/// Where the cubic through both ends with their slopes crosses 0 mV, as a share of the step.
double crossing_share(const SquidState& x, const SquidState& y, double slope_x, double slope_y)
{
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 60; ++i) {
        const double s = 0.5 * (low + high);
        const double v_mV = (1 + 2 * s) * (1 - s) * (1 - s) * x[0] + s * s * (3 - 2 * s) * y[0] +
                            s * (1 - s) * (1 - s) * slope_x - s * s * (1 - s) * slope_y;
        (v_mV < 0.0 ? low : high) = s;
    }
    return 0.5 * (low + high);
}

}  // namespace

PatchSolution solve_patch(const PatchStep& step, double every_ms)
{
    PatchSolution solution{every_ms, {step.v_start_mV}, {}};
    auto x = squid_at_rest(step.v_start_mV);
    const auto samples = std::lround(step.stop_ms / every_ms);
    const auto parts = std::lround(every_ms / 1e-3);
    const double dt_ms = every_ms / static_cast<double>(parts);
    for (long k = 0; k < samples; ++k) {
        const double middle_ms = (static_cast<double>(k) + 0.5) * every_ms;
        const double i_uA_per_cm2 = middle_ms > step.on_ms && middle_ms < step.off_ms ? step.i_uA_per_cm2 : 0.0;
        for (long j = 0; j < parts; ++j) {
            const auto y = runge_kutta_step(x, i_uA_per_cm2, dt_ms);
            if (x[0] < 0.0 && y[0] >= 0.0) {
                const double share = crossing_share(x, y, dt_ms * derivative(x, i_uA_per_cm2)[0],
                                                    dt_ms * derivative(y, i_uA_per_cm2)[0]);
                solution.spikes_ms.push_back(static_cast<double>(k) * every_ms +
                                             (static_cast<double>(j) + share) * dt_ms);
            }
            x = y;
        }
        solution.v_mV.push_back(x[0]);
    }
    return solution;
}

}  // namespace axolemma::verify
