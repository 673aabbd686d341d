/// A group: cells packed into one set of arrays and stepped together. Plan is constant after it is built.
///
/// Nodes are numbered cell after cell, each cell in Hines order, so parent(i) < i everywhere. Numbers of a node lie in its
/// slot (group/packing.hpp); parents, cells and clamps speak of nodes. A result never depends on which cells share a group:
/// cells do not exchange anything inside a step, and sums over children run in an order that is the cell's own.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/aligned_array.hpp"
#include "discretise/discretised_cell.hpp"
#include "group/column.hpp"
#include "group/packing.hpp"
#include "mechanisms/catalogue.hpp"

namespace axolemma::group {

using base::AlignedArray;

/// One cell's place in its group.
struct CellRange {
    std::int64_t cell = 0;  ///< index over all cells of the model
    std::int32_t first_node = 0;
    std::int32_t n_nodes = 0;
};

/// One mechanism, with one set of rate values, on all rows of the group in which it occurs. Columns have a place for every
/// lane of these rows.
struct MechanismPlan {
    const mechanisms::MechanismInfo* info = nullptr;
    std::optional<std::vector<double>> rate_values;  ///< as in discretise::PlacedMechanism
    std::vector<std::int32_t> rows;                  ///< ascending
    std::vector<std::uint8_t> present;               ///< of each of `rows`: bit set of the lanes that carry it
    std::vector<Column> parameters;                  ///< of other lanes: those of some lane that carries it
    std::size_t first_state_column = 0;              ///< into State
    std::vector<std::size_t> ions;                   ///< index in Plan::ions of each of MechanismInfo::ions

    std::size_t n_places() const { return rows.size() * base::lanes; }
    /// Place of a slot in the columns, or -1 where the mechanism is not.
    std::ptrdiff_t place(std::int32_t slot) const;
};

/// An ion, over all membrane rows of the group.
struct IonPlan {
    struct Quantity {
        Column initial;  ///< at the beginning of a run; anything where no mechanism uses the ion
        /// Of each membrane row: bit set of the lanes in which it changes. Empty: it is constant everywhere.
        std::vector<std::uint8_t> changes;
        std::size_t state_column = 0;  ///< into State, if it changes anywhere
    };

    std::string name;
    int valence = 0;
    std::array<Quantity, 4> quantities;  ///< by mechanisms::IonQuantity

    Quantity& of(mechanisms::IonQuantity what) { return quantities[static_cast<std::size_t>(what)]; }
    const Quantity& of(mechanisms::IonQuantity what) const { return quantities[static_cast<std::size_t>(what)]; }
    bool changes(mechanisms::IonQuantity what, std::size_t slot) const
    {
        const auto& rows = of(what).changes;
        return !rows.empty() && (rows[slot / base::lanes] >> slot % base::lanes & 1) != 0;
    }
};

/// All instances of one kind of synapse in the group, cell after cell. Columns as in mechanisms::SynapseBlock or, of those
/// of text, mechanisms::PointBlock.
struct SynapsePlan {
    const mechanisms::SynapseInfo* info = nullptr;
    std::vector<std::int32_t> slot;
    AlignedArray<double> parameters;
    std::int32_t first = 0;        ///< number of the first instance over all kinds
    std::size_t state_column = 0;  ///< into State: all states, one column after the other

    // Of text only (mechanisms::PointBlock). There are no connections before group/connections.hpp has counted them.
    std::size_t memory_column = 0;  ///< into State: what each instance keeps besides, one instance after the other
    std::vector<std::size_t> first_memory;
    std::vector<std::size_t> first_connection;
    std::vector<double> weights_uS;
    std::vector<std::size_t> ions;  ///< index in Plan::ions of each ion that it uses

    std::size_t n() const { return slot.size(); }
    /// Numbers from one column to the next.
    std::size_t stride() const { return info->is_text() ? (n() + base::lanes - 1) / base::lanes * base::lanes : n(); }
};

/// An instance by where the user put it.
struct SynapseAddress {
    std::int64_t cell = 0;  ///< index over all cells of the model
    std::int32_t synapse = 0, place = 0;

