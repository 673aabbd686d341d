#include <cmath>
#include <limits>
#include <numbers>

#include "mechanisms/waveform.hpp"
#include "support/catch.hpp"

using namespace axolemma::mechanisms;

namespace {

Waveform pulse(double t0, double t1, double level)
{
    return Waveform(Pieces{{{t0, t1, level, level}}, 0.0, 1});
}

/// Charge of all steps of length dt up to `stop`: what a simulation delivers.
double charge(const Waveform& wave, double dt, int n_steps)
{
    double sum = 0.0;
    for (int k = 0; k < n_steps; ++k) {
        sum += wave.mean(k * dt, (k + 1) * dt) * dt;
    }
    return sum;
}

}  // namespace

TEST_CASE("a waveform that was never set is absent and 0", "[mechanisms][waveform]")
{
    const Waveform nothing;
    CHECK(nothing.value(0.0) == 0.0);
    CHECK(nothing.value_before(0.0) == 0.0);
    CHECK(nothing.mean(0.0, 1.0) == 0.0);
    CHECK(nothing.share(0.0, 1.0) == 0.0);
    CHECK(nothing.last_value(0.0, 1.0) == 0.0);
    CHECK_FALSE(nothing.present(0.0));
    CHECK(nothing.peak() == 0.0);
    CHECK(nothing.begin_ms() == 0.0);
    CHECK(nothing.end_ms() == 0.0);
}

TEST_CASE("a pulse has its level from its first instant up to, not at, its last", "[mechanisms][waveform]")
{
    const auto wave = pulse(1.0, 3.0, 5.0);
    CHECK(wave.value(0.999) == 0.0);
    CHECK(wave.value(1.0) == 5.0);
    CHECK(wave.value(2.0) == 5.0);
    CHECK(wave.value(3.0) == 0.0);
    CHECK(wave.value_before(1.0) == 0.0);
    CHECK(wave.value_before(3.0) == 5.0);
    CHECK(wave.value_before(3.001) == 0.0);
    CHECK(wave.present(1.0));
    CHECK_FALSE(wave.present(3.0));
    CHECK(wave.begin_ms() == 1.0);
    CHECK(wave.end_ms() == 3.0);
}

TEST_CASE("the mean counts jumps inside a step with their share", "[mechanisms][waveform]")
{
    const auto wave = pulse(1.0, 3.0, 5.0);
    CHECK(wave.mean(0.0, 1.0) == 0.0);
    CHECK(wave.mean(1.0, 3.0) == 5.0);
    CHECK(wave.mean(1.5, 2.5) == 5.0);
    CHECK(wave.mean(0.5, 1.5) == Approx(2.5).epsilon(1e-15));
    CHECK(wave.mean(2.75, 3.75) == Approx(1.25).epsilon(1e-15));
    CHECK(wave.mean(0.0, 4.0) == Approx(2.5).epsilon(1e-15));
    CHECK(wave.mean(3.0, 4.0) == 0.0);
}

TEST_CASE("a clamp holds for its share of a step, at its own value and not at a share of it", "[mechanisms][waveform]")
{
    const auto wave = pulse(1.0, 3.0, -70.0);
    CHECK(wave.share(1.0, 2.0) == 1.0);
    CHECK(wave.share(0.0, 1.0) == 0.0);
    CHECK(wave.share(2.75, 3.75) == Approx(0.25).epsilon(1e-15));
    CHECK(wave.mean(2.75, 3.75) / wave.share(2.75, 3.75) == Approx(-70.0).epsilon(1e-15));
    CHECK(wave.last_value(2.75, 3.75) == -70.0);
    CHECK(wave.last_value(3.0, 4.0) == 0.0);
    const Waveform ramp(Pieces{{{0.0, 2.0, 0.0, 10.0}}, 0.0, 1});
    CHECK(ramp.last_value(0.0, 1.0) == 5.0);
    CHECK(ramp.last_value(1.5, 2.5) == 10.0);
}

TEST_CASE("a piece of no duration is never present", "[mechanisms][waveform]")
{
    const auto wave = pulse(1.0, 1.0, 5.0);
    CHECK(wave.mean(0.5, 1.5) == 0.0);
    CHECK(wave.share(0.5, 1.5) == 0.0);
    CHECK_FALSE(wave.present(1.0));
    CHECK(wave.value(1.0) == 0.0);
    CHECK(wave.value_before(1.0) == 0.0);
}

