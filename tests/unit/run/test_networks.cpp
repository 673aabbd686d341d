#include <cmath>
#include <filesystem>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::build;
using test::simulate;

namespace {

/// Two populations joined in every way there is: synapses at places and in regions, rules, random numbers, generators of all
/// kinds, gap junctions.
const std::string both = R"yaml(
axolemma: 1
cells:
  - name: E
    count: 20
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 200 um, dend_diameter: 2 um}}
    discretisation: {max_length: 20 um}
    channels: [{channel: hh, region: soma}, {channel: pas, region: dend}]
    position: {x: "uniform(0 um, 100 um)", y: "10 um * cell"}
  - name: I
    count: 6
    morphology: {patch: {area: 700 um2}}
    channels: [{channel: hh}]
synapses:
  - {name: exc, cells: E, type: ampa, region: dend}
  - {name: slow, cells: E, type: nmda, at: [{section: "dend[0]", position: 0.3}, {section: "dend[0]", position: 0.9}], parameters: {mg: "1 mM * uniform(0.8, 1.2)"}}
  - {name: inh, cells: E, type: gaba, at: soma}
  - {name: drive, cells: I, type: exp_syn, at: soma, parameters: {tau: 3 ms}}
generators:
  - {name: noise, count: 20, poisson: {rate: 400 Hz}}
  - {name: beat, regular: {start: 1 ms, interval: "3 ms", count: 5}}
connections:
  - {name: noisy, from: noise, synapse: exc, rule: one_to_one, weight: 0.01 uS, delay: 0 ms}
  - {name: beats, from: beat, synapse: slow, rule: all_to_all, weight: "uniform(0.0005 uS, 0.002 uS)", delay: 0.1 ms}
  - {name: EE, from: E, synapse: exc, in_degree: 4, weight: "normal(0.004 uS, 0.0004 uS)", delay: "0.4 ms + distance/(0.2 m/s)", detect: {threshold: -20 mV}}
  - {name: EI, from: E, synapse: drive, probability: "0.5*exp(-distance/200 um)", weight: 0.004 uS, delay: 0.7 ms, detect: {threshold: -20 mV}}
  - {name: IE, from: I, synapse: inh, offset: 1, to_ids: [0, 1, 2, 3, 4, 5], weight: 0.005 uS, delay: "uniform(0.3 ms, 3 ms)"}
gap_junctions: []
recordings:
  - {quantity: v, cells: E, region: all, every: 0.5 ms}
  - {quantity: slow.i, cells: E, every: 0.1 ms}
  - {quantity: drive.g}
  - {quantity: spikes, cells: E, at: soma, threshold: -20 mV}
  - {quantity: spikes, cells: I, at: soma}
run: {stop: 20 ms, dt: 0.025 ms}
)yaml";

const std::string joined = "gap_junctions=[{cells: I, at: soma, probability: 0.6, conductance: 0.0005 uS}]";

std::uint64_t hash(const std::vector<std::string>& sets, int threads = 1)
{
    return simulate(both, sets, test::on_threads(threads)).outcome.result_hash;
}

}  // namespace

TEST_CASE("a network has the same bits on any number of threads and in any groups", "[run][same bits]")
{
    for (const std::string method : {"run.method=crank_nicolson", "run.method=backward_euler"}) {
        for (const auto& gaps : {std::string("gap_junctions=[]"), joined}) {
            const auto one = hash({method, gaps});
            for (const std::string cells : {"1", "3", "8", "1000"}) {
                INFO(method << ", " << gaps << ", " << cells << " cells per group");
                CHECK(hash({method, gaps, "run.group_cells=" + cells}, 2) == one);
            }
        }
    }
}

TEST_CASE("the cells of the network speak to each other, and gap junctions and seeds change the result", "[run]")
{
    const auto result = simulate(both);
    CHECK(result.sink.sorted_spikes(0).size() > 20);
    CHECK(result.sink.sorted_spikes(1).size() > 5);
    const auto plain = result.outcome.result_hash;
    CHECK(hash({joined}) != plain);
    CHECK(hash({"run.seed=2"}) != plain);
    CHECK(hash({"connections.EI.weight=0 uS"}) != plain);
}

