/// From a description to groups that are ready to step: every check that needs the shape of the cells happens here. Every rank
/// reads and checks the whole description, and makes the groups of its own cells.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "network/ranks.hpp"
#include "run/f_i_curve.hpp"
#include "run/group_run.hpp"
#include "run/network_plan.hpp"
#include "run/places.hpp"
#include "run/population.hpp"
#include "run/recordings.hpp"
#include "run/share.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

class GroupFiller;

/// A model, what was made of it, and the groups in their initial state. Not movable: populations point into the model.
struct BuiltModel {
    /// Throws base::InputError with all errors found; with several ranks network::RankFailed on all of them.
    BuiltModel(model::Model description, network::Ranks& ranks);
    BuiltModel(const BuiltModel&) = delete;
    BuiltModel& operator=(const BuiltModel&) = delete;

    model::Model model;
    network::Ranks& ranks;
    Facts facts;
    base::Diagnostics warnings;
    std::vector<Population> populations;
    std::vector<SynapsePlaces> synapse_places;
    Recordings recordings;
    std::vector<FICurvePlan> f_i_curves;
    std::vector<InputFile> inputs;
    std::string fingerprint;  ///< 64 hexadecimal digits: configuration, overrides and input files
    std::unique_ptr<NetworkPlan> network;
    CellShare share{0};
    /// Column of each report at which the columns of each rank begin, and their number.
    std::vector<std::vector<std::size_t>> first_columns;
    /// Columns of a report that are this rank's.
    std::size_t n_own_columns(std::size_t report) const
    {
        const auto rank = static_cast<std::size_t>(ranks.rank());
        return first_columns[report][rank + 1] - first_columns[report][rank];
    }
    std::vector<std::unique_ptr<GroupRun>> groups;  ///< cells of this rank, ascending
    /// Shortest delay between cells in steps; the largest number without connections.
    std::int64_t min_delay_steps = std::numeric_limits<std::int64_t>::max();
    std::size_t packing_bytes = 0;
    /// When the first clamp begins or the first spike of a generator arrives.
    double first_stimulus_ms = std::numeric_limits<double>::infinity();

private:
    void make_populations(base::Diagnostics& diagnostics);
    /// Throws base::EngineError when so much, over all ranks, cannot fit into this machine.
    void require_memory(double bytes) const;
    double bytes_of_cells() const;
    void find_out(base::Diagnostics& diagnostics);
    void tell_populations_of_point_processes();
    void take_fingerprint();
    void share_cells();
    void make_groups(base::Diagnostics& diagnostics);
    void agree_on_facts();
    void pack(base::Diagnostics& diagnostics);
    /// A stimulus with its cells and places found.
    struct Plug {
        Selected cells;
        std::vector<morphology::Location> places;
    };
    std::vector<Plug> find_plugs(base::Diagnostics& diagnostics) const;
    discretise::Plugged plug_in(const std::vector<Plug>& plugs, std::size_t population, std::int64_t index,
                                base::Diagnostics& diagnostics);
    void pack_population(std::size_t population, const std::vector<Plug>& plugs, GroupFiller& filler,
                         base::Diagnostics& diagnostics);
    void look_for_strong_gaps(const Population& population, const discretise::DiscretisedCell& cell,
                              const discretise::Plugged& plugged);
    /// On the root, says what the first rank found that found something.
    void tell_strong_gaps(base::Diagnostics& diagnostics) const;
    void add_group(group::Plan plan);
    void count_facts();
    void tell_moved_clamps(const std::vector<Plug>& plugs, base::Diagnostics& diagnostics) const;
    void check_clamps(base::Diagnostics& diagnostics) const;

    std::string strong_gap_;  ///< the first one of this rank: message, end of line, hint
};

}  // namespace axolemma::run
