#include "solve/electrodes.hpp"

#include <algorithm>
#include <limits>

namespace axolemma::solve {

namespace {

/// Conductance that pins a node: so much larger than anything else at a node that the sum is the clamp alone in double
/// precision, and small enough that its product with a voltage stays finite.   [uS]
constexpr double ideal_clamp_uS = 1e30;

/// Largest (conductance / capacitance) * dt/2 at a clamped node that needs no damping. Modes of a chain decay at up to
/// twice this rate, so that up to here an alternating mode loses 40 % and more of its size with every step.
constexpr double ringing_limit = 2.0;

bool is_ideal(const discretise::VoltageClamp& clamp)
{
    return clamp.series_resistance_Mohm <= 0.0;
}

}  // namespace

Electrodes::Electrodes(const group::Plan& plan, model::Method method, double dt_ms)
    : plan_(plan), method_(method), dt_ms_(dt_ms)
{
    for (const auto& injection : plan.packing->injections) {
        loads_.push_back({injection.node, 0.0, 0.0});
    }
    jumps_.reserve(plan.voltage_clamps.size());
    if (method == model::Method::crank_nicolson) {
        find_kicks();
        find_settled_junctions();
    }
}

double Electrodes::stiffness(std::int32_t node) const
{
    const double solve_dt_ms = 0.5 * dt_ms_;
    if (!plan_.is_junction(node)) {
        return plan_.axial_diagonal_uS(node) * solve_dt_ms / plan_.capacitance_nF(node);
    }
    // What enters at a junction goes straight on to its neighbours.
    double stiffest = stiffness(plan_.parent(node));
    for (const std::int32_t child : plan_.children(node)) {
        stiffest = std::max(stiffest, stiffness(child));
    }
    return stiffest;
}

void Electrodes::find_kicks()
{
    const auto add = [&](const mechanisms::Waveform& waveform, std::int32_t node, double how_stiff) {
        if (how_stiff > ringing_limit) {
            const auto& cell = plan_.cell_of(node);
            kicks_.push_back({&waveform, {cell.first_node, cell.n_nodes}});
        }
    };
    for (const auto& clamp : plan_.current_clamps) {
        const auto [first, second] = clamp.tap.node;
        add(clamp.waveform, first, std::max(stiffness(first), second < 0 ? 0.0 : stiffness(second)));
    }
    for (const auto& clamp : plan_.voltage_clamps) {
        const double g_uS = is_ideal(clamp) ? 0.0 : 1.0 / clamp.series_resistance_Mohm;
        add(clamp.waveform, clamp.node, stiffness(clamp.node) + g_uS * 0.5 * dt_ms_ / plan_.capacitance_nF(clamp.node));
    }
    damped_.reserve(kicks_.size());
}

void Electrodes::find_settled_junctions()
{
    std::vector<std::int32_t> nodes;
    for (const auto& load : loads_) {
        if (plan_.is_junction(load.node)) {
            nodes.push_back(load.node);
        }
    }
    for (const auto& clamp : plan_.voltage_clamps) {
        const auto& cell = plan_.cell_of(clamp.node);
        for (std::int32_t node = cell.first_node; node < cell.first_node + cell.n_nodes; ++node) {
            if (plan_.is_junction(node)) {
                nodes.push_back(node);
            }
        }
    }
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    for (const std::int32_t node : nodes) {
        const auto children = plan_.children(node);
        junctions_.push_back({node, junction_children_.size(), children.size(), plan_.axial_diagonal_uS(node)});
        junction_children_.insert(junction_children_.end(), children.begin(), children.end());
    }
}

Electrodes::Load& Electrodes::load_at(std::int32_t node)
{
    return *std::lower_bound(loads_.begin(), loads_.end(), node,
                             [](const Load& load, std::int32_t wanted) { return load.node < wanted; });
}

std::span<const Electrodes::Load> Electrodes::loads(std::int64_t step)
{
    // The time of a step is always a product, never a running sum.
    const double t0_ms = static_cast<double>(step) * dt_ms_;
    const double t1_ms = static_cast<double>(step + 1) * dt_ms_;
    // One step of distance from the next change: edges that lie on the end of a step but for rounding are not missed.
    if (loads_.empty() || (t0_ms >= steady_from_ms_ && t1_ms + dt_ms_ < steady_until_ms_)) {
        return loads_;
    }
    for (auto& load : loads_) {
        load.g_uS = 0.0;
        load.i_nA = 0.0;
    }
    add_current_clamps(t0_ms, t1_ms);
    add_voltage_clamps(t0_ms, t1_ms);
    steady_from_ms_ = t0_ms;
    steady_until_ms_ = std::numeric_limits<double>::infinity();
    for (const auto& clamp : plan_.current_clamps) {
        steady_until_ms_ = std::min(steady_until_ms_, clamp.waveform.steady_until_ms(t0_ms));
    }
    for (const auto& clamp : plan_.voltage_clamps) {
        steady_until_ms_ = std::min(steady_until_ms_, clamp.waveform.steady_until_ms(t0_ms));
    }
    return loads_;
}

void Electrodes::add_current_clamps(double t0_ms, double t1_ms)
{
    for (const auto& clamp : plan_.current_clamps) {
        const double i_nA = clamp.waveform.mean(t0_ms, t1_ms);
        for (std::size_t k = 0; k < 2; ++k) {
            if (clamp.tap.node[k] >= 0) {
                load_at(clamp.tap.node[k]).i_nA += clamp.tap.weight[k] * i_nA;
            }
        }
    }
}

void Electrodes::add_voltage_clamps(double t0_ms, double t1_ms)
{
    for (const auto& clamp : plan_.voltage_clamps) {
        // A clamp that holds for a part of the step delivers that part of the charge: both terms shrink with the share.
        if (const double share = clamp.waveform.share(t0_ms, t1_ms); share > 0.0) {
            const bool ideal = is_ideal(clamp);
            const double g_uS = ideal ? ideal_clamp_uS : 1.0 / clamp.series_resistance_Mohm;
            auto& load = load_at(clamp.node);
            load.g_uS += share * g_uS;
            // The node of an ideal clamp has its command at the time that is solved for: the end of the step, or the middle
            // (where the mean of a line is) in the half step of Crank-Nicolson.
            const bool at_end = ideal && method_ == model::Method::backward_euler;
            load.i_nA +=
                g_uS * (at_end ? share * clamp.waveform.last_value(t0_ms, t1_ms) : clamp.waveform.mean(t0_ms, t1_ms));
        }
    }
}

bool Electrodes::damps(std::int64_t step)
{
    const double from_ms = static_cast<double>(step - 1) * dt_ms_;
    const double to_ms = static_cast<double>(step + 1) * dt_ms_;
    damped_.clear();
    for (const auto& kick : kicks_) {
        if (kick.waveform->jumps(from_ms, to_ms)) {
            damped_.push_back(kick.cell);
        }
    }
    return !damped_.empty();
}

void Electrodes::hold_ideal_clamps(group::State& state, double t_ms, bool from_right) const
{
    for (const auto& clamp : plan_.voltage_clamps) {
        const double before_ms = t_ms - dt_ms_;
        const auto& waveform = clamp.waveform;
        const bool held = from_right ? waveform.present(t_ms, dt_ms_) : waveform.share(before_ms, t_ms) > 0.0;
        if (is_ideal(clamp) && held) {
            state.v_mV(clamp.node) = from_right ? waveform.value(t_ms, dt_ms_) : waveform.last_value(before_ms, t_ms);
        }
    }
}

double Electrodes::injected_nA(std::int32_t node, double t_ms, bool from_right) const
{
    double i_nA = 0.0;
    for (const auto& clamp : plan_.current_clamps) {
        for (std::size_t k = 0; k < 2; ++k) {
            if (clamp.tap.node[k] == node) {
                const auto& waveform = clamp.waveform;
                i_nA += clamp.tap.weight[k] *
                        (from_right ? waveform.value(t_ms, dt_ms_) : waveform.value_before(t_ms, dt_ms_));
            }
        }
    }
    return i_nA;
}

void Electrodes::settle(group::State& state, const Junction& junction, std::span<const std::int32_t> children,
                        double t_ms, bool from_right) const
{
    // A junction's voltage solves sum_j g_j (V_j - V) + I = 0. Junctions may neighbour each other only through
    // compartments, so one pass suffices.
    double i_nA = injected_nA(junction.node, t_ms, from_right);
    i_nA += plan_.axial_uS_of(junction.node) * state.v_mV(plan_.parent(junction.node));
    for (const std::int32_t child : children) {
        i_nA += plan_.axial_uS_of(child) * state.v_mV(child);
    }
    state.v_mV(junction.node) = i_nA / junction.total_uS;
}

void Electrodes::settle_junctions(group::State& state, double t_ms, bool from_right, bool all)
{
    if (!all) {
        for (const auto& junction : junctions_) {
            settle(state, junction, {junction_children_.data() + junction.first_child, junction.n_children}, t_ms,
                   from_right);
        }
        return;
    }
    // Children of a junction lie apart, so they are counted out over the whole group.
    std::vector<std::int32_t> first(static_cast<std::size_t>(plan_.n_nodes()) + 1, 0);
    for (std::int32_t node = 0; node < plan_.n_nodes(); ++node) {
        if (plan_.parent(node) >= 0) {
            ++first[static_cast<std::size_t>(plan_.parent(node)) + 1];
        }
    }
    for (std::size_t k = 1; k < first.size(); ++k) {
        first[k] += first[k - 1];
    }
    std::vector<std::int32_t> children(static_cast<std::size_t>(first.back()));
    auto next = first;
    for (std::int32_t node = 0; node < plan_.n_nodes(); ++node) {
        if (plan_.parent(node) >= 0) {
            children[static_cast<std::size_t>(next[static_cast<std::size_t>(plan_.parent(node))]++)] = node;
        }
    }
    for (std::int32_t node = 0; node < plan_.n_nodes(); ++node) {
        if (!plan_.is_junction(node)) {
            continue;
        }
        const auto k = static_cast<std::size_t>(node);
        const std::span<const std::int32_t> own{children.data() + first[k],
                                                static_cast<std::size_t>(first[k + 1] - first[k])};
        double total_uS = plan_.axial_uS_of(node);
        for (const std::int32_t child : own) {
            total_uS += plan_.axial_uS_of(child);
        }
        settle(state, {node, 0, 0, total_uS}, own, t_ms, from_right);
    }
}

void Electrodes::find_jumps(const group::State& state, double t_ms)
{
    jumps_.clear();
    for (const auto& clamp : plan_.voltage_clamps) {
        const double after_ms = t_ms + dt_ms_;
        if (is_ideal(clamp) && clamp.waveform.share(t_ms, after_ms) > 0.0) {
            const double v_after_mV = clamp.waveform.first_value(t_ms, after_ms);
            if (v_after_mV != state.v_mV(clamp.node)) {
                jumps_.push_back({clamp.node, v_after_mV});
            }
        }
    }
}

}  // namespace axolemma::solve
