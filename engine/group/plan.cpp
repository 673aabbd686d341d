#include "group/plan.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "base/index.hpp"
#include "group/connections.hpp"

namespace axolemma::group {

namespace {

using base::index;
using RateValues = std::optional<std::vector<double>>;

/// Coupling of an empty lane to whatever is above it: so large that it takes that voltage, small enough that products
/// with it stay finite; and a power of two, so that what an empty junction hands on is exactly nothing.   [uS]
constexpr double empty_lane_uS = 0x1p100;

TreeToPack tree_of(const CellToPack& cell)
{
    TreeToPack tree{cell.what->layout->parent, cell.what->layout->area_um2, {}, cell.cut_long_chains};
    for (const auto& clamp : cell.plugged().current_clamps) {
        for (const std::int32_t node : clamp.tap.node) {
            if (node >= 0) {
                tree.injected.push_back(node);
            }
        }
    }
    for (const auto& clamp : cell.plugged().voltage_clamps) {
        tree.injected.push_back(clamp.node);
    }
    std::sort(tree.injected.begin(), tree.injected.end());
    tree.injected.erase(std::unique(tree.injected.begin(), tree.injected.end()), tree.injected.end());
    return tree;
}

void add_cable(Plan& plan, const discretise::DiscretisedCell& cell, std::int32_t first)
{
    const auto& layout = *cell.layout;
    for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
        const auto k = index(i);
        const std::size_t slot = plan.slot(i + first);
        plan.axial_uS[slot] = cell.cable.axial_uS[k];
        plan.v_init_mV.set(slot, plan.axial_uS.size(), cell.v_init_mV[k]);
        if (!layout.is_junction(i)) {
            plan.scale_uS[slot] = 0.01 * layout.area_um2[k];
            plan.cm_uF_per_cm2.set(slot, plan.scale_uS.size(), cell.cable.cm_uF_per_cm2[k]);
        }
    }
}

void add_clamps(Plan& plan, const CellToPack& cell, std::int32_t first)
{
    for (auto clamp : cell.plugged().current_clamps) {
        for (auto& node : clamp.tap.node) {
            node = node < 0 ? -1 : node + first;
        }
        plan.current_clamps.push_back(std::move(clamp));
        plan.current_clamp_cell.push_back(cell.cell);
    }
    for (auto clamp : cell.plugged().voltage_clamps) {
        clamp.node += first;
        plan.voltage_clamps.push_back(std::move(clamp));
        plan.voltage_clamp_cell.push_back(cell.cell);
    }
}

void add_gap_junctions(Plan& plan, const CellToPack& cell, std::int32_t first)
{
    for (const auto& end : cell.plugged().gap_ends) {
        plan.gap_ends.push_back({static_cast<std::int32_t>(plan.slot(end.node + first)), end.g_uS, end.site_there});
    }
    for (const auto& site : cell.plugged().gap_sites) {
        plan.gap_sites.push_back({static_cast<std::int32_t>(plan.slot(site.node + first)), site.site});
    }
}

/// Index of an ion in the plan.
std::size_t find_ion(const Plan& plan, std::string_view name)
{
    const auto found =
        std::find_if(plan.ions.begin(), plan.ions.end(), [&](const IonPlan& ion) { return ion.name == name; });
    assert(found != plan.ions.end() && "an ion is where a mechanism uses it");
    return static_cast<std::size_t>(found - plan.ions.begin());
}

/// All instances of one kind; none when no cell has it.
SynapsePlan place_synapses(std::span<const CellToPack> cells, Plan& plan, const mechanisms::SynapseInfo& info)
{
    SynapsePlan kind;
    kind.info = &info;
    kind.first = plan.n_synapses();
    std::vector<const discretise::PlacedSynapse*> placed;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const auto& synapse : cells[c].plugged().synapses) {
            if (synapse.info == &info) {
                plan.synapse_addresses.push_back({cells[c].cell, synapse.synapse, synapse.place});
                plan.synapse_instances.push_back(kind.first + static_cast<std::int32_t>(placed.size()));
                placed.push_back(&synapse);
                kind.slot.push_back(static_cast<std::int32_t>(plan.slot(synapse.node + plan.cells[c].first_node)));
            }
        }
    }
    const std::size_t stride = placed.empty() ? 0 : kind.stride();
    kind.parameters.resize(stride * info.parameters.size());
    for (std::size_t k = 0; k < stride; ++k) {
        const auto& parameters = placed[std::min(k, placed.size() - 1)]->parameters;
        for (std::size_t p = 0; p < info.parameters.size(); ++p) {
            kind.parameters[p * stride + k] = parameters[p];
        }
    }
    return kind;
}

