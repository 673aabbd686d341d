#include <cmath>

#include "morphology/shapes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/schemes.hpp"

using namespace axolemma;
using model::Method;
using test::CellMaker;
using test::Scheme;

namespace {

struct Clamped {
    group::Plan plan;
    group::State state;
    std::unique_ptr<solve::Stepper> stepper;
    int step = 0;

    Clamped(group::Plan made, const Scheme& scheme, double dt_ms)
        : plan(std::move(made)), state(plan), stepper(scheme.stepper(plan, dt_ms))
    {
        stepper->initialise(state);
    }
    Clamped(const Clamped&) = delete;
    double advance()
    {
        stepper->advance(state, step++);
        return state.v_mV(0);
    }
};

group::Plan patch_with(discretise::VoltageClamp clamp, const std::string& channel)
{
    CellMaker maker{morphology::make_patch(10.0, 10.0), {1}};
    maker.mechanisms = {channel};
    auto cell = maker.make();
    cell.voltage_clamps.push_back(std::move(clamp));
    return test::plan_of({&cell});
}

}  // namespace

TEST_CASE("an ideal clamp holds its node at the command, from t = 0 on", "[solve][clamp]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        Clamped patch(patch_with({0, 0, 0.0, test::pulse(0.0, 2.0, -20.0)}, "hh"), scheme, 0.025);
        CHECK(patch.state.v_mV(0) == -20.0);
        for (int k = 0; k < 80; ++k) {
            CHECK(patch.advance() == Approx(-20.0).epsilon(1e-14));
        }
        CHECK(patch.advance() != Approx(-20.0).epsilon(1e-6));  // released
    }
}

TEST_CASE("an ideal clamp follows steps and ramps", "[solve][clamp]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        mechanisms::Waveform wave(mechanisms::Pieces{{{0.0, 0.1, -80.0, -80.0}, {0.1, 0.3, -80.0, 0.0}}, 0.0, 1});
        Clamped patch(patch_with({0, 0, 0.0, wave}, "pas"), scheme, 0.05);
        CHECK(patch.advance() == Approx(-80.0).epsilon(1e-14));
        CHECK(patch.advance() == Approx(-80.0).epsilon(1e-14));
        for (const double v_mV : {-60.0, -40.0, -20.0, 0.0}) {
            CHECK(patch.advance() == Approx(v_mV).epsilon(1e-13).margin(1e-13));
        }
    }
}

TEST_CASE("an ideal clamp is at its command at the end of every step of a sine", "[solve][clamp]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        const mechanisms::Waveform sine(mechanisms::Sine{0.0, 10.0, 20.0, 100.0, 0.3, -60.0});
        Clamped patch(patch_with({0, 0, 0.0, sine}, "hh"), scheme, 0.025);
        for (int k = 1; k < 400; ++k) {
            CHECK(patch.advance() == Approx(sine.value(k * 0.025)).epsilon(1e-13));
        }
    }
}

TEST_CASE("a clamp that starts or ends inside a step pins its own value, never a share of it", "[solve][clamp]")
{
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        Clamped patch(patch_with({0, 0, 0.0, test::pulse(0.013, 0.163, -40.0)}, "pas"), scheme, 0.025);
        CHECK(patch.state.v_mV(0) == -65.0);
        for (int k = 0; k < 7; ++k) {
            CHECK(patch.advance() == Approx(-40.0).epsilon(1e-12));
        }
        const double released = patch.advance();
        CHECK(released < -40.0);
        CHECK(released > -41.0);
    }
}

TEST_CASE("a released node goes on from where the clamp left it", "[solve][clamp]")
{
    // Passive patch with tau = 1 ms, E = -70 mV, held at -20 mV until 1 ms.
    const double dt = 0.025;
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        Clamped patch(patch_with({0, 0, 0.0, test::pulse(0.0, 1.0, -20.0)}, "pas"), scheme, dt);
        for (int k = 0; k < 40; ++k) {
            patch.advance();
        }
        const double a = scheme.is_backward_euler() ? 1.0 / (1.0 + dt) : (1.0 - 0.5 * dt) / (1.0 + 0.5 * dt);
        for (int k = 1; k <= 20; ++k) {
            CHECK(patch.advance() == Approx(-70.0 + 50.0 * std::pow(a, k)).epsilon(1e-11));
        }
    }
}

TEST_CASE("a clamp with series resistance is one more conductance to the command", "[solve][clamp]")
{
    // Patch of 100 pi um2 with pas: g = 0.01 * 100 pi * 1e-3 = pi 1e-3 uS. Clamp to 0 mV through 1/(pi 1e-3) MOhm: the two
    // meet half way, at -35 mV, with half the time constant (0.5 ms).
    const double pi = 3.14159265358979323846;
    const double r_Mohm = 1.0 / (1e-3 * pi);
    const double dt = 0.02;
    for (const auto& scheme : test::schemes) {
        INFO(scheme.name);
        Clamped patch(patch_with({0, 0, r_Mohm, test::pulse(0.0, 100.0, 0.0)}, "pas"), scheme, dt);
        const double x = dt / 0.5;
        const double a = scheme.is_backward_euler() ? 1.0 / (1.0 + x) : (1.0 - 0.5 * x) / (1.0 + 0.5 * x);
        for (int k = 1; k <= 50; ++k) {
            CHECK(patch.advance() == Approx(-35.0 - 30.0 * std::pow(a, k)).epsilon(1e-11));
        }
    }
}

TEST_CASE("a clamped end drives the rest of the cable", "[solve][clamp]")
{
    CellMaker maker{morphology::make_cable(1000.0, 2.0, 2.0), {50}};
    maker.mechanisms = {"pas"};
    maker.v_init_mV = -70.0;
    auto cell = maker.make();
    for (auto& g : cell.mechanisms[0].parameters[0]) {
        g = 1e-4;
    }
    cell.voltage_clamps.push_back({0, 0, 0.0, test::pulse(0.0, 1e3, -20.0)});
    // Steady state between the clamped centre (x = 10 um) and the sealed end: cosh((L - x)/lambda)/cosh((L - x0)/lambda),
    // lambda = sqrt(d/(4 g Ra)) = sqrt(2e-4/(4 * 1e-4 * 100)) cm = 707.1 um. Second order in dx: 1e-4 here.
    const double lambda_um = 1e4 * std::sqrt(2e-4 / (4.0 * 1e-4 * 100.0));
    for (const auto& scheme : test::schemes_of(Method::crank_nicolson)) {
        INFO(scheme.name);
        Clamped cable(test::plan_of({&cell}), scheme, 0.1);
        for (int k = 0; k < 5000; ++k) {
            cable.advance();
        }
        for (const std::int32_t i : {10, 25, 49}) {
            const double x_um = 10.0 + 20.0 * i;
            const double exact = -70.0 + 50.0 * std::cosh((1000.0 - x_um) / lambda_um) / std::cosh(990.0 / lambda_um);
            CHECK(cable.state.v_mV(i) == Approx(exact).epsilon(0).margin(5e-3));
        }
    }
}
