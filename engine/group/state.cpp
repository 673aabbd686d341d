#include "group/state.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace axolemma::group {

State::State(const Plan& plan)
    : packing_(plan.packing.get()), n_slots_(static_cast<std::size_t>(plan.packing->empty_slot() + lanes))
{
    std::size_t size = n_slots_;
    for (const std::size_t n : plan.state_column_sizes) {
        offsets_.push_back(size);
        size += (n + lanes - 1) / lanes * lanes;
    }
    values_.assign(size, 0.0);
    for (std::int32_t node = 0; node < plan.n_nodes(); ++node) {
        v_mV(node) = plan.v_init_mV[plan.slot(node)];
    }
    reset_ions(plan);
}

void State::reset_ions(const Plan& plan)
{
    for (const auto& ion : plan.ions) {
        for (const auto& quantity : ion.quantities) {
            for (std::size_t slot = 0; !quantity.changes.empty() && slot < plan.scale_uS.size(); ++slot) {
                column(quantity.state_column)[slot] = quantity.initial[slot];
            }
        }
    }
}

double State::ion(const IonPlan& ion, mechanisms::IonQuantity what, std::size_t slot) const
{
    const auto& quantity = ion.of(what);
    return quantity.changes.empty() ? quantity.initial[slot] : column(quantity.state_column)[slot];
}

namespace {

/// Calls visit(number) for every number of one cell, in an order that is the cell's own.
template <class AnyState, class Visit>
void for_each_number(AnyState& state, const Plan& plan, const CellRange& cell, Visit visit)
{
    const std::int32_t end = cell.first_node + cell.n_nodes;
    for (std::int32_t node = cell.first_node; node < end; ++node) {
        visit(state.v_slots_mV()[plan.slot(node)]);
    }
    for (const auto& mechanism : plan.mechanisms) {
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            auto* values = state.column(mechanism.first_state_column + s);
            for (std::int32_t node = cell.first_node; node < end; ++node) {
                if (const auto place = mechanism.place(static_cast<std::int32_t>(plan.slot(node))); place >= 0) {
                    visit(values[place]);
                }
            }
        }
    }
    for (const auto& ion : plan.ions) {
        for (const auto& quantity : ion.quantities) {
            for (std::int32_t node = cell.first_node; !quantity.changes.empty() && node < end; ++node) {
                const auto slot = plan.slot(node);
                if (!plan.is_junction(node) && (quantity.changes[slot / lanes] >> slot % lanes & 1) != 0) {
                    visit(state.column(quantity.state_column)[slot]);
                }
            }
        }
    }
    const auto is_before = [](const SynapseAddress& address, std::int64_t wanted) { return address.cell < wanted; };
    const auto& addresses = plan.synapse_addresses;
    auto at = std::lower_bound(addresses.begin(), addresses.end(), cell.cell, is_before);
    for (; at != addresses.end() && at->cell == cell.cell; ++at) {
        const auto instance = plan.synapse_instances[static_cast<std::size_t>(at - addresses.begin())];
        const auto& kind = plan.kind_of(instance);
        auto* values = state.column(kind.state_column) + (instance - kind.first);
        for (std::size_t s = 0; s < kind.info->states.size(); ++s) {
            visit(values[s * kind.n()]);
        }
    }
}

}  // namespace

std::uint64_t State::hash_cell(const Plan& plan, const CellRange& cell) const
{
    base::Hash64 hash;
    for_each_number(*this, plan, cell, [&](const double& x) { hash.add(x); });
    return hash.value();
}

void State::save_cell(const Plan& plan, const CellRange& cell, std::vector<double>& numbers) const
{
    for_each_number(*this, plan, cell, [&](const double& x) { numbers.push_back(x); });
}

bool State::load_cell(const Plan& plan, const CellRange& cell, std::span<const double> numbers)
{
    std::size_t n = 0;
    for_each_number(*this, plan, cell, [&](const double&) { ++n; });
    if (n != numbers.size()) {
        return false;
    }
    const double* next = numbers.data();
    for_each_number(*this, plan, cell, [&](double& x) { x = *next++; });
    return true;
}

}  // namespace axolemma::group