TEST_CASE("edges on the time grid give the exact amplitude in every step, however late", "[mechanisms][waveform]")
{
    // Grid times are step * dt and do not equal delay + duration bit for bit: 3 * 0.1 != 0.3.
    const double dt = 0.1;
    for (const double delay_ms : {0.3, 70.7, 12345.6, 1e6 + 0.7, 1e8 + 0.1}) {
        const auto first = std::llround(delay_ms / dt);
        const auto wave = pulse(delay_ms, delay_ms + 0.6, 2.0);
        for (long long k = first - 2; k < first + 8; ++k) {
            const double level = k >= first && k < first + 6 ? 2.0 : 0.0;
            const double t0 = static_cast<double>(k) * dt;
            const double t1 = static_cast<double>(k + 1) * dt;
            INFO(delay_ms << " ms, step " << k - first);
            CHECK(wave.mean(t0, t1) == level);
            CHECK(wave.share(t0, t1) == level / 2.0);
        }
    }
}

TEST_CASE("a train of a million pulses is exact in its last pulse and quick to ask", "[mechanisms][waveform]")
{
    const Waveform wave(Pieces{{{5.0, 5.1, 3.0, 3.0}}, 0.7, 1'000'000});
    const double last_ms = 5.0 + 999'999 * 0.7;
    CHECK(wave.begin_ms() == 5.0);
    CHECK(wave.end_ms() == Approx(last_ms + 0.1).epsilon(1e-15));
    CHECK(wave.peak() == 3.0);
    for (int k = 0; k < 100'000; ++k) {  // a search from the first pulse would take hours here
        if (wave.value(last_ms + 0.05) != 3.0 || wave.value(last_ms - 0.3) != 0.0) {
            FAIL("wrong value");
        }
    }
    CHECK(wave.value(last_ms + 0.75) == 0.0);
    CHECK(wave.mean(last_ms, last_ms + 0.1) == 3.0);
    CHECK(wave.mean(last_ms - 0.6, last_ms) == 0.0);
    CHECK(wave.mean(5.0, 5.0 + 0.7 * 10) == Approx(3.0 / 7.0).epsilon(1e-13));
    CHECK(wave.share(5.0, 5.0 + 0.7 * 10) == Approx(1.0 / 7.0).epsilon(1e-13));
}

TEST_CASE("a train without gaps is one long pulse", "[mechanisms][waveform]")
{
    const Waveform wave(Pieces{{{0.0, 0.3, 2.0, 2.0}}, 0.3, 50});
    for (int k = 0; k < 150; ++k) {
        CHECK(wave.mean(k * 0.1, (k + 1) * 0.1) == Approx(2.0).epsilon(1e-13));
        CHECK(wave.value((k + 0.5) * 0.1) == 2.0);
    }
    CHECK(wave.mean(15.0, 15.1) == 0.0);
}

TEST_CASE("what the steps deliver is the integral of the waveform, whatever the step", "[mechanisms][waveform]")
{
    const Waveform pieces(Pieces{{{0.35, 0.92, 1.0, -2.0}, {0.92, 1.7, 4.0, 4.0}, {2.2, 2.3, 0.0, 10.0}}, 0.0, 1});
    const double integral = -0.5 * 0.57 + 4.0 * 0.78 + 0.5;
    const Waveform sine(Sine{0.4, 2.9, 3.0, 400.0, 0.7, 0.25});
    const double w = 2.0 * std::numbers::pi * 0.4;
    const double sine_integral = 0.25 * 2.5 + 3.0 / w * (std::cos(0.7) - std::cos(0.7 + w * 2.5));
    for (const int n : {1, 2, 3, 7, 100, 1234}) {
        const double dt = 3.0 / n;
        CHECK(charge(pieces, dt, n) == Approx(integral).epsilon(1e-12));
        CHECK(charge(sine, dt, n) == Approx(sine_integral).epsilon(1e-12));
    }
}

TEST_CASE("a ramp's mean is its value in the middle", "[mechanisms][waveform]")
{
    const Waveform ramp(Pieces{{{1.0, 5.0, -2.0, 6.0}}, 0.0, 1});
    CHECK(ramp.value(1.0) == -2.0);
    CHECK(ramp.value(3.0) == Approx(2.0).epsilon(1e-15));
    CHECK(ramp.value(5.0) == 0.0);
    CHECK(ramp.value_before(5.0) == 6.0);
    CHECK(ramp.mean(2.0, 3.0) == Approx(1.0).epsilon(1e-15));
    CHECK(ramp.peak() == 6.0);
}

