/// From a description to groups that are ready to step: every check that needs the shape of the cells happens here.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/model.hpp"
#include "run/f_i_curve.hpp"
#include "run/group_run.hpp"
#include "run/places.hpp"
#include "run/population.hpp"
#include "run/recordings.hpp"
#include "run/simulation.hpp"

namespace axolemma::run {

class GroupFiller;

/// A model, what was made of it, and the groups in their initial state. Not movable: populations point into the model.
struct BuiltModel {
    /// Throws base::InputError with all errors found.
    explicit BuiltModel(model::Model description);
    BuiltModel(const BuiltModel&) = delete;
    BuiltModel& operator=(const BuiltModel&) = delete;

    model::Model model;
    Facts facts;
    base::Diagnostics warnings;
    std::vector<Population> populations;
    Recordings recordings;
    std::vector<FICurvePlan> f_i_curves;
    std::vector<std::unique_ptr<GroupRun>> groups;  ///< cells ascending over the model
    std::size_t packing_bytes = 0;
    double first_stimulus_ms = std::numeric_limits<double>::infinity();

private:
    void make_populations(base::Diagnostics& diagnostics);
    /// Throws base::EngineError when the cells cannot fit into this machine.
    void require_memory() const;
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
    void add_group(group::Plan plan);
    void count_facts();
    void tell_moved_clamps(const std::vector<Plug>& plugs, base::Diagnostics& diagnostics) const;
    void check_clamps(base::Diagnostics& diagnostics) const;
};

}  // namespace axolemma::run
