/// The squid patch: order in time, voltage and gates over time, spike times, and the f-I curve.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/hh_patch_solution.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

/// 1000 um2 of squid membrane; a density of 1 uA/cm2 is 0.01 nA.
Experiment patch(double i_uA_per_cm2, const std::string& pulse, double threshold_mV, const std::string& record,
                 const std::string& run)
{
    return Experiment(fmt::format(R"(axolemma: 1
temperature: 6.3 degC
cells:
  - name: patch
    morphology: {{patch: {{area: 1000 um2}}}}
    discretisation: {{count: 1}}
    membrane: {{cm: 1 uF/cm2, v_init: -65 mV}}
    channels: [{{channel: hh}}]
stimuli: [{{name: drive, type: current_clamp, at: soma, pulse: {{{}, amplitude: {} nA}}}}]
recordings: [{}{{quantity: spikes, threshold: {} mV, at: soma}}]
run: {{{}}}
)",
                                  pulse, 0.01 * i_uA_per_cm2, record, threshold_mV, run));
}

std::string every(const std::string& quantity, double every_ms)
{
    return fmt::format("{{name: {}, quantity: {}, every: {} ms, at: soma}}, ",
                       quantity == "v" ? "v" : quantity.substr(3), quantity, every_ms);
}

const std::string step_5_to_105 = "delay: 5 ms, duration: 100 ms";

void check_order(Findings& findings, const std::string& method, const std::vector<double>& steps_ms,
                 double spike_bound_ms, double low, double high)
{
    const PatchStep step{-65.0, 10.0, 5.0, 105.0, 80.0};
    const auto exact = solve_patch(step, 0.05);
    std::vector<double> early, spikes;
    for (const double dt_ms : steps_ms) {
        const auto run = patch(10.0, step_5_to_105, 0.0, every("v", 0.05),
                               fmt::format("stop: 80 ms, dt: {} ms, method: {}", dt_ms, method));
        spikes.push_back(largest_difference(run.spike_times_ms(), exact.spikes_ms));
        early.push_back(rms_difference(run.trace("v"), exact.v_mV));
    }
    findings.convergence(fmt::format("{}, dt {} ms: largest error of six spike times", method, steps_ms.back()),
                         steps_ms, spikes, spike_bound_ms, "ms", low, high);
    findings.convergence(fmt::format("{}, dt {} ms: rms voltage error over 80 ms", method, steps_ms.back()), steps_ms,
                         early, 30.0 * spike_bound_ms, "mV", low, high);
}

/// Errors of one current against the tabulated traces and spike times, Crank-Nicolson with dt 0.01 ms.
void compare_with_traces(Findings& findings, const std::string& folder, const std::string& current,
                         double spike_bound_ms, double v_bound_mV, double gate_bound)
{
    const auto table = read_table(folder + "hh_patch_I" + current + ".csv");
    const auto run = patch(std::stod(current), step_5_to_105, 0.0,
                           every("v", 0.05) + every("hh.m", 0.05) + every("hh.h", 0.05) + every("hh.n", 0.05),
                           "stop: 120 ms, dt: 0.01 ms, method: crank_nicolson");
    const auto label = [&](const char* what) { return fmt::format("{} uA/cm2, dt 0.01 ms: {}", current, what); };
    findings.error(label("rms voltage error over 120 ms"), rms_difference(run.trace("v"), table.column("v_mV")),
                   v_bound_mV, "mV");
    double gates = 0.0;
    for (const std::string gate : {"m", "h", "n"}) {
        gates = std::max(gates, rms_difference(run.trace(gate), table.column(gate)));
    }
    findings.error(label("rms error of the worst gate"), gates, gate_bound, "");
    const auto all = read_table(folder + "spike_times.csv");
    std::vector<double> spikes_ms;
    for (std::size_t i = 0; i < all.n_rows(); ++i) {
        if (all.column("I_uA_per_cm2")[i] == std::stod(current) && all.column("upcross_level_mV")[i] == 0.0) {
            spikes_ms.push_back(all.column("t_ms")[i]);
        }
    }
    if (!spikes_ms.empty() || !run.spike_times_ms().empty()) {
        findings.error(label("largest spike time error"), largest_difference(run.spike_times_ms(), spikes_ms),
                       spike_bound_ms, "ms");
    }
}

}  // namespace

void hh_patch(const Settings& settings, Findings& findings)
{
    check_order(findings, backward_euler, {0.025, 0.0125, 0.00625}, 0.1, 0.9, 1.1);
    check_order(findings, crank_nicolson, {0.05, 0.025, 0.0125}, 0.005, 1.9, 2.1);
    if (settings.data.empty()) {
        findings.skip("traces and spike times of seven currents", no_data);
        return;
    }
    const auto folder = settings.data + "/reference/01_hh_patch/";
    compare_with_traces(findings, folder, "0", 0.0, 1e-6, 1e-8);
    compare_with_traces(findings, folder, "2.2", 0.0, 1e-3, 1e-5);
    compare_with_traces(findings, folder, "6.2", 0.03, 0.3, 3e-3);
    compare_with_traces(findings, folder, "10", 5e-3, 0.1, 1e-3);
    compare_with_traces(findings, folder, "20", 5e-3, 0.1, 1e-3);
    compare_with_traces(findings, folder, "50", 5e-3, 0.1, 1e-3);
    compare_with_traces(findings, folder, "100", 5e-4, 0.05, 1e-3);
}

void hh_f_i_curve(const Settings& settings, Findings& findings)
{
    if (settings.data.empty()) {
        findings.skip("rates of the limit cycle for 83 currents", no_data);
        return;
    }
    const auto table = read_table(settings.data + "/reference/01_hh_patch/fI_curve.csv");
    double worst = 0.0;
    int wrong = 0;
    int n = 0;
    for (std::size_t i = 0; i < table.n_rows(); ++i) {
        const double current = table.column("I_uA_per_cm2")[i];
        const double rate_Hz = table.column("steady_rate_Hz")[i];
        if ((current > 6.0 && current < 6.4) || current > 150.0) {
            continue;  // so near a bifurcation that no fixed step is near enough
        }
        // Counted at mid level: large currents leave oscillations that do not reach 0 mV.
        const double level_mV = 0.5 * (table.column("steady_vmax_mV")[i] + table.column("steady_vmin_mV")[i]);
        const auto run =
            patch(current, "duration: 1 s", level_mV, "", "stop: 1 s, dt: 0.025 ms, method: crank_nicolson");
        const auto spikes = run.spike_times_ms();
        const bool fires = spikes.size() > 6 && spikes.back() > 900.0;
        ++n;
        if (fires != (rate_Hz > 0.0)) {
            ++wrong;
        } else if (fires) {
            const double measured_Hz = 5000.0 / (spikes.back() - spikes[spikes.size() - 6]);
            worst = std::max(worst, std::abs(measured_Hz / rate_Hz - 1.0));
        }
    }
    findings.error(
        fmt::format("{} currents, 0 to 150 uA/cm2: currents at which it fires and should not, or the reverse", n),
        wrong, 0, "");
    findings.error("crank_nicolson, dt 0.025 ms: largest relative error of the rate", worst, 5e-4, "");
}

}  // namespace axolemma::verify
