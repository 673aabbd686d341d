#include "run/estimate.hpp"

#include <algorithm>

#include "base/cpu_time.hpp"
#include "run/group_filler.hpp"
#include "run/share.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

namespace {

/// What one rank has of the model.
struct Portion {
    double step_ns = 0;
    std::int64_t cells = 0, nodes = 0;
};

Portion portion_of(const std::vector<Population>& populations, const std::vector<double>& cost_ns, std::int64_t first,
                   std::int64_t end)
{
    Portion portion;
    for (std::size_t p = 0; p < populations.size(); ++p) {
        const auto& population = populations[p];
        const std::int64_t begin = std::max(first, population.first_cell());
        const std::int64_t n =
            std::max<std::int64_t>(0, std::min(end, population.first_cell() + population.count()) - begin);
        portion.step_ns += cost_ns[p] * static_cast<double>(n);
        portion.cells += n;
        portion.nodes += n * population.layout().n_nodes();
    }
    return portion;
}

/// Groups are what threads share out.
std::int64_t most_groups(const Portion& portion, const model::RunSpec& run)
{
    const std::int64_t groups = run.group_cells ? (portion.cells + *run.group_cells - 1) / *run.group_cells
                                                : std::min(portion.cells, portion.nodes / smallest_group_nodes);
    return std::max<std::int64_t>(groups, 1);
}

/// CPU time of a step of the whole model   [ns]
double measure_step_ns(Simulation& simulation)
{
    constexpr double enough_s = 20e-3;
    const double begin_s = base::process_cpu_s();
    double first_s = 0, last_s = begin_s;  // after the first epoch and after the last
    std::int64_t first_step = 0, last_step = 0;
    RunOptions options;
    options.threads = 1;
    options.progress = [&](std::int64_t done, std::int64_t) {
        last_s = base::process_cpu_s();
        last_step = done;
        if (first_step == 0) {
            first_s = last_s;
            first_step = done;
        }
    };
    options.stop_requested = [&] { return first_step > 0 && base::process_cpu_s() - first_s > enough_s; };
    NullSink nothing;
    simulation.run(options, nothing);
    if (last_step > first_step) {
        return 1e9 * (last_s - first_s) / static_cast<double>(last_step - first_step);
    }
    return 1e9 * (last_s - begin_s) / static_cast<double>(std::max<std::int64_t>(last_step, 1));
}

}  // namespace

Estimate estimate_cost(Simulation& simulation, int ranks, int threads)
{
    const auto& populations = simulation.populations();
    const auto& facts = simulation.facts();
    const auto& run = simulation.model().run;
    const auto cost_ns = measure_cell_cost(simulation.model(), populations);
    const auto steps = static_cast<double>(facts.n_steps);
    const auto whole = portion_of(populations, cost_ns, 0, facts.n_cells);
    const CellShare share(populations, cost_ns, ranks, 0);

    Estimate estimate;
    estimate.ranks = ranks;
    estimate.threads = threads;
    const double step_ns = measure_step_ns(simulation);
    estimate.cpu_s = 1e-9 * step_ns * steps;
    estimate.cpu_ms_per_ms = 1e-6 * step_ns / run.dt_ms;
    double busiest_ns = 0;
    std::int64_t most_nodes = 0;
    for (int rank = 0; rank < ranks; ++rank) {
        const auto portion = portion_of(populations, cost_ns, share.first_of(rank), share.first_of(rank + 1));
        most_nodes = std::max(most_nodes, portion.nodes);
        if (portion.step_ns > busiest_ns) {
            busiest_ns = portion.step_ns;
            estimate.useful_threads = static_cast<int>(std::min<std::int64_t>(threads, most_groups(portion, run)));
        }
    }
    estimate.imbalance = busiest_ns * ranks / whole.step_ns;
    estimate.wall_s = estimate.cpu_s / ranks * estimate.imbalance / estimate.useful_threads;
    estimate.rank_memory_MB =
        facts.memory_MB * static_cast<double>(most_nodes) / static_cast<double>(std::max<std::int64_t>(whole.nodes, 1));
    return estimate;
}

}  // namespace axolemma::run
