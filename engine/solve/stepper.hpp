/// One time step of a group.
///
/// The equation of node i, with capacitance C, ionic conductance G and source S of its membrane (i_ion = G V - S),
/// axial conductances g to its neighbours and injected current I:
///
///     C dV/dt = -(G V - S) + sum_j g_j (V_j - V) + I                                   [nF mV/ms = nA]
///
/// Backward Euler, order 1: V(t+dt) from G, S with the gates at t, then the gates advance over dt with V(t+dt) held.
///
/// Crank-Nicolson, order 2: gates live at half steps. V(t) -> V(t+dt) with the gates of t + dt/2, as a backward Euler
/// step of dt/2 followed by V(t+dt) = 2 V(t+dt/2) - V(t); then the gates advance from t + dt/2 to t + 3dt/2 with
/// V(t+dt) held (Hines 1984; Mascagni & Sherman 1998). A node without capacitance has no V(t) of its own: its voltage
/// follows from its neighbours at the same time, which is what keeps junctions and injected ends from ringing.
///
/// Crank-Nicolson answers a jump of a clamp in the middle of a stiff cable (a compartment that its neighbours charge in
/// less than dt) with a voltage that alternates from step to step. For two steps from the jump on, such a cell takes
/// twice the result of two backward Euler steps of dt/2 less that of one of dt instead: of order 2 too, and it leaves
/// nothing to alternate (the place of damping is Rannacher's, Numer. Math. 43 (1984) 309-327; the step is Lawson &
/// Morris', SIAM J. Numer. Anal. 15 (1978) 1212-1224). Whether a cell does so depends on its own clamps and the step
/// number alone.
///
/// Where an ideal clamp makes the voltage jump at t, the gates of its node go half of their way at the voltage before the
/// jump and half at the one after it.
#pragma once

#include <cstdint>

#include "group/plan.hpp"
#include "group/state.hpp"
#include "model/model.hpp"

namespace axolemma::solve {

using base::AlignedArray;

class Stepper {
public:
    /// @param plan must outlive the stepper
    Stepper(const group::Plan& plan, model::Method method, double dt_ms);

    /// Gates to their steady state at the initial voltage (and on to dt/2 for Crank-Nicolson); ideal clamps and
    /// junctions to their voltage at t = 0.
    void initialise(group::State& state);
    /// First half of a step: V from step*dt to (step+1)*dt.
    void advance_voltage(group::State& state, std::int64_t step);
    /// Second half of a step: the gates. Between the two halves, gates are dt/2 (Crank-Nicolson) or dt (backward Euler)
    /// behind V.
    void advance_states(group::State& state);

    /// How far gates lag behind the voltage when advance_voltage has just returned.   [ms]
    double gate_lag_ms() const { return method_ == model::Method::crank_nicolson ? 0.5 * dt_ms_ : dt_ms_; }
    /// First node whose voltage is not a finite number (or is beyond 1e5 mV), or -1.
    std::int32_t find_bad_node(const group::State& state) const;

private:
    void linearise_membrane(group::State& state);
    /// A clamp whose jumps would make its cell ring.
    struct Kick {
        const mechanisms::Waveform* waveform;
        std::int32_t first_node, n_nodes;  ///< of its cell
        bool now = false;                  ///< in the step being taken
    };

    /// An ideally clamped node whose voltage jumps at the end of the step being taken.
    struct Jump {
        std::int32_t node;
        double v_after_mV;
    };

    void find_kicks();
    void find_jumps(const group::State& state, double t_ms);
    void save_jumped_gates(const group::MechanismPlan& mechanism);
    void redo_jumped_gates(const group::MechanismPlan& mechanism, const group::State& state);
    bool kicked(std::int64_t step);
    void finish_crank_nicolson(group::State& state, std::int64_t step);
    void damp_kicked_cells(group::State& state, std::int64_t step);
    void assemble(group::State& state, std::int64_t step, double solve_dt_ms);
    void inject_currents(double t0_ms, double t1_ms);
    void connect_clamps(double t0_ms, double t1_ms);
    void settle_junctions(group::State& state, double t_ms, bool from_right);
    void hold_ideal_clamps(group::State& state, double t_ms, bool from_right) const;
    mechanisms::MechanismBlock block(const group::MechanismPlan& mechanism, const double* v_mV,
                                     double* const* states) const;
    const double* voltages_of(const group::MechanismPlan& mechanism, const group::State& state);
    void collect_states(const group::MechanismPlan& mechanism, group::State& state);

    const group::Plan& plan_;
    model::Method method_;
    double dt_ms_;
    double solve_dt_ms_;  ///< length of the implicit solve: dt, or dt/2 for Crank-Nicolson
    AlignedArray<double> diagonal_uS_, rhs_nA_;
    AlignedArray<double> gather_mV_, g_, s_;  ///< one mechanism's columns
    AlignedArray<double> injected_nA_;        ///< at junctions, while settling them
    std::vector<Kick> kicks_;
    AlignedArray<double> before_mV_, undamped_mV_, halves_mV_;  ///< of a step with kicks; empty when there are none
    std::vector<Jump> jumps_;
    std::vector<double> jumped_states_;  ///< of one mechanism at the jumped nodes, before they advance
    std::vector<const double*> jumped_parameter_pointers_;
    std::vector<double*> jumped_state_pointers_;
    std::vector<const double*> parameter_pointers_;
    std::vector<double*> state_pointers_;
    std::vector<std::size_t> first_parameter_pointer_;
};

}  // namespace axolemma::solve