void add_synapses(Plan& plan, std::span<const CellToPack> cells, const mechanisms::Catalogue& catalogue)
{
    for (const mechanisms::SynapseInfo* info : catalogue.synapses()) {
        auto kind = place_synapses(cells, plan, *info);
        if (kind.n() > 0) {
            kind.state_column = plan.state_column_sizes.size();
            plan.state_column_sizes.push_back(kind.stride() * kind.info->states.size());
            if (kind.info->is_text()) {
                kind.memory_column = plan.state_column_sizes.size();
                plan.state_column_sizes.push_back(0);
                for (const auto& use : info->kernels->between_events().ions) {
                    kind.ions.push_back(find_ion(plan, use.name));
                }
            }
            plan.synapses.push_back(std::move(kind));
        }
    }
    ConnectionNumbers(plan).seal();
    std::vector<std::size_t> order(plan.synapse_addresses.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return plan.synapse_addresses[a] < plan.synapse_addresses[b]; });
    const auto addresses = plan.synapse_addresses;
    const auto instances = plan.synapse_instances;
    for (std::size_t k = 0; k < order.size(); ++k) {
        plan.synapse_addresses[k] = addresses[order[k]];
        plan.synapse_instances[k] = instances[order[k]];
    }
}

/// All sets of rate values with which a mechanism occurs, ascending; none of them when no cell has it.
std::set<RateValues> rate_values_of(std::span<const CellToPack> cells, const mechanisms::MechanismInfo& info)
{
    std::set<RateValues> found;
    for (const auto& cell : cells) {
        for (const auto& placed : cell.what->mechanisms) {
            if (placed.info == &info) {
                found.insert(placed.rate_values);
            }
        }
    }
    return found;
}

/// Calls visit(placed mechanism, first node of its cell) for every cell that carries it with these rate values.
template <class Visit>
void for_each_placed(std::span<const CellToPack> cells, const Plan& plan, const MechanismPlan& mechanism, Visit visit)
{
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const auto& placed : cells[c].what->mechanisms) {
            if (placed.info == mechanism.info && placed.rate_values == mechanism.rate_values) {
                visit(placed, plan.cells[c].first_node);
            }
        }
    }
}

/// The lanes of a row that hold a node.
std::vector<std::uint8_t> occupied_lanes(const Plan& plan)
{
    std::vector<std::uint8_t> occupied(index(plan.packing->n_all_rows()), 0);
    for (const std::int32_t slot : plan.packing->slot) {
        occupied[index(slot / lanes)] |= static_cast<std::uint8_t>(1 << (slot % lanes));
    }
    return occupied;
}

/// Rows and lanes in which a mechanism occurs.
void find_rows(MechanismPlan& mechanism, std::span<const CellToPack> cells, const Plan& plan)
{
    std::vector<unsigned> present(index(plan.packing->n_rows), 0);
    for_each_placed(cells, plan, mechanism, [&](const discretise::PlacedMechanism& placed, std::int32_t first) {
        for (const std::int32_t node : placed.node) {
            const auto slot = plan.slot(node + first);
            present[slot / base::lanes] |= 1U << (slot % base::lanes);
        }
    });
    for (std::size_t row = 0; row < present.size(); ++row) {
        if (present[row] != 0) {
            mechanism.rows.push_back(static_cast<std::int32_t>(row));
            mechanism.present.push_back(static_cast<std::uint8_t>(present[row]));
        }
    }
}

