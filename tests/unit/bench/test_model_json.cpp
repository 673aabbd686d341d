#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "bench/model_json.hpp"
#include "bench/workloads.hpp"
#include "config/config.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using namespace axolemma::bench;

namespace {

std::string json_of(const std::string& name)
{
    auto workload = make_workload(name, {});
    return model_json(run::Simulation(std::move(workload.model)), name);
}

/// The whole numbers that follow a key.
std::vector<std::int64_t> numbers_after(const std::string& text, const std::string& key)
{
    std::vector<std::int64_t> numbers;
    const std::string start = "\"" + key + "\": ";
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
        numbers.push_back(std::stoll(text.substr(at + start.size(), 20)));
    }
    return numbers;
}

/// Message of the error that describing a configuration ends with, or "accepted".
std::string message(const std::string& cell, const std::string& more = "")
{
    const std::string text = "axolemma: 1\ncells: [{name: cell, morphology: {patch: {area: 1000 um2}}, " + cell +
                             "}]\n" + more + "run: {stop: 1 ms, dt: 0.025 ms}\n";
    try {
        model_json(run::Simulation(config::parse_model(text, "test.yaml")), "test");
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("the cable of W1 for other simulators", "[bench]")
{
    CHECK(json_of("W1") ==
          R"({"workload": "W1", "dt_ms": 0.025, "stop_ms": 100, "temperature_degC": 6.3, "threshold_mV": 0,
 "cm_uF_per_cm2": 1, "ra_ohm_cm": 100, "v_init_mV": -65,
 "hh": {"gnabar_S_per_cm2": 0.12, "gkbar_S_per_cm2": 0.036, "gl_S_per_cm2": 0.0003, "ena_mV": 50, "ek_mV": -77, "el_mV": -54.3},
 "cells": [
  {"shape": 0, "stimuli": [{"section": 0, "position": 0, "delay_ms": 1, "duration_ms": 1, "amplitude_nA": 1}], "detectors": [{"section": 0, "position": 0}, {"section": 0, "position": 1}], "synapses": []}],
 "connections": [],
 "events": [],
 "shapes": [
  {"sections": [
    {"name": "axon[0]", "parent": -1, "parent_position": 1, "n_compartments": 1000, "points": [[0, 0, 0, 2], [10000, 0, 0, 2]]}]}]}
)");
}

TEST_CASE("identical cells share one shape, with all its compartments", "[bench]")
{
    const auto text = json_of("W2");
    const auto counts = numbers_after(text, "n_compartments");
    CHECK(counts.size() == 128);
    CHECK(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) == 382);
    CHECK(numbers_after(text, "shape") == std::vector<std::int64_t>(256, 0));
}

TEST_CASE("the leak of Rallpack 3 is in its description", "[bench]")
{
    CHECK_THAT(json_of("W3"), Catch::Matchers::ContainsSubstring("\"gl_S_per_cm2\": 2.5e-05") &&
                                  Catch::Matchers::ContainsSubstring("\"el_mV\": -65}"));
}

