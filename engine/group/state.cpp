#include "group/state.hpp"

#include "base/hash.hpp"

namespace axolemma::group {

State::State(const Plan& plan)
    : packing_(plan.packing.get()), n_slots_(static_cast<std::size_t>(plan.packing->empty_slot() + lanes))
{
    std::size_t size = n_slots_;
    for (const std::size_t n : plan.state_column_sizes) {
        offsets_.push_back(size);
        size += n;
    }
    values_.assign(size, 0.0);
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        v_mV(node) = plan.v_init_mV[plan.slot(node)];
    }
}

std::uint64_t State::hash_cell(const Plan& plan, const CellRange& cell) const
{
    base::Hash64 hash;
    const std::int32_t end = cell.first_node + cell.n_nodes;
    for (std::int32_t node = cell.first_node; node < end; ++node) {
        hash.add(v_mV(node));
    }
    for (const auto& mechanism : plan.mechanisms) {
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            const double* values = column(mechanism.first_state_column + s);
            for (std::int32_t node = cell.first_node; node < end; ++node) {
                if (const auto place = mechanism.place(static_cast<std::int32_t>(plan.slot(node))); place >= 0) {
                    hash.add(values[place]);
                }
            }
        }
    }
    return hash.value();
}

}  // namespace axolemma::group
