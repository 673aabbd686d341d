#include <set>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::build;
using test::simulate;

namespace {

/// Two populations, cells that differ, every kind of clamp and recording.
const std::string mixed = R"yaml(
axolemma: 1
temperature: 16 degC
cells:
  - name: tree
    count: 11
    morphology: {binary_tree: {levels: 4, length: 60 um, diameter: 3 um, length_ratio: 0.8, diameter_ratio: 0.63}}
    discretisation: {count: 3}
    membrane:
      - {cm: "1 uF/cm2 * uniform(0.8, 1.2)", Ra: "normal(100 ohm*cm, 5 ohm*cm)"}
      - {region: {branch_order: [2, ~]}, v_init: "-65 mV + normal(0 mV, 2 mV)"}
    channels:
      - {channel: hh, parameters: {gnabar: "0.12 S/cm2 * uniform(0.9, 1.1)", gl: "0.3 mS/cm2 * exp(-distance/500 um)"}}
      - {channel: pas, region: {distance: [100 um, ~]}, parameters: {g: "0.1 mS/cm2 * (1 + cell/count)"}}
  - name: axon
    count: 5
    morphology: {cable: {length: 1 mm, diameter: [2 um, 1 um]}}
    discretisation: {max_length: 25 um}
    channels: [{channel: hh}]
stimuli:
  - {name: drive, type: current_clamp, cells: tree, at: {section: "dend[0]", position: 0}, pulse: {delay: 0.513 ms, duration: 8 ms, amplitude: "0.05 nA * cell"}}
  - {name: tips, type: current_clamp, cells: tree, ids: [2, 7], at: tips, train: {delay: 1 ms, duration: 0.2 ms, period: 1.7 ms, count: 4, amplitude: 0.1 nA}}
  - {name: kick, type: current_clamp, cells: axon, at: {distance: 0 um}, pulse: {delay: 1 ms, duration: 0.5 ms, amplitude: 2 nA}}
  - {name: hold, type: voltage_clamp, cells: axon, ids: [3], at: {distance: 900 um}, series_resistance: 5 Mohm, steps: {delay: 2 ms, levels: [{duration: 3 ms, level: -80 mV}]}}
recordings:
  - {quantity: v, cells: tree, region: all, every: 0.1 ms}
  - {name: ends, quantity: v, cells: tree, at: tips, every: 0.05 ms}
  - {quantity: hh.m, cells: tree, ids: [3, 9], region: {branch_order: [1, 2]}, every: 0.25 ms}
  - {quantity: hh.ina, cells: axon, at: {distance: 500 um}}
  - {quantity: i_ion, cells: tree, ids: [0], region: all, every: 1 ms, start: 2 ms}
  - {quantity: stimulus.hold}
  - {quantity: spikes, cells: tree, at: {section: "dend[0]", position: 0}, threshold: -20 mV}
  - {name: passing, quantity: spikes, cells: axon, at: [{distance: 200 um}, {distance: 500 um}, {distance: 800 um}]}
run: {stop: 12 ms, dt: 0.025 ms}
)yaml";

std::uint64_t hash(const std::vector<std::string>& sets, int threads = 1)
{
    return simulate(mixed, sets, test::on_threads(threads)).outcome.result_hash;
}

}  // namespace

TEST_CASE("any number of threads gives the same bits", "[run][same bits]")
{
    for (const std::string method : {"run.method=crank_nicolson", "run.method=backward_euler"}) {
        const auto one = hash({method, "run.group_cells=2"});
        for (const int threads : {2, 3, 8}) {
            CHECK(hash({method, "run.group_cells=2"}, threads) == one);
        }
    }
}

TEST_CASE("any packing into groups gives the same bits", "[run][same bits]")
{
    for (const std::string method : {"run.method=crank_nicolson", "run.method=backward_euler"}) {
        const auto by_engine = hash({method});
        for (const std::string cells : {"1", "2", "7", "1000"}) {
            INFO(cells << " cells per group, " << method);
            CHECK(hash({method, "run.group_cells=" + cells}, 2) == by_engine);
        }
    }
}

TEST_CASE("a group has the number of cells that was asked for, however small they are", "[run]")
{
    const auto n_groups = [](const std::vector<std::string>& sets) { return build(mixed, sets).facts().n_groups; };
    CHECK(n_groups({"run.group_cells=1"}) == 16);
    CHECK(n_groups({"run.group_cells=2"}) == 8);
    CHECK(n_groups({"run.group_cells=7"}) == 3);
    CHECK(n_groups({"run.group_cells=1000"}) == 1);
}

TEST_CASE("left to itself the engine puts small cells together until they fill lanes", "[run]")
{
    const std::string patches =
        "axolemma: 1\n"
        "cells: [{name: cell, count: 100, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}]\n"
        "run: {stop: 1 ms}\n";
    const auto facts = build(patches).facts();
    CHECK(facts.n_groups == 1);
    CHECK(facts.lane_fill > 0.95);
    CHECK(build(patches, {"cells.cell.count=2000"}).facts().n_groups >=
          3);  // and no further: there may be many threads
}

TEST_CASE("every recorded number and spike is the same in any packing", "[run][same bits]")
{
    const auto a = simulate(mixed, {"run.group_cells=1"}, test::on_threads(2));
    const auto b = simulate(mixed, {"run.group_cells=1000"}, test::on_threads(1));
    for (std::size_t r = 0; r < 6; ++r) {
        CHECK(a.sink.samples(r) == b.sink.samples(r));
    }
    for (std::size_t p = 0; p < 2; ++p) {
        CHECK_FALSE(a.sink.sorted_spikes(p).empty());
        CHECK(a.sink.sorted_spikes(p) == b.sink.sorted_spikes(p));
    }
}

TEST_CASE("a second run of the same simulation starts from the beginning", "[run][same bits]")
{
    auto simulation = build(mixed);
    const auto first = simulate(simulation);
    const auto second = simulate(simulation);
    CHECK(first.outcome.result_hash == second.outcome.result_hash);
    CHECK(first.sink.samples(1) == second.sink.samples(1));
    CHECK(first.outcome.sources.size() == second.outcome.sources.size());
}

TEST_CASE("anything that moves a result moves the hash", "[run][same bits]")
{
    std::set<std::uint64_t> hashes;
    const std::vector<std::vector<std::string>> variants{{},
                                                         {"run.seed=2"},
                                                         {"run.dt=0.0125 ms"},
                                                         {"run.method=backward_euler"},
                                                         {"temperature=16.0001 degC"},
                                                         {"stimuli.kick.pulse.amplitude=2.0001 nA"},
                                                         {"recordings.3.at={distance: 501 um}"},
                                                         {"recordings.7.threshold=1 mV"}};
    for (const auto& sets : variants) {
        hashes.insert(hash(sets));
    }
    CHECK(hashes.size() == variants.size());
}