void add_parameters(MechanismPlan& mechanism, std::span<const CellToPack> cells, const Plan& plan)
{
    const std::size_t n = mechanism.n_places();
    for (std::size_t p = 0; p < mechanism.info->parameters.size(); ++p) {
        Column column;
        for_each_placed(cells, plan, mechanism, [&](const discretise::PlacedMechanism& placed, std::int32_t first) {
            for (std::size_t k = 0; k < placed.node.size(); ++k) {
                const auto slot = static_cast<std::int32_t>(plan.slot(placed.node[k] + first));
                const auto place = static_cast<std::size_t>(mechanism.place(slot));
                column.set(place, n, placed.parameters[p][k]);
            }
        });
        mechanism.parameters.push_back(std::move(column));
    }
}

void add_ion(IonPlan& plan_of_ion, const discretise::PlacedIon& placed, const Plan& plan, std::int32_t first)
{
    const std::array<const std::vector<double>*, 3> values{&placed.reversal_mV, &placed.inside_mM, &placed.outside_mM};
    const std::size_t n = plan.scale_uS.size();
    plan_of_ion.valence = placed.valence;
    plan_of_ion.of(mechanisms::IonQuantity::current_mA_per_cm2).initial.value = 0.0;
    for (std::size_t k = 0; k < placed.node.size(); ++k) {
        const auto slot = plan.slot(placed.node[k] + first);
        for (std::size_t q = 0; q < plan_of_ion.quantities.size(); ++q) {
            auto& quantity = plan_of_ion.quantities[q];
            if (q < values.size()) {
                quantity.initial.set(slot, n, (*values[q])[k]);
            }
            if ((placed.changing[k] >> q & 1) != 0) {
                quantity.changes.resize(n / base::lanes, 0);
                quantity.changes[slot / base::lanes] |= static_cast<std::uint8_t>(1U << (slot % base::lanes));
            }
        }
    }
}

void add_ions(Plan& plan, std::span<const CellToPack> cells)
{
    std::map<std::string, IonPlan> ions;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const auto& placed : cells[c].what->ions) {
            add_ion(ions[placed.name], placed, plan, plan.cells[c].first_node);
        }
    }
    for (auto& [name, ion] : ions) {
        ion.name = name;
        for (auto& quantity : ion.quantities) {
            if (!quantity.changes.empty()) {
                quantity.state_column = plan.state_column_sizes.size();
                plan.state_column_sizes.push_back(plan.scale_uS.size());
            }
        }
        plan.ions.push_back(std::move(ion));
    }
    for (auto& mechanism : plan.mechanisms) {
        for (const auto& use : mechanism.info->ions) {
            mechanism.ions.push_back(find_ion(plan, use.name));
        }
    }
}

