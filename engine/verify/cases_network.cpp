/// Two cells: joined by a gap junction, and exciting each other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

/// Two passive patches of 1000 and 3000 um2 (10 ms), joined by 2 nS.
Experiment passive_pair(const std::string& method, double dt_ms)
{
    return Experiment(fmt::format(R"(axolemma: 1
cells:
  - name: a
    morphology: {{patch: {{area: 1000 um2}}}}
    membrane: {{cm: 1 uF/cm2, v_init: -20 mV}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: -70 mV}}}}]
  - name: b
    morphology: {{patch: {{area: 3000 um2}}}}
    membrane: {{cm: 1 uF/cm2, v_init: -90 mV}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: -70 mV}}}}]
gap_junctions: [{{cells: a, to_cells: b, at: soma, rule: all_to_all, conductance: 0.002 uS}}]
recordings:
  - {{name: a, quantity: v, cells: a, every: 0.4 ms, at: soma}}
  - {{name: b, quantity: v, cells: b, every: 0.4 ms, at: soma}}
run: {{stop: 20 ms, dt: {} ms, method: {}}}
)",
                                  dt_ms, method));
}

/// The mean, weighted by capacitance, relaxes as one patch would; the difference also through the gap junction.
struct ExactPair {
    std::vector<double> a_mV, b_mV;
};

ExactPair exact_pair(double every_ms, std::size_t n)
{
    constexpr double rest_mV = -70.0, tau_ms = 10.0, c_a_nF = 0.01, c_b_nF = 0.03, g_uS = 0.002;
    const double share_a = c_a_nF / (c_a_nF + c_b_nF);
    const double mean_mV = share_a * -20.0 + (1.0 - share_a) * -90.0 - rest_mV;
    const double difference_mV = -20.0 - -90.0;
    const double per_ms = 1.0 / tau_ms + g_uS * (1.0 / c_a_nF + 1.0 / c_b_nF);
    ExactPair exact;
    for (std::size_t k = 0; k < n; ++k) {
        const double t_ms = every_ms * static_cast<double>(k);
        const double mean = rest_mV + mean_mV * std::exp(-t_ms / tau_ms);
        const double difference = difference_mV * std::exp(-per_ms * t_ms);
        exact.a_mV.push_back(mean + (1.0 - share_a) * difference);
        exact.b_mV.push_back(mean - share_a * difference);
    }
    return exact;
}

void check_passive_pair(Findings& findings, const std::string& method, double bound_mV, double low, double high)
{
    const std::vector<double> steps_ms{0.1, 0.05, 0.025};
    std::vector<double> errors;
    for (const double dt_ms : steps_ms) {
        const auto run = passive_pair(method, dt_ms);
        const auto a_mV = run.trace("a");
        const auto exact = exact_pair(0.4, a_mV.size());
        errors.push_back(
            std::max(largest_difference(a_mV, exact.a_mV), largest_difference(run.trace("b"), exact.b_mV)));
    }
    findings.convergence(
        fmt::format("two passive patches, {}, dt {} ms: largest voltage error", method, steps_ms.back()), steps_ms,
        errors, bound_mV, "mV", low, high);
}

/// Two squid patches of 1000 um2.
std::string squid_pair(const std::string& more, const std::string& recordings, const std::string& run)
{
    return fmt::format(R"(axolemma: 1
temperature: 6.3 degC
cells:
  - name: pair
    count: 2
    morphology: {{patch: {{area: 1000 um2}}}}
    membrane: {{cm: 1 uF/cm2, v_init: -65 mV}}
    channels: [{{channel: hh}}]
{}recordings:
{}run: {{{}}}
)",
                       more, recordings, run);
}

