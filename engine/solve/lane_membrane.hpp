/// The mechanisms of a group on rows of lanes: their columns, and the passes of a step over them (solve/stepper.hpp).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "mechanisms/hh_columns.hpp"
#include "mechanisms/lane_block.hpp"
#include "solve/ions.hpp"
#include "solve/lane_columns.hpp"
#include "solve/stepper.hpp"

namespace axolemma::solve {

class LaneMembrane {
public:
    LaneMembrane(const group::Plan& plan, const StepOptions& options, Ions& ions);

    /// Index in Plan::mechanisms of the one whose stretches the solver fuses with the elimination, or -1.
    std::int32_t fused() const { return fused_; }
    /// Its columns; the states go forward where dt is not 0.
    const mechanisms::HhColumns& fused_columns() const { return fused_columns_; }

    /// What follows is about this state.
    void bind(group::State& state);
    /// All states forward by dt.
    void advance(double t_ms);
    /// Sums over the mechanisms of rows that are not fused, the states first forward by dt if asked for; those of fused rows
    /// wait for the elimination.
    void linearise(bool advance_first, double t_ms);
    /// Adds the currents of fused rows to the sums of the ions. Their states must be those of the elimination.
    void add_fused_ion_currents(double t_ms);

    /// Membrane slots; null where all rows are fused.
    const double* g_S_per_cm2() const { return g_.empty() ? nullptr : g_.data(); }
    const double* s_mA_per_cm2() const { return s_.empty() ? nullptr : s_.data(); }
    std::size_t bytes() const;

private:
    /// Places of a mechanism that follow each other, from `first` on.
    struct Segment {
        std::size_t first, n;
        std::vector<mechanisms::LaneColumn> parameters;
        std::vector<double*> states;
    };
    struct Mechanism {
        const group::MechanismPlan* plan = nullptr;
        std::shared_ptr<const mechanisms::LaneKernel> kernel;
        LaneColumns parameters;
        std::vector<Segment> apart, fused;  ///< of rows that the passes work on, and of those that the elimination does
        std::vector<mechanisms::LaneColumn> ion_reads;
        std::vector<double*> ion_writes;
        std::vector<mechanisms::LaneSums> currents;  ///< empty: nobody asks for any
    };

    void bind_fused();
    void add_mechanism(const group::MechanismPlan& of, const StepOptions& options);
    void find_segments();
    void find_currents();
    Segment segment(const Mechanism& of, std::size_t first, std::size_t n) const;
    void step(const Mechanism& mechanism, const std::vector<Segment>& segments, double dt_ms, double t_ms,
              const mechanisms::LaneSums& total, bool with_currents);
    /// Concentrations and reversal potentials forward by dt.
    void advance_ions(double t_ms);

    const group::Plan& plan_;
    double dt_ms_;
    Ions& ions_;
    group::State* state_ = nullptr;
    const double* bound_to_ = nullptr;  ///< its voltages
    std::vector<Mechanism> mechanisms_;
    std::int32_t fused_ = -1;
    Segment fused_places_{0, 0, {}, {}};  ///< all places of the fused mechanism
    mechanisms::HhColumns fused_columns_;
    std::vector<std::pair<std::size_t, std::size_t>> rows_apart_;  ///< first row and end of runs that are not fused
    base::AlignedArray<double> g_, s_, scratch_;
};

}  // namespace axolemma::solve
