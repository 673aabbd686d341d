/// One time step of a group.
///
/// The equation of node i, with capacitance C, ionic conductance G and source S of its membrane (i_ion = G V - S),
/// axial conductances g to its neighbours and injected current I:
///
///     C dV/dt = -(G V - S) + sum_j g_j (V_j - V) + I                                   [nF mV/ms = nA]
///
/// Synapses and gap junctions add to G and S what solve/points.hpp says.
///
/// Backward Euler, order 1: V(t+dt) from G, S with the gates at t, then the gates advance over dt with V(t+dt) held.
///
/// Crank-Nicolson, order 2: gates live at half steps. V(t) -> V(t+dt) with the gates of t + dt/2, as a backward Euler
/// step of dt/2 followed by V(t+dt) = 2 V(t+dt/2) - V(t); then the gates advance from t + dt/2 to t + 3dt/2 with
/// V(t+dt) held (Hines 1984; Mascagni & Sherman 1998). A node without capacitance has no V(t) of its own: its voltage
/// follows from its neighbours at the same time, which is what keeps junctions and injected ends from ringing.
///
/// A stiff cell that a clamp kicks (solve/electrodes.hpp) is damped: it takes twice the result of two backward Euler steps of
/// dt/2 less that of one of dt instead, of order 2 too, and it leaves nothing to alternate (the place of damping is
/// Rannacher's, Numer. Math. 43 (1984) 309-327; the step is Lawson & Morris', SIAM J. Numer. Anal. 15 (1978) 1212-1224).
///
/// Where an ideal clamp makes the voltage jump at t, the gates of its node go half of their way at the voltage before the
/// jump and half at the one after it.
///
/// Ions (mechanisms/mechanism.hpp). When the states go forward, the mechanisms that write concentrations go first and read the
/// ion currents of the last solve: g v - s at the voltage before it with backward Euler, at V(t+dt/2) with Crank-Nicolson.
/// Their states live at the times of V, not at half steps, so that the currents are those of the middle of their step. Then
/// reversal potentials follow, with Crank-Nicolson to the middle of the coming step: e + (e - e before) / 2. Then all other
/// mechanisms, which read concentrations in the middle of their own step. Always in the order of the plan. (A current that
/// itself depends on a concentration sees it half a step late, and is of order 1.)
///
/// The gates' way from one voltage to the next is the beginning of the following step, so that one sweep over the membrane
/// does both; in between, State::states_lag is set.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "group/gathered.hpp"
#include "group/plan.hpp"
#include "group/state.hpp"
#include "model/model.hpp"
#include "solve/electrodes.hpp"
#include "solve/ions.hpp"
#include "solve/points.hpp"

namespace axolemma::solve {

/// How a group is stepped.
struct StepOptions {
    model::Method method = model::Method::crank_nicolson;
    double dt_ms = 0.025;
    /// Bound of the error of gate tables (mechanisms/gate_table.hpp); 0: no tables, formulas.
    double gate_table_bound = 1e-7;
};

class Stepper {
public:
    virtual ~Stepper() = default;
    Stepper(const Stepper&) = delete;
    Stepper& operator=(const Stepper&) = delete;

    /// Gates to their steady state at the initial voltage (and on to dt/2 for Crank-Nicolson); ideal clamps and
    /// junctions to their voltage at t = 0.
    void initialise(group::State& state);
    /// States, where they lag, and V from step*dt to (step+1)*dt; afterwards the states lag. Returns whether all voltages
    /// are finite numbers below 1e5 mV and all synapses can go on.
    bool advance(group::State& state, std::int64_t step, const Arrivals& arrivals = {});
    /// States, where they lag, to the time that goes with V (with Crank-Nicolson: gates to half a step later).
    void catch_up(group::State& state);
    /// Call after a state was put in place that an advance() to t left behind.
    void go_on_from(const group::State& state, double t_ms);

    /// How far gates lag behind the voltage after advance(). Concentrations and those who write them lag by dt.   [ms]
    double gate_lag_ms() const { return is_centred() ? 0.5 * options_.dt_ms : options_.dt_ms; }
    /// First node whose voltage is not a finite number (or is beyond 1e5 mV), or -1.
    std::int32_t find_bad_node(const group::State& state) const;

    /// The synapse that could not go on in the last advance(); its fault is none if all could.
    const SynapseFailure& synapse_failure() const { return points_.failure(); }

    /// Memory that the stepper holds for itself.
    virtual std::size_t bytes() const = 0;

protected:
    /// @param in_lanes  false: synapses of text one after the other
    Stepper(const group::Plan& plan, const StepOptions& options, bool in_lanes);

    bool is_centred() const { return options_.method == model::Method::crank_nicolson; }
    /// Length of the implicit solve: dt, or dt/2 for Crank-Nicolson.
    double solve_dt_ms() const { return is_centred() ? 0.5 * options_.dt_ms : options_.dt_ms; }

    /// How a system is solved.
    struct Solve {
        double dt_ms;
        bool centred;
        bool advance_first;  ///< the states, by a whole step
        bool keep_currents;  ///< of ions, for those who read them
    };
    /// States and ions forward by dt at the voltages of `state`.
    virtual void advance_states(group::State& state) = 0;
    /// x of (C/dt + G + axial) x = C/dt V + S + I for this step. V becomes x, or 2 x - V when centred; then x is kept for
    /// use_half_step().
    virtual void solve(group::State& state, std::int64_t step, const Solve& how) = 0;
    /// V <- the x of the last centred solve.
    virtual void use_half_step(group::State& state) = 0;

    /// Currents of ions at the voltages `v_mV` of the slots, those of synapses added to the sums of the membrane.
    void store_ion_currents(group::State& state, const double* v_mV);

    static constexpr double runaway_mV = 1e5;

    const group::Plan& plan_;
    StepOptions options_;
    Electrodes electrodes_;
    Points points_;
    Ions ions_;
    double t_ms_ = 0.0;       ///< time of the voltages
    bool all_finite_ = true;  ///< set by solve()

private:
    /// A node whose voltage a clamp may make jump, and the mechanisms there that do not write concentrations.
    struct JumpingNode {
        std::int32_t node;
        std::vector<group::Gathered> mechanisms;
    };

    void make_room();
    void advance_states_over_jumps(group::State& state);
    JumpingNode& at(const Electrodes::Jump& jump);
    void initialise_mechanisms(group::State& state, bool writers);
    void finish_centred(group::State& state, std::int64_t step, bool damped);
    void damp(group::State& state, std::int64_t step);

    // Room for what a step needs besides, so that nothing is allocated inside it.
    base::AlignedArray<double> before_mV_, undamped_mV_, halves_mV_;  ///< of a damped step, slots
    std::vector<JumpingNode> jumping_nodes_;
};

/// The fast path: rows of eight lanes (solve/lane_stepper.cpp).
std::unique_ptr<Stepper> make_lane_stepper(const group::Plan& plan, const StepOptions& options);
/// The same equations node by node, as they are written above (solve/reference_stepper.cpp).
std::unique_ptr<Stepper> make_reference_stepper(const group::Plan& plan, const StepOptions& options);

}  // namespace axolemma::solve
