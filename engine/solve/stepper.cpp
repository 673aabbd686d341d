#include "solve/stepper.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace axolemma::solve {

using group::State;

Stepper::Stepper(const group::Plan& plan, const StepOptions& options, bool in_lanes)
    : plan_(plan),
      options_(options),
      electrodes_(plan, options.method, options.dt_ms),
      points_(plan, options.dt_ms, in_lanes),
      ions_(plan, is_centred())
{
    make_room();
}

void Stepper::make_room()
{
    if (electrodes_.may_damp()) {
        const auto n_slots = static_cast<std::size_t>(plan_.packing->empty_slot() + group::lanes);
        for (auto* voltages : {&before_mV_, &undamped_mV_, &halves_mV_}) {
            voltages->resize(n_slots);
        }
    }
    // Only voltage clamps make a voltage jump.
    for (const auto& clamp : plan_.voltage_clamps) {
        const auto is_here = [&](const JumpingNode& known) { return known.node == clamp.node; };
        if (std::any_of(jumping_nodes_.begin(), jumping_nodes_.end(), is_here)) {
            continue;
        }
        jumping_nodes_.push_back({clamp.node, {}});
        for (std::size_t m = 0; m < plan_.mechanisms.size(); ++m) {
            const auto& mechanism = plan_.mechanisms[m];
            const auto place = mechanism.place(static_cast<std::int32_t>(plan_.slot(clamp.node)));
            if (place >= 0 && !mechanism.info->states.empty() && !mechanism.info->writes_concentrations()) {
                jumping_nodes_.back().mechanisms.emplace_back(plan_, m, std::vector{static_cast<std::size_t>(place)});
            }
        }
    }
}

void Stepper::initialise(State& state)
{
    electrodes_.hold_ideal_clamps(state, 0.0, true);
    electrodes_.settle_junctions(state, 0.0, true, true);
    electrodes_.forget_jumps();
    t_ms_ = 0.0;
    state.reset_ions(plan_);
    initialise_mechanisms(state, true);
    ions_.start_reversals(state);
    initialise_mechanisms(state, false);
    points_.initialise(state);
    state.states_lag = false;
}

void Stepper::initialise_mechanisms(State& state, bool writers)
{
    for (std::size_t m = 0; m < plan_.mechanisms.size(); ++m) {
        if (plan_.mechanisms[m].info->writes_concentrations() != writers) {
            continue;
        }
        group::Gathered all(plan_, m, group::all_places(plan_, m));
        all.load(state);
        all.kernels().initialise(all.block(t_ms_));
        if (is_centred() && !writers) {
            all.kernels().advance(all.block(t_ms_), 0.5 * options_.dt_ms);
        }
        all.store_states(state);
        all.store_ions(state);
    }
}

bool Stepper::advance(State& state, std::int64_t step, const Arrivals& arrivals)
{
    t_ms_ = static_cast<double>(step) * options_.dt_ms;
    if (!points_.empty() && !points_.prepare(state, step, arrivals)) {
        return false;
    }
    const bool with_states = state.states_lag && electrodes_.jumps().empty();
    if (state.states_lag && !with_states) {
        advance_states_over_jumps(state);
    }
    const bool damped = is_centred() && electrodes_.damps(step);
    if (damped) {
        // The states must be at their time for all three solves, and the voltage before them is needed again.
        if (with_states) {
            advance_states(state);
        }
        const auto v_mV = state.v_slots_mV();
        std::copy(v_mV.begin(), v_mV.end(), before_mV_.begin());
    }
    solve(state, step, {solve_dt_ms(), is_centred(), with_states && !damped, true});
    if (is_centred()) {
        finish_centred(state, step, damped);
    }
    state.states_lag = true;
    t_ms_ = static_cast<double>(step + 1) * options_.dt_ms;
    return all_finite_;
}

void Stepper::store_ion_currents(State& state, const double* v_mV)
{
    points_.add_ion_currents(ions_);
    ions_.store_currents(state, v_mV);
}

void Stepper::catch_up(State& state)
{
    if (state.states_lag) {
        advance_states_over_jumps(state);
        state.states_lag = false;
    }
}

void Stepper::go_on_from(const State& state, double t_ms)
{
    t_ms_ = t_ms;
    electrodes_.forget_jumps();
    if (is_centred() && state.states_lag) {
        electrodes_.find_jumps(state, t_ms);
    }
}

void Stepper::finish_centred(State& state, std::int64_t step, bool damped)
{
    if (damped) {
        damp(state, step);
    }
    const double t_end_ms = static_cast<double>(step + 1) * options_.dt_ms;
    electrodes_.hold_ideal_clamps(state, t_end_ms, false);
    electrodes_.settle_junctions(state, t_end_ms, false, false);
    electrodes_.find_jumps(state, t_end_ms);
    if (damped) {
        all_finite_ = find_bad_node(state) < 0;  // what solve() saw last is not what the step came to
    }
}

void Stepper::damp(State& state, std::int64_t step)
{
    const auto v_mV = state.v_slots_mV();
    std::copy(v_mV.begin(), v_mV.end(), undamped_mV_.begin());
    use_half_step(state);
    solve(state, step, {0.5 * options_.dt_ms, false, false, false});
    std::copy(v_mV.begin(), v_mV.end(), halves_mV_.begin());
    std::copy(before_mV_.begin(), before_mV_.end(), v_mV.begin());
    solve(state, step, {options_.dt_ms, false, false, false});
    std::copy(v_mV.begin(), v_mV.end(), before_mV_.begin());
    std::copy(undamped_mV_.begin(), undamped_mV_.end(), v_mV.begin());
    for (const auto& cell : electrodes_.damped_cells()) {
        for (std::int32_t node = cell.first; node < cell.first + cell.n; ++node) {
            const std::size_t slot = plan_.slot(node);
            v_mV[slot] = 2.0 * halves_mV_[slot] - before_mV_[slot];
        }
    }
}

Stepper::JumpingNode& Stepper::at(const Electrodes::Jump& jump)
{
    const auto found = std::find_if(jumping_nodes_.begin(), jumping_nodes_.end(),
                                    [&](const JumpingNode& known) { return known.node == jump.node; });
    assert(found != jumping_nodes_.end() && "only clamped nodes jump");
    return *found;
}

void Stepper::advance_states_over_jumps(State& state)
{
    const auto jumps = electrodes_.jumps();
    for (const auto& jump : jumps) {
        for (auto& mechanism : at(jump).mechanisms) {
            mechanism.load_states(state);
        }
    }
    advance_states(state);
    for (const auto& jump : jumps) {
        for (auto& mechanism : at(jump).mechanisms) {
            mechanism.load_ions(state);
            for (const double v_mV : {state.v_mV(jump.node), jump.v_after_mV}) {
                mechanism.v_mV()[0] = v_mV;
                mechanism.kernels().advance(mechanism.block(t_ms_), 0.5 * options_.dt_ms);
            }
            mechanism.store_states(state);
        }
    }
}

std::int32_t Stepper::find_bad_node(const State& state) const
{
    for (std::int32_t node = 0; node < plan_.n_nodes(); ++node) {
        if (!(std::abs(state.v_mV(node)) < runaway_mV)) {
            return node;
        }
    }
    return -1;
}

}  // namespace axolemma::solve