void check_squid_pair(Findings& findings, const Table& table, const std::string& method,
                      const std::vector<double>& steps_ms, double bound_mV, double low, double high)
{
    std::vector<double> errors;
    for (const double dt_ms : steps_ms) {
        const Experiment run(squid_pair(
            R"(stimuli: [{name: drive, type: current_clamp, ids: [0], at: soma, pulse: {delay: 2 ms, duration: 80 ms, amplitude: 0.1 nA}}]
gap_junctions: [{at: soma, rule: all_to_all, conductance: 0.001 uS}]
)",
            "  - {quantity: v, every: 0.025 ms, at: soma}\n",
            fmt::format("stop: 100 ms, dt: {} ms, method: {}", dt_ms, method)));
        errors.push_back(std::max(largest_difference(run.trace("v", 0), table.column("v_a_mV")),
                                  largest_difference(run.trace("v", 1), table.column("v_b_mV"))));
    }
    findings.convergence(fmt::format("two squid patches, {}, dt {} ms: largest voltage error", method, steps_ms.back()),
                         steps_ms, errors, bound_mV, "mV", low, high);
}

/// Largest error of a spike's time; infinite when other cells fire.
double spike_error_ms(const std::vector<record::Spike>& spikes, const Table& table)
{
    const auto& times = table.column("t_ms");
    const auto& cells = table.column("cell");
    double largest = spikes.size() == times.size() ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < std::min(spikes.size(), times.size()); ++k) {
        const bool same_cell = static_cast<double>(spikes[k].cell) == cells[k];
        largest = std::max(
            largest, same_cell ? std::abs(spikes[k].time_ms - times[k]) : std::numeric_limits<double>::infinity());
    }
    return largest;
}

void check_ring(Findings& findings, const Table& table, const std::string& method, const std::vector<double>& steps_ms,
                double bound_ms, double low, double high)
{
    std::vector<double> errors;
    for (const double dt_ms : steps_ms) {
        const Experiment run(
            squid_pair(R"(synapses: [{name: excitation, type: exp_syn, at: soma, parameters: {tau: 2 ms, e: 0 mV}}]
generators: [{name: first, times: [1 ms]}]
connections:
  - {from: pair, detect: {threshold: 10 mV}, synapse: excitation, offset: 1, weight: 0.001 uS, delay: 5 ms}
  - {from: first, synapse: excitation, to_ids: [0], rule: all_to_all, weight: 0.001 uS, delay: 0 ms}
)",
                       "  - {quantity: spikes, threshold: 10 mV, at: soma}\n",
                       fmt::format("stop: 200 ms, dt: {} ms, method: {}", dt_ms, method)));
        errors.push_back(spike_error_ms(run.spikes(), table));
    }
    findings.convergence(fmt::format("{}, dt {} ms: largest error of 22 spike times", method, steps_ms.back()),
                         steps_ms, errors, bound_ms, "ms", low, high);
}

}  // namespace

void gap_junctions(const Settings& settings, Findings& findings)
{
    // Measured 0.061 and 3.4e-4 mV.
    check_passive_pair(findings, backward_euler, 0.08, 0.98, 1.02);
    check_passive_pair(findings, crank_nicolson, 4.5e-4, 1.95, 2.05);
    if (settings.data.empty()) {
        findings.skip("two squid patches, one of them driven", no_data);
        return;
    }
    const auto table = read_table(settings.data + "/reference/05_synapses_clamp_gap_ring/c_gap_pair.csv");
    // Voltages where spikes are steep, at the end of a train of spikes: 4.7 mV is a spike that is 0.02 ms early or late.
    check_squid_pair(findings, table, backward_euler, {0.003125, 0.0015625, 0.00078125}, 6.0, 0.9, 1.1);
    check_squid_pair(findings, table, crank_nicolson, {0.0125, 0.00625, 0.003125}, 0.1, 1.9, 2.1);
}

void ring_of_patches(const Settings& settings, Findings& findings)
{
    if (settings.data.empty()) {
        findings.skip("22 spikes that two patches send each other", no_data);
        return;
    }
    const auto table = read_table(settings.data + "/reference/05_synapses_clamp_gap_ring/d_ring_spikes.csv");
    // The last spike carries the errors of all before it: measured 0.28 and 0.0024 ms.
    check_ring(findings, table, backward_euler, {0.025, 0.0125, 0.00625}, 0.35, 0.9, 1.1);
    check_ring(findings, table, crank_nicolson, {0.025, 0.0125, 0.00625}, 3.2e-3, 1.9, 2.1);
}

}  // namespace axolemma::verify
