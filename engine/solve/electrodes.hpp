/// The clamps of a group: what they put into the equations of a step, and what they do to voltages outside of them.
///
/// An ideal clamp pins its node: a conductance so large that everything else at the node vanishes beside it.
///
/// Crank-Nicolson answers a jump of a clamp in the middle of a stiff cable (a compartment that its neighbours charge in
/// less than dt) with a voltage that alternates from step to step. For two steps from the jump on, such a cell is damped
/// (see solve/stepper.hpp). Whether a cell is depends on its own clamps and the step number alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"
#include "model/model.hpp"

namespace axolemma::solve {

class Electrodes {
public:
    /// @param plan must outlive the electrodes
    Electrodes(const group::Plan& plan, model::Method method, double dt_ms);

    /// What is added to the diagonal and the right-hand side of a node.
    struct Load {
        std::int32_t node;
        double g_uS, i_nA;
    };
    /// Loads in the step from step*dt on, in the order of Packing::injections.
    std::span<const Load> loads(std::int64_t step);

    /// Will damps() ever be true?
    bool may_damp() const { return !kicks_.empty(); }
    /// Does Crank-Nicolson have to damp a cell in this step? Then damped_cells() are those.
    bool damps(std::int64_t step);
    struct NodeRange {
        std::int32_t first, n;
    };
    std::span<const NodeRange> damped_cells() const { return damped_; }

    /// Ideally clamped nodes to their command at t: at its limit from the right, or (after a step) from the left.
    void hold_ideal_clamps(group::State& state, double t_ms, bool from_right) const;
    /// Junctions, which have no capacitance, to the voltage that follows from their neighbours. `all`, or those where
    /// a clamp acts or whose cell has a voltage clamp: the others keep that voltage by themselves.
    void settle_junctions(group::State& state, double t_ms, bool from_right, bool all);

    /// An ideally clamped node whose voltage jumps at t, after a step that ended there.
    struct Jump {
        std::int32_t node;
        double v_after_mV;
    };
    void find_jumps(const group::State& state, double t_ms);
    std::span<const Jump> jumps() const { return jumps_; }
    void forget_jumps() { jumps_.clear(); }

private:
    /// A clamp whose jumps would make its cell ring.
    struct Kick {
        const mechanisms::Waveform* waveform;
        NodeRange cell;
    };
    /// A junction and what it is joined to.
    struct Junction {
        std::int32_t node;
        std::size_t first_child, n_children;  ///< into junction_children_
        double total_uS;
    };

    void find_kicks();
    void find_settled_junctions();
    double stiffness(std::int32_t node) const;
    Load& load_at(std::int32_t node);
    void add_current_clamps(double t0_ms, double t1_ms);
    void add_voltage_clamps(double t0_ms, double t1_ms);
    double injected_nA(std::int32_t node, double t_ms, bool from_right) const;
    void settle(group::State& state, const Junction& junction, std::span<const std::int32_t> children, double t_ms,
                bool from_right) const;

    const group::Plan& plan_;
    model::Method method_;
    double dt_ms_;
    std::vector<Load> loads_;
    double steady_from_ms_ = 0.0, steady_until_ms_ = -1.0;  ///< time during which loads_ hold
    std::vector<Kick> kicks_;
    std::vector<NodeRange> damped_;
    std::vector<Junction> junctions_;
    std::vector<std::int32_t> junction_children_;
    std::vector<Jump> jumps_;
};

}  // namespace axolemma::solve
