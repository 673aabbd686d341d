#include <fmt/format.h>

#include "run/estimate.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;

namespace {

/// 64 cables, and patches that cost next to nothing, in this order.
std::string cables_and_patches(int n_patches)
{
    return fmt::format(R"yaml(
axolemma: 1
cells:
  - {{name: cable, count: 64, morphology: {{cable: {{length: 1000 um, diameter: 1 um}}}}, discretisation: {{count: 100}}, channels: [{{channel: hh}}]}}
  - {{name: patch, count: {}, morphology: {{patch: {{area: 1000 um2}}}}, channels: [{{channel: pas}}]}}
run: {{stop: 50 ms, dt: 0.025 ms}}
)yaml",
                       n_patches);
}

run::Simulation build(const std::string& text)
{
    return run::Simulation(config::parse_model(text, "test.yaml"));
}

}  // namespace

TEST_CASE("the estimated CPU time is that of the run", "[run][estimate]")
{
    auto simulation = build(cables_and_patches(1));
    const auto estimate = run::estimate_cost(simulation, 1, 1);
    run::MemorySink sink;
    run::RunOptions options;
    options.threads = 1;
    const auto outcome = simulation.run(options, sink);
    // Both are measured, on machines that do other things too: a quarter to four times.
    CHECK(estimate.cpu_s > 0.25 * outcome.cpu_s);
    CHECK(estimate.cpu_s < 4.0 * outcome.cpu_s);
    CHECK(estimate.cpu_s == Approx(estimate.cpu_ms_per_ms * 50e-3));
    CHECK(estimate.wall_s == Approx(estimate.cpu_s));
    CHECK(estimate.rank_memory_MB == Approx(simulation.facts().memory_MB));
}

TEST_CASE("equal cells divide evenly among ranks and threads", "[run][estimate]")
{
    auto simulation = build(cables_and_patches(1));
    const auto four = run::estimate_cost(simulation, 4, 2);
    // One patch more or less is all that can be uneven.
    CHECK(four.imbalance == Approx(1.0).margin(0.07));
    CHECK(four.wall_s == Approx(four.cpu_s / 8.0 * four.imbalance));
    CHECK(four.rank_memory_MB == Approx(simulation.facts().memory_MB / 4.0).epsilon(0.1));
    CHECK(four.useful_threads == 2);
}

TEST_CASE("more ranks than cells do not make a run faster", "[run][estimate]")
{
    auto simulation = build(cables_and_patches(1));
    const auto most = run::estimate_cost(simulation, 64, 1);
    const auto beyond = run::estimate_cost(simulation, 640, 1);
    // The time of a cell is measured afresh each time.
    CHECK(beyond.wall_s / beyond.cpu_s > 0.9 / 65.0);
    CHECK(most.wall_s / most.cpu_s > 0.9 / 65.0);
    CHECK(beyond.imbalance > 5.0);
}

TEST_CASE("threads beyond the number of groups are not counted on", "[run][estimate]")
{
    auto simulation = build(cables_and_patches(1));
    // 6401 nodes and more, at least 512 in a group.
    const auto many = run::estimate_cost(simulation, 1, 100);
    CHECK(many.useful_threads >= 12);
    CHECK(many.useful_threads <= 13);
    CHECK(many.wall_s == Approx(many.cpu_s / many.useful_threads));
}