/// Cuts operations where the mechanisms of their rows change.
void find_stretches(Plan& plan, const std::vector<std::uint8_t>& occupied)
{
    const auto n_rows = index(plan.packing->n_rows);
    std::vector<std::int32_t> sole(n_rows, several_mechanisms), place_row(n_rows, 0), n_mechanisms(n_rows, 0);
    for (std::size_t m = 0; m < plan.mechanisms.size(); ++m) {
        const auto& mechanism = plan.mechanisms[m];
        for (std::size_t k = 0; k < mechanism.rows.size(); ++k) {
            const auto row = index(mechanism.rows[k]);
            const bool alone = ++n_mechanisms[row] == 1 && mechanism.present[k] == occupied[row];
            sole[row] = alone ? static_cast<std::int32_t>(m) : several_mechanisms;
            place_row[row] = static_cast<std::int32_t>(k);
        }
    }
    for (const auto& operation : plan.packing->operations) {
        if (operation.kind == Operation::Kind::junctions) {
            plan.stretches.push_back({operation, several_mechanisms, 0, false, 0});
            continue;
        }
        for (std::int32_t last = operation.last_row(); last >= operation.top_row;) {
            std::int32_t top = last;
            while (top > operation.top_row && sole[index(top - 1)] == sole[index(last)]) {
                --top;
            }
            Stretch stretch{operation, sole[index(last)], place_row[index(top)], false, 0};
            stretch.operation.top_row = top;
            stretch.operation.n_rows = last - top + 1;
            stretch.operation.start = last == operation.last_row() ? operation.start : -1;
            stretch.operation.end = top == operation.top_row ? operation.end : -1;
            plan.stretches.push_back(stretch);
            last = top - 1;
        }
    }
    Stretch* later = nullptr;
    for (std::size_t k = plan.stretches.size(); k-- > 0;) {
        auto& stretch = plan.stretches[k];
        if (stretch.operation.kind == Operation::Kind::junctions) {
            continue;  // in rows of their own
        }
        if (later != nullptr && stretch.mechanism != several_mechanisms && later->mechanism == stretch.mechanism) {
            later->continues = true;
            stretch.rows_to_come = later->rows_to_come + later->operation.n_rows;
        }
        later = &stretch;
    }
}

}  // namespace

std::ptrdiff_t MechanismPlan::place(std::int32_t slot) const
{
    const std::int32_t row = slot / lanes;
    const auto lane = slot % lanes;
    if (rows.empty() || row < rows.front() || row > rows.back()) {
        return -1;
    }
    auto found = rows.begin() + (row - rows.front());  // rows without a gap, mostly
    if (static_cast<std::size_t>(rows.back() - rows.front()) + 1 != rows.size()) {
        found = std::lower_bound(rows.begin(), rows.end(), row);
    }
    const auto k = found - rows.begin();
    const bool is_there = *found == row && (present[static_cast<std::size_t>(k)] >> lane & 1) != 0;
    return is_there ? k * lanes + lane : -1;
}

std::vector<std::int32_t> Plan::children(std::int32_t node) const
{
    std::vector<std::int32_t> result;
    const auto& cell = cell_of(node);
    for (std::int32_t child = node + 1; child < cell.first_node + cell.n_nodes; ++child) {
        if (parent(child) == node) {
            result.push_back(child);
        }
    }
    return result;
}

double Plan::axial_diagonal_uS(std::int32_t node) const
{
    double sum = axial_uS_of(node);
    for (const std::int32_t child : children(node)) {
        sum += axial_uS_of(child);
    }
    return sum;
}

const CellRange& Plan::cell_of(std::int32_t node) const
{
    const auto after = std::upper_bound(cells.begin(), cells.end(), node,
                                        [](std::int32_t n, const CellRange& range) { return n < range.first_node; });
    assert(after != cells.begin() && "every node belongs to a cell");
    return *(after - 1);
}

std::int32_t Plan::find_synapse(const SynapseAddress& address) const
{
    const auto found = std::lower_bound(synapse_addresses.begin(), synapse_addresses.end(), address);
    return found == synapse_addresses.end() || *found != address
               ? -1
               : synapse_instances[static_cast<std::size_t>(found - synapse_addresses.begin())];
}

bool Plan::has_connection(std::int32_t instance, std::int64_t number) const
{
    const auto& kind = kind_of(instance);
    if (kind.first_connection.empty()) {
        return number == 0;
    }
    const auto k = static_cast<std::size_t>(instance - kind.first);
    const auto n = kind.first_connection[k + 1] - kind.first_connection[k];
    return number >= 0 && number < static_cast<std::int64_t>(n);
}

const SynapsePlan& Plan::kind_of(std::int32_t instance) const
{
    const auto after = std::upper_bound(synapses.begin(), synapses.end(), instance,
                                        [](std::int32_t k, const SynapsePlan& kind) { return k < kind.first; });
    return *(after - 1);
}