    friend auto operator<=>(const SynapseAddress&, const SynapseAddress&) = default;
};

/// One side of a gap junction, and a place that the other sides look at (discretise/discretised_cell.hpp).
struct GapEnd {
    std::int32_t slot = 0;
    double g_uS = 0;
    std::int32_t site_there = 0;
};
struct GapSite {
    std::int32_t slot = 0;
    std::int32_t site = 0;
};

/// Stretch::mechanism.
inline constexpr std::int32_t several_mechanisms = -1;

/// Rows of one operation that carry the same: an operation of the packing, or a part of one.
struct Stretch {
    Operation operation;
    std::int32_t mechanism = several_mechanisms;  ///< the one that all lanes of the rows carry, and no other
    std::int32_t first_place_row =
        0;                          ///< of its columns, for top_row: a stretch of one mechanism has consecutive places
    bool continues = false;         ///< is the row after last_row() in the stretch before of the same kind?
    std::int32_t rows_to_come = 0;  ///< rows of this kind that follow without a gap, stretch after stretch
};

struct Plan {
    std::shared_ptr<const Packing> packing;
    std::vector<CellRange> cells;
    AlignedArray<double>
        scale_uS;  ///< 0.01 area, turns S/cm2 into uS and mA/cm2 into nA; 0 in empty lanes. Membrane rows
    AlignedArray<double> axial_uS;          ///< conductance to the parent; 0 at a root. All rows
    Column cm_uF_per_cm2;                   ///< membrane rows
    Column v_init_mV;                       ///< all rows
    std::vector<MechanismPlan> mechanisms;  ///< catalogue order, then by rate values
    std::vector<IonPlan> ions;              ///< by name
    std::vector<Stretch> stretches;         ///< in the order of elimination
    std::vector<std::size_t> state_column_sizes;
    std::vector<discretise::CurrentClamp> current_clamps;  ///< taps in group node numbers
    std::vector<discretise::VoltageClamp> voltage_clamps;
    std::vector<std::int64_t> current_clamp_cell, voltage_clamp_cell;  ///< cell each belongs to
    std::vector<SynapsePlan> synapses;                                 ///< catalogue order
    /// Addresses of all instances, ascending, and the instance that each is.
    std::vector<SynapseAddress> synapse_addresses;
    std::vector<std::int32_t> synapse_instances;
    std::vector<GapEnd> gap_ends;
    std::vector<GapSite> gap_sites;  ///< sites ascending
    double temperature_degC = 6.3;

    std::int32_t n_synapses() const { return static_cast<std::int32_t>(synapse_instances.size()); }
    /// Instance at an address, or -1.
    std::int32_t find_synapse(const SynapseAddress& address) const;
    /// Can an event come to an instance by its connection of this number?
    bool has_connection(std::int32_t instance, std::int64_t number) const;
    /// The kind that an instance is of.
    const SynapsePlan& kind_of(std::int32_t instance) const;
    std::int32_t n_nodes() const { return packing->n_nodes(); }
    std::int32_t parent(std::int32_t node) const { return packing->parent[static_cast<std::size_t>(node)]; }
    std::size_t slot(std::int32_t node) const
    {
        return static_cast<std::size_t>(packing->slot[static_cast<std::size_t>(node)]);
    }
    /// Nodes of no area, where three or more compartments meet.
    bool is_junction(std::int32_t node) const { return slot(node) >= scale_uS.size(); }
    double axial_uS_of(std::int32_t node) const { return axial_uS[slot(node)]; }
    double area_um2(std::int32_t node) const { return is_junction(node) ? 0.0 : 100.0 * scale_uS[slot(node)]; }
    double capacitance_nF(std::int32_t node) const
    {
        return is_junction(node) ? 0.0 : 1e-3 * cm_uF_per_cm2[slot(node)] * scale_uS[slot(node)];
    }
    /// Nodes whose parent is `node`, ascending.
    std::vector<std::int32_t> children(std::int32_t node) const;
    /// Sum of the conductances to parent and children.
    double axial_diagonal_uS(std::int32_t node) const;
    /// Cell to which a node belongs.
    const CellRange& cell_of(std::int32_t node) const;
    /// Bytes held by the plan, its packing left out.
    std::size_t bytes() const;
};

/// One cell of a group.
struct CellToPack {
    std::int64_t cell;  ///< index over all cells of the model
    const discretise::DiscretisedCell* what;
    const discretise::Plugged* own =
        nullptr;                   ///< instead of what is plugged into `what`, so that equal cells can share it
    bool cut_long_chains = false;  ///< see TreeToPack

    const discretise::Plugged& plugged() const { return own != nullptr ? *own : *what; }
};

/// Makes plans one after the other; successive groups of the same cells share one packing.
class Planner {
public:
    /// @param catalogue  in whose order currents are summed
    explicit Planner(mechanisms::Catalogue catalogue = {}) : catalogue_(std::move(catalogue)) {}

    /// @param cells  in ascending order of index
    Plan make_plan(std::span<const CellToPack> cells, double temperature_degC);
    /// Bytes of all packings made so far.
    std::size_t packing_bytes() const { return packing_bytes_; }

private:
    std::shared_ptr<const Packing> pack_or_reuse(std::span<const CellToPack> cells);

    mechanisms::Catalogue catalogue_;
    std::vector<TreeToPack> last_trees_;
    std::vector<std::shared_ptr<const discretise::Layout>> last_layouts_;  ///< keeps what the trees look at
    std::shared_ptr<const Packing> last_;
    std::size_t packing_bytes_ = 0;
};

/// A single group.
Plan make_plan(std::span<const CellToPack> cells, double temperature_degC, const mechanisms::Catalogue& catalogue = {});

}  // namespace axolemma::group
