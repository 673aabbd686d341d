// A user's program: a patch of squid membrane, described in YAML, changed from C++, run in memory.
#include <base/diagnostics.hpp>
#include <base/version.hpp>
#include <config/config.hpp>
#include <run/simulation.hpp>

#include <algorithm>
#include <iostream>

namespace {

constexpr auto text = R"(
axolemma: 1
cells:
  - name: patch
    morphology: {patch: {length: 20 um, diameter: 20 um}}
    discretisation: {count: 1}
    membrane: {cm: 1 uF/cm2, Ra: 35.4 ohm*cm, v_init: -65 mV}
    channels:
      - channel: hh
stimuli:
  - {type: current_clamp, at: soma, pulse: {delay: 1 ms, duration: 1 ms, amplitude: 0.2 nA}}
recordings:
  - {quantity: v, at: soma}
  - {quantity: spikes, at: soma}
run: {stop: 10 ms, dt: 0.025 ms}
)";

}  // namespace

int main()
{
    using namespace axolemma;
    std::cout << base::version_text() << '\n';

    model::Model model = config::parse_model(text, "patch.yaml");
    model.run.dt_ms = 0.01;
    run::Simulation simulation(std::move(model));
    run::MemorySink sink;
    const run::Outcome outcome = simulation.run({}, sink);
    const auto& voltage = sink.samples(0);
    const double peak_mV = *std::max_element(voltage.begin(), voltage.end());
    const auto spikes = sink.sorted_spikes(0);
    std::cout << outcome.n_steps << " steps, " << spikes.size() << " spike, peak " << peak_mV << " mV\n";
    if (!outcome.complete || outcome.n_steps != 1000 || spikes.size() != 1 || peak_mV < 30 || peak_mV > 50) return 1;

    try {
        config::parse_model("axolemma: 1\nruns: {}\n", "wrong.yaml");
    } catch (const base::InputError& error) {
        std::cout << error.what();
        return 0;
    }
    std::cout << "a wrong key was accepted\n";
    return 1;
}
