#include <algorithm>
#include <set>

#include "run/simulation.hpp"
#include "support.hpp"
#include "support/catch.hpp"
#include "sweep/merge.hpp"
#include "sweep/sweep_run.hpp"

using namespace axolemma;

namespace {

/// Two populations, random numbers in membranes and stimuli, a delay that moves the resting voltage, and a step that keeps
/// half of the points from being merged with the others.
const std::string text =
    "axolemma: 1\n"
    "cells:\n"
    "  - name: axon\n"
    "    morphology: {cable: {length: 1 mm, diameter: 2 um}}\n"
    "    discretisation: {max_length: 50 um}\n"
    "    channels: [{channel: hh, parameters: {gnabar: \"120 mS/cm2 * uniform(0.9, 1.1)\"}}]\n"
    "  - name: tree\n"
    "    count: 2\n"
    "    morphology: {binary_tree: {levels: 3, length: 100 um, diameter: 2 um}}\n"
    "    discretisation: {max_length: 20 um}\n"
    "    membrane: {v_init: \"-65 mV + normal(0 mV, 1 mV)\"}\n"
    "    channels: [{channel: hh}]\n"
    "stimuli:\n"
    "  - {name: kick, cells: axon, type: current_clamp, at: soma, pulse: {delay: 1 ms, duration: 0.5 ms, amplitude: 1 "
    "nA}}\n"
    "  - {name: noise, cells: tree, type: current_clamp, at: tips,\n"
    "     pulse: {delay: 2 ms, duration: 1 ms, amplitude: \"uniform(0 nA, 0.5 nA) * (cell + 1)\"}}\n"
    "recordings:\n"
    "  - {quantity: v, cells: axon, at: [soma, {distance: 800 um}]}\n"
    "  - {quantity: v, cells: tree, region: all, every: 0.1 ms}\n"
    "  - {quantity: stimulus.noise, every: 0.5 ms}\n"
    "  - {name: axon_spikes, quantity: spikes, cells: axon, at: [{distance: 200 um}, {distance: 800 um}]}\n"
    "  - {name: tree_spikes, quantity: spikes, cells: tree, at: soma}\n"
    "run: {stop: 4 ms, seed: 7}\n"
    "sweep:\n"
    "  parameters:\n"
    "    - {set: run.dt, values: [0.025 ms, 0.0125 ms]}\n"
    "    - {set: run.seed, values: [7, 8]}\n"
    "    - {set: stimuli.kick.pulse.delay, values: [0.5 ms, 1 ms]}\n"
    "    - {set: stimuli.kick.pulse.amplitude, range: {from: 0.1 nA, to: 2 nA, count: 3}}\n";

std::vector<sweep::Row> rows_of(const config::Sweep& points, const sweep::BatchOptions& options)
{
    return sweep::run_points(points, test::all_points(points), options);
}

/// The rows of a folder, by point.
std::vector<std::string> rows_in(const sweep::Folder& folder, std::int64_t n_points)
{
    std::vector<std::string> rows(static_cast<std::size_t>(n_points));
    folder.read([&](const sweep::DoneFile&, sweep::RowFile&& file) {
        for (const auto& row : file.rows) {
            CHECK(rows.at(static_cast<std::size_t>(row.point)).empty());
            rows.at(static_cast<std::size_t>(row.point)) = test::row_text(row);
        }
    });
    return rows;
}

}  // namespace

TEST_CASE("a point's row is the same bits alone and merged with others, on one thread and on three", "[sweep]")
{
    const config::Sweep points(text, "test.yaml");
    sweep::BatchOptions alone;
    alone.merge = false;
    alone.threads = 1;
    const auto expected = rows_of(points, alone);
    REQUIRE(expected.size() == 24);
    std::set<std::uint64_t> hashes;
    for (const auto& row : expected) {
        REQUIRE(row.ok);
        hashes.insert(row.hash);
    }
    CHECK(hashes.size() == 24);  // else the comparison says nothing
    for (const int threads : {1, 3}) {
        sweep::BatchOptions merged;
        merged.threads = threads;
        CHECK(test::row_texts(rows_of(points, merged)) == test::row_texts(expected));
    }
    std::vector<std::int64_t> backwards = test::all_points(points);
    std::reverse(backwards.begin(), backwards.end());
    auto rows = sweep::run_points(points, backwards, {});
    std::reverse(rows.begin(), rows.end());
    CHECK(test::row_texts(rows) == test::row_texts(expected));
}

