/// The same bits for every number of threads, every grouping of cells and every instruction set with a fused multiply-add;
/// the last digits for everything else that must not matter.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/simd.hpp"
#include "verify/cases.hpp"
#include "verify/experiment.hpp"
#include "verify/measure.hpp"

namespace axolemma::verify {

namespace {

/// Two populations whose cells all differ, with stimuli, recordings and spikes.
/// @param run_keys  further keys of `run`, as in ", kernel: reference"
std::string mixed_model(const std::string& method, const std::string& run_keys, int seed)
{
    return fmt::format(R"yaml(axolemma: 1
temperature: 6.3 degC
cells:
  - name: cones
    count: 9
    morphology: {{cable: {{length: 800 um, diameter: [3 um, 1 um]}}}}
    discretisation: {{max_length: 10 um}}
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
                       method, seed, run_keys);
}

std::uint64_t hash_of(const std::string& method, const std::string& run_keys, int seed, int threads)
{
    return Experiment(mixed_model(method, run_keys, seed), threads).outcome().result_hash;
}

/// Does an instruction set have a fused multiply-add? Those without round twice where the others round once.
bool has_fma(const std::string& name)
{
    const auto begins = [&](const char* with) { return name.rfind(with, 0) == 0; };
    return begins("AVX2") || begins("AVX3") || begins("NEON") || begins("SVE");
}

/// Runs everything on one instruction set, until it is gone.
class OnTarget {
public:
    explicit OnTarget(const std::string& name) { base::use_simd(name); }
    ~OnTarget() { base::use_simd(""); }
    OnTarget(const OnTarget&) = delete;
    OnTarget& operator=(const OnTarget&) = delete;
};

void compare_groupings(Findings& findings, const std::string& method)
{
    const auto expected = hash_of(method, "", 1, 1);
    int different = 0;
    for (const int threads : {1, 2, 3, 8}) {
        for (const char* group_cells :
             {", group_cells: 1", ", group_cells: 2", ", group_cells: 7", ", group_cells: 1000", ""}) {
            different += hash_of(method, group_cells, 1, threads) == expected ? 0 : 1;
        }
    }
    findings.error(fmt::format("{}: different hashes with 1, 2, 3, 8 threads x 1, 2, 7, all cells per group", method),
                   different, 0, "");
    findings.holds(fmt::format("{}: another seed gives another hash", method), hash_of(method, "", 2, 1) != expected);
}

void compare_targets(Findings& findings, const std::string& method)
{
    std::vector<std::string> names;
    int different = 0;
    for (const auto& name : base::simd_names()) {
        if (!has_fma(name)) {
            continue;
        }
        names.push_back(name);
        for (const char* run_keys : {"", ", gate_evaluation: exact", ", split_cables: always"}) {
            const auto best = hash_of(method, run_keys, 1, 1);
            const OnTarget on(name);
            different += hash_of(method, run_keys, 1, 1) == best ? 0 : 1;
        }
    }
    const auto label = fmt::format("{}: different hashes on instruction sets with FMA", method);
    if (names.empty()) {
        findings.skip(label, "this processor has none");
    } else {
        findings.error(fmt::format("{} ({})", label, fmt::join(names, ", ")), different, 0, "");
    }
}

/// Largest difference of the voltages of all cones and of the tips of the first tree.
double largest_difference_mV(const Experiment& a, const Experiment& b)
{
    double largest = 0.0;
    for (const std::string recording : {"v_cones", "v_tips"}) {
        for (std::size_t element = 0; element < 8; ++element) {
            largest = std::max(largest, largest_difference(a.trace(recording, element), b.trace(recording, element)));
        }
    }
    return largest;
}

void compare_kernels(Findings& findings, const std::string& method)
{
    const std::string exact = ", gate_evaluation: exact";
    const Experiment lanes(mixed_model(method, exact, 1));
    const Experiment reference(mixed_model(method, ", kernel: reference", 1));
    const Experiment split(mixed_model(method, exact + ", split_cables: always", 1));
    // Rounding, which the upstroke of spikes lets grow.
    constexpr double bound_mV = 1e-9;
    findings.error(fmt::format("{}, exact gates: lanes against the reference, largest |V - V|", method),
                   largest_difference_mV(lanes, reference), bound_mV, "mV");
    findings.error(fmt::format("{}, exact gates: cables cut against whole, largest |V - V|", method),
                   largest_difference_mV(lanes, split), bound_mV, "mV");
    if (const auto last = base::simd_names().back(); !has_fma(last)) {
        const OnTarget on(last);
        const Experiment without(mixed_model(method, exact, 1));
        findings.error(
            fmt::format("{}, exact gates: {} against {}, largest |V - V|", method, last, base::simd_names().front()),
            largest_difference_mV(lanes, without), bound_mV, "mV");
    }
}

}  // namespace

void same_bits(const Settings&, Findings& findings)
{
    for (const std::string method : {crank_nicolson, backward_euler}) {
        compare_groupings(findings, method);
        compare_targets(findings, method);
        compare_kernels(findings, method);
    }
}

}  // namespace axolemma::verify
