// The bits of one model, written down: a change of any of them is a change of numbers and belongs into the changelog.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"

using namespace axolemma;
using test::simulate;

namespace {

/// Hashes of the model below. To renew them after a change that is meant, run
///     test_run "the model of the golden hashes*"
/// and put the hashes that it found in here.
///
/// They hold on every processor with a fused multiply-add. The model is at 6.3 degC, where no rate is scaled, and its
/// samples lie along the axes, so that the C library is asked for no number.
struct Golden {
    const char* method;
    const char* split_cables;
    const char* hash;
};
constexpr Golden golden[] = {
    {"crank_nicolson", "auto", "593c6070b1fdd1a5"},
    {"backward_euler", "auto", "1d28f61454a49ba2"},
    {"crank_nicolson", "always", "6afca260b9baa5da"},
    {"backward_euler", "always", "7eda05a466cb85b3"},
};

/// A soma of two samples, two dendrites from its end, one of which branches twice, and one from its start.
constexpr const char* tree_swc =
    "1 1 0 0 0 8 -1\n"
    "2 1 16 0 0 8 1\n"
    "3 3 16 40 0 1.5 2\n"
    "4 3 16 90 0 1 3\n"
    "5 3 56 90 0 0.75 4\n"
    "6 3 156 90 0 0.5 5\n"
    "7 3 16 90 70 0.5 4\n"
    "8 3 16 90 -80 0.5 4\n"
    "9 3 16 150 -80 0.25 8\n"
    "10 3 16 90 -160 0.25 8\n"
    "11 3 116 0 0 1 2\n"
    "12 3 -100 0 0 0.75 1\n";

std::string model(const std::string& swc)
{
    return R"yaml(
axolemma: 1
temperature: 6.3 degC
cells:
  - name: tree
    count: 9
    morphology: {file: ")yaml" +
           swc + R"yaml("}
    discretisation: {max_length: 15 um}
    membrane:
      - {cm: "1 uF/cm2 * uniform(0.8, 1.2)", Ra: "100 ohm*cm * uniform(0.9, 1.1)"}
      - {region: dend, v_init: "-65 mV + 4 mV * uniform(-1, 1)"}
    channels:
      - {channel: hh, parameters: {gnabar: "0.12 S/cm2 * uniform(0.9, 1.1)"}}
      - {channel: pas, region: {distance: [60 um, ~]}, parameters: {g: "0.1 mS/cm2 * (1 + cell/count)"}}
  - name: axon
    count: 4
    morphology: {cable: {length: 1500 um, diameter: 2 um}}
    discretisation: {max_length: 10 um}
    channels: [{channel: hh}]
  - name: cable
    morphology: {cable: {length: 500 um, diameter: [2 um, 1 um]}}
    discretisation: {max_length: 5 um}
    channels: [{channel: pas, parameters: {e: -65 mV}}]
stimuli:
  - {name: drive, type: current_clamp, cells: tree, at: soma, pulse: {delay: 0.513 ms, duration: 4 ms, amplitude: "0.1 nA * cell"}}
  - {name: tips, type: current_clamp, cells: tree, ids: [2, 7], at: tips, train: {delay: 1 ms, duration: 0.2 ms, period: 1.7 ms, count: 3, amplitude: 0.1 nA}}
  - {name: kick, type: current_clamp, cells: axon, at: {distance: 0 um}, pulse: {delay: 0.5 ms, duration: 0.5 ms, amplitude: 2 nA}}
  - {name: inside, type: current_clamp, cells: cable, at: {distance: 212 um}, pulse: {delay: 0.2 ms, duration: 3 ms, amplitude: 0.2 nA}}
  - {name: hold, type: voltage_clamp, cells: axon, ids: [3], at: {distance: 1100 um}, series_resistance: 5 Mohm, steps: {delay: 2 ms, levels: [{duration: 3 ms, level: -80 mV}]}}
  - {name: ideal, type: voltage_clamp, cells: tree, ids: [4], at: soma, steps: {delay: 1 ms, levels: [{duration: 1 ms, level: -80 mV}, {duration: 2 ms, level: -20 mV}]}}
recordings:
  - {quantity: v, cells: tree, region: all, every: 0.1 ms}
  - {name: ends, quantity: v, cells: tree, at: tips, every: 0.05 ms}
  - {quantity: hh.m, cells: tree, ids: [3, 8], region: dend, every: 0.25 ms}
  - {quantity: hh.ina, cells: axon, at: {distance: 500 um}}
  - {name: along, quantity: v, cells: cable, region: all, every: 0.5 ms}
  - {quantity: i_ion, cells: tree, ids: [0], region: all, every: 1 ms}
  - {quantity: stimulus.hold}
  - {quantity: spikes, cells: tree, at: soma, threshold: -20 mV}
  - {name: passing, quantity: spikes, cells: axon, at: [{distance: 200 um}, {distance: 900 um}]}
run: {stop: 6 ms, dt: 0.025 ms}
)yaml";
}

