/// Synapses: their time courses, and what they do to a patch and to a cable.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

/// One synapse on a passive patch of 1000 um2 (10 pF; 1 nS at rest), and one event.
struct PatchModel {
    std::string type;
    double rise_ms = 0.0;  ///< 0: the conductance jumps
    double decay_ms = 2.0;
    double e_mV = 0.0;
    double weight_uS = 0.002;
    double event_ms = 1.0;
    double stop_ms = 20.0, dt_ms = 0.025;
    std::string stimuli = {};  ///< an entry of the configuration
};

constexpr double rest_mV = -70.0, leak_uS = 0.001, capacitance_nF = 0.01;

std::string method_of(bool centred)
{
    return centred ? crank_nicolson : backward_euler;
}

Experiment simulate(const PatchModel& model, const std::string& method)
{
    const auto parameters = model.rise_ms == 0.0 ? fmt::format("tau: {} ms", model.decay_ms)
                            : model.type == "exp2_syn"
                                ? fmt::format("tau1: {} ms, tau2: {} ms", model.rise_ms, model.decay_ms)
                                : fmt::format("tau_rise: {} ms, tau_decay: {} ms", model.rise_ms, model.decay_ms);
    return Experiment(fmt::format(R"(axolemma: 1
cells:
  - name: patch
    morphology: {{patch: {{area: 1000 um2}}}}
    discretisation: {{count: 1}}
    membrane: {{cm: 1 uF/cm2, v_init: {} mV}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: {} mV}}}}]
synapses: [{{name: s, type: {}, at: soma, parameters: {{{}, e: {} mV}}}}]
generators: [{{name: one, times: [{:.17g} ms]}}]
connections: [{{from: one, synapse: s, rule: all_to_all, weight: {} uS, delay: 0 ms}}]
{}recordings: [{{quantity: v, at: soma}}, {{quantity: s.g}}, {{quantity: s.i}}]
run: {{stop: {:.17g} ms, dt: {:.17g} ms, method: {}}}
)",
                                  rest_mV, rest_mV, model.type, parameters, model.e_mV, model.event_ms, model.weight_uS,
                                  model.stimuli, model.stop_ms, model.dt_ms, method));
}

double time_of_peak_ms(const PatchModel& model)
{
    return model.rise_ms * model.decay_ms / (model.decay_ms - model.rise_ms) * std::log(model.decay_ms / model.rise_ms);
}

/// Conductance at some time after the event, from the definition.   [uS]
double conductance_uS(const PatchModel& model, double since_ms)
{
    if (model.rise_ms == 0.0) {
        return model.weight_uS * std::exp(-since_ms / model.decay_ms);
    }
    const auto shape = [&](double t_ms) { return std::exp(-t_ms / model.decay_ms) - std::exp(-t_ms / model.rise_ms); };
    return model.weight_uS * shape(since_ms) / shape(time_of_peak_ms(model));
}

/// Jahr & Stevens (1990), eq. 4, with 1 mM of magnesium.
double magnesium_share(double v_mV)
{
    return 1.0 / (1.0 + std::exp(-0.062 * v_mV) / 3.57);
}

/// V at the times k dt after the event, from the differential equation: classical Runge-Kutta of order 4 from the event on, at
/// 200 steps per ms at least (error below 1e-9 mV).
std::vector<double> exact_v_mV(const PatchModel& model)
{
    const auto slope = [&](double since_ms, double v_mV) {
        const double share = model.type == "nmda" ? magnesium_share(v_mV) : 1.0;
        return -(leak_uS * (v_mV - rest_mV) + conductance_uS(model, since_ms) * share * (v_mV - model.e_mV)) /
               capacitance_nF;
    };
    std::vector<double> values;
    double since_ms = 0.0;
    double v_mV = rest_mV;
    const auto n = std::lround(model.stop_ms / model.dt_ms);
    for (long k = 0; k <= n; ++k) {
        const double until_ms = static_cast<double>(k) * model.dt_ms - model.event_ms;
        if (until_ms > since_ms) {
            const auto parts = std::max(1L, std::lround(std::ceil(200.0 * (until_ms - since_ms))));
            const double h = (until_ms - since_ms) / static_cast<double>(parts);
            for (long j = 0; j < parts; ++j) {
                const double t = since_ms + static_cast<double>(j) * h;
                const double a = slope(t, v_mV);
                const double b = slope(t + 0.5 * h, v_mV + 0.5 * h * a);
                const double c = slope(t + 0.5 * h, v_mV + 0.5 * h * b);
                const double d = slope(t + h, v_mV + h * c);
                v_mV += h / 6.0 * (a + 2.0 * b + 2.0 * c + d);
            }
            since_ms = until_ms;
        }
        values.push_back(v_mV);
    }
    return values;
}

