// Channels read from text, from the file to the voltages.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

/// An axon of 40 compartments with this channel, kicked at its start.
std::string axon(const std::string& files, const std::string& channel, const std::string& run)
{
    return fmt::format(R"yaml(
axolemma: 1
temperature: 6.3 degC
{}
cells:
  - name: axon
    count: 3
    morphology: {{cable: {{length: 2 mm, diameter: 20 um}}}}
    discretisation: {{count: 40}}
    channels: [{}]
stimuli:
  - {{type: current_clamp, at: {{section: "axon[0]", position: 0}}, pulse: {{delay: 1 ms, duration: 1 ms, amplitude: 20 nA}}}}
recordings:
  - {{quantity: v, region: all}}
run: {{stop: 12 ms, dt: 0.025 ms, {}}}
)yaml",
                       files, channel, run);
}

std::vector<double> voltages(const std::string& text)
{
    run::Simulation simulation(config::parse_model(text, AXOLEMMA_SOURCE_DIR "/configs/axon.yaml", {}));
    const auto result = test::simulate(simulation);
    REQUIRE(result.outcome.complete);
    return result.sink.samples(0);
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    REQUIRE(a.size() == b.size());
    double worst = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        worst = std::max(worst, std::abs(a[k] - b[k]));
    }
    return worst;
}

}  // namespace

TEST_CASE("hh in C++, in YAML and in NMODL give the same voltages", "[run][channels]")
{
    const std::string parameters =
        "{channel: hh_text, parameters: {gnabar: 0.12 S/cm2, gkbar: 0.036 S/cm2, gl: 0.0003 S/cm2}}";
    for (const std::string run : {"gate_evaluation: exact", "gate_evaluation: tables",
                                  "gate_evaluation: exact, method: backward_euler", "kernel: reference"}) {
        INFO(run);
        const auto written = voltages(axon("", "{channel: hh}", run));
        CHECK(*std::max_element(written.begin(), written.end()) > 20.0);
        CHECK(largest_difference(voltages(axon("", "{channel: squid_hh}", run)), written) < 1e-9);
        CHECK(largest_difference(voltages(axon("channel_files: channels/hh_text.mod", parameters, run)), written) <
              1e-9);
    }
}

TEST_CASE("channels of the library with a calcium pool: same bits on any number of threads and cells per group",
          "[run][channels]")
{
    const std::string text = R"yaml(
axolemma: 1
temperature: 34 degC
cells:
  - name: cell
    count: 5
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 300 um, dend_diameter: 2 um}}
    discretisation: {max_length: 20 um}
    ions: [{ion: k, reversal: -85 mV}]
    channels:
      - {channel: passive, parameters: {g: 0.05 mS/cm2 * (1 + 0.1 * cell), e: -75 mV}}
      - {channel: na_t, region: soma}
      - {channel: k_v3, region: soma}
      - {channel: ca_hva, parameters: {gbar: 0.5 mS/cm2}}
      - {channel: ca_t, region: dend}
      - {channel: sk}
      - {channel: ca_pool, parameters: {}}
stimuli:
  - {type: current_clamp, at: soma, pulse: {delay: 1 ms, duration: 20 ms, amplitude: 0.3 nA + 0.05 nA * cell}}
recordings:
  - {quantity: v, region: all}
  - {quantity: ca.inside, region: all}
run: {stop: 30 ms, dt: 0.025 ms, gate_evaluation: exact}
)yaml";
    const auto wanted = test::simulate(text, {}, test::on_threads(1)).outcome.result_hash;
    for (const std::string set : {"run.group_cells=1", "run.group_cells=2", "run.group_cells=5"}) {
        INFO(set);
        CHECK(test::simulate(text, {set}, test::on_threads(2)).outcome.result_hash == wanted);
    }
}
