/// The squid giant axon: velocity of the travelling action potential.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"
#include "verify/travelling_wave.hpp"

namespace axolemma::verify {

namespace {

constexpr double squid_um = 476.0;
constexpr double squid_ra_ohm_cm = 35.4;
constexpr double squid_degC = 18.5;

struct Axon {
    double temperature_degC = squid_degC;
    double diameter_um = squid_um;
    double ra_ohm_cm = squid_ra_ohm_cm;
    double length_um = 80000.0;   ///< so that the sites lie alike between compartments on every grid used here
    double from = 0.6, to = 0.8;  ///< where the spike is timed
    double dx_um = 200.0;  ///< lengths are the squid's diameter and Ra; other axons are scaled so that they look alike
    double dt_ms = 0.005;
    double v_init_mV = hh_rest_mV;
    std::string method = crank_nicolson;
};

/// Velocity of the spike between the two sites, kicked off at the start.
double velocity_m_per_s(const Axon& axon)
{
    // Lengths scale with sqrt(d / Ra), membrane area and so the current with d sqrt(d / Ra).
    const double scale = std::sqrt(axon.diameter_um / squid_um * squid_ra_ohm_cm / axon.ra_ohm_cm);
    const double length_um = axon.length_um * scale;
    const double drive_nA = 40000.0 * scale * axon.diameter_um / squid_um;
    const double stop_ms = axon.temperature_degC < 10.0 ? 9.0 : 6.0;
    const Experiment run(fmt::format(R"(axolemma: 1
temperature: {} degC
cells:
  - name: axon
    morphology: {{cable: {{length: {} um, diameter: {} um}}}}
    discretisation: {{max_length: {} um}}
    membrane: {{cm: 1 uF/cm2, Ra: {} ohm*cm, v_init: {} mV}}
    channels: [{{channel: hh}}]
stimuli:
  - {{name: kick, type: current_clamp, at: {{section: "axon[0]", position: 0}}, pulse: {{delay: 0.5 ms, duration: 0.2 ms, amplitude: {} nA}}}}
recordings:
  - {{quantity: spikes, threshold: -20 mV, at: [{{section: "axon[0]", position: {}}}, {{section: "axon[0]", position: {}}}]}}
run: {{stop: {} ms, dt: {} ms, method: {}}}
)",
                                     axon.temperature_degC, length_um, axon.diameter_um,
                                     axon.dx_um * scale * (1.0 + 1e-12), axon.ra_ohm_cm, axon.v_init_mV, drive_nA,
                                     axon.from, axon.to, stop_ms, axon.dt_ms, axon.method));
    const auto first = run.spike_times_ms(0);
    const auto second = run.spike_times_ms(1);
    if (first.size() != 1 || second.size() != 1) {
        throw base::EngineError(fmt::format("{} and {} spikes passed, not one", first.size(), second.size()));
    }
    return 1e-3 * (axon.to - axon.from) * length_um / (second.front() - first.front());
}

double relative_error(double velocity, double truth)
{
    return std::abs(velocity / truth - 1.0);
}

}  // namespace

