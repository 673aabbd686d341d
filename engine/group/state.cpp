#include "group/state.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace axolemma::group {

namespace {

std::size_t round_up_to_cache_line(std::size_t n)
{
    return (n + 7) / 8 * 8;
}

}  // namespace

State::State(const Plan& plan) : n_nodes_(plan.parent.size())
{
    std::size_t size = round_up_to_cache_line(n_nodes_);
    for (const std::size_t n : plan.state_column_sizes) {
        offsets_.push_back(size);
        size += round_up_to_cache_line(n);
    }
    values_.assign(size, 0.0);
    std::copy(plan.v_init_mV.begin(), plan.v_init_mV.end(), values_.begin());
}

std::uint64_t State::hash_cell(const Plan& plan, const CellRange& cell) const
{
    base::Hash64 hash;
    hash.add(v_mV().subspan(static_cast<std::size_t>(cell.first_node), static_cast<std::size_t>(cell.n_nodes)));
    for (const auto& mechanism : plan.mechanisms) {
        const auto first = std::lower_bound(mechanism.node.begin(), mechanism.node.end(), cell.first_node);
        const auto last = std::lower_bound(first, mechanism.node.end(), cell.first_node + cell.n_nodes);
        const auto from = static_cast<std::size_t>(first - mechanism.node.begin());
        const auto n = static_cast<std::size_t>(last - first);
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            hash.add(std::span<const double>{column(mechanism.first_state_column + s) + from, n});
        }
    }
    return hash.value();
}

}  // namespace axolemma::group