TEST_CASE("a model that the description cannot say is refused", "[bench]")
{
    const std::string hint =
        " cannot be written for other simulators\n  hint: --write-model needs hh alone on every compartment, the same "
        "membrane everywhere, pulses of current, one spike threshold, exp_syn with constant parameters at one place "
        "each, "
        "spikes of connections that are recorded, and generators with listed times\n";
    CHECK(message("channels: [{channel: hh}]") == "accepted");
    CHECK(message("channels: [{channel: pas}]") == "error: the membrane of 'cell'" + hint);
    CHECK(message("channels: [{channel: hh}, {channel: pas}]") == "error: the membrane of 'cell'" + hint);
    CHECK(message("count: 2, channels: [{channel: hh, parameters: {gl: 1e-4 S/cm2 * (1 + cell)}}]") ==
          "error: the population 'cell' of different cells" + hint);
    CHECK(
        message(
            "channels: [{channel: hh}]",
            "stimuli: [{name: ramp, type: current_clamp, at: soma, ramp: {duration: 1 ms, from: 0 nA, to: 1 nA}}]\n") ==
        "error: the stimulus 'ramp'" + hint);
    const std::string hh = "count: 2, channels: [{channel: hh}]";
    const auto network = [](const std::string& synapse, const std::string& generator, const std::string& detect,
                            const std::string& weight, const std::string& more = "") {
        return "synapses: [{name: s, at: soma, " + synapse + "}]\ngenerators: [{name: g, " + generator +
               "}]\nconnections: [{name: c, from: cell, synapse: s, offset: 1, delay: 1 ms, weight: " + weight +
               detect +
               "}, {name: d, from: g, synapse: s, rule: all_to_all, delay: 0 ms, weight: 1 nS}]\n"
               "recordings: [{quantity: spikes, threshold: 0 mV, at: soma}]\n" +
               more;
    };
    CHECK(message(hh, network("type: exp_syn", "times: [1 ms]", "", "1 nS")) == "accepted");
    CHECK(message(hh, network("type: ampa", "times: [1 ms]", "", "1 nS")) == "error: the synapse 's'" + hint);
    CHECK(message(hh, network("type: exp_syn, parameters: {tau: (1 + cell) * 1 ms}", "times: [1 ms]", "", "1 nS")) ==
          "error: the synapse 's'" + hint);
    CHECK(message(hh, network("type: exp_syn", "regular: {interval: 1 ms}", "", "1 nS")) ==
          "error: the generator 'g'" + hint);
    CHECK(message(hh, network("type: exp_syn", "times: [1 ms]", ", detect: {threshold: 5 mV}", "1 nS")) ==
          "error: the connection 'c', whose spikes are not recorded," + hint);
    CHECK(message(hh, network("type: exp_syn", "times: [1 ms]", "", "exp(-distance / 1 um) * 1 nS")) ==
          "error: the connection 'c'" + hint);
    CHECK(message(hh, network("type: exp_syn", "times: [1 ms]", "", "1 nS",
                              "gap_junctions: [{at: soma, "
                              "rule: all_to_all, conductance: 1 nS}]\n")) == "error: gap junctions" + hint);
}

TEST_CASE("a network for other simulators has every wire, and events with their delays", "[bench]")
{
    const std::string config = R"(axolemma: 1
cells:
  - {name: a, count: 2, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}
  - {name: b, count: 2, morphology: {patch: {area: 2000 um2}}, channels: [{channel: hh}]}
synapses:
  - {name: fast, cells: b, type: exp_syn, at: soma, parameters: {tau: 1 ms, e: -10 mV}}
  - {name: slow, cells: b, ids: [1], type: exp_syn, at: soma}
generators: [{name: kick, count: 2, times: [1 ms, 3 ms]}]
connections:
  - {from: a, synapse: fast, rule: one_to_one, weight: 2 nS, delay: 1.5 ms}
  - {from: kick, from_ids: [1], synapse: slow, rule: all_to_all, weight: 3 nS, delay: 0.25 ms}
recordings: [{quantity: spikes, cells: a, threshold: 0 mV, at: soma}]
run: {stop: 1 ms, dt: 0.025 ms}
)";
    const auto text = model_json(run::Simulation(config::parse_model(config, "test.yaml")), "test");
    const auto contains = [&](const std::string& what) { CHECK_THAT(text, Catch::Matchers::ContainsSubstring(what)); };
    contains(R"("synapses": []},)");
    contains(R"("synapses": [{"section": 0, "position": 0.5, "tau_ms": 1, "e_mV": -10}]},)");
    contains(R"({"section": 0, "position": 0.5, "tau_ms": 1, "e_mV": -10}, )"
             R"({"section": 0, "position": 0.5, "tau_ms": 2, "e_mV": 0}])");
    contains(R"( "connections": [
  {"from_cell": 0, "detector": 0, "cell": 2, "synapse": 0, "weight_uS": 0.002, "delay_ms": 1.5},
  {"from_cell": 1, "detector": 0, "cell": 3, "synapse": 0, "weight_uS": 0.002, "delay_ms": 1.5}],
 "events": [
  {"t_ms": 1.25, "cell": 3, "synapse": 1, "weight_uS": 0.003},
  {"t_ms": 3.25, "cell": 3, "synapse": 1, "weight_uS": 0.003}],
)");
}