TEST_CASE("steps jump at once: the left limit is the old level, the value the new one", "[mechanisms][waveform]")
{
    const Waveform steps(Pieces{{{0.0, 1.0, -80.0, -80.0}, {1.0, 2.0, 10.0, 10.0}}, 0.0, 1});
    CHECK(steps.value_before(1.0) == -80.0);
    CHECK(steps.value(1.0) == 10.0);
    CHECK(steps.share(0.5, 1.5) == Approx(1.0).epsilon(1e-15));
    CHECK(steps.mean(0.5, 1.5) == Approx(-35.0).epsilon(1e-15));
    CHECK(steps.last_value(0.0, 1.0) == -80.0);
    CHECK(steps.last_value(0.5, 1.5) == 10.0);
    CHECK(steps.peak() == -80.0);
}

TEST_CASE("a sine follows its formula and is absent outside", "[mechanisms][waveform]")
{
    const Waveform sine(Sine{2.0, 12.0, 1.5, 100.0, std::numbers::pi / 2, -4.0});  // period 10 ms
    CHECK(sine.value(1.99) == 0.0);
    CHECK(sine.value(2.0) == Approx(-2.5).epsilon(1e-15));
    CHECK(sine.value(4.5) == Approx(-4.0).epsilon(1e-13));
    CHECK(sine.value(7.0) == Approx(-5.5).epsilon(1e-15));
    CHECK(sine.value(12.0) == 0.0);
    CHECK(sine.value_before(12.0) == Approx(-2.5).epsilon(1e-14));
    CHECK(sine.mean(2.0, 12.0) == Approx(-4.0).epsilon(1e-13));
    CHECK(sine.peak() == -5.5);
    CHECK(sine.present(2.0));
    CHECK_FALSE(sine.present(12.0));
    const Waveform constant(Sine{0.0, 1.0, 2.0, 0.0, std::numbers::pi / 2, 1.0});
    CHECK(constant.mean(0.0, 1.0) == 3.0);
}

TEST_CASE("jumps are found in the interval that they start, ends counting as the next one's", "[mechanisms][waveform]")
{
    const auto wave = pulse(1.0, 2.0, 5.0);
    CHECK(wave.jumps(0.9, 1.1));
    CHECK(wave.jumps(1.0, 1.1));
    CHECK_FALSE(wave.jumps(0.9, 1.0));
    CHECK_FALSE(wave.jumps(1.1, 1.9));
    CHECK(wave.jumps(1.9, 2.1));
    CHECK(wave.jumps(2.0, 2.1));
    CHECK_FALSE(wave.jumps(2.1, 3.0));
    const Waveform levels(Pieces{{{0, 1, 3, 3}, {1, 2, 3, 4}, {2, 3, 5, 5}}, 0.0, 1});
    CHECK_FALSE(levels.jumps(0.5, 1.5));  // from 3 straight on to 3
    CHECK(levels.jumps(1.5, 2.5));
    const Waveform endless(Pieces{{{0, 0.1, 2, 2}}, 0.1, 100});
    for (int k = 1; k < 99; ++k) {
        CHECK_FALSE(endless.jumps(k * 0.1, (k + 1) * 0.1));
    }
    const Waveform sine(Sine{1.0, 4.0, 1.0, 100.0, 0.0, 0.0});
    CHECK(sine.jumps(1.0, 1.5));
    CHECK_FALSE(sine.jumps(1.5, 4.0));
    CHECK(sine.jumps(4.0, 4.5));
    CHECK_FALSE(Waveform().jumps(0.0, 1.0));
}

TEST_CASE("first and last value are those of the first and last stretch", "[mechanisms][waveform]")
{
    const Waveform levels(Pieces{{{1, 2, 3, 4}, {2, 3, 5, 6}}, 0.0, 1});
    CHECK(levels.first_value(0.0, 2.5) == 3.0);
    CHECK(levels.last_value(0.0, 2.5) == 5.5);
    CHECK(levels.first_value(2.0, 3.0) == 5.0);
    CHECK(levels.last_value(1.0, 2.0) == 4.0);
    CHECK(levels.first_value(3.0, 4.0) == 0.0);
}

