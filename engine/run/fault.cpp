#include "run/fault.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/index.hpp"

namespace axolemma::run {

namespace {

using base::index;
using mechanisms::PointFault;

const Population& population_of(const BuiltModel& built, std::int64_t cell)
{
    const auto after = std::upper_bound(
        built.populations.begin(), built.populations.end(), cell,
        [](std::int64_t wanted, const Population& population) { return wanted < population.first_cell(); });
    return *(after - 1);
}

std::string describe_voltage(const BuiltModel& built, const GroupRun& group)
{
    const auto& cell = group.plan.cell_of(group.bad_node);
    const auto& population = population_of(built, cell.cell);
    return fmt::format("the voltage left the range of numbers at t = {:g} ms in cell {} of '{}', {}: {:g} mV",
                       static_cast<double>(group.bad_step) * built.model.run.dt_ms, cell.cell - population.first_cell(),
                       population.name(),
                       population.place_text(population.layout().centre(group.bad_node - cell.first_node)),
                       group.state.v_mV(group.bad_node));
}

std::string_view reason(PointFault fault)
{
    switch (fault) {
    case PointFault::too_many_waiting: return "more events to itself are on their way than it has room for";
    case PointFault::not_ahead: return "it sends itself an event with a delay that is negative or not a number";
    case PointFault::endless: return "it sends itself events without end in one step";
    case PointFault::none: break;
    }
    return "";
}

std::string describe_synapse(const BuiltModel& built, const GroupRun& group)
{
    const auto& failure = group.stepper->synapse_failure();
    const auto& instances = group.plan.synapse_instances;
    const auto at = std::find(instances.begin(), instances.end(), failure.synapse) - instances.begin();
    const auto& address = group.plan.synapse_addresses[static_cast<std::size_t>(at)];
    const auto& population = population_of(built, address.cell);
    const auto& spec = built.model.synapses[index(address.synapse)];
    const auto& where = built.synapse_places[index(address.synapse)].where[index(address.place)];
    return fmt::format("the synapse '{}' ({}) cannot go on at t = {:g} ms in cell {} of '{}', {}: {}", spec.name,
                       spec.type, failure.t_ms, address.cell - population.first_cell(), population.name(),
                       population.place_text(where), reason(failure.fault));
}

}  // namespace

std::string describe_fault(const BuiltModel& built, const GroupRun& group)
{
    return group.bad_node >= 0 ? describe_voltage(built, group) : describe_synapse(built, group);
}

}  // namespace axolemma::run
