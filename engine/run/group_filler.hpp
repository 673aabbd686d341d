/// Gathers cells into groups that are stepped together.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "discretise/discretised_cell.hpp"
#include "group/plan.hpp"
#include "model/model.hpp"

namespace axolemma::run {

constexpr std::int64_t smallest_group_nodes = 512;  ///< below, lanes are not filled well

/// Are unbranched sections cut into pieces that lie in different lanes?
/// @param n_cells  of the model
bool cuts_long_chains(const model::RunSpec& run, std::int64_t n_cells);

/// Takes cells in ascending order and hands on a plan whenever a group is full: when its numbers would no longer fit into
/// the second-level cache, or at RunSpec::group_cells. Copies of a cell go in multiples of eight, to lie side by side
/// (group/packing.hpp), as far as that is possible. Every result is the same for any grouping.
class GroupFiller {
public:
    /// @param n_cells  of the model
    /// @param n_own    that will be added
    GroupFiller(const model::Model& model, std::int64_t n_cells, std::int64_t n_own,
                std::function<void(group::Plan)> take);

    /// @param number  over all cells of the model
    /// @param cell    may be the same for many cells; its own clamps do not count
    void add(std::int64_t number, std::shared_ptr<const discretise::DiscretisedCell> cell, discretise::Plugged plugged);
    /// Hands on what has been added since the last plan.
    void flush();
    /// Memory of the packings that the plans share.
    std::size_t packing_bytes() const { return planner_.packing_bytes(); }

private:
    struct Waiting {
        std::int64_t number;
        std::shared_ptr<const discretise::DiscretisedCell> cell;
        discretise::Plugged plugged;
    };
    bool is_full(const discretise::DiscretisedCell& coming) const;

    double temperature_degC_;
    bool cut_long_chains_;
    bool cells_are_given_ = false;
    std::int64_t nodes_per_group_, cells_per_group_;
    std::function<void(group::Plan)> take_;
    group::Planner planner_;
    std::vector<Waiting> waiting_;
    std::int64_t waiting_nodes_ = 0;
};

}  // namespace axolemma::run
