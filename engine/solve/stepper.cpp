#include "solve/stepper.hpp"

#include <algorithm>
#include <cmath>

#include "base/index.hpp"
#include "solve/hines.hpp"

namespace axolemma::solve {

namespace {

using group::MechanismPlan;
using group::State;

/// Conductance that pins a node: so much larger than anything else at a node that the sum is the clamp alone in double
/// precision, and small enough that its product with a voltage stays finite.   [uS]
constexpr double ideal_clamp_uS = 1e30;
constexpr double runaway_mV = 1e5;

/// Largest (conductance / capacitance) * dt/2 at a clamped node that needs no damping. Modes of a chain decay at up to
/// twice this rate, so that up to here an alternating mode loses 40 % and more of its size with every step.
constexpr double ringing_limit = 2.0;

using base::index;

/// Row of a node in the columns of a mechanism, or -1.
std::ptrdiff_t row_of(const MechanismPlan& mechanism, std::int32_t node)
{
    const auto found = std::lower_bound(mechanism.node.begin(), mechanism.node.end(), node);
    return found != mechanism.node.end() && *found == node ? found - mechanism.node.begin() : -1;
}

}  // namespace

Stepper::Stepper(const group::Plan& plan, model::Method method, double dt_ms)
    : plan_(plan),
      method_(method),
      dt_ms_(dt_ms),
      solve_dt_ms_(method == model::Method::crank_nicolson ? 0.5 * dt_ms : dt_ms),
      diagonal_uS_(plan.parent.size()),
      rhs_nA_(plan.parent.size()),
      injected_nA_(plan.parent.size(), 0.0)
{
    std::size_t longest = 0;
    std::size_t most_states = 0;
    for (const auto& mechanism : plan_.mechanisms) {
        longest = std::max(longest, mechanism.node.size());
        most_states = std::max(most_states, mechanism.info->states.size());
        first_parameter_pointer_.push_back(parameter_pointers_.size());
        for (const auto& column : mechanism.parameters) {
            parameter_pointers_.push_back(column.data());
        }
    }
    state_pointers_.resize(most_states);
    gather_mV_.resize(longest);
    g_.resize(longest);
    s_.resize(longest);
    if (method_ == model::Method::crank_nicolson) {
        find_kicks();
        jumps_.reserve(plan_.voltage_clamps.size());
        jumped_states_.resize(plan_.voltage_clamps.size() * most_states);
        jumped_parameter_pointers_.resize(parameter_pointers_.size());
        jumped_state_pointers_.resize(most_states);
    }
}

void Stepper::find_kicks()
{
    std::vector<double> stiffness(plan_.parent.size(), 0.0);
    for (std::size_t i = 0; i < stiffness.size(); ++i) {
        if (plan_.capacitance_nF[i] > 0.0) {
            stiffness[i] = plan_.axial_diagonal_uS[i] * solve_dt_ms_ / plan_.capacitance_nF[i];
        }
    }
    // What enters at a junction goes straight on to its neighbours.
    for (const std::int32_t j : plan_.junctions) {
        stiffness[index(j)] = stiffness[index(plan_.parent[index(j)])];
    }
    for (const std::int32_t child : plan_.junction_children) {
        auto& at_junction = stiffness[index(plan_.parent[index(child)])];
        at_junction = std::max(at_junction, stiffness[index(child)]);
    }
    const auto add = [&](const mechanisms::Waveform& waveform, std::int32_t node, double how_stiff) {
        if (how_stiff > ringing_limit) {
            const auto& cell = plan_.cell_of(node);
            kicks_.push_back({&waveform, cell.first_node, cell.n_nodes});
        }
    };
    for (const auto& clamp : plan_.current_clamps) {
        const auto [first, second] = clamp.tap.node;
        add(clamp.waveform, first, std::max(stiffness[index(first)], second < 0 ? 0.0 : stiffness[index(second)]));
    }
    for (const auto& clamp : plan_.voltage_clamps) {
        const double g_uS = clamp.series_resistance_Mohm > 0.0 ? 1.0 / clamp.series_resistance_Mohm : 0.0;
        add(clamp.waveform, clamp.node,
            stiffness[index(clamp.node)] + g_uS * solve_dt_ms_ / plan_.capacitance_nF[index(clamp.node)]);
    }
    for (auto* scratch : {&before_mV_, &undamped_mV_, &halves_mV_}) {
        scratch->resize(kicks_.empty() ? 0 : plan_.parent.size());
    }
}

const double* Stepper::voltages_of(const MechanismPlan& mechanism, const State& state)
{
    const double* v_mV = state.v_mV().data();
    if (mechanism.contiguous) {
        return v_mV + mechanism.node.front();
    }
    for (std::size_t k = 0; k < mechanism.node.size(); ++k) {
        gather_mV_[k] = v_mV[mechanism.node[k]];
    }
    return gather_mV_.data();
}

void Stepper::collect_states(const MechanismPlan& mechanism, State& state)
{
    for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
        state_pointers_[s] = state.column(mechanism.first_state_column + s);
    }
}

