#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"
#include "run/estimate.hpp"

namespace axolemma::cli {

namespace {

/// Two digits are more than an estimate knows.
std::string rough_text(double seconds)
{
    return seconds < 60.0 ? fmt::format("{:.2g} s", seconds) : duration_text(seconds);
}

/// The lines for a given number of ranks and threads.
std::string shared_text(const run::Simulation& simulation, const run::Estimate& estimate)
{
    const auto& facts = simulation.facts();
    std::string text =
        fmt::format("on {} rank{} x {} thread{}: about {} and {:.3g} MB of memory per rank\n", estimate.ranks,
                    estimate.ranks == 1 ? "" : "s", estimate.threads, estimate.threads == 1 ? "" : "s",
                    rough_text(estimate.wall_s), estimate.rank_memory_MB);
    const auto out = std::back_inserter(text);
    if (estimate.useful_threads < estimate.threads) {
        fmt::format_to(out, "  only {} of the {} threads would find a group of cells to work on\n",
                       estimate.useful_threads, estimate.threads);
    }
    if (estimate.ranks > facts.n_cells) {
        fmt::format_to(out, "  {} of the {} ranks would have no cell\n", estimate.ranks - facts.n_cells,
                       estimate.ranks);
    } else if (estimate.imbalance > 1.1) {
        fmt::format_to(out, "  the busiest rank would have {:.2f} times the average work: cells are not divided\n",
                       estimate.imbalance);
    }
    if (estimate.ranks > 1 && facts.min_delay_ms > 0.0) {
        fmt::format_to(out, "  the ranks would exchange spikes every {:g} ms, the shortest delay\n",
                       facts.min_delay_ms);
    }
    return text;
}

}  // namespace

int check_command(const CheckArguments& arguments)
{
    auto simulation = load_simulation(arguments.config, arguments.sets);
    const auto estimate = run::estimate_cost(simulation, std::max(arguments.ranks, 1), std::max(arguments.threads, 1));
    fmt::print(stderr, "{}", simulation.warnings().text());
    if (arguments.json) {
        fmt::print("{}", plan_json(simulation, estimate));
        return ExitCode::success;
    }
    fmt::print("{}", plan_text(simulation));
    fmt::print("about {:.2g} ms of CPU per simulated ms, {} in all; an estimate from the first steps\n",
               estimate.cpu_ms_per_ms, rough_text(estimate.cpu_s));
    if (arguments.ranks > 0 || arguments.threads > 0) {
        fmt::print("{}", shared_text(simulation, estimate));
    }
    if (const auto& sweep = simulation.model().sweep) {
        fmt::print("sweep of {} point{} (axolemma sweep)\n", sweep->n_points, sweep->n_points == 1 ? "" : "s");
    }
    return ExitCode::success;
}

}  // namespace axolemma::cli
