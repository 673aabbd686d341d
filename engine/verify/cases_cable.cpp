/// Passive cables against closed forms.
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/exact_cable.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

constexpr double rest_mV = -70.0;
constexpr double length_um = 1000.0;
constexpr double drive_nA = 0.1;

/// A sealed cable of about one length constant, driven at its start.
Experiment driven_cable(const std::string& diameter, int count, const std::string& recordings, const std::string& run)
{
    return Experiment(fmt::format(R"(axolemma: 1
cells:
  - name: cable
    morphology: {{cable: {{length: {} um, diameter: {}}}}}
    discretisation: {{count: {}}}
    membrane: {{cm: 1 uF/cm2, Ra: 150 ohm*cm, v_init: {} mV}}
    channels: [{{channel: pas, parameters: {{g: 0.05 mS/cm2, e: {} mV}}}}]
stimuli: [{{name: drive, type: current_clamp, at: {{section: "axon[0]", position: 0}}, pulse: {{duration: 10 s, amplitude: {} nA}}}}]
recordings: [{}]
run: {{{}}}
)",
                                  length_um, diameter, count, rest_mV, rest_mV, drive_nA, recordings, run));
}

/// Backward Euler has settled to rounding after 60 steps of 5 time constants.
const std::string to_steady_state = "stop: 6 s, dt: 100 ms, method: backward_euler";
const std::string everywhere = "{name: all, quantity: v, region: all, start: 6 s}";

std::string at(double position)
{
    return fmt::format("{{section: \"axon[0]\", position: {}}}", position);
}

/// Largest error at the compartment centres and at some places, of the steady state with `count` compartments.
struct SteadyErrors {
    double centres = 0, places = 0;
};

template <class Cable>
SteadyErrors steady_errors(const Cable& cable, const std::string& diameter, int count,
                           const std::vector<double>& places)
{
    std::string list;
    for (const double place : places) {
        list += at(place) + ", ";
    }
    const auto run = driven_cable(
        diameter, count, fmt::format("{}, {{name: places, quantity: v, start: 6 s, at: [{}]}}", everywhere, list),
        to_steady_state);
    const auto exact_mV = [&](double position) { return rest_mV + steady_mV(cable, drive_nA, position * length_um); };
    SteadyErrors errors;
    for (int k = 0; k < count; ++k) {
        const double v_mV = run.trace("all", static_cast<std::size_t>(k)).back();
        errors.centres = std::max(errors.centres, std::abs(v_mV - exact_mV((k + 0.5) / count)));
    }
    for (std::size_t k = 0; k < places.size(); ++k) {
        errors.places = std::max(errors.places, std::abs(run.trace("places", k).back() - exact_mV(places[k])));
    }
    return errors;
}

template <class Cable>
void check_steady_state(Findings& findings, const Cable& cable, const std::string& diameter, double centres_bound_mV,
                        double ends_bound_mV, double between_bound_mV)
{
    const std::string label = "diameter " + diameter;
    const std::vector<double> steps{1.0 / 25, 1.0 / 50, 1.0 / 100};
    std::vector<double> centres, ends, between;
    for (const double step : steps) {
        const int count = static_cast<int>(std::lround(1.0 / step));
        const auto at_ends = steady_errors(cable, diameter, count, {0.0, 1.0});
        // On compartment boundaries, where nothing but interpolation gives a voltage.
        const auto at_boundaries = steady_errors(cable, diameter, count, {0.2, 0.4, 0.8});
        centres.push_back(at_ends.centres);
        ends.push_back(at_ends.places);
        between.push_back(at_boundaries.places);
    }
    findings.convergence(label + ", steady state, 100 compartments: largest error at centres", steps, centres,
                         centres_bound_mV, "mV", 1.9, 2.1);
    findings.convergence(label + ", steady state, 100 compartments: largest error at both ends", steps, ends,
                         ends_bound_mV, "mV", 1.9, 2.1);
    findings.convergence(label + ", steady state, 100 compartments: largest error between centres", steps, between,
                         between_bound_mV, "mV", 1.9, 2.1);
}

}  // namespace

void sealed_cable(const Settings&, Findings& findings)
{
    const Cylinder cylinder{length_um, 2.0, 150.0, 1.0, 5e-5};
    check_steady_state(findings, cylinder, "2 um", 4e-4, 1.5e-3, 1.5e-3);
    // The transient, Crank-Nicolson with a step that adds less than a tenth of the grid's error.
    const std::vector<double> steps{1.0 / 20, 1.0 / 40, 1.0 / 80};
    std::vector<double> near, middle, far;
    for (const double step : steps) {
        const int count = static_cast<int>(std::lround(1.0 / step));
        const auto run =
            driven_cable("2 um", count,
                         fmt::format("{{name: v, quantity: v, start: 1 ms, at: [{}, {}, {}]}}", at(0), at(0.5), at(1)),
                         "stop: 20 ms, dt: 0.01 ms, method: crank_nicolson");
        std::vector<double> largest;
        for (const double position : {0.0, 0.5, 1.0}) {
            const auto v_mV = run.trace("v", largest.size());
            std::vector<double> exact_mV;
            for (std::size_t i = 0; i < v_mV.size(); ++i) {
                const double t_ms = 1.0 + 0.01 * static_cast<double>(i);
                exact_mV.push_back(rest_mV + step_response_mV(cylinder, drive_nA, position * length_um, t_ms));
            }
            largest.push_back(largest_difference(v_mV, exact_mV));
        }
        near.push_back(largest[0]);
        middle.push_back(largest[1]);
        far.push_back(largest[2]);
    }
    findings.convergence("transient, 80 compartments: largest error at the driven end, 1 to 20 ms", steps, near, 5e-3,
                         "mV", 1.9, 2.1);
    findings.convergence("transient, 80 compartments: largest error in the middle", steps, middle, 2e-3, "mV", 1.9,
                         2.1);
    findings.convergence("transient, 80 compartments: largest error at the sealed end", steps, far, 2e-3, "mV", 1.9,
                         2.1);
}

void tapered_cable(const Settings&, Findings& findings)
{
    const Cone narrowing{length_um, 4.0, 1.0, 150.0, 5e-5};
    check_steady_state(findings, narrowing, "[4 um, 1 um]", 5e-4, 8e-4, 8e-4);
    const Cone widening{length_um, 1.0, 3.0, 150.0, 5e-5};
    check_steady_state(findings, widening, "[1 um, 3 um]", 1.2e-3, 2.5e-3, 1.6e-3);
}

}  // namespace axolemma::verify
