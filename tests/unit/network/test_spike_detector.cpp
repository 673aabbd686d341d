#include <cmath>
#include <limits>
#include <random>

#include "morphology/shapes.hpp"
#include "network/spike_detector.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"

using namespace axolemma;
using network::crossing_time_ms;

namespace {

constexpr double no_history = std::numeric_limits<double>::quiet_NaN();

/// A patch whose voltage the test sets by hand.
struct Patch {
    test::CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    discretise::DiscretisedCell cell = maker.make();
    group::Plan plan = test::plan_of({&cell});
    group::State state{plan};
    network::SpikeDetector detector;
    int step = 0;

    void watch(double threshold_mV, std::int32_t source = 0)
    {
        detector.watch(source, solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.5})), threshold_mV);
    }
    void start(double v_mV)
    {
        state.v_mV(0) = v_mV;
        detector.initialise(state);
    }
    void go_to(double v_mV)
    {
        state.v_mV(0) = v_mV;
        detector.observe(state, step++, 0.1);
    }
};

}  // namespace

TEST_CASE("without history the crossing is on the straight line", "[network]")
{
    CHECK(crossing_time_ms(2.0, 0.1, no_history, -10.0, 30.0, 0.0) == Approx(2.025).epsilon(1e-15));
    CHECK(crossing_time_ms(2.0, 0.1, no_history, -10.0, 0.0, 0.0) == Approx(2.1).epsilon(1e-15));
}

TEST_CASE("the crossing of a parabola is exact", "[network]")
{
    // v(t) = -10 + 100 t + 300 t^2 with t from the start of the step; 0 is crossed at (-100 + sqrt(22000))/600.
    const auto v = [](double t) { return -10.0 + 100.0 * t + 300.0 * t * t; };
    const double exact = (-100.0 + std::sqrt(100.0 * 100.0 + 12000.0)) / 600.0;
    CHECK(crossing_time_ms(5.0, 0.1, v(-0.1), v(0.0), v(0.1), 0.0) == Approx(5.0 + exact).epsilon(1e-13));
}

TEST_CASE("the error of a crossing falls with the third power of the step", "[network]")
{
    // v = 40 tanh(t - 0.4137) rises through 10 mV at 0.4137 + atanh(1/4).
    const double exact = 0.4137 + std::atanh(0.25);
    const auto error = [&](double dt) {
        const double t0 = std::floor(exact / dt) * dt;
        const auto v = [](double t) { return 40.0 * std::tanh(t - 0.4137); };
        return std::abs(crossing_time_ms(t0, dt, v(t0 - dt), v(t0), v(t0 + dt), 10.0) - exact);
    };
    // The place within the step matters too, so the order is taken over a range of 64.
    double worst_coarse = 0.0, worst_fine = 0.0;
    for (int k = 0; k < 20; ++k) {
        worst_coarse = std::max(worst_coarse, error(0.08 + 0.0007 * k));
        worst_fine = std::max(worst_fine, error((0.08 + 0.0007 * k) / 8.0));
    }
    CHECK(std::log2(worst_coarse / worst_fine) / 3.0 == Approx(3.0).margin(0.4));
    CHECK(worst_coarse < 1e-4);
}

TEST_CASE("a crossing lies inside its step, whatever the history", "[network]")
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> mV(-100.0, 100.0);
    for (int k = 0; k < 100'000; ++k) {
        const double threshold = mV(random);
        const double v0 = threshold - std::abs(mV(random)) - 1e-9;
        const double v1 = threshold + std::abs(mV(random));
        const double before = k % 10 == 0 ? 1e6 * mV(random) : mV(random);
        const double t = crossing_time_ms(1.0, 0.025, before, v0, v1, threshold);
        if (!(t >= 1.0 && t <= 1.025 + 1e-15)) {
            FAIL(before << " " << v0 << " " << v1 << " " << threshold << " -> " << t);
        }
    }
}

TEST_CASE("a spike is an upward crossing: falling and staying above are none", "[network]")
{
    Patch patch;
    patch.watch(0.0);
    patch.start(-65.0);
    for (const double v : {-10.0, 10.0, 40.0, 5.0, -5.0, -70.0, -10.0, 10.0}) {
        patch.go_to(v);
    }
    REQUIRE(patch.detector.spikes().size() == 2);
    CHECK(patch.detector.spikes()[0].t_ms > 0.1);
    CHECK(patch.detector.spikes()[0].t_ms < 0.2);
    CHECK(patch.detector.spikes()[1].t_ms > 0.7);
    CHECK(patch.detector.spikes()[1].t_ms < 0.8);
}

TEST_CASE("a place that starts above its threshold must first fall below it", "[network]")
{
    Patch patch;
    patch.watch(0.0);
    patch.start(20.0);
    patch.go_to(30.0);
    CHECK(patch.detector.spikes().empty());
    patch.go_to(-1.0);
    patch.go_to(1.0);
    CHECK(patch.detector.spikes().size() == 1);
}

TEST_CASE("a start exactly at the threshold is not a spike, reaching it exactly is one", "[network]")
{
    Patch patch;
    patch.watch(0.0);
    patch.start(0.0);
    patch.go_to(0.0);
    patch.go_to(10.0);
    CHECK(patch.detector.spikes().empty());
    patch.go_to(-10.0);
    patch.go_to(0.0);  // step 4
    REQUIRE(patch.detector.spikes().size() == 1);
    CHECK(patch.detector.spikes()[0].t_ms == Approx(0.4 + 0.0).epsilon(0.2));
    patch.go_to(10.0);
    CHECK(patch.detector.spikes().size() == 1);
}

TEST_CASE("a spike is never later than the time reached when it was found", "[network]")
{
    // The end of an epoch hands over the spikes up to its own time: rounding must not push one beyond it.
    for (int start = 1; start < 3000; ++start) {
        Patch patch;
        patch.watch(0.0);
        patch.start(-1.0);
        patch.step = start;
        patch.state.v_mV(0) = 0.0;
        const double t_ms = (start + 1) * 0.1;
        patch.detector.observe(patch.state, start, 0.1);
        REQUIRE(patch.detector.spikes().size() == 1);
        if (patch.detector.spikes()[0].t_ms > t_ms) {
            FAIL("step " << start);
        }
    }
}

TEST_CASE("two watchers with the same threshold see the same spike under their own numbers", "[network]")
{
    Patch patch;
    patch.watch(-20.0, 4);
    patch.watch(-20.0, 9);
    patch.watch(20.0, 2);
    patch.start(-65.0);
    patch.go_to(0.0);
    REQUIRE(patch.detector.spikes().size() == 2);
    CHECK(patch.detector.spikes()[0].source == 4);
    CHECK(patch.detector.spikes()[1].source == 9);
    CHECK(patch.detector.spikes()[0].t_ms == patch.detector.spikes()[1].t_ms);
    patch.detector.clear();
    CHECK(patch.detector.spikes().empty());
    CHECK(patch.detector.n_watched() == 3);
}