/// Voltage errors when the event falls at any share of a step after 1 ms, and the orders at each.
void check_event_inside_step(Findings& findings, PatchModel model, bool centred, double bound_mV)
{
    const std::vector<double> steps_ms{0.1, 0.05, 0.025};
    std::vector<double> largest_mV(steps_ms.size(), 0.0);
    double off = 0.0;
    for (const double share : {0.0, 1e-9, 0.21, 0.5, 0.77, 1.0 - 1e-9}) {
        std::vector<double> errors_mV;
        for (const double dt_ms : steps_ms) {
            model.dt_ms = dt_ms;
            model.event_ms = 1.0 + share * dt_ms;
            errors_mV.push_back(largest_difference(simulate(model, method_of(centred)).trace("v"), exact_v_mV(model)));
            auto& largest = largest_mV[errors_mV.size() - 1];
            largest = std::max(largest, errors_mV.back());
        }
        off = std::max(off, std::abs(std::log2(errors_mV[1] / errors_mV[2]) - (centred ? 2.0 : 1.0)));
    }
    const auto label = fmt::format("{}, {}, an event anywhere in a step: ", model.type, method_of(centred));
    findings.convergence(label + "voltage, dt 0.025 ms", steps_ms, largest_mV, bound_mV, "mV", centred ? 1.95 : 0.95,
                         centred ? 2.05 : 1.05);
    findings.error(fmt::format("{}order off {} at six places in a step", label, centred ? 2 : 1), off, 0.05, "");
}

/// The conductance over time; its largest value when the peak falls on a step.
void check_time_course(Findings& findings, PatchModel model)
{
    model.event_ms = 5.0 - (model.rise_ms == 0.0 ? 0.0137 : time_of_peak_ms(model));
    const auto g_uS = simulate(model, crank_nicolson).trace("s.g");
    double largest = 0.0;
    for (std::size_t k = 0; k < g_uS.size(); ++k) {
        const double since_ms = static_cast<double>(k) * model.dt_ms - model.event_ms;
        largest = std::max(largest, std::abs(g_uS[k] - (since_ms < 0.0 ? 0.0 : conductance_uS(model, since_ms))));
    }
    // What is left of an event at the end of its step is exact, and so is the decay of every step: only rounding adds up.
    findings.error(fmt::format("{}: largest error of the conductance, relative to the weight", model.type),
                   largest / model.weight_uS, 1e-12, "");
    if (model.rise_ms > 0.0) {
        const double peak_uS = *std::max_element(g_uS.begin(), g_uS.end());
        findings.error(fmt::format("{}: the peak is the weight, relative error", model.type),
                       std::abs(peak_uS / model.weight_uS - 1.0), 1e-12, "");
        findings.holds(fmt::format("{}: the peak comes when it should", model.type), g_uS[200] == peak_uS);
    }
}

/// What is left of the current of an NMDA synapse while an ideal clamp holds the voltage.
void check_block(Findings& findings)
{
    double largest = 0.0;
    for (const double level_mV : {-90.0, -65.0, -40.0, -13.0, 20.0, 60.0}) {
        PatchModel model{"nmda", 0.29, 43.0, 0.0};
        model.stimuli = fmt::format(
            "stimuli: [{{name: hold, type: voltage_clamp, at: soma, pulse: {{duration: 20 ms, amplitude: {} mV}}}}]\n",
            level_mV);
        const auto run = simulate(model, crank_nicolson);
        const double share = run.trace("s.i").back() / (run.trace("s.g").back() * level_mV);
        largest = std::max(largest, std::abs(share / magnesium_share(level_mV) - 1.0));
    }
    findings.error("nmda: share that magnesium leaves open at six voltages, relative error", largest, 1e-12, "");
}

