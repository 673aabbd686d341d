#include "solve/stepper.hpp"

#include <algorithm>
#include <cmath>

namespace axolemma::solve {

using group::State;

Stepper::Stepper(const group::Plan& plan, const StepOptions& options)
    : plan_(plan), options_(options), electrodes_(plan, options.method, options.dt_ms), points_(plan, options.dt_ms)
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
    std::size_t n_states = 0;
    for (const auto& mechanism : plan_.mechanisms) {
        n_states += mechanism.info->states.size();
        jump_parameters_.reserve(std::max(jump_parameters_.capacity(), mechanism.parameters.size()));
        jump_state_pointers_.reserve(std::max(jump_state_pointers_.capacity(), mechanism.info->states.size()));
    }
    jump_parameter_pointers_.reserve(jump_parameters_.capacity());
    jump_states_.reserve(plan_.voltage_clamps.size() * n_states);
}

void Stepper::initialise(State& state)
{
    electrodes_.hold_ideal_clamps(state, 0.0, true);
    electrodes_.settle_junctions(state, 0.0, true, true);
    electrodes_.forget_jumps();
    points_.initialise(state);
    std::vector<double> v_mV;
    std::vector<double*> states;
    std::vector<std::vector<double>> parameters;
    std::vector<const double*> parameter_pointers;
    for (const auto& mechanism : plan_.mechanisms) {
        const std::size_t n = mechanism.n_places();
        v_mV.clear();
        for (const std::int32_t row : mechanism.rows) {
            const auto v = state.v_slots_mV().subspan(static_cast<std::size_t>(row) * base::lanes, base::lanes);
            v_mV.insert(v_mV.end(), v.begin(), v.end());
        }
        states.clear();
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            states.push_back(state.column(mechanism.first_state_column + s));
        }
        parameters.clear();
        parameter_pointers.clear();
        for (const auto& column : mechanism.parameters) {
            parameters.emplace_back(n);
            for (std::size_t k = 0; k < n; ++k) {
                parameters.back()[k] = column[k];
            }
            parameter_pointers.push_back(parameters.back().data());
        }
        const mechanisms::MechanismBlock block{n, v_mV.data(), plan_.temperature_degC, parameter_pointers.data(),
                                               states.data()};
        mechanism.info->initialise(block);
        if (is_centred()) {
            mechanism.info->advance(block, 0.5 * options_.dt_ms);
        }
    }
    state.states_lag = false;
}

bool Stepper::advance(State& state, std::int64_t step, const Arrivals& arrivals)
{
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
    solve(state, step, solve_dt_ms(), is_centred(), with_states && !damped);
    if (is_centred()) {
        finish_centred(state, step, damped);
    }
    state.states_lag = true;
    return all_finite_;
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
    solve(state, step, 0.5 * options_.dt_ms, false, false);
    std::copy(v_mV.begin(), v_mV.end(), halves_mV_.begin());
    std::copy(before_mV_.begin(), before_mV_.end(), v_mV.begin());
    solve(state, step, options_.dt_ms, false, false);
    std::copy(v_mV.begin(), v_mV.end(), before_mV_.begin());
    std::copy(undamped_mV_.begin(), undamped_mV_.end(), v_mV.begin());
    for (const auto& cell : electrodes_.damped_cells()) {
        for (std::int32_t node = cell.first; node < cell.first + cell.n; ++node) {
            const std::size_t slot = plan_.slot(node);
            v_mV[slot] = 2.0 * halves_mV_[slot] - before_mV_[slot];
        }
    }
}

void Stepper::advance_states_over_jumps(State& state)
{
    const auto jumps = electrodes_.jumps();
    jump_states_.clear();
    for (const auto& jump : jumps) {
        for (const auto& mechanism : plan_.mechanisms) {
            const auto place = mechanism.place(static_cast<std::int32_t>(plan_.slot(jump.node)));
            for (std::size_t s = 0; place >= 0 && s < mechanism.info->states.size(); ++s) {
                jump_states_.push_back(state.column(mechanism.first_state_column + s)[place]);
            }
        }
    }
    advance_states(state);
    const double* before = jump_states_.data();
    for (const auto& jump : jumps) {
        advance_over_jump(state, jump, before);
    }
}

void Stepper::advance_over_jump(State& state, const Electrodes::Jump& jump, const double*& before)
{
    for (const auto& mechanism : plan_.mechanisms) {
        const auto place = mechanism.place(static_cast<std::int32_t>(plan_.slot(jump.node)));
        if (place < 0 || mechanism.info->states.empty()) {
            continue;
        }
        jump_state_pointers_.clear();
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            jump_state_pointers_.push_back(state.column(mechanism.first_state_column + s) + place);
            *jump_state_pointers_.back() = *before++;
        }
        jump_parameters_.clear();
        for (const auto& column : mechanism.parameters) {
            jump_parameters_.push_back(column[static_cast<std::size_t>(place)]);
        }
        jump_parameter_pointers_.clear();
        for (const auto& parameter : jump_parameters_) {
            jump_parameter_pointers_.push_back(&parameter);
        }
        for (const double v_mV : {state.v_mV(jump.node), jump.v_after_mV}) {
            mechanism.info->advance(
                {1, &v_mV, plan_.temperature_degC, jump_parameter_pointers_.data(), jump_state_pointers_.data()},
                0.5 * options_.dt_ms);
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
