#include "verify/exact_cable.hpp"

#include <cmath>
#include <numbers>

namespace axolemma::verify {

namespace {

using std::numbers::pi;

constexpr double cm_per_um = 1e-4;
constexpr double um_per_cm = 1e4;
constexpr double Mohm_per_ohm = 1e-6;

}  // namespace

double Cylinder::lambda_um() const
{
    return um_per_cm * std::sqrt(cm_per_um * diameter_um / (4.0 * ra_ohm_cm * g_S_per_cm2));
}

double Cylinder::tau_ms() const
{
    return 1e-3 * cm_uF_per_cm2 / g_S_per_cm2;  // uF/S = us
}

double Cylinder::infinite_resistance_Mohm() const
{
    const double d_cm = cm_per_um * diameter_um;
    return Mohm_per_ohm * 4.0 * ra_ohm_cm * cm_per_um * lambda_um() / (pi * d_cm * d_cm);
}

double steady_mV(const Cylinder& cable, double i_nA, double x_um)
{
    const double lambda_um = cable.lambda_um();
    return i_nA * cable.infinite_resistance_Mohm() * std::cosh((cable.length_um - x_um) / lambda_um) /
           std::sinh(cable.length_um / lambda_um);
}

double step_response_mV(const Cylinder& cable, double i_nA, double x_um, double t_ms)
{
    if (t_ms <= 0.0) {
        return 0.0;
    }
    const double length = cable.length_um / cable.lambda_um();
    const double time = t_ms / cable.tau_ms();
    double sum = 1.0;
    for (int n = 1;; ++n) {
        const double k = n * pi / length;
        const double size = 2.0 / (1.0 + k * k) * std::exp(-k * k * time);
        sum += size * std::cos(n * pi * x_um / cable.length_um);
        if (size < 1e-17) {
            break;
        }
    }
    return steady_mV(cable, i_nA, x_um) - i_nA * cable.infinite_resistance_Mohm() / length * std::exp(-time) * sum;
}

double steady_mV(const Cone& cable, double i_nA, double x_um)
{
    const double slope = 0.5 * (cable.diameter_end_um - cable.diameter_start_um) / cable.length_um;
    const double k_per_cm =
        2.0 * cable.ra_ohm_cm * cable.g_S_per_cm2 * std::sqrt(1.0 + slope * slope) / (slope * slope);
    const double start_cm = cm_per_um * 0.5 * cable.diameter_start_um;
    const auto argument = [&](double radius_cm) { return 2.0 * std::sqrt(k_per_cm * radius_cm); };
    const double z0 = argument(start_cm);
    const double z1 = argument(cm_per_um * 0.5 * cable.diameter_end_um);
    // V = y^(-1/2) (a I1(z) + b K1(z)), dV/dy = (sqrt(k) / y) (a I2(z) - b K2(z)); no current leaves the far end.
    const double ratio = std::cyl_bessel_i(2.0, z1) / std::cyl_bessel_k(2.0, z1);  // b / a
    const double slope_at_start =
        std::sqrt(k_per_cm) / start_cm * (std::cyl_bessel_i(2.0, z0) - ratio * std::cyl_bessel_k(2.0, z0));
    // Axial current at the start: I = -(pi y^2 / Ra) dV/dx.
    const double a =
        -1e-6 * i_nA * cable.ra_ohm_cm / (pi * start_cm * start_cm * slope * slope_at_start);  // nA ohm = 1e-6 mV
    const double radius_cm = start_cm + slope * cm_per_um * x_um;
    const double z = argument(radius_cm);
    return a * (std::cyl_bessel_i(1.0, z) + ratio * std::cyl_bessel_k(1.0, z)) / std::sqrt(radius_cm);
}

}  // namespace axolemma::verify
