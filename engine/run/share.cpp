#include "run/share.hpp"

#include <algorithm>
#include <cmath>

#include "base/cpu_time.hpp"
#include "base/index.hpp"
#include "base/parallel.hpp"
#include "run/group_filler.hpp"
#include "run/group_run.hpp"

namespace axolemma::run {

namespace {

using base::index;

constexpr std::int64_t eight = 8;            ///< copies that fill the lanes
constexpr std::int64_t trial_nodes = 20000;  ///< enough to see what a node costs
constexpr double trial_s = 2e-3;
constexpr std::int64_t trial_steps_at_once = 8;

double measure_population(const model::Model& model, const Population& population, bool cut_long_chains)
{
    const std::int64_t n_nodes = population.layout().n_nodes();
    const std::int64_t n = std::clamp<std::int64_t>(trial_nodes / n_nodes, 1, std::min(eight, population.count()));
    std::vector<discretise::DiscretisedCell> cells;
    for (std::int64_t k = 0; k < n; ++k) {
        cells.push_back(population.make_cell(k));
    }
    std::vector<group::CellToPack> to_pack;
    for (std::int64_t k = 0; k < n; ++k) {
        to_pack.push_back({k, &cells[index(k)], nullptr, cut_long_chains});
    }
    GroupRun group(group::make_plan(to_pack, model.temperature_degC, model.catalogue), model.run);
    group.stepper->initialise(group.state);
    std::int64_t step = 0;
    for (; step < trial_steps_at_once; ++step) {
        group.stepper->advance(group.state, step);
    }
    const double begin_s = base::process_cpu_s();
    const std::int64_t first = step;
    double spent_s = 0;
    while (spent_s < trial_s) {
        for (std::int64_t k = 0; k < trial_steps_at_once; ++k) {
            group.stepper->advance(group.state, step++);
        }
        spent_s = base::process_cpu_s() - begin_s;
    }
    return 1e9 * spent_s / static_cast<double>(n * (step - first));
}

}  // namespace

int threads_of_rank(int asked, const network::Ranks& ranks)
{
    if (asked > 0) {
        return asked;
    }
    const int available = base::default_thread_count();
    return ranks.size() == 1 || base::thread_count_is_set()
               ? available
               : std::min(available, std::max(1, base::core_count() / ranks.n_on_machine()));
}

CellShare::CellShare(const std::vector<Population>& populations, const std::vector<double>& cost, int n_ranks, int rank)
    : rank_(rank)
{
    double total = 0;
    for (std::size_t p = 0; p < populations.size(); ++p) {
        total += cost[p] * static_cast<double>(populations[p].count());
    }
    first_.push_back(0);
    for (int r = 1; r < n_ranks; ++r) {
        double left = total * r / n_ranks;
        std::int64_t first = 0;
        for (std::size_t p = 0; p < populations.size(); ++p) {
            const std::int64_t count = populations[p].count();
            const double all = cost[p] * static_cast<double>(count);
            if (left < all) {
                auto cells = static_cast<std::int64_t>(std::llround(left / cost[p]));
                if (count >= 8 * eight * n_ranks) {
                    cells =
                        (cells + eight / 2) / eight * eight;  // whole rows of copies, where that costs little balance
                }
                first += std::min(cells, count);
                break;
            }
            left -= all;
            first += count;
        }
        first_.push_back(std::max(first, first_.back()));
    }
    first_.push_back(populations.back().first_cell() + populations.back().count());
}

std::vector<double> measure_cell_cost(const model::Model& model, const std::vector<Population>& populations)
{
    const auto n_cells = populations.back().first_cell() + populations.back().count();
    const bool cut_long_chains = cuts_long_chains(model.run, n_cells);
    std::vector<double> cost;
    for (const auto& population : populations) {
        cost.push_back(measure_population(model, population, cut_long_chains));
    }
    return cost;
}

}  // namespace axolemma::run
