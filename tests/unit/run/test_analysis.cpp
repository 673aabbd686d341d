#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::simulate;

namespace {

const std::string axon = R"yaml(
axolemma: 1
temperature: 18.5 degC
cells:
  - name: axon
    morphology: {cable: {length: 20 mm, diameter: 476 um}}
    discretisation: {max_length: 200 um}
    membrane: {Ra: 35.4 ohm*cm}
    channels: [{channel: hh}]
stimuli:
  - {name: kick, type: current_clamp, at: {section: axon, position: 0}, pulse: {delay: 0.2 ms, duration: 0.2 ms, amplitude: 40 uA}}
recordings:
  - {quantity: spikes, threshold: -20 mV, at: [{distance: 15 mm}, {distance: 5 mm}, {distance: 10 mm}]}
run: {stop: 3 ms, dt: 0.01 ms}
)yaml";

const std::string patches = R"yaml(
axolemma: 1
cells:
  - {name: cell, count: 6, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}
stimuli:
  - {name: step, type: current_clamp, at: soma, pulse: {delay: 5 ms, duration: 1 s, amplitude: "0.05 nA * cell"}}
recordings:
  - {quantity: spikes, at: soma}
analysis: {f_i_curve: {from: 50 ms}}
run: {stop: 200 ms, dt: 0.025 ms}
)yaml";

}  // namespace

TEST_CASE("velocities are between neighbouring places on the path, in the direction of travel", "[run][analysis]")
{
    const auto outward = simulate(axon).outcome.conduction_velocities;
    REQUIRE(outward.size() == 2);
    // Sites are numbered as written: 0 at 15 mm, 1 at 5 mm, 2 at 10 mm.
    for (const auto& row : outward) {
        CHECK(row.distance_um == Approx(5000.0).epsilon(1e-12));
        CHECK(row.velocity_m_per_s == Approx(18.73).epsilon(0.05));
    }
    CHECK(((outward[0].from_site == 2 && outward[0].to_site == 0) || (outward[1].from_site == 2 && outward[1].to_site == 0)));
    const auto inward = simulate(axon, {"stimuli.kick.at.position=1"}).outcome.conduction_velocities;
    REQUIRE(inward.size() == 2);
    for (const auto& row : inward) {
        CHECK(((row.from_site == 0 && row.to_site == 2) || (row.from_site == 2 && row.to_site == 1)));
        CHECK(row.velocity_m_per_s == Approx(outward[0].velocity_m_per_s).epsilon(0.05));
    }
}

TEST_CASE("without a spike at a place there is no velocity to it", "[run][analysis]")
{
    CHECK(simulate(axon, {"stimuli.kick.pulse.amplitude=0 nA"}).outcome.conduction_velocities.empty());
    CHECK(simulate(axon, {"run.stop=0.8 ms"}).outcome.conduction_velocities.size() < 2);
}

TEST_CASE("siblings are not on one path", "[run][analysis]")
{
    const std::string fork = R"yaml(
axolemma: 1
cells:
  - name: fork
    morphology: {binary_tree: {levels: 2, length: 200 um, diameter: 2 um}}
    discretisation: {max_length: 20 um}
    channels: [{channel: hh}]
stimuli:
  - {type: current_clamp, at: {section: "dend[0]", position: 0}, pulse: {duration: 1 ms, amplitude: 2 nA}}
recordings:
  - {quantity: spikes, at: [{section: "dend[1]", position: 0.2}, {section: "dend[2]", position: 0.8}]}
run: {stop: 10 ms}
)yaml";
    const auto result = simulate(fork);
    REQUIRE(result.outcome.sources.size() == 2);
    CHECK(result.outcome.sources[0].n == 1);
    CHECK(result.outcome.sources[1].n == 1);
    CHECK(result.outcome.conduction_velocities.empty());
}

TEST_CASE("an f-I curve counts the spikes of its window and divides by their span", "[run][analysis]")
{
    const auto result = simulate(patches);
    REQUIRE(result.outcome.f_i_curves.size() == 1);
    const auto& curve = result.outcome.f_i_curves[0];
    REQUIRE(curve.rate_Hz.size() == 6);
    for (std::size_t k = 0; k < 6; ++k) {
        CHECK(curve.amplitude_nA[k] == Approx(0.05 * static_cast<double>(k)).epsilon(1e-14).margin(1e-15));
        std::vector<double> times;
        for (const auto& spike : result.sink.sorted_spikes(0)) {
            if (spike.cell == k && spike.time_ms >= 50.0) {
                times.push_back(spike.time_ms);
            }
        }
        CHECK(curve.n_spikes[k] == static_cast<std::int64_t>(times.size()));
        const double rate = times.size() < 2 ? 0.0 : 1e3 * static_cast<double>(times.size() - 1) / (times.back() - times.front());
        CHECK(curve.rate_Hz[k] == Approx(rate).epsilon(1e-12));
    }
    CHECK(curve.rate_Hz[0] == 0.0);
    CHECK(curve.rate_Hz[5] > 60.0);
}

TEST_CASE("two f-I curves of the same cells have windows of their own", "[run][analysis]")
{
    const auto both = simulate(patches, {"analysis.f_i_curve=[{from: 50 ms}, {from: 100 ms, to: 150 ms}]"}).outcome.f_i_curves;
    const auto first = simulate(patches).outcome.f_i_curves;
    const auto second = simulate(patches, {"analysis.f_i_curve={from: 100 ms, to: 150 ms}"}).outcome.f_i_curves;
    REQUIRE(both.size() == 2);
    CHECK(both[0].n_spikes == first[0].n_spikes);
    CHECK(both[0].rate_Hz == first[0].rate_Hz);
    CHECK(both[1].n_spikes == second[0].n_spikes);
    CHECK(both[1].rate_Hz == second[0].rate_Hz);
}

TEST_CASE("an f-I curve uses the recording of spikes it names", "[run][analysis]")
{
    // Never reached: 100 mV. The curve must not fall back on the other recording.
    const auto curve = simulate(patches, {"recordings=[{name: never, quantity: spikes, at: soma, threshold: 100 mV}, {name: zero, quantity: spikes, at: soma}]",
                                          "analysis.f_i_curve={from: 50 ms, spikes: zero}"})
                           .outcome.f_i_curves.at(0);
    REQUIRE(curve.rate_Hz.size() == 6);
    CHECK(curve.rate_Hz[5] > 60.0);
}

TEST_CASE("cells that the stimulus does not reach have amplitude 0 in an f-I curve", "[run][analysis]")
{
    const auto curve = simulate(patches, {"stimuli.step.ids=[1, 5]"}).outcome.f_i_curves.at(0);
    REQUIRE(curve.amplitude_nA.size() == 6);
    CHECK(curve.amplitude_nA[4] == 0.0);
    CHECK(curve.rate_Hz[4] == 0.0);
    CHECK(curve.amplitude_nA[5] == Approx(0.25));
}