TEST_CASE("at every edge on the time grid the value is that after it and value_before that before it",
          "[mechanisms][waveform]")
{
    struct Grid {
        double dt_ms;
        int per_ms;
    };
    const Grid grids[] = {{0.025, 40}, {0.01, 100}, {0.005, 200}, {0.05, 20}};
    int rounded = 0;
    for (const auto& grid : grids) {
        for (int k = 1; k < 5000; ++k) {
            const double t_ms = k * grid.dt_ms;
            const double edge_ms = static_cast<double>(k) / grid.per_ms;
            rounded += t_ms != edge_ms ? 1 : 0;
            const Waveform levels(Pieces{{{0.0, edge_ms, 2.0, 2.0}, {edge_ms, edge_ms + 50.0, 3.0, 3.0}}, 0.0, 1});
            const auto begins = pulse(edge_ms, edge_ms + 50.0, 4.0);
            const Waveform ends(Sine{0.0, edge_ms, 0.0, 0.0, 0.0, 5.0});
            INFO("step " << k << " of " << grid.dt_ms << " ms");
            REQUIRE(levels.value_before(t_ms, grid.dt_ms) == 2.0);
            REQUIRE(levels.value(t_ms, grid.dt_ms) == 3.0);
            REQUIRE(begins.value_before(t_ms, grid.dt_ms) == 0.0);
            REQUIRE(begins.value(t_ms, grid.dt_ms) == 4.0);
            REQUIRE(begins.present(t_ms, grid.dt_ms));
            REQUIRE(ends.value_before(t_ms, grid.dt_ms) == 5.0);
            REQUIRE(ends.value(t_ms, grid.dt_ms) == 0.0);
            REQUIRE_FALSE(ends.present(t_ms, grid.dt_ms));
        }
    }
    CHECK(rounded > 1000);
}

TEST_CASE("the slope is that of the stretches, jumps left out", "[mechanisms][waveform]")
{
    const Waveform wave(Pieces{{{0.0, 1.0, 0.0, 2.0}, {1.0, 2.0, 10.0, 10.0}, {3.0, 4.0, 0.0, -4.0}}, 0.0, 1});
    CHECK(wave.slope(0.25, 0.75) == Approx(2.0).epsilon(1e-14));
    CHECK(wave.slope(0.5, 1.5) == Approx(1.0).epsilon(1e-14));
    CHECK(wave.slope(1.0, 2.0) == 0.0);
    CHECK(wave.slope(2.25, 2.75) == 0.0);
    CHECK(wave.slope(2.5, 3.5) == Approx(-4.0).epsilon(1e-14));  // while it is present
    // 34 * 0.025 is greater than 0.85, where this jumps.
    const Waveform jump(Pieces{{{0.0, 0.05, 1.0, 1.0}, {0.05, 0.85, 30.0, 30.0}, {0.85, 2.0, -70.0, -70.0}}, 0.0, 1});
    for (int k = 0; k < 70; ++k) {
        CHECK(jump.slope(k * 0.025, (k + 1) * 0.025) == 0.0);
    }
}

TEST_CASE("a waveform is steady until its next edge, and on a slope never", "[mechanisms][waveform]")
{
    constexpr double for_ever = std::numeric_limits<double>::infinity();
    const Waveform train(Pieces{{{1.0, 1.5, 2.0, 2.0}}, 4.0, 3});  // 1, 5 and 9 ms
    CHECK(train.steady_until_ms(0.0) == 1.0);
    CHECK(train.steady_until_ms(1.2) == 1.5);
    CHECK(train.steady_until_ms(1.5) == 5.0);
    CHECK(train.steady_until_ms(3.0) == 5.0);
    CHECK(train.steady_until_ms(9.25) == 9.5);
    CHECK(train.steady_until_ms(9.5) == for_ever);
    CHECK(train.steady_until_ms(1e6) == for_ever);
    const Waveform ramp(Pieces{{{1.0, 2.0, 0.0, 3.0}, {2.0, 3.0, 3.0, 3.0}}, 0.0, 1});
    CHECK(ramp.steady_until_ms(0.5) == 1.0);
    CHECK(ramp.steady_until_ms(1.25) == 1.25);
    CHECK(ramp.steady_until_ms(2.5) == 3.0);
    CHECK(ramp.steady_until_ms(3.5) == for_ever);
    const Waveform sine(Sine{1.0, 2.0, 1.0, 50.0, 0.0, 0.0});
    CHECK(sine.steady_until_ms(0.0) == 1.0);
    CHECK(sine.steady_until_ms(1.5) == 1.5);
    CHECK(sine.steady_until_ms(2.0) == for_ever);
    CHECK(Waveform().steady_until_ms(3.0) == for_ever);
}

TEST_CASE("while a waveform is steady, every step has the same mean", "[mechanisms][waveform]")
{
    const Waveform train(Pieces{{{0.313, 0.7, 2.0, 2.0}, {0.9, 1.0, -1.0, -1.0}}, 1.7, 5});
    const double dt_ms = 0.025;
    for (int start = 0; start < 400; ++start) {
        const double t0_ms = start * dt_ms;
        const double until_ms = train.steady_until_ms(t0_ms);
        const double mean = train.mean(t0_ms, t0_ms + dt_ms);
        for (int k = start + 1; (k + 1) * dt_ms < until_ms && k < 500; ++k) {
            INFO("step " << k << " from " << t0_ms << " ms on");
            REQUIRE(train.mean(k * dt_ms, (k + 1) * dt_ms) == mean);
        }
    }
}
