/// One isopotential patch: the schemes against their own closed forms, then against the differential equation.
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

// A patch of 1000 um2 with g = 1e-4 S/cm2: tau = 10 ms, 1 nS; 5 pA move it by 5 mV.
constexpr double tau_ms = 10.0;
constexpr double rest_mV = -70.0;
constexpr double start_mV = -20.0;
constexpr double stop_ms = 20.0;
constexpr double drive_mV = 5.0;

std::vector<double> simulated(const std::string& method, double dt_ms, bool driven)
{
    const std::string stimulus =
        "stimuli: [{name: drive, type: current_clamp, at: soma, pulse: {duration: 1 s, amplitude: 5 pA}}]\n";
    return Experiment(fmt::format(R"(axolemma: 1
cells:
  - name: patch
    morphology: {{patch: {{area: 1000 um2}}}}
    discretisation: {{count: 1}}
    membrane: {{cm: 1 uF/cm2, v_init: {} mV}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: {} mV}}}}]
{}recordings: [{{name: v, quantity: v, at: soma}}]
run: {{stop: {} ms, dt: {} ms, method: {}}}
)",
                                  start_mV, rest_mV, driven ? stimulus : "", stop_ms, dt_ms, method))
        .trace("v");
}

/// Voltage after n steps that each keep `factor` of the distance from the steady state.
std::vector<double> geometric(double factor, bool driven, std::size_t n)
{
    const double steady_mV = rest_mV + (driven ? drive_mV : 0.0);
    std::vector<double> v_mV;
    for (std::size_t i = 0; i < n; ++i) {
        v_mV.push_back(steady_mV + (start_mV - steady_mV) * std::pow(factor, static_cast<double>(i)));
    }
    return v_mV;
}

void compare_with_scheme(Findings& findings, const std::string& method, double dt_ms, double factor, bool driven)
{
    const auto v_mV = simulated(method, dt_ms, driven);
    // Rounding of V ~ 50 mV over 200 steps gives 1e-13; measured 3e-14 to 1.2e-13.
    findings.error(fmt::format("{}, dt {} ms{}: largest |V - closed form of the scheme|", method, dt_ms,
                               driven ? ", with current" : ""),
                   largest_difference(v_mV, geometric(factor, driven, v_mV.size())), 1e-11, "mV");
}

void compare_with_equation(Findings& findings, const std::string& method, double bound_mV, double low, double high)
{
    const std::vector<double> steps_ms{0.4, 0.2, 0.1};
    std::vector<double> errors;
    for (const double dt_ms : steps_ms) {
        const auto v_mV = simulated(method, dt_ms, true);
        errors.push_back(largest_difference(v_mV, geometric(std::exp(-dt_ms / tau_ms), true, v_mV.size())));
    }
    findings.convergence(fmt::format("{}, dt 0.1 ms: largest |V - exponential|", method), steps_ms, errors, bound_mV,
                         "mV", low, high);
}

}  // namespace

void rc_patch(const Settings&, Findings& findings)
{
    for (const bool driven : {false, true}) {
        for (const double dt_ms : {0.1, 2.5}) {
            const double h = 0.5 * dt_ms / tau_ms;
            compare_with_scheme(findings, backward_euler, dt_ms, 1.0 / (1.0 + dt_ms / tau_ms), driven);
            compare_with_scheme(findings, crank_nicolson, dt_ms, (1.0 - h) / (1.0 + h), driven);
        }
    }
    compare_with_equation(findings, backward_euler, 0.1, 0.98, 1.02);
    compare_with_equation(findings, crank_nicolson, 2e-4, 1.98, 2.02);
}

}  // namespace axolemma::verify
