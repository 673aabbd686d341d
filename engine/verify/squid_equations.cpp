#include "verify/squid_equations.hpp"

#include <cmath>

namespace axolemma::verify {

namespace {

/// u / (1 - exp(-u)), 1 at u = 0.
double linoid(double u)
{
    return std::abs(u) < 1e-7 ? 1.0 + 0.5 * u : u / (1.0 - std::exp(-u));
}

struct Rates {
    double opening, closing;
};

/// Of m, h and n at V.   [1/ms]
std::array<Rates, 3> rates(double v_mV)
{
    return {{{linoid((v_mV + 40.0) / 10.0), 4.0 * std::exp((-65.0 - v_mV) / 18.0)},
             {0.07 * std::exp((-65.0 - v_mV) / 20.0), 1.0 / (std::exp((-35.0 - v_mV) / 10.0) + 1.0)},
             {0.1 * linoid((v_mV + 55.0) / 10.0), 0.125 * std::exp((-65.0 - v_mV) / 80.0)}}};
}

}  // namespace

double squid_current_uA_per_cm2(const SquidState& x)
{
    const auto [v_mV, m, h, n] = x;
    return 120.0 * m * m * m * h * (v_mV - 50.0) + 36.0 * n * n * n * n * (v_mV + 77.0) + 0.3 * (v_mV + 54.3);
}

SquidState squid_gate_rates(const SquidState& x, double speed)
{
    SquidState rate{};
    const auto at_v = rates(x[0]);
    for (std::size_t k = 0; k < 3; ++k) {
        rate[k + 1] = speed * (at_v[k].opening * (1.0 - x[k + 1]) - at_v[k].closing * x[k + 1]);
    }
    return rate;
}

SquidState squid_at_rest(double v_mV)
{
    SquidState x{v_mV, 0.0, 0.0, 0.0};
    const auto at_v = rates(v_mV);
    for (std::size_t k = 0; k < 3; ++k) {
        x[k + 1] = at_v[k].opening / (at_v[k].opening + at_v[k].closing);
    }
    return x;
}

double squid_speed(double temperature_degC)
{
    return std::pow(3.0, (temperature_degC - 6.3) / 10.0);
}

}  // namespace axolemma::verify