TEST_CASE("a point's row says what a run of its configuration finds", "[sweep]")
{
    const config::Sweep points(text, "test.yaml");
    std::vector<config::Override> overrides = config::point_overrides(points.spec(), 17);
    overrides.push_back({"run.split_cables", "never"});
    run::Simulation simulation(config::parse_model(text, "test.yaml", overrides));
    run::MemorySink sink;
    const auto outcome = simulation.run({}, sink);
    const auto row = rows_of(points, {}).at(17);
    const auto value = [&](const std::string& name) {
        const auto at = std::find_if(row.columns->begin(), row.columns->end(),
                                     [&](const sweep::Column& column) { return column.name == name; });
        REQUIRE(at != row.columns->end());
        return row.values[static_cast<std::size_t>(at - row.columns->begin())];
    };
    CHECK(row.parameters == std::vector<std::string>{"0.0125", "7", "1", "2"});
    const auto trace = sink.column(0, 1, 2);
    CHECK(value("axon.v.800_um.max") == *std::max_element(trace.begin(), trace.end()));
    CHECK(value("axon.v.800_um.min") == *std::min_element(trace.begin(), trace.end()));
    CHECK(value("axon.v.800_um.final") == trace.back());
    const auto peak = std::max_element(trace.begin(), trace.end()) - trace.begin();
    CHECK(value("axon.v.800_um.time_of_max") == static_cast<double>(peak) * 0.0125);
    const auto spikes = sink.sorted_spikes(0);
    REQUIRE(spikes.size() == 2);
    CHECK(value("axon.axon_spikes.200_um.n") == 1.0);
    CHECK(value("axon.axon_spikes.200_um.first") == spikes[0].time_ms);
    CHECK(value("axon.axon_spikes.800_um.last") == spikes[1].time_ms);
    CHECK(value("axon.axon_spikes.800_um.rate") == 250.0);
    REQUIRE(outcome.conduction_velocities.size() == 1);
    CHECK(value("axon.velocity.200_um.800_um") == outcome.conduction_velocities[0].velocity_m_per_s);
    REQUIRE(outcome.resting.size() == 2);
    CHECK(value("axon.resting") == outcome.resting[0].voltage_mV);
    CHECK(value("tree.resting") == outcome.resting[1].voltage_mV);
    const auto tree_spikes = sink.sorted_spikes(1);
    CHECK(value("tree.tree_spikes.n") == static_cast<double>(tree_spikes.size()));
}

TEST_CASE("shards write the rows of the whole sweep, each row once", "[sweep]")
{
    const config::Sweep points(text, "test.yaml");
    const auto manifest = sweep::manifest_of(points);
    const test::Scratch whole_scratch, shard_scratch;
    const sweep::Folder whole(whole_scratch.path()), shards(shard_scratch.path());
    whole.open(points, manifest);
    shards.open(points, manifest);
    const auto counts = sweep::run_sweep(points, whole, {});
    CHECK((counts.n_points == 24 && counts.n_ok == 24 && counts.left() == 0));
    for (const std::int64_t k : {3, 0, 2, 4, 1}) {
        sweep::SweepOptions options;
        options.shard = {k, 5};
        options.threads = 1;
        const auto part = sweep::run_sweep(points, shards, options);
        CHECK(part.n_points == (k < 4 ? 5 : 4));
        CHECK(part.left() == 0);
    }
    CHECK(rows_in(shards, 24) == rows_in(whole, 24));
}

TEST_CASE("points merge only when they step alike and no cell is joined to another", "[sweep]")
{
    const config::Sweep points(text, "test.yaml");
    const auto a = sweep::prepared(points.point(0));
    auto b = sweep::prepared(points.point(7));
    CHECK(sweep::can_merge(a, b));  // another seed, delay and amplitude
    CHECK_FALSE(sweep::can_merge(a, sweep::prepared(points.point(12))));
    b.temperature_degC += 1;
    CHECK_FALSE(sweep::can_merge(a, b));
    b = a;
    b.gap_junctions.emplace_back();
    CHECK_FALSE(sweep::can_merge(a, b));
    CHECK_FALSE(sweep::can_merge(b, a));
    b = a;
    b.run.stop_ms = 5;
    CHECK_FALSE(sweep::can_merge(a, b));
}

TEST_CASE("cells of merged points share one layout, so that they lie side by side", "[sweep]")
{
    const config::Sweep points(text, "test.yaml");
    std::vector<model::Model> models;
    for (std::int64_t i = 0; i < 8; ++i) {
        models.push_back(sweep::prepared(points.point(i)));
    }
    const run::Simulation simulation(sweep::merge(models));
    REQUIRE(simulation.populations().size() == 16);
    for (std::size_t p = 2; p < 16; ++p) {
        CHECK(&simulation.populations()[p].layout() == &simulation.populations()[p % 2].layout());
    }
}
