#include <algorithm>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::build;
using test::simulate;

namespace {

const std::string patch = R"yaml(
axolemma: 1
cells:
  - {name: cell, count: 2, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}
stimuli:
  - {type: current_clamp, at: soma, pulse: {delay: 5 ms, duration: 1 s, amplitude: 0.1 nA}}
recordings:
  - {quantity: v, at: soma}
  - {name: seldom, quantity: v, at: soma, every: 0.7 ms}
  - {name: late, quantity: v, at: soma, every: 0.5 ms, start: 10 ms, stop: 20.2 ms}
  - {name: once, quantity: v, at: soma, every: 1 s}
  - {quantity: spikes, at: soma}
run: {stop: 100 ms, dt: 0.025 ms}
)yaml";

/// Counts rows and remembers the largest hand-over.
class CountingSink : public run::Sink {
public:
    void rows(std::size_t report, std::span<const double> values, std::size_t n_rows) override
    {
        CHECK(values.size() % n_rows == 0);
        n.resize(std::max(n.size(), report + 1));
        n[report] += n_rows;
        largest = std::max(largest, values.size());
    }
    void spikes(std::size_t, std::span<const record::Spike> list) override
    {
        for (const auto& spike : list) {
            ordered = ordered && spike.time_ms >= last_ms;
            last_ms = spike.time_ms;
        }
        n_spikes += list.size();
    }
    std::vector<std::size_t> n;
    std::size_t largest = 0, n_spikes = 0;
    double last_ms = 0;
    bool ordered = true;
};

}  // namespace

TEST_CASE("a recording has one row per interval, ends included", "[run][streaming]")
{
    auto simulation = build(patch);
    CountingSink sink;
    simulation.run({}, sink);
    // 100 ms / 0.025 ms + 1; 100/0.7 = 142.9; 10, 10.5, ..., 20; 0 only.
    CHECK(sink.n == std::vector<std::size_t>{4001, 143, 21, 1});
}

TEST_CASE("rows are the same samples however long the interval", "[run][streaming]")
{
    const auto result = simulate(patch);
    const auto& all = result.sink.samples(0);
    const auto& seldom = result.sink.samples(1);
    const auto& late = result.sink.samples(2);
    for (std::size_t row = 0; row < 143; ++row) {
        CHECK(seldom[2 * row] == all[2 * 28 * row]);
        CHECK(seldom[2 * row + 1] == all[2 * 28 * row + 1]);
    }
    for (std::size_t row = 0; row < 21; ++row) {
        CHECK(late[2 * row] == all[2 * (400 + 20 * row)]);
    }
}

TEST_CASE("buffers do not grow with the length of the run", "[run][streaming]")
{
    CountingSink brief, lengthy;
    build(patch, {"run.stop=200 ms"}).run({}, brief);
    build(patch, {"run.stop=2000 ms"}).run({}, lengthy);
    CHECK(lengthy.n[0] == 80001);
    CHECK(lengthy.n_spikes > 4 * brief.n_spikes);
    CHECK(lengthy.largest == brief.largest);
    CHECK(lengthy.largest <= (1u << 20));
}

TEST_CASE("spikes arrive in order of time", "[run][streaming]")
{
    auto simulation = build(patch);
    CountingSink sink;
    simulation.run({}, sink);
    CHECK(sink.n_spikes > 4);
    CHECK(sink.n_spikes % 2 == 0);
    CHECK(sink.ordered);
}

TEST_CASE("the resting voltage is the last one before any stimulus", "[run]")
{
    const auto result = simulate(patch);
    REQUIRE(result.outcome.resting.size() == 1);
    CHECK(result.outcome.resting[0].population == "cell");
    CHECK(result.outcome.resting[0].voltage_mV == result.sink.samples(0)[2 * 199]);
}

TEST_CASE("the resting voltage is the last one before the first spike of a generator arrives", "[run]")
{
    const auto result = simulate(R"(axolemma: 1
cells: [{name: cell, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}]
synapses: [{name: exc, type: exp_syn, at: soma}]
generators: [{name: kick, times: [3 ms]}]
connections: [{from: kick, synapse: exc, rule: all_to_all, weight: 0.1 uS, delay: 1 ms}]
recordings: [{quantity: v, at: soma}]
run: {stop: 20 ms, dt: 0.025 ms}
)");
    REQUIRE(result.outcome.resting.size() == 1);
    CHECK(result.outcome.resting[0].voltage_mV == result.sink.samples(0)[159]);
}
