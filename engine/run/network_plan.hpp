/// Synapses, connections and gap junctions of a model: from what the user wrote to instances, wires and ends that exist.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/diagnostics.hpp"
#include "discretise/discretised_cell.hpp"
#include "model/model.hpp"
#include "run/group_run.hpp"
#include "run/places.hpp"
#include "run/population.hpp"
#include "run/recordings.hpp"
#include "run/synapse_places.hpp"
#include "run/wiring.hpp"

namespace axolemma::run {

class NetworkPlan {
public:
    /// Finds places, sources and gap junctions. Problems go to `diagnostics`.
    /// All but `diagnostics` must outlive the plan.
    NetworkPlan(const model::Model& model, const std::vector<Population>& populations,
                const std::vector<SynapsePlaces>& places, const Recordings& recordings, base::Diagnostics& diagnostics);

    /// Adds the synapses and gap junctions of one cell.
    void plug(std::size_t population, std::int64_t index, discretise::Plugged& plugged,
              base::Diagnostics& diagnostics) const;
    /// What is known of the times of events once everything is connected.
    struct Timing {
        /// Shortest delay between cells in steps; the largest number if no cell is connected to another.
        std::int64_t shortest_delay_steps = std::numeric_limits<std::int64_t>::max();
        /// When the first spike of a generator reaches a synapse; infinity if none does.
        double first_event_ms = std::numeric_limits<double>::infinity();
    };
    /// Wires the cells of these groups, which are all cells first..end-1 of the model.
    Timing connect(std::span<const std::unique_ptr<GroupRun>> groups, std::int64_t first, std::int64_t end,
                   base::Diagnostics& diagnostics) const;

    /// About how many connections there will be over all cells, as far as the rules tell before they are applied.
    double expected_connections() const;
    /// Places that gap junctions look at, over all cells.
    std::int32_t n_gap_sites() const { return n_gap_sites_; }
    std::int64_t n_gap_junctions() const { return static_cast<std::int64_t>(gap_ends_.size()) / 2; }
    /// Sites of the cells before this one.
    std::int32_t gap_sites_before(std::int64_t cell) const;

private:
    struct TargetGroup;
    class Targets;
    struct GapEndOfCell {
        std::int64_t cell;
        discretise::GapEnd end;
    };
    struct GapSiteOfCell {
        std::int64_t cell;
        discretise::GapSite site;
    };

    /// Concentrations belong to whole compartments, of which a synapse is a point.
    void refuse_pools(base::Diagnostics& diagnostics) const;
    void find_gap_junctions(base::Diagnostics& diagnostics);
    void find_positions(base::Diagnostics& diagnostics);
    std::vector<double> parameters(std::size_t synapse, std::size_t population, std::int64_t index, std::size_t place,
                                   base::Diagnostics& diagnostics) const;
    network::SpikeTrain train(const model::GeneratorSpec& generator, std::int64_t number,
                              base::Diagnostics& diagnostics) const;
    /// Where the wires of a connection come from: a population or a generator.
    struct SourceOfWires {
        std::int32_t population = -1, generator = -1;
        WiringEnd end;
    };
    SourceOfWires source_of(const model::ConnectionSpec& spec, base::Diagnostics& diagnostics) const;
    /// Index of the synapse that a connection ends at.
    std::size_t synapse_of(const model::ConnectionSpec& spec) const;
    void connect_one(std::size_t connection, Targets& targets, std::int64_t first, std::int64_t end, Timing& timing,
                     base::Diagnostics& diagnostics) const;
    void connect_generator(std::size_t generator, const Wire& one, std::int32_t synapse, TargetGroup& group,
                           Timing& timing, base::Diagnostics& diagnostics) const;
    /// The place on the target that a wire goes to, drawn by the share of each.
    std::size_t choose_place(const SynapsePlaces& places, const model::ConnectionSpec& spec, std::int64_t cell,
                             std::uint32_t ordinal) const;

    const model::Model& model_;
    const std::vector<Population>& populations_;
    const std::vector<SynapsePlaces>& places_;
    const Recordings& recordings_;
    std::vector<std::vector<std::array<double, 3>>> positions_um_;  ///< per population; empty where nobody asks
    std::vector<GapEndOfCell> gap_ends_;                            ///< cells ascending
    std::vector<GapSiteOfCell> gap_sites_;                          ///< cells ascending
    std::int32_t n_gap_sites_ = 0;
    std::vector<std::int64_t> first_generator_;  ///< number over all generators of the first of each entry
};

}  // namespace axolemma::run
