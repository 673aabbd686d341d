#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::simulate;

namespace {

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
        const double rate =
            times.size() < 2 ? 0.0 : 1e3 * static_cast<double>(times.size() - 1) / (times.back() - times.front());
        CHECK(curve.rate_Hz[k] == Approx(rate).epsilon(1e-12));
    }
    CHECK(curve.rate_Hz[0] == 0.0);
    CHECK(curve.rate_Hz[5] > 60.0);
}

TEST_CASE("two f-I curves of the same cells have windows of their own", "[run][analysis]")
{
    const auto both =
        simulate(patches, {"analysis.f_i_curve=[{from: 50 ms}, {from: 100 ms, to: 150 ms}]"}).outcome.f_i_curves;
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
    const auto curve = simulate(patches, {"recordings=[{name: never, quantity: spikes, at: soma, threshold: 100 mV}, "
                                          "{name: zero, quantity: spikes, at: soma}]",
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