std::size_t Plan::bytes() const
{
    std::size_t total = (scale_uS.capacity() + axial_uS.capacity()) * sizeof(double) + cm_uF_per_cm2.bytes() +
                        v_init_mV.bytes() + cells.capacity() * sizeof(CellRange) +
                        stretches.capacity() * sizeof(Stretch) +
                        (current_clamps.capacity()) * (sizeof(discretise::CurrentClamp) + sizeof(std::int64_t)) +
                        (voltage_clamps.capacity()) * (sizeof(discretise::VoltageClamp) + sizeof(std::int64_t));
    for (const auto& kind : synapses) {
        total += kind.slot.capacity() * sizeof(std::int32_t) +
                 (kind.parameters.capacity() + kind.weights_uS.capacity()) * sizeof(double) +
                 (kind.first_memory.capacity() + kind.first_connection.capacity()) * sizeof(std::size_t);
    }
    total += synapse_addresses.capacity() * (sizeof(SynapseAddress) + sizeof(std::int32_t)) +
             gap_ends.capacity() * sizeof(GapEnd) + gap_sites.capacity() * sizeof(GapSite);
    for (const auto& ion : ions) {
        for (const auto& quantity : ion.quantities) {
            total += quantity.initial.bytes() + quantity.changes.capacity();
        }
    }
    for (const auto& mechanism : mechanisms) {
        total += mechanism.rows.capacity() * sizeof(std::int32_t) + mechanism.present.capacity();
        for (const auto& parameter : mechanism.parameters) {
            total += parameter.bytes();
        }
    }
    return total;
}

std::shared_ptr<const Packing> Planner::pack_or_reuse(std::span<const CellToPack> cells)
{
    std::vector<TreeToPack> trees;
    trees.reserve(cells.size());
    std::transform(cells.begin(), cells.end(), std::back_inserter(trees), tree_of);
    if (!last_ || trees != last_trees_) {
        last_ = std::make_shared<const Packing>(pack(trees));
        last_trees_ = std::move(trees);
        last_layouts_.clear();
        for (const auto& cell : cells) {
            last_layouts_.push_back(cell.what->layout);
        }
        packing_bytes_ += last_->bytes();
    }
    return last_;
}

Plan Planner::make_plan(std::span<const CellToPack> cells, double temperature_degC)
{
    Plan plan;
    plan.packing = pack_or_reuse(cells);
    plan.temperature_degC = temperature_degC;
    plan.axial_uS.assign(index(plan.packing->empty_slot()), empty_lane_uS);
    plan.scale_uS.assign(index(plan.packing->n_rows * lanes), 0.0);
    std::int32_t first = 0;
    for (const auto& cell : cells) {
        plan.cells.push_back({cell.cell, first, cell.what->layout->n_nodes()});
        add_cable(plan, *cell.what, first);
        add_clamps(plan, cell, first);
        add_gap_junctions(plan, cell, first);
        first += cell.what->layout->n_nodes();
    }
    const auto occupied = occupied_lanes(plan);
    for (const mechanisms::MechanismInfo* info : catalogue_.channels()) {
        for (const auto& rate_values : rate_values_of(cells, *info)) {
            MechanismPlan mechanism;
            mechanism.info = info;
            mechanism.rate_values = rate_values;
            find_rows(mechanism, cells, plan);
            if (mechanism.rows.empty()) {
                continue;
            }
            add_parameters(mechanism, cells, plan);
            mechanism.first_state_column = plan.state_column_sizes.size();
            plan.state_column_sizes.insert(plan.state_column_sizes.end(), info->states.size(), mechanism.n_places());
            plan.mechanisms.push_back(std::move(mechanism));
        }
    }
    add_ions(plan, cells);
    add_synapses(plan, cells, catalogue_);
    find_stretches(plan, occupied);
    return plan;
}

Plan make_plan(std::span<const CellToPack> cells, double temperature_degC, const mechanisms::Catalogue& catalogue)
{
    return Planner(catalogue).make_plan(cells, temperature_degC);
}

}  // namespace axolemma::group