mechanisms::MechanismBlock Stepper::block(const MechanismPlan& mechanism, const double* v_mV,
                                          double* const* states) const
{
    const auto m = static_cast<std::size_t>(&mechanism - plan_.mechanisms.data());
    return {mechanism.node.size(), v_mV, plan_.temperature_degC,
            parameter_pointers_.data() + first_parameter_pointer_[m], states};
}

void Stepper::initialise(State& state)
{
    hold_ideal_clamps(state, 0.0, true);
    settle_junctions(state, 0.0, true);
    for (const auto& mechanism : plan_.mechanisms) {
        collect_states(mechanism, state);
        const auto columns = block(mechanism, voltages_of(mechanism, state), state_pointers_.data());
        mechanism.info->initialise(columns);
        if (method_ == model::Method::crank_nicolson) {
            mechanism.info->advance(columns, 0.5 * dt_ms_);
        }
    }
}

void Stepper::advance_voltage(State& state, std::int64_t step)
{
    assemble(state, step, solve_dt_ms_);
    solve_hines(plan_.parent, plan_.axial_uS, diagonal_uS_, rhs_nA_);
    if (method_ == model::Method::crank_nicolson) {
        finish_crank_nicolson(state, step);
    } else {
        std::copy(rhs_nA_.begin(), rhs_nA_.end(), state.v_mV().begin());
    }
}

bool Stepper::kicked(std::int64_t step)
{
    const double t_ms = static_cast<double>(step - 1) * dt_ms_;
    const double t_end_ms = static_cast<double>(step + 1) * dt_ms_;
    bool any = false;
    for (auto& kick : kicks_) {
        kick.now = kick.waveform->jumps(t_ms, t_end_ms);
        any = any || kick.now;
    }
    return any;
}

void Stepper::finish_crank_nicolson(State& state, std::int64_t step)
{
    const auto v_mV = state.v_mV();
    const bool damped = kicked(step);
    if (damped) {
        std::copy(v_mV.begin(), v_mV.end(), before_mV_.begin());
    }
    for (std::size_t i = 0; i < v_mV.size(); ++i) {
        v_mV[i] = 2.0 * rhs_nA_[i] - v_mV[i];
    }
    if (damped) {
        damp_kicked_cells(state, step);
    }
    const double t_end_ms = static_cast<double>(step + 1) * dt_ms_;
    hold_ideal_clamps(state, t_end_ms, false);
    settle_junctions(state, t_end_ms, false);
    find_jumps(state, t_end_ms);
}

void Stepper::damp_kicked_cells(State& state, std::int64_t step)
{
    // rhs holds the voltages of the first half step.
    const auto v_mV = state.v_mV();
    std::copy(v_mV.begin(), v_mV.end(), undamped_mV_.begin());
    std::copy(rhs_nA_.begin(), rhs_nA_.end(), v_mV.begin());
    assemble(state, step, solve_dt_ms_);
    solve_hines(plan_.parent, plan_.axial_uS, diagonal_uS_, rhs_nA_);
    std::copy(rhs_nA_.begin(), rhs_nA_.end(), halves_mV_.begin());
    std::copy(before_mV_.begin(), before_mV_.end(), v_mV.begin());
    assemble(state, step, dt_ms_);
    solve_hines(plan_.parent, plan_.axial_uS, diagonal_uS_, rhs_nA_);
    std::copy(undamped_mV_.begin(), undamped_mV_.end(), v_mV.begin());
    for (const auto& kick : kicks_) {
        const auto first = index(kick.first_node);
        for (std::size_t i = first; kick.now && i < first + index(kick.n_nodes); ++i) {
            v_mV[i] = 2.0 * halves_mV_[i] - rhs_nA_[i];
        }
    }
}