const std::vector<double> event_times_ms{10.0, 15.0, 20.0, 22.0, 30.0};

/// Soma of 20 um and a dendrite of 500 um in 51 compartments, all passive; an exp_syn in compartment 40 and an exp2_syn in
/// compartment 10.
Experiment soma_and_dendrite(const std::string& method, double dt_ms)
{
    return Experiment(fmt::format(R"(axolemma: 1
cells:
  - name: cell
    morphology: {{ball_and_stick: {{soma_diameter: 20 um, dend_length: 500 um, dend_diameter: 2 um}}}}
    discretisation: {{d_lambda: 0.0307, frequency: 100 Hz}}
    membrane: {{cm: 1 uF/cm2, Ra: 150 ohm*cm, v_init: -70 mV}}
    channels: [{{channel: pas, parameters: {{g: 0.1 mS/cm2, e: -70 mV}}}}]
synapses:
  - {{name: excitation, type: exp_syn, at: {{section: "dend[0]", position: 0.8}}, parameters: {{tau: 2 ms, e: 0 mV}}}}
  - {{name: inhibition, type: exp2_syn, at: {{section: "dend[0]", position: 0.2}}, parameters: {{tau1: 0.5 ms, tau2: 5 ms, e: -80 mV}}}}
generators:
  - {{name: exciting, times: [10 ms, 20 ms, 22 ms]}}
  - {{name: inhibiting, times: [15 ms, 30 ms]}}
connections:
  - {{from: exciting, synapse: excitation, rule: all_to_all, weight: 0.001 uS, delay: 0 ms}}
  - {{from: inhibiting, synapse: inhibition, rule: all_to_all, weight: 0.002 uS, delay: 0 ms}}
recordings:
  - {{name: v, quantity: v, every: 0.025 ms, at: [soma, {{section: "dend[0]", position: {:.17g}}}, {{section: "dend[0]", position: {:.17g}}}]}}
  - {{quantity: excitation.i, every: 0.025 ms}}
  - {{quantity: inhibition.i, every: 0.025 ms}}
  - {{quantity: excitation.g, every: 0.025 ms}}
  - {{quantity: inhibition.g, every: 0.025 ms}}
run: {{stop: 100 ms, dt: {} ms, method: {}}}
)",
                                  10.5 / 51.0, 40.5 / 51.0, dt_ms, method));
}

/// Rows at which the last event is longer ago than this; at an event itself the table holds what was before it and a run
/// what is after it.
std::vector<double> since_events(const std::vector<double>& values, double more_than_ms)
{
    std::vector<double> kept;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double t_ms = 0.025 * static_cast<double>(i);
        const bool near = std::any_of(event_times_ms.begin(), event_times_ms.end(), [&](double event_ms) {
            return t_ms > event_ms - 1e-6 && t_ms < event_ms + more_than_ms + 1e-6;
        });
        if (!near) {
            kept.push_back(values[i]);
        }
    }
    return kept;
}

/// Largest errors of one run.
struct CableErrors {
    double soma_mV = 0, dendrite_mV = 0, i_nA = 0, g_uS = 0;
};

CableErrors cable_errors(const Table& table, const std::string& method, double dt_ms, double since_ms)
{
    const auto run = soma_and_dendrite(method, dt_ms);
    const auto error = [&](const std::string& recording, const std::string& column, std::size_t element = 0) {
        return largest_difference(since_events(run.trace(recording, element), since_ms),
                                  since_events(table.column(column), since_ms));
    };
    return {error("v", "v_soma_mV", 0), std::max(error("v", "v_dend0.2_mV", 1), error("v", "v_dend0.8_mV", 2)),
            std::max(error("excitation.i", "i_exp_nA"), error("inhibition.i", "i_exp2_nA")),
            std::max(error("excitation.g", "g_exp_uS"), error("inhibition.g", "g_exp2_uS"))};
}

