#include <atomic>
#include <cstdlib>
#include <new>

#include "morphology/shapes.hpp"
#include "network/spike_detector.hpp"
#include "record/probe.hpp"
#include "support.hpp"
#include "support/catch.hpp"
#include "support/cells.hpp"
#include "support/schemes.hpp"
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

TEST_CASE("nothing is allocated inside a step: solver, gates, clamps, probes and spike detection", "[run][allocations]")
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
    // An ideal clamp whose command jumps, so that gates go over the jump and Crank-Nicolson is damped; once at a time when
    // nothing has jumped before.
    const mechanisms::Waveform levels(
        mechanisms::Pieces{{{3.0, 4.0, -70.0, -70.0}, {4.0, 4.5, -20.0, -20.0}, {4.5, 4.6, -90.0, -60.0}}, 6.0, 3});
    cell.voltage_clamps.push_back({1, 5, 0.0, levels});
    cell.voltage_clamps.push_back({2, 8, 10.0, test::pulse(5.0, 9.0, -50.0)});
    // A cable that is cut, so that lanes carry couplings along.
    test::CellMaker cable_maker{morphology::make_cable(2000.0, 2.0, 1.0), {200}};
    cable_maker.mechanisms = {"hh"};
    const auto cable = cable_maker.make();
    const std::vector<group::CellToPack> cells{{0, &cell}, {1, &cell}, {2, &cable, nullptr, true}};
    const auto plan = group::make_plan(cells, 6.3);
    for (const auto& scheme : test::schemes) {
        for (const double bound : {0.0, 1e-7}) {
            INFO(scheme.name << ", table bound " << bound);
            group::State state(plan);
            const auto stepper = scheme.stepper(plan, 0.025, bound);
            stepper->initialise(state);
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
            probe.add_voltage_clamp(7, 1);
            probe.prepare();
            std::vector<double> row(8);
            const long before = n_allocations;
            for (int k = 0; k < 1000; ++k) {
                stepper->advance(state, k);
                probe.sample(state, {(k + 1) * 0.025, 0.025, stepper->gate_lag_ms()}, row.data());
                detector.observe(state, k, 0.025);
            }
            stepper->catch_up(state);
            CHECK(n_allocations - before == 0);
            CHECK(detector.spikes().size() > 1);
        }
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
