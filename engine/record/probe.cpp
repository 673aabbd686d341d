#include "record/probe.hpp"

#include <algorithm>
#include <cassert>

#include "base/index.hpp"

namespace axolemma::record {

namespace {

using base::index;

/// Did the clamp hold its node in the step that ends now (at 0: does it hold now)?
bool holds(const discretise::VoltageClamp& clamp, const SampleTime& time)
{
    return time.t_ms > 0.0 ? clamp.waveform.share(time.t_ms - time.dt_ms, time.t_ms) > 0.0
                           : clamp.waveform.present(time.t_ms, time.dt_ms);
}

}  // namespace

void GroupProbe::add_voltage(std::size_t column, solve::VoltageReader reader)
{
    voltages_.emplace_back(column, std::move(reader));
}

void GroupProbe::add_node_voltage(std::size_t column, std::int32_t node)
{
    node_voltages_.emplace_back(column, plan_->slot(node));
}

GroupProbe::Gathered& GroupProbe::gathered(std::size_t m)
{
    const auto found =
        std::find_if(mechanisms_.begin(), mechanisms_.end(), [&](const Gathered& g) { return g.m == m; });
    if (found != mechanisms_.end()) {
        return *found;
    }
    mechanisms_.emplace_back();
    mechanisms_.back().m = m;
    return mechanisms_.back();
}

std::size_t GroupProbe::place_of(std::size_t m, std::int32_t node) const
{
    const auto place = plan_->mechanisms[m].place(static_cast<std::int32_t>(plan_->slot(node)));
    assert(place >= 0 && "the mechanism is on this node");
    return static_cast<std::size_t>(place);
}

void GroupProbe::add_state(std::size_t column, std::size_t m, int state, std::int32_t node)
{
    gathered(m).states.push_back({column, place_of(m, node), state});
}

void GroupProbe::add_current(std::size_t column, std::size_t m, int current, std::int32_t node)
{
    gathered(m).currents.push_back({column, place_of(m, node), current});
}

void GroupProbe::add_ionic_current(std::size_t column, std::int32_t node)
{
    zeroed_columns_.push_back(column);
    for (std::size_t m = 0; m < plan_->mechanisms.size(); ++m) {
        if (plan_->mechanisms[m].place(static_cast<std::int32_t>(plan_->slot(node))) >= 0) {
            gathered(m).currents.push_back({column, place_of(m, node), sum_of_currents});
        }
    }
}

void GroupProbe::add_current_clamp(std::size_t column, std::size_t clamp)
{
    current_clamps_.emplace_back(column, clamp);
}

void GroupProbe::add_synapse(std::size_t column, std::int32_t instance, const mechanisms::PointQuantity& what)
{
    synapses_.push_back({column, instance, what});
    add_reader(instance);
}

void GroupProbe::add_reader(std::int32_t instance)
{
    const auto& kind = plan_->kind_of(instance);
    readers_.resize(plan_->synapses.size());
    auto& reader = readers_[static_cast<std::size_t>(&kind - plan_->synapses.data())];
    if (kind.info->is_text() && !reader) {
        reader = kind.info->kernels->make_runner(1, {0.0, plan_->temperature_degC, false});
    }
}

void GroupProbe::add_voltage_clamp(std::size_t column, std::size_t clamp)
{
    // What an ideal clamp delivers is what the node needs: its ionic current is read by a probe of its own.
    clamp_probes_.emplace_back(*plan_);
    clamp_probes_.back().add_ionic_current(0, plan_->voltage_clamps[clamp].node);
    const double axial_diagonal_uS = plan_->axial_diagonal_uS(plan_->voltage_clamps[clamp].node);
    voltage_clamps_.push_back({column, clamp, clamp_probes_.size() - 1, axial_diagonal_uS, {}, {}, {}, {}});
    find_neighbours(voltage_clamps_.back());
}

void GroupProbe::find_neighbours(ClampColumn& column)
{
    const std::int32_t node = plan_->voltage_clamps[column.clamp].node;
    column.children = plan_->children(node);
    for (std::size_t k = 0; k < plan_->current_clamps.size(); ++k) {
        const auto& tap = plan_->current_clamps[k].tap;
        for (std::size_t i = 0; i < 2; ++i) {
            if (tap.node[i] == node) {
                column.injected.emplace_back(k, tap.weight[i]);
            }
        }
    }
    for (std::size_t k = 0; k < plan_->voltage_clamps.size(); ++k) {
        const auto& other = plan_->voltage_clamps[k];
        if (k != column.clamp && other.node == node && other.series_resistance_Mohm > 0.0) {
            column.through_resistance.push_back(k);
        }
    }
    for (const auto& kind : plan_->synapses) {
        for (std::size_t k = 0; k < kind.n(); ++k) {
            if (static_cast<std::size_t>(kind.slot[k]) == plan_->slot(node)) {
                column.synapses.push_back(kind.first + static_cast<std::int32_t>(k));
                add_reader(column.synapses.back());
            }
        }
    }
}

void GroupProbe::prepare()
{
    for (auto& part : mechanisms_) {
        const auto& mechanism = plan_->mechanisms[part.m];
        part.places.clear();
        for (const auto* list : {&part.states, &part.currents}) {
            for (const auto& wanted : *list) {
                part.places.push_back(wanted.k);
            }
        }
        const std::size_t n = part.places.size();
        part.v_mV.resize(n);
        part.values.resize(n * mechanism.info->states.size());
        part.current_values.resize(n * mechanism.info->currents.size());
        part.state_columns.clear();
        for (std::size_t s = 0; s < mechanism.info->states.size(); ++s) {
            part.state_columns.push_back(part.values.data() + s * n);
        }
        part.current_columns.clear();
        for (std::size_t c = 0; c < mechanism.info->currents.size(); ++c) {
            part.current_columns.push_back(part.current_values.data() + c * n);
        }
        part.parameters.assign(mechanism.parameters.size(), {});
        part.parameter_columns.clear();
        for (std::size_t p = 0; p < mechanism.parameters.size(); ++p) {
            for (const std::size_t k : part.places) {
                part.parameters[p].push_back(mechanism.parameters[p][k]);
            }
            part.parameter_columns.push_back(part.parameters[p].data());
        }
    }
    for (auto& probe : clamp_probes_) {
        probe.prepare();
    }
}

bool GroupProbe::empty() const
{
    return voltages_.empty() && node_voltages_.empty() && mechanisms_.empty() && zeroed_columns_.empty() &&
           current_clamps_.empty() && voltage_clamps_.empty() && synapses_.empty();
}

void GroupProbe::sample(const group::State& state, const SampleTime& time, double* row)
{
    const auto v_mV = state.v_slots_mV();
    for (const auto& [column, reader] : voltages_) {
        row[column] = reader.read_mV(state, time.t_ms, time.dt_ms);
    }
    for (const auto& [column, slot] : node_voltages_) {
        row[column] = v_mV[slot];
    }
    for (const std::size_t column : zeroed_columns_) {
        row[column] = 0.0;
    }
    for (auto& part : mechanisms_) {
        sample_mechanism(part, state, time, row);
    }
    for (const auto& [column, clamp] : current_clamps_) {
        row[column] = plan_->current_clamps[clamp].waveform.value(time.t_ms, time.dt_ms);
    }
    for (const auto& [column, instance, what] : synapses_) {
        row[column] = synapse_value(instance, what, state, time);
    }
    for (const auto& clamp : voltage_clamps_) {
        double ionic_mA_per_cm2 = 0.0;
        clamp_probes_[clamp.ionic_column].sample(state, time, &ionic_mA_per_cm2);
        row[clamp.column] = clamp_current_nA(clamp, ionic_mA_per_cm2, state, time);
    }
}

double GroupProbe::synapse_value(std::int32_t instance, const mechanisms::PointQuantity& what,
                                 const group::State& state, const SampleTime& time)
{
    const auto& kind = plan_->kind_of(instance);
    const auto k = static_cast<std::size_t>(instance - kind.first);
    const double v_mV = state.v_slots_mV()[static_cast<std::size_t>(kind.slot[k])];
    const double* parameters = kind.parameters.data();
    const double* states = state.column(kind.state_column);
    if (kind.info->is_text()) {
        auto& reader = *readers_[static_cast<std::size_t>(&kind - plan_->synapses.data())];
        return reader.value({kind.stride(), k, parameters, states, nullptr, v_mV, time.t_ms}, what);
    }
    return what.kind == mechanisms::PointQuantity::Kind::conductance
               ? kind.info->conductance(states, kind.n(), k)
               : kind.info->current_nA(parameters, states, kind.n(), k, v_mV);
}

void GroupProbe::sample_mechanism(Gathered& part, const group::State& state, const SampleTime& time, double* row)
{
    const auto& mechanism = plan_->mechanisms[part.m];
    const auto& info = *mechanism.info;
    const auto v_mV = state.v_slots_mV();
    const std::size_t n = part.places.size();
    for (std::size_t i = 0; i < n; ++i) {
        const std::int32_t of_group = mechanism.rows[part.places[i] / base::lanes];
        part.v_mV[i] = v_mV[index(of_group) * base::lanes + part.places[i] % base::lanes];
        for (std::size_t s = 0; s < info.states.size(); ++s) {
            part.state_columns[s][i] = state.column(mechanism.first_state_column + s)[part.places[i]];
        }
    }
    const mechanisms::MechanismBlock block{n, part.v_mV.data(), plan_->temperature_degC, part.parameter_columns.data(),
                                           part.state_columns.data()};
    if (time.gate_lag_ms > 0.0) {
        info.advance(block, time.gate_lag_ms);
    }
    std::size_t i = 0;
    for (const auto& wanted : part.states) {
        row[wanted.column] = part.state_columns[static_cast<std::size_t>(wanted.what)][i++];
    }
    if (part.currents.empty()) {
        return;
    }
    info.currents_at(block, part.current_columns.data());
    for (const auto& wanted : part.currents) {
        if (wanted.what == sum_of_currents) {
            for (const double* current : part.current_columns) {
                row[wanted.column] += current[i];
            }
        } else {
            row[wanted.column] = part.current_columns[static_cast<std::size_t>(wanted.what)][i];
        }
        ++i;
    }
}

double GroupProbe::resistive_current_nA(const discretise::VoltageClamp& clamp, const group::State& state,
                                        const SampleTime& time)
{
    if (!holds(clamp, time)) {
        return 0.0;
    }
    const double before_ms = time.t_ms - time.dt_ms;
    const double command_mV =
        time.t_ms > 0.0 ? clamp.waveform.last_value(before_ms, time.t_ms) : clamp.waveform.value(time.t_ms, time.dt_ms);
    return (command_mV - state.v_mV(clamp.node)) / clamp.series_resistance_Mohm;
}

double GroupProbe::clamp_current_nA(const ClampColumn& column, double ionic_mA_per_cm2, const group::State& state,
                                    const SampleTime& time)
{
    const auto& clamp = plan_->voltage_clamps[column.clamp];
    if (clamp.series_resistance_Mohm > 0.0) {
        return resistive_current_nA(clamp, state, time);
    }
    if (!holds(clamp, time)) {
        return 0.0;
    }
    const std::int32_t node = clamp.node;
    double i_nA = column.axial_diagonal_uS * state.v_mV(node);
    if (plan_->parent(node) >= 0) {
        i_nA -= plan_->axial_uS_of(node) * state.v_mV(plan_->parent(node));
    }
    for (const std::int32_t child : column.children) {
        i_nA -= plan_->axial_uS_of(child) * state.v_mV(child);
    }
    // Density to current: 0.01 area, see Plan::scale_uS. The charge that a jump of the command moves is not a current at
    // any one time and is left out; a sloping command adds C dV/dt.
    if (time.t_ms > 0.0) {
        i_nA += plan_->capacitance_nF(node) * clamp.waveform.slope(time.t_ms - time.dt_ms, time.t_ms);
    }
    i_nA += plan_->scale_uS[plan_->slot(node)] * ionic_mA_per_cm2;
    for (const std::int32_t synapse : column.synapses) {
        i_nA += synapse_value(synapse, {}, state, time);
    }
    // The clamp need not deliver what other electrodes do.
    for (const auto& [k, weight] : column.injected) {
        const auto& waveform = plan_->current_clamps[k].waveform;
        i_nA -= weight * (time.t_ms > 0.0 ? waveform.value_before(time.t_ms, time.dt_ms)
                                          : waveform.value(time.t_ms, time.dt_ms));
    }
    for (const std::size_t k : column.through_resistance) {
        i_nA -= resistive_current_nA(plan_->voltage_clamps[k], state, time);
    }
    return i_nA;
}

}  // namespace axolemma::record
