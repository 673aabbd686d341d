/// The same bits for every number of threads and every grouping of cells.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "verify/cases.hpp"
#include "verify/experiment.hpp"

namespace axolemma::verify {

namespace {

/// Two populations whose cells all differ, with stimuli, recordings and spikes.
std::string mixed_model(const std::string& method, const std::string& group_cells, int seed)
{
    return fmt::format(R"yaml(axolemma: 1
temperature: 6.3 degC
cells:
  - name: cones
    count: 9
    morphology: {{cable: {{length: 800 um, diameter: [3 um, 1 um]}}}}
    discretisation: {{max_length: 40 um}}
    membrane: {{cm: "uniform(0.9 uF/cm2, 1.1 uF/cm2)", Ra: "100 ohm*cm * (1 + 0.02 * cell)"}}
    channels: [{{channel: hh, parameters: {{gnabar: "normal(120 mS/cm2, 5 mS/cm2)"}}}}]
  - name: trees
    count: 5
    morphology: {{binary_tree: {{levels: 4, length: 60 um, diameter: 3 um, length_ratio: 0.8, diameter_ratio: 0.63}}}}
    discretisation: {{count: 3}}
    channels:
      - {{channel: pas, parameters: {{g: "0.05 mS/cm2 * exp(distance/200 um)", e: "normal(-65 mV, 1 mV)"}}}}
stimuli:
  - {{name: kick, type: current_clamp, cells: cones, at: {{distance: 0 um}}, pulse: {{delay: 1 ms, duration: 1 ms, amplitude: "1 nA + 0.1 nA * cell"}}}}
  - {{name: noise, type: current_clamp, cells: trees, at: tips, sine: {{duration: 10 ms, amplitude: "uniform(0 nA, 0.1 nA)", frequency: 100 Hz}}}}
  - {{name: hold, type: voltage_clamp, cells: trees, ids: [1, 3], at: {{distance: 0 um}}, pulse: {{delay: 3 ms, duration: 2 ms, amplitude: -40 mV}}}}
recordings:
  - {{name: v_cones, quantity: v, cells: cones, region: all, every: 0.1 ms}}
  - {{name: v_tips, quantity: v, cells: trees, at: tips}}
  - {{name: m, quantity: hh.m, cells: cones, at: {{section: "axon[0]", position: 1}}}}
  - {{name: current, quantity: i_ion, cells: trees, at: {{distance: 0 um}}}}
  - {{quantity: spikes, cells: cones, at: [{{section: "axon[0]", position: 0.5}}, {{section: "axon[0]", position: 1}}]}}
run: {{stop: 8 ms, dt: 0.025 ms, method: {}, seed: {}{}}}
)yaml",
                       method, seed, group_cells);
}

std::uint64_t hash_of(const std::string& method, const std::string& group_cells, int seed, int threads)
{
    return Experiment(mixed_model(method, group_cells, seed), threads).outcome().result_hash;
}

}  // namespace

void same_bits(const Settings&, Findings& findings)
{
    for (const std::string method : {crank_nicolson, backward_euler}) {
        const auto expected = hash_of(method, "", 1, 1);
        int different = 0;
        for (const int threads : {1, 2, 3, 8}) {
            for (const char* group_cells :
                 {", group_cells: 1", ", group_cells: 2", ", group_cells: 7", ", group_cells: 1000", ""}) {
                different += hash_of(method, group_cells, 1, threads) == expected ? 0 : 1;
            }
        }
        findings.error(
            fmt::format("{}: different hashes with 1, 2, 3, 8 threads x 1, 2, 7, all cells per group", method),
            different, 0, "");
        findings.holds(fmt::format("{}: another seed gives another hash", method),
                       hash_of(method, "", 2, 1) != expected);
    }
}

}  // namespace axolemma::verify