/// Bounds of the errors at the last of the steps.
void check_cable(Findings& findings, const Table& table, const std::string& method, const std::vector<double>& steps_ms,
                 double since_ms, const CableErrors& bounds)
{
    std::vector<double> soma_mV, dendrite_mV, i_nA;
    double g_uS = 0.0;
    for (const double dt_ms : steps_ms) {
        const auto errors = cable_errors(table, method, dt_ms, since_ms);
        soma_mV.push_back(errors.soma_mV);
        dendrite_mV.push_back(errors.dendrite_mV);
        i_nA.push_back(errors.i_nA);
        g_uS = std::max(g_uS, errors.g_uS);
    }
    const auto label = fmt::format("{}, dt {} ms{}: ", method, steps_ms.back(),
                                   since_ms > 0.0 ? fmt::format(", from {} ms after events", since_ms) : "");
    const double low = method == crank_nicolson ? 1.9 : 0.9;
    findings.convergence(label + "soma", steps_ms, soma_mV, bounds.soma_mV, "mV", low, low + 0.2);
    findings.convergence(label + "dendrite at the synapses", steps_ms, dendrite_mV, bounds.dendrite_mV, "mV", low,
                         low + 0.2);
    findings.convergence(label + "currents", steps_ms, i_nA, bounds.i_nA, "nA", low, low + 0.2);
    findings.error(label + "conductances", g_uS, bounds.g_uS, "uS");
}

}  // namespace

void synapses_on_cable(const Settings& settings, Findings& findings)
{
    if (settings.data.empty()) {
        findings.skip("voltages, currents and conductances of two synapses", no_data);
        return;
    }
    const auto table = read_table(settings.data + "/reference/05_synapses_clamp_gap_ring/a_two_synapses.csv");
    const auto shape = soma_and_dendrite(backward_euler, 0.025);
    findings.holds("one compartment of soma and 51 of dendrite",
                   shape.simulation().populations().front().layout().n_cv == std::vector<std::int32_t>{1, 51});
    // Bounds of a third above what was measured. Conductances are exact; those of the table are to 1e-8 of the weight.
    check_cable(findings, table, backward_euler, {0.025, 0.0125, 0.00625}, 0.0, {2.3e-3, 0.023, 3e-5, 3e-11});
    // A dendritic compartment is charged by its neighbours within 1.4 us. Where an event makes its conductance jump,
    // Crank-Nicolson answers a longer step with a voltage that alternates around the right one, so the second order shows at
    // short steps, or later, or at other places; the last two rows say how much it is at a common step.
    check_cable(findings, table, crank_nicolson, {0.003125, 0.0015625, 0.00078125}, 0.0, {6e-8, 2.3e-5, 3e-8, 3e-11});
    check_cable(findings, table, crank_nicolson, {0.0125, 0.00625, 0.003125}, 0.25, {1e-6, 5.5e-6, 6.5e-9, 3e-11});
    const auto coarse = cable_errors(table, crank_nicolson, 0.025, 0.0);
    findings.error("crank_nicolson, dt 0.025 ms: soma", coarse.soma_mV, 6e-5, "mV");
    findings.error("crank_nicolson, dt 0.025 ms: dendrite at the synapses", coarse.dendrite_mV, 0.16, "mV");
}

void synapse_patch(const Settings&, Findings& findings)
{
    PatchModel one{"exp_syn", 0.0, 2.0, 0.0};
    PatchModel two{"exp2_syn", 0.5, 5.0, -80.0};
    PatchModel blocked{"nmda", 0.29, 43.0, 0.0};
    for (const bool centred : {false, true}) {
        // Measured 0.032, 0.0080 and 0.0024 mV, and 1.1e-4, 7.8e-6 and 2.9e-6 mV. At these steps the order is off by the next
        // order in dt, most where the conductance jumps (0.041).
        check_event_inside_step(findings, one, centred, centred ? 1.3e-4 : 0.04);
        check_event_inside_step(findings, two, centred, centred ? 1e-5 : 0.01);
        check_event_inside_step(findings, blocked, centred, centred ? 3.5e-6 : 3e-3);
    }
    for (const auto& model :
         {one, two, blocked, PatchModel{"ampa", 0.2, 1.74, 0.0}, PatchModel{"gaba", 0.2, 8.3, -80.0}}) {
        check_time_course(findings, model);
    }
    check_block(findings);
}

}  // namespace axolemma::verify
