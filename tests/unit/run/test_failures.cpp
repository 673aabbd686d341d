#include <algorithm>
#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::simulate;

namespace {

/// Cell 2 of 4 gets a current that no membrane can stand.
const std::string doomed = R"yaml(
axolemma: 1
cells:
  - name: calm
    morphology: {patch: {area: 1000 um2}}
    channels: [{channel: hh}]
  - name: stick
    count: 4
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 100 um, dend_diameter: 2 um}}
    discretisation: {count: 2}
    channels: [{channel: pas}]
stimuli:
  - {type: current_clamp, cells: stick, ids: [2], at: {section: "dend[0]", position: 0.75}, pulse: {delay: 1 ms, duration: 9 ms, amplitude: 1 A}}
recordings:
  - {quantity: v, cells: stick, at: soma}
  - {quantity: spikes, cells: calm, at: soma, threshold: -65.0001 mV}
run: {stop: 10 ms, dt: 0.025 ms}
)yaml";

}  // namespace

TEST_CASE("a voltage that leaves the range of numbers stops the run with time, cell, section and value",
          "[run][failure]")
{
    for (const std::string cells : {"1", "2", "1000"}) {
        const auto result = simulate(doomed, {"run.group_cells=" + cells}, test::on_threads(2));
        CHECK_FALSE(result.outcome.complete);
        CHECK(result.outcome.failure ==
              "the voltage left the range of numbers at t = 1.025 ms in cell 2 of 'stick', soma[0](0.25): 3.40093e+08 "
              "mV; what was recorded "
              "before is saved");
        CHECK(result.outcome.n_steps == 40);
        CHECK(result.sink.samples(0).size() == 41 * 4);  // everything before, nothing after
        for (const double v : result.sink.samples(0)) {
            CHECK(std::abs(v) < 100.0);
        }
    }
}

TEST_CASE("a start beyond all numbers stops at the first step and keeps the first sample", "[run][failure]")
{
    auto model = config::parse_model(doomed, "test.yaml");
    model.stimuli.clear();
    model.cells[1].membrane.resize(1);
    model.cells[1].membrane[0].v_init_mV = model::Value{base::Expression::constant(1e300), {}};
    run::Simulation simulation(std::move(model));
    const auto result = simulate(simulation);
    CHECK_FALSE(result.outcome.complete);
    CHECK(result.outcome.n_steps == 0);
    CHECK(result.sink.samples(0).size() == 4);
    CHECK(result.outcome.failure ==
          "the voltage left the range of numbers at t = 0.025 ms in cell 0 of 'stick', soma[0](0.25): 9.75309e+299 mV; "
          "what was recorded "
          "before is saved");
}

TEST_CASE("a run that is asked to stop ends cleanly with what it has", "[run]")
{
    int asked = 0;
    run::RunOptions options;
    options.stop_requested = [&] { return ++asked == 2; };
    const auto result = simulate(doomed, {"stimuli=[]", "run.stop=100 ms"}, options);
    CHECK_FALSE(result.outcome.complete);
    CHECK(result.outcome.failure.empty());
    CHECK(result.outcome.n_steps == 2000);
    CHECK(result.sink.samples(0).size() == 2001 * 4);
}

TEST_CASE("progress counts up to the number of steps and is told from one thread", "[run]")
{
    std::vector<std::int64_t> told;
    run::RunOptions options;
    options.threads = 2;
    options.progress = [&](std::int64_t done, std::int64_t total) {
        CHECK(total == 4000);
        told.push_back(done);
    };
    simulate(doomed, {"stimuli=[]", "run.stop=100 ms", "run.group_cells=1"}, options);
    REQUIRE(told.size() > 1);
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(told.back() == 4000);
}

TEST_CASE("a cell that leaves the range of numbers is named whoever shares its group, and the others stay as they are",
          "[run][failure]")
{
    const std::string mixed = R"yaml(
axolemma: 1
cells:
  - {name: short, morphology: {cable: {length: 20 um, diameter: 20 um}}, discretisation: {count: 1}, channels: [{channel: hh}]}
  - {name: bad, morphology: {cable: {length: 60 um, diameter: 20 um}}, discretisation: {count: 3}, channels: [{channel: hh}]}
  - {name: long, count: 7, morphology: {cable: {length: 2000 um, diameter: 2 um}}, discretisation: {count: 20}, channels: [{channel: hh}]}
stimuli:
  - {name: s, type: current_clamp, cells: bad, at: {section: "axon[0]", position: 0.5}, pulse: {delay: 1 ms, duration: 5 ms, amplitude: -16000 nA}}
recordings:
  - {name: v, quantity: v, cells: bad, at: [{section: "axon[0]", position: 0.5}]}
run: {stop: 5 ms, dt: 0.025 ms, method: backward_euler}
)yaml";
    const std::string copies = R"yaml(
axolemma: 1
cells:
  - {name: c, count: 16, morphology: {cable: {length: 60 um, diameter: 20 um}}, discretisation: {count: 3}, channels: [{channel: hh}]}
stimuli:
  - {name: s, type: current_clamp, cells: c, ids: [9], at: {section: "axon[0]", position: 0.5}, pulse: {delay: 1 ms, duration: 5 ms, amplitude: -16000 nA}}
recordings:
  - {name: v, quantity: v, cells: c, at: [{section: "axon[0]", position: 0.5}]}
run: {stop: 5 ms, dt: 0.025 ms, method: backward_euler}
)yaml";
    for (const auto& [text, who] : {std::pair{mixed, "cell 0 of 'bad'"}, std::pair{copies, "cell 9 of 'c'"}}) {
        const auto alone = test::simulate(text, {"run.group_cells=1"}).outcome.failure;
        CHECK(alone.find(who) != std::string::npos);
        for (const char* cells :
             {"run.group_cells=2", "run.group_cells=8", "run.group_cells=9", "run.group_cells=16"}) {
            CHECK(test::simulate(text, {cells}).outcome.failure == alone);
        }
    }
}
