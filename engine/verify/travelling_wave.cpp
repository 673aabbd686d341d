#include "verify/travelling_wave.hpp"

#include <Eigen/Dense>
#include <array>
#include <cmath>

#include "verify/squid_equations.hpp"

namespace axolemma::verify {

namespace {

/// V, m, h, n and dV/dt.
using Wave = std::array<double, 5>;

Wave derivative(const Wave& x, double k_per_ms, double speed)
{
    const SquidState membrane{x[0], x[1], x[2], x[3]};
    const auto gates = squid_gate_rates(membrane, speed);
    return {x[4], gates[1], gates[2], gates[3],
            k_per_ms * (x[4] + squid_current_uA_per_cm2(membrane))};  // cm = 1 uF/cm2
}

Wave moved(const Wave& x, const Wave& rate, double by_ms)
{
    Wave y;
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = x[i] + by_ms * rate[i];
    }
    return y;
}

Wave runge_kutta_step(const Wave& x, double k_per_ms, double speed, double dt_ms)
{
    const auto a = derivative(x, k_per_ms, speed);
    const auto b = derivative(moved(x, a, 0.5 * dt_ms), k_per_ms, speed);
    const auto c = derivative(moved(x, b, 0.5 * dt_ms), k_per_ms, speed);
    const auto d = derivative(moved(x, c, dt_ms), k_per_ms, speed);
    Wave y;
    for (std::size_t i = 0; i < x.size(); ++i) {
        y[i] = x[i] + dt_ms / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]);
    }
    return y;
}

/// Rest, moved by 1e-4 mV along the direction in which it is unstable.
Wave start_of_wave(double k_per_ms, double speed)
{
    const auto rest = squid_at_rest(hh_rest_mV);
    const Wave at_rest{rest[0], rest[1], rest[2], rest[3], 0.0};
    Eigen::Matrix<double, 5, 5> jacobian;
    for (int j = 0; j < 5; ++j) {
        // Central differences with a step that suits voltages and gates alike: good to 1e-9.
        Wave up = at_rest;
        Wave down = at_rest;
        const double step = j == 0 || j == 4 ? 1e-4 : 1e-6;
        up[static_cast<std::size_t>(j)] += step;
        down[static_cast<std::size_t>(j)] -= step;
        const auto high = derivative(up, k_per_ms, speed);
        const auto low = derivative(down, k_per_ms, speed);
        for (int i = 0; i < 5; ++i) {
            jacobian(i, j) = (high[static_cast<std::size_t>(i)] - low[static_cast<std::size_t>(i)]) / (2.0 * step);
        }
    }
    const Eigen::EigenSolver<Eigen::Matrix<double, 5, 5>> solver(jacobian);
    int fastest = 0;
    solver.eigenvalues().real().maxCoeff(&fastest);
    const Eigen::Matrix<double, 5, 1> direction = solver.eigenvectors().col(fastest).real();
    Wave x = at_rest;
    for (int i = 0; i < 5; ++i) {
        x[static_cast<std::size_t>(i)] += 1e-4 * direction(i) / direction(0);
    }
    return x;
}

/// Does the solution run away upwards?
bool runs_away_upwards(double k_per_ms, double speed)
{
    const double dt_ms = 1e-3 / std::max(1.0, speed);
    auto x = start_of_wave(k_per_ms, speed);
    while (std::abs(x[0]) < 150.0) {
        x = runge_kutta_step(x, k_per_ms, speed, dt_ms);
    }
    return x[0] > 0.0;
}

}  // namespace

double travelling_wave_K_per_ms(double temperature_degC)
{
    const double speed = squid_speed(temperature_degC);
    // There is a second, slower and unstable wave: come from above and stop at the first change of sign.
    double high = 25.0;
    const bool up_at_high = runs_away_upwards(high, speed);
    double low = high;
    do {
        high = low;
        low *= 0.95;
    } while (low > 0.1 && runs_away_upwards(low, speed) == up_at_high);
    while (high - low > 1e-14 * high) {
        const double middle = 0.5 * (low + high);
        if (middle == low || middle == high) {
            break;
        }
        (runs_away_upwards(middle, speed) == up_at_high ? high : low) = middle;
    }
    return 0.5 * (low + high);
}

double wave_velocity_m_per_s(double k_per_ms, double diameter_um, double ra_ohm_cm, double cm_uF_per_cm2)
{
    const double k_per_s = 1e3 * k_per_ms;
    const double cm_per_s = std::sqrt(k_per_s * 1e-4 * diameter_um / (4.0 * ra_ohm_cm * 1e-6 * cm_uF_per_cm2));
    return 0.01 * cm_per_s;
}

}  // namespace axolemma::verify
