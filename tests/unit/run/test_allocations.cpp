#include <atomic>
#include <cstdlib>
#include <new>

#include "morphology/shapes.hpp"
#include "network/spike_detector.hpp"
#include "record/probe.hpp"
#include "solve/stepper.hpp"
#include "support.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/trees.hpp"

#ifndef AXOLEMMA_SANITIZED  // sanitizers bring an allocator of their own

namespace {

std::atomic<long> n_allocations{0};

}  // namespace

// Counts every allocation of this program; the aligned forms are what the engine's columns use.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    ++n_allocations;
    if (void* p = std::malloc(size == 0 ? 1 : size)) {
        return p;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment)
{
    ++n_allocations;
    const auto a = static_cast<std::size_t>(alignment);
    if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a)) {
        return p;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept
{
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept
{
    std::free(p);
}
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept
{
    std::free(p);
}

using namespace axolemma;

TEST_CASE("nothing is allocated inside a step: solver, gates, probes and spike detection", "[run][allocations]")
{
    test::TreeMaker tree;
    tree.add(-1, 1.0, 100.0, 10.0);
    tree.add(0, 1.0, 80.0, 1.0);
    tree.add(0, 1.0, 60.0, 0.5);
    test::CellMaker maker{tree.make(), {3, 2, 4}};
    maker.mechanisms = {"hh", "pas"};
    auto cell = maker.make();
    cell.current_clamps.push_back({0, maker.tap(cell, {0, 0.0}), test::pulse(0.0, 100.0, 3.0)});
    cell.current_clamps.push_back(
        {0, maker.tap(cell, {0, 1.0}), mechanisms::Waveform(mechanisms::Sine{0, 50, 0.1, 100, 0, 0})});
    cell.voltage_clamps.push_back({1, 5, 0.0, test::pulse(3.0, 4.0, -70.0)});
    const auto plan = test::plan_of({&cell, &cell});
    for (const auto method : {model::Method::backward_euler, model::Method::crank_nicolson}) {
        group::State state(plan);
        solve::Stepper stepper(plan, method, 0.025);
        stepper.initialise(state);
        network::SpikeDetector detector;
        detector.watch(0, solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.4})), -20.0);
        detector.reserve(1000);
        detector.initialise(state);
        record::GroupProbe probe(plan);
        probe.add_voltage(0, solve::VoltageReader(plan, 0, maker.tap(cell, {0, 0.0})));
        probe.add_node_voltage(1, 4);
        probe.add_state(2, 0, 0, 1);
        probe.add_current(3, 0, 1, 1);
        probe.add_ionic_current(4, 2);
        probe.add_current_clamp(5, 1);
        probe.add_voltage_clamp(6, 0);
        probe.prepare();
        std::vector<double> row(7);
        const long before = n_allocations;
        for (int k = 0; k < 1000; ++k) {
            stepper.advance_voltage(state, k);
            probe.sample(state, {(k + 1) * 0.025, 0.025, stepper.gate_lag_ms()}, row.data());
            stepper.advance_states(state);
            detector.observe(state, (k + 1) * 0.025, 0.025);
        }
        CHECK(n_allocations - before == 0);
        CHECK(detector.spikes().size() > 1);
    }
}

TEST_CASE("allocations of a run do not grow with its steps but only with its epochs", "[run][allocations]")
{
    const std::string patch =
        "axolemma: 1\n"
        "cells: [{name: cell, morphology: {patch: {area: 1000 um2}}, channels: [{channel: hh}]}]\n"
        "recordings: [{quantity: v, at: soma}]\n"
        "run: {stop: 25 ms, dt: 0.025 ms}\n";
    const auto count = [&](const std::string& stop) {
        auto simulation = test::build(patch, {"run.stop=" + stop});
        run::NullSink sink;
        const long before = n_allocations;
        simulation.run(test::on_threads(1), sink);
        return n_allocations - before;
    };
    const long one_epoch = count("25 ms");  // 1000 steps
    const long ten_epochs = count("250 ms");
    CHECK(ten_epochs - one_epoch < 9 * 20);
}

#endif