TEST_CASE("both kernels give the same spikes of a network", "[run]")
{
    // Exact gates on both sides; sums run in another order, so the last digits differ.
    const auto lanes = simulate(both, {joined, "run.gate_evaluation=exact"}).sink.sorted_spikes(0);
    const auto reference = simulate(both, {joined, "run.kernel=reference"}).sink.sorted_spikes(0);
    REQUIRE(lanes.size() == reference.size());
    for (std::size_t k = 0; k < lanes.size(); ++k) {
        CHECK(lanes[k].cell == reference[k].cell);
        CHECK(lanes[k].time_ms == Approx(reference[k].time_ms).margin(1e-7));
    }
}

TEST_CASE("a run goes on from a checkpoint with the same bits, in other groups and on other threads",
          "[run][same bits]")
{
    const auto path =
        (std::filesystem::temp_directory_path() / ("axolemma_" + std::to_string(getpid()) + ".checkpoint")).string();
    for (const std::string method : {"run.method=crank_nicolson", "run.method=backward_euler"}) {
        for (const std::int64_t every : {1, 37, 400}) {
            const auto whole = hash({method, joined});
            auto first = build(both, {method, joined});
            run::RunOptions stopped;
            stopped.checkpoint.path = path;
            stopped.checkpoint.every_steps = every;
            std::int64_t reached = 0;
            stopped.progress = [&](std::int64_t done, std::int64_t) { reached = done; };
            stopped.stop_requested = [&] { return reached >= 300; };
            const auto part = simulate(first, stopped);
            REQUIRE_FALSE(part.outcome.complete);
            REQUIRE(part.outcome.checkpointed);
            auto second = build(both, {method, joined});
            run::RunOptions resumed;
            resumed.threads = 2;
            resumed.resume_from = path;
            const auto rest = simulate(second, resumed);
            CHECK(rest.outcome.complete);
            CHECK(rest.outcome.first_step == part.outcome.n_steps);
            CHECK(rest.outcome.result_hash == whole);
        }
    }
    std::filesystem::remove(path);
}

TEST_CASE("a delay shorter than a step between cells is refused, and named", "[run]")
{
    const auto text = test::messages(both, {"connections.EI.delay=0.01 ms"});
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("is 0.01 ms, shorter than a step of 0.025 ms"));
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(" of 'E' to cell "));
}

TEST_CASE("a delay beyond the end of any run delivers nothing", "[run]")
{
    CHECK(hash({"connections.EI.delay=1e30 ms", "connections.IE.delay=1e30 ms"}) ==
          hash({"connections.EI.weight=0 uS", "connections.IE.weight=0 uS"}));
}

TEST_CASE("a generator that would fill the memory with the spikes of one step is refused, and named", "[run]")
{
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(test::messages(both, {"generators.noise.poisson.rate=1e12 Hz"}),
               ContainsSubstring("number 0 of 'noise' makes 2.5e+07 spikes per step"));
    const std::string often = "generators.beat.regular={interval: 1e-300 ms";
    CHECK_THAT(test::messages(both, {often + "}"}), ContainsSubstring("number 0 of 'beat' makes"));
    CHECK(test::messages(both, {often + ", count: 5}"}) == "accepted");
}

TEST_CASE("the resting voltage is the last one before a generator's first spike arrives", "[run]")
{
    auto simulation = build(both, {"generators.noise.poisson.start=3.2 ms", "generators.beat.regular.start=2.9 ms"});
    CHECK(simulation.facts().first_event_ms == Approx(3.0).margin(1e-12));  // with 0.1 ms of delay
    const auto result = simulate(simulation);
    REQUIRE(result.outcome.resting.size() == 1);
    // Sampled every 0.5 ms: at 2.5 ms, unless 2.9 ms + 0.1 ms is a rounding above 3 ms.
    const std::size_t row = simulation.facts().first_event_ms > 3.0 ? 6 : 5;
    const auto n_columns = simulation.reports().at(0).n_elements();
    CHECK(result.outcome.resting[0].voltage_mV == result.sink.samples(0)[row * n_columns]);
}
