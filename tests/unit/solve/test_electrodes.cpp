#include <cmath>

#include "morphology/shapes.hpp"
#include "solve/electrodes.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/trees.hpp"

using namespace axolemma;
using mechanisms::Pieces;
using mechanisms::Sine;
using mechanisms::Waveform;
using model::Method;
using solve::Electrodes;
using test::CellMaker;

namespace {

constexpr Method methods[] = {Method::backward_euler, Method::crank_nicolson};

/// Cable with the waveforms as currents and commands at different nodes, one node having two.
discretise::DiscretisedCell clamped(const std::vector<Waveform>& waveforms)
{
    CellMaker maker{morphology::make_cable(200.0, 2.0, 2.0), {10}};
    maker.mechanisms = {"pas"};
    auto cell = maker.make();
    for (std::size_t k = 0; k < waveforms.size(); ++k) {
        cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.13 * static_cast<double>(k)}), waveforms[k]});
        cell.voltage_clamps.push_back({0, static_cast<std::int32_t>(k), k % 2 == 0 ? 20.0 : 0.0, waveforms[k]});
    }
    return cell;
}

struct Case {
    const char* name;
    std::vector<Waveform> waveforms;
};

std::vector<Case> cases()
{
    const Waveform on_grid(Pieces{{{0.5, 0.75, 2.0, 2.0}}, 0.5, 6});
    const Waveform off_grid(Pieces{{{0.513, 0.777, 2.0, 2.0}, {0.9, 0.901, -1.0, -1.0}}, 1.013, 3});
    const Waveform steps(
        Pieces{{{0.0, 0.35, -80.0, -80.0}, {0.35, 0.7, -20.0, -20.0}, {0.7, 3.0, -60.0, -60.0}}, 0.0, 1});
    const Waveform ramp(Pieces{{{0.2, 1.1, 0.0, 1.0}}, 1.5, 2});
    const Waveform sine(Sine{0.3, 2.0, 1.0, 500.0, 0.1, 0.5});
    return {{"train on the grid", {on_grid}},
            {"train off the grid", {off_grid}},
            {"steps", {steps}},
            {"ramp", {ramp}},
            {"sine", {sine}},
            {"never on", {Waveform()}},
            {"all together", {on_grid, off_grid, steps, ramp, sine}}};
}

bool equal(std::span<const Electrodes::Load> a, std::span<const Electrodes::Load> b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.node == y.node && x.g_uS == y.g_uS && x.i_nA == y.i_nA;
    });
}

}  // namespace

TEST_CASE("loads that are kept while nothing changes are those of every step computed anew", "[solve][electrodes]")
{
    for (const auto& one : cases()) {
        const auto cell = clamped(one.waveforms);
        const auto plan = test::plan_of({&cell});
        for (const auto method : methods) {
            for (const double dt_ms : {0.025, 0.01, 0.0333, 0.05}) {
                Electrodes electrodes(plan, method, dt_ms);
                for (std::int64_t step = 0; static_cast<double>(step) * dt_ms < 5.0; ++step) {
                    Electrodes anew(plan, method, dt_ms);
                    INFO(one.name << ", dt " << dt_ms << " ms, step " << step);
                    REQUIRE(equal(electrodes.loads(step), anew.loads(step)));
                    REQUIRE(equal(electrodes.loads(step), anew.loads(step)));  // asked again
                }
            }
        }
    }
}

TEST_CASE("loads do not depend on the order in which steps are asked for", "[solve][electrodes]")
{
    const auto cell = clamped(cases().back().waveforms);
    const auto plan = test::plan_of({&cell});
    Electrodes electrodes(plan, Method::crank_nicolson, 0.025);
    for (const std::int64_t step : {100, 20, 21, 0, 150, 30, 29, 28, 199, 1000, 5}) {
        Electrodes anew(plan, Method::crank_nicolson, 0.025);
        INFO("step " << step);
        CHECK(equal(electrodes.loads(step), anew.loads(step)));
    }
}

TEST_CASE("a train delivers the charge of its pulses, whatever the step", "[solve][electrodes]")
{
    CellMaker maker{morphology::make_patch(20.0, 20.0), {1}};
    auto cell = maker.make();
    cell.current_clamps.push_back(
        {0, maker.tap(cell, {0, 0.5}), Waveform(Pieces{{{0.513, 0.777, 2.0, 2.0}}, 1.013, 3})});
    const auto plan = test::plan_of({&cell});
    for (const double dt_ms : {0.025, 0.01, 0.0333, 0.4}) {
        Electrodes electrodes(plan, Method::backward_euler, dt_ms);
        double charge_pC = 0.0;
        for (std::int64_t step = 0; static_cast<double>(step) * dt_ms < 5.0; ++step) {
            charge_pC += electrodes.loads(step)[0].i_nA * dt_ms;
        }
        CHECK(charge_pC == Approx(3 * 2.0 * 0.264).epsilon(1e-12));
    }
}

TEST_CASE("a jump damps the stiff cell that it kicks for the two steps after it, and no other", "[solve][electrodes]")
{
    // Compartments of 2 um with a radius of 1 um: their neighbours charge them within 1 us.
    CellMaker stiff{morphology::make_cable(40.0, 2.0, 2.0), {20}};
    CellMaker slow{morphology::make_patch(20.0, 20.0), {1}};
    auto kicked = stiff.make();
    kicked.current_clamps.push_back({0, stiff.tap(kicked, {0, 0.0}), test::pulse(1.0, 2.0, 0.1)});
    auto calm = slow.make();
    calm.current_clamps.push_back({0, slow.tap(calm, {0, 0.5}), test::pulse(0.5, 3.0, 0.1)});
    const auto plan = test::plan_of({&calm, &kicked, &calm});
    Electrodes electrodes(plan, Method::crank_nicolson, 0.025);
    CHECK(electrodes.may_damp());
    for (std::int64_t step = 0; step < 200; ++step) {
        const bool expected = step == 40 || step == 41 || step == 80 || step == 81;
        INFO("step " << step);
        REQUIRE(electrodes.damps(step) == expected);
        if (expected) {
            REQUIRE(electrodes.damped_cells().size() == 1);
            CHECK(electrodes.damped_cells()[0].first == 1);
            CHECK(electrodes.damped_cells()[0].n == 20);
        }
    }
    CHECK_FALSE(Electrodes(plan, Method::backward_euler, 0.025).may_damp());
    const auto without = test::plan_of({&calm});
    CHECK_FALSE(Electrodes(without, Method::crank_nicolson, 0.025).may_damp());
}
