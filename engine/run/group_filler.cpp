#include "run/group_filler.hpp"

#include <algorithm>
#include <limits>

#include "base/cache.hpp"
#include "base/parallel.hpp"
#include "base/simd.hpp"

namespace axolemma::run {

namespace {

/// Of one node with hh on it: voltage, three gates, area, conductance and two numbers of the solver, in lanes that are not
/// all filled.
constexpr std::int64_t bytes_per_node = 80;
constexpr std::int64_t most_nodes = std::int64_t{1} << 26;  ///< places in the rows are numbered with 32 bits
constexpr auto eight = static_cast<std::int64_t>(base::lanes);
constexpr std::int64_t groups_per_thread = 4;  ///< so that threads end at about the same time

}  // namespace

bool cuts_long_chains(const model::RunSpec& run, std::int64_t n_cells)
{
    const bool others_fill_lanes = n_cells >= static_cast<std::int64_t>(base::lanes);
    return run.split_cables == model::SplitCables::always ||
           (run.split_cables == model::SplitCables::automatic && !others_fill_lanes);
}

GroupFiller::GroupFiller(const model::Model& model, std::int64_t n_cells, std::int64_t n_own,
                         std::function<void(group::Plan)> take)
    : temperature_degC_(model.temperature_degC),
      cut_long_chains_(cuts_long_chains(model.run, n_cells)),
      nodes_per_group_(std::numeric_limits<std::int64_t>::max()),
      cells_per_group_(std::numeric_limits<std::int64_t>::max()),
      take_(std::move(take)),
      planner_(model.catalogue)
{
    if (model.run.group_cells) {
        cells_are_given_ = true;
        cells_per_group_ = *model.run.group_cells;
    } else {
        const std::int64_t wanted_groups = groups_per_thread * base::default_thread_count();
        cells_per_group_ = std::max<std::int64_t>(1, n_own / wanted_groups);
        nodes_per_group_ = base::second_level_cache_bytes() / bytes_per_node;
    }
}

bool GroupFiller::is_full(const discretise::DiscretisedCell& coming) const
{
    const auto n_cells = static_cast<std::int64_t>(waiting_.size());
    const std::int64_t n_nodes = coming.layout->n_nodes();
    if (n_cells == 0 || cells_are_given_) {
        return n_cells > 0 && (n_cells >= cells_per_group_ || waiting_nodes_ + n_nodes > most_nodes);
    }
    const bool enough = n_cells >= cells_per_group_ && waiting_nodes_ >= smallest_group_nodes;
    const bool all_copies = waiting_.front().cell->layout == waiting_.back().cell->layout;
    if (all_copies && coming.layout == waiting_.back().cell->layout && eight * n_nodes <= nodes_per_group_) {
        // One more copy: full only at a multiple of eight.
        return n_cells % eight == 0 && (enough || waiting_nodes_ + eight * n_nodes > nodes_per_group_);
    }
    return enough || (all_copies && n_cells % eight == 0) || waiting_nodes_ + n_nodes > nodes_per_group_;
}

void GroupFiller::add(std::int64_t number, std::shared_ptr<const discretise::DiscretisedCell> cell,
                      discretise::Plugged plugged)
{
    const std::int64_t n_nodes = cell->layout->n_nodes();
    if (is_full(*cell)) {
        flush();
    }
    waiting_.push_back({number, std::move(cell), std::move(plugged)});
    waiting_nodes_ += n_nodes;
}

void GroupFiller::flush()
{
    if (waiting_.empty()) {
        return;
    }
    std::vector<group::CellToPack> cells;
    cells.reserve(waiting_.size());
    for (const auto& one : waiting_) {
        cells.push_back({one.number, one.cell.get(), &one.plugged, cut_long_chains_});
    }
    take_(planner_.make_plan(cells, temperature_degC_));
    waiting_.clear();
    waiting_nodes_ = 0;
}

}  // namespace axolemma::run