void squid_axon(const Settings&, Findings& findings)
{
    const double truth = wave_velocity_m_per_s(travelling_wave_K_per_ms(squid_degC), squid_um, squid_ra_ohm_cm, 1.0);
    findings.error("the shooting against 18.7302 m/s: relative", relative_error(truth, 18.7302), 1e-6, "");
    Axon shipped;
    shipped.length_um = 60000.0;
    shipped.from = 0.5;
    shipped.to = 0.75;
    shipped.v_init_mV = -65.0;
    findings.error("configs/squid_axon.yaml (dx 200 um, dt 0.005 ms): relative velocity error",
                   relative_error(velocity_m_per_s(shipped), truth), 3e-4, "");
    // Both steps halved together: order 2 for Crank-Nicolson.
    std::vector<double> errors;
    for (const double part : {1.0, 0.5, 0.25}) {
        Axon axon;
        axon.dx_um = 200.0 * part;
        axon.dt_ms = 0.005 * part;
        errors.push_back(relative_error(velocity_m_per_s(axon), truth));
    }
    findings.convergence("crank_nicolson, dx 50 um, dt 0.00125 ms: relative velocity error", {1.0, 0.5, 0.25}, errors,
                         6e-5, "", 1.9, 2.1);
    // The grid alone: changes between three grids at one small time step.
    std::vector<double> velocities;
    for (const double dx_um : {800.0, 400.0, 200.0}) {
        Axon axon;
        axon.dx_um = dx_um;
        axon.dt_ms = 0.0025;
        velocities.push_back(velocity_m_per_s(axon));
    }
    const std::vector<double> changes{std::abs(velocities[1] - velocities[0]) / truth,
                                      std::abs(velocities[2] - velocities[1]) / truth};
    findings.convergence("crank_nicolson, dt 0.0025 ms, dx 400 to 200 um: relative velocity change", {400.0, 200.0},
                         changes, 1.5e-3, "", 1.9, 2.1);
    std::vector<double> euler;
    for (const double dt_ms : {0.005, 0.0025, 0.00125}) {
        Axon axon;
        axon.method = backward_euler;
        axon.dx_um = 400.0;
        axon.dt_ms = dt_ms;
        euler.push_back(velocity_m_per_s(axon));
    }
    findings.convergence(
        "backward_euler, dx 400 um, dt 0.0025 to 0.00125 ms: relative velocity change", {0.0025, 0.00125},
        {std::abs(euler[1] - euler[0]) / truth, std::abs(euler[2] - euler[1]) / truth}, 1.5e-3, "", 0.9, 1.1);
}

void squid_axon_scaling(const Settings& settings, Findings& findings)
{
    for (const auto& [temperature_degC, bound] :
         std::vector<std::array<double, 2>>{{6.3, 1e-4}, {15.0, 2e-4}, {25.0, 5e-4}}) {
        Axon axon;
        axon.temperature_degC = temperature_degC;
        axon.dx_um = 100.0;
        axon.dt_ms = 0.0025;
        const double truth =
            wave_velocity_m_per_s(travelling_wave_K_per_ms(temperature_degC), squid_um, squid_ra_ohm_cm, 1.0);
        findings.error(fmt::format("{} degC, dx 100 um, dt 0.0025 ms: relative velocity error", temperature_degC),
                       relative_error(velocity_m_per_s(axon), truth), bound, "");
    }
    const double k_per_ms = travelling_wave_K_per_ms(squid_degC);
    for (const auto& [diameter_um, ra_ohm_cm] :
         std::vector<std::array<double, 2>>{{0.5, 100.0}, {10.0, 35.4}, {500.0, 100.0}}) {
        Axon axon;
        axon.diameter_um = diameter_um;
        axon.ra_ohm_cm = ra_ohm_cm;
        axon.dx_um = 100.0;
        axon.dt_ms = 0.0025;
        const double truth = wave_velocity_m_per_s(k_per_ms, diameter_um, ra_ohm_cm, 1.0);
        findings.error(fmt::format("{} um, Ra {} ohm cm: relative velocity error", diameter_um, ra_ohm_cm),
                       relative_error(velocity_m_per_s(axon), truth), 3e-4, "");
    }
    if (settings.data.empty()) {
        findings.skip("the shooting against the tabulated velocities", no_data);
        return;
    }
    const auto table = read_table(settings.data + "/reference/02_hh_axon_cv/cv_vs_temperature.csv");
    double worst = 0.0;
    for (std::size_t i = 0; i < table.n_rows(); ++i) {
        const double k = travelling_wave_K_per_ms(table.column("celsius")[i]);
        worst = std::max(worst, relative_error(k, table.column("K_per_ms")[i]));
    }
    findings.error("the shooting against the tabulated K, 0 to 30 degC: relative", worst, 5e-9, "");
    const auto diameters = read_table(settings.data + "/reference/02_hh_axon_cv/cv_vs_diameter.csv");
    worst = 0.0;
    for (std::size_t i = 0; i < diameters.n_rows(); ++i) {
        const double cv = wave_velocity_m_per_s(k_per_ms, diameters.column("diam_um")[i], 100.0, 1.0);
        worst = std::max(worst, relative_error(cv, diameters.column("cv_18.5C_Ra100")[i]));
    }
    findings.error("the shooting against the tabulated velocities, 0.5 to 500 um: relative", worst, 6e-8, "");
}

}  // namespace axolemma::verify