void Stepper::find_jumps(const State& state, double t_ms)
{
    jumps_.clear();
    for (const auto& clamp : plan_.voltage_clamps) {
        const double after_ms = t_ms + dt_ms_;
        if (clamp.series_resistance_Mohm <= 0.0 && clamp.waveform.share(t_ms, after_ms) > 0.0) {
            const double v_after_mV = clamp.waveform.first_value(t_ms, after_ms);
            if (v_after_mV != state.v_mV()[index(clamp.node)]) {
                jumps_.push_back({clamp.node, v_after_mV});
            }
        }
    }
}

void Stepper::advance_states(State& state)
{
    for (const auto& mechanism : plan_.mechanisms) {
        if (!mechanism.info->states.empty()) {
            collect_states(mechanism, state);
            save_jumped_gates(mechanism);
            mechanism.info->advance(block(mechanism, voltages_of(mechanism, state), state_pointers_.data()), dt_ms_);
            redo_jumped_gates(mechanism, state);
        }
    }
}

void Stepper::save_jumped_gates(const MechanismPlan& mechanism)
{
    const std::size_t n_states = mechanism.info->states.size();
    for (std::size_t j = 0; j < jumps_.size(); ++j) {
        if (const auto row = row_of(mechanism, jumps_[j].node); row >= 0) {
            for (std::size_t s = 0; s < n_states; ++s) {
                jumped_states_[j * n_states + s] = state_pointers_[s][row];
            }
        }
    }
}

void Stepper::redo_jumped_gates(const MechanismPlan& mechanism, const State& state)
{
    const std::size_t n_states = mechanism.info->states.size();
    for (std::size_t j = 0; j < jumps_.size(); ++j) {
        const auto row = row_of(mechanism, jumps_[j].node);
        if (row < 0) {
            continue;
        }
        for (std::size_t p = 0; p < mechanism.parameters.size(); ++p) {
            jumped_parameter_pointers_[p] = mechanism.parameters[p].data() + row;
        }
        for (std::size_t s = 0; s < n_states; ++s) {
            jumped_state_pointers_[s] = state_pointers_[s] + row;
            *jumped_state_pointers_[s] = jumped_states_[j * n_states + s];
        }
        for (const double v_mV : {state.v_mV()[index(jumps_[j].node)], jumps_[j].v_after_mV}) {
            mechanism.info->advance(
                {1, &v_mV, plan_.temperature_degC, jumped_parameter_pointers_.data(), jumped_state_pointers_.data()},
                0.5 * dt_ms_);
        }
    }
}

void Stepper::assemble(State& state, std::int64_t step, double solve_dt_ms)
{
    const auto v_mV = state.v_mV();
    for (std::size_t i = 0; i < v_mV.size(); ++i) {
        const double c_uS = plan_.capacitance_nF[i] / solve_dt_ms;
        diagonal_uS_[i] = c_uS + plan_.axial_diagonal_uS[i];
        rhs_nA_[i] = c_uS * v_mV[i];
    }
    linearise_membrane(state);
    // The time of a step is always a product, never a running sum.
    const double t0_ms = static_cast<double>(step) * dt_ms_;
    const double t1_ms = static_cast<double>(step + 1) * dt_ms_;
    inject_currents(t0_ms, t1_ms);
    connect_clamps(t0_ms, t1_ms);
}

void Stepper::linearise_membrane(State& state)
{
    for (const auto& mechanism : plan_.mechanisms) {
        const std::size_t n = mechanism.node.size();
        std::fill_n(g_.begin(), n, 0.0);
        std::fill_n(s_.begin(), n, 0.0);
        collect_states(mechanism, state);
        const auto columns = block(mechanism, voltages_of(mechanism, state), state_pointers_.data());
        mechanism.info->linearise(columns, g_.data(), s_.data());
        for (std::size_t k = 0; k < n; ++k) {
            const auto node = index(mechanism.node[k]);
            diagonal_uS_[node] += mechanism.scale[k] * g_[k];
            rhs_nA_[node] += mechanism.scale[k] * s_[k];
        }
    }
}