class GoldenModel {
public:
    std::string hash(const Golden& of, const std::string& group_cells = "", int threads = 1) const
    {
        std::vector<std::string> sets{fmt::format("run.method={}", of.method),
                                      fmt::format("run.split_cables={}", of.split_cables)};
        if (!group_cells.empty()) {
            sets.push_back("run.group_cells=" + group_cells);
        }
        const auto result = simulate(text_, sets, test::on_threads(threads));
        REQUIRE(result.outcome.complete);
        return fmt::format("{:016x}", result.outcome.result_hash);
    }
    std::vector<std::string> set(const Golden& of) const
    {
        return {fmt::format("run.method={}", of.method), fmt::format("run.split_cables={}", of.split_cables)};
    }
    const std::string& text() const { return text_; }

private:
    test::SwcFile file_{tree_swc};
    std::string text_ = model(file_.path());
};

}  // namespace

TEST_CASE("the model of the golden hashes has the bits that are written down, on every target with FMA",
          "[run][golden]")
{
    const auto targets = test::simd_names(true);
    if (targets.empty()) {
        WARN("this processor has no fused multiply-add: the golden hashes do not hold on it");
    }
    const GoldenModel model;
    for (const auto& one : golden) {
        for (const auto& name : targets) {
            INFO(one.method << ", split_cables " << one.split_cables << ", on " << name);
            const test::UseSimd use(name);
            CHECK(model.hash(one) == one.hash);
        }
    }
}

TEST_CASE("the model of the golden hashes has the same bits for every grouping, number of threads and target with FMA",
          "[run][golden][same bits]")
{
    const GoldenModel model;
    for (const auto& one : golden) {
        const auto expected = model.hash(one);
        for (const std::string group_cells : {"1", "2", "7", "1000"}) {
            INFO(one.method << ", split_cables " << one.split_cables << ", " << group_cells << " cells per group");
            CHECK(model.hash(one, group_cells) == expected);
        }
        for (const int threads : {2, 3}) {
            INFO(one.method << ", split_cables " << one.split_cables << ", " << threads << " threads");
            CHECK(model.hash(one, "2", threads) == expected);
        }
        for (const auto& name : test::simd_names(true)) {
            INFO(one.method << ", split_cables " << one.split_cables << ", on " << name);
            const test::UseSimd use(name);
            CHECK(model.hash(one, "3", 2) == expected);
        }
    }
}

TEST_CASE("cutting cables, the reference and a target without FMA move the last digits only", "[run][golden]")
{
    // Rounding of 1e-14 mV per step; spikes and trees let it grow (tests/unit/solve/test_lanes.cpp). The largest found after
    // these 6 ms is 5e-9 mV, on the upstroke of a later spike.
    const GoldenModel model;
    for (const auto& one : {golden[0], golden[1]}) {
        auto exact = model.set(one);
        exact.emplace_back("run.gate_evaluation=exact");
        const auto expected = simulate(model.text(), exact);
        const auto compare = [&](const test::Result& other, const std::string& how) {
            INFO(one.method << ", " << how);
            CHECK(other.outcome.result_hash != expected.outcome.result_hash);
            for (const std::size_t report : {0u, 1u, 4u}) {
                const auto& a = expected.sink.samples(report);
                const auto& b = other.sink.samples(report);
                REQUIRE(a.size() == b.size());
                double largest_mV = 0.0;
                for (std::size_t k = 0; k < a.size(); ++k) {
                    largest_mV = std::max(largest_mV, std::abs(a[k] - b[k]));
                }
                CHECK(largest_mV < 5e-8);
            }
            for (std::size_t p = 0; p < 2; ++p) {
                const auto a = expected.sink.sorted_spikes(p);
                const auto b = other.sink.sorted_spikes(p);
                REQUIRE(a.size() == b.size());
                for (std::size_t k = 0; k < a.size(); ++k) {
                    CHECK(a[k].time_ms == Approx(b[k].time_ms).epsilon(0).margin(1e-10));
                }
            }
        };
        for (const char* set : {"run.split_cables=always", "run.kernel=reference"}) {
            auto sets = exact;
            sets.emplace_back(set);
            compare(simulate(model.text(), sets), set);
        }
        for (const auto& name : test::simd_names(false)) {
            const test::UseSimd use(name);
            if (name != base::simd_names().front()) {
                compare(simulate(model.text(), exact), name);
            }
        }
    }
}

TEST_CASE("tables move spikes by less than a millionth of a millisecond, and exact gates give another hash",
          "[run][golden]")
{
    const GoldenModel model;
    for (const auto& one : {golden[0], golden[1]}) {
        auto exact = model.set(one);
        exact.emplace_back("run.gate_evaluation=exact");
        const auto a = simulate(model.text(), model.set(one));
        const auto b = simulate(model.text(), exact);
        CHECK(a.outcome.result_hash != b.outcome.result_hash);
        std::size_t n = 0;
        for (std::size_t p = 0; p < 2; ++p) {
            const auto by_table = a.sink.sorted_spikes(p);
            const auto by_formula = b.sink.sorted_spikes(p);
            REQUIRE(by_table.size() == by_formula.size());
            for (std::size_t k = 0; k < by_table.size(); ++k, ++n) {
                // A bound of 1e-7 moves voltages by up to 1e-6 mV, and they cross the threshold at 100 mV/ms and more.
                CHECK(by_table[k].time_ms == Approx(by_formula[k].time_ms).epsilon(0).margin(1e-6));
            }
        }
        CHECK(n > 5);
    }
}