void Stepper::inject_currents(double t0_ms, double t1_ms)
{
    for (const auto& clamp : plan_.current_clamps) {
        const double i_nA = clamp.waveform.mean(t0_ms, t1_ms);
        rhs_nA_[index(clamp.tap.node[0])] += clamp.tap.weight[0] * i_nA;
        if (clamp.tap.node[1] >= 0) {
            rhs_nA_[index(clamp.tap.node[1])] += clamp.tap.weight[1] * i_nA;
        }
    }
}

void Stepper::connect_clamps(double t0_ms, double t1_ms)
{
    for (const auto& clamp : plan_.voltage_clamps) {
        // A clamp that holds for a part of the step delivers that part of the charge: both terms shrink with the share.
        if (const double share = clamp.waveform.share(t0_ms, t1_ms); share > 0.0) {
            const bool ideal = clamp.series_resistance_Mohm <= 0.0;
            const double g_uS = ideal ? ideal_clamp_uS : 1.0 / clamp.series_resistance_Mohm;
            diagonal_uS_[index(clamp.node)] += share * g_uS;
            // The node of an ideal clamp has its command at the time that is solved for: the end of the step, or the middle
            // (where the mean of a line is) in the half step of Crank-Nicolson.
            const bool at_end = ideal && method_ == model::Method::backward_euler;
            rhs_nA_[index(clamp.node)] +=
                g_uS * (at_end ? share * clamp.waveform.last_value(t0_ms, t1_ms) : clamp.waveform.mean(t0_ms, t1_ms));
        }
    }
}

void Stepper::hold_ideal_clamps(State& state, double t_ms, bool from_right) const
{
    for (const auto& clamp : plan_.voltage_clamps) {
        const double before_ms = t_ms - dt_ms_;
        const bool held =
            from_right ? clamp.waveform.present(t_ms, dt_ms_) : clamp.waveform.share(before_ms, t_ms) > 0.0;
        if (clamp.series_resistance_Mohm <= 0.0 && held) {
            state.v_mV()[index(clamp.node)] =
                from_right ? clamp.waveform.value(t_ms, dt_ms_) : clamp.waveform.last_value(before_ms, t_ms);
        }
    }
}

void Stepper::settle_junctions(State& state, double t_ms, bool from_right)
{
    if (plan_.junctions.empty()) {
        return;
    }
    // A junction's voltage solves sum_j g_j (V_j - V) + I = 0. Junctions may neighbour each other only through
    // compartments, so one pass suffices.
    for (const std::int32_t j : plan_.junctions) {
        injected_nA_[index(j)] = 0.0;
    }
    for (const auto& clamp : plan_.current_clamps) {
        for (std::size_t k = 0; k < 2; ++k) {
            const std::int32_t node = clamp.tap.node[k];
            if (node >= 0 && plan_.capacitance_nF[index(node)] == 0.0) {
                const auto& waveform = clamp.waveform;
                const double i_nA = from_right ? waveform.value(t_ms, dt_ms_) : waveform.value_before(t_ms, dt_ms_);
                injected_nA_[index(node)] += clamp.tap.weight[k] * i_nA;
            }
        }
    }
    const auto v_mV = state.v_mV();
    for (const std::int32_t j : plan_.junctions) {
        injected_nA_[index(j)] += plan_.axial_uS[index(j)] * v_mV[index(plan_.parent[index(j)])];
    }
    for (const std::int32_t child : plan_.junction_children) {
        injected_nA_[index(plan_.parent[index(child)])] += plan_.axial_uS[index(child)] * v_mV[index(child)];
    }
    for (const std::int32_t j : plan_.junctions) {
        v_mV[index(j)] = injected_nA_[index(j)] / plan_.axial_diagonal_uS[index(j)];
    }
}

std::int32_t Stepper::find_bad_node(const State& state) const
{
    const auto v_mV = state.v_mV();
    for (std::size_t i = 0; i < v_mV.size(); ++i) {
        if (!(std::abs(v_mV[i]) < runaway_mV)) {
            return static_cast<std::int32_t>(i);
        }
    }
    return -1;
}

}  // namespace axolemma::solve
