#include "record/probe.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

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

void GroupProbe::want(std::size_t m, std::int32_t node, std::size_t column, Part::Kind kind, int what)
{
    const auto place = plan_->mechanisms[m].place(static_cast<std::int32_t>(plan_->slot(node)));
    assert(place >= 0 && "the mechanism is on this node");
    auto at = std::lower_bound(parts_.begin(), parts_.end(), m, [](const Part& p, std::size_t k) { return p.m < k; });
    if (at == parts_.end() || at->m != m) {
        at = parts_.emplace(at);
        at->m = m;
    }
    at->wanted.push_back({column, static_cast<std::size_t>(place), kind, what});
}

void GroupProbe::add_state(std::size_t column, std::size_t m, int state, std::int32_t node)
{
    want(m, node, column, Part::Kind::state, state);
}

void GroupProbe::add_current(std::size_t column, std::size_t m, int current, std::int32_t node)
{
    want(m, node, column, Part::Kind::current, current);
}

void GroupProbe::add_output(std::size_t column, std::size_t m, int output, std::int32_t node)
{
    want(m, node, column, Part::Kind::output, output);
}

void GroupProbe::add_ion(std::size_t column, std::size_t ion, mechanisms::IonQuantity what, std::int32_t node)
{
    if (what == mechanisms::IonQuantity::current_mA_per_cm2) {
        add_currents_of(column, node, static_cast<int>(ion));
    } else {
        ions_.push_back({column, ion, plan_->slot(node), what});
    }
}

void GroupProbe::add_ionic_current(std::size_t column, std::int32_t node)
{
    add_currents_of(column, node, all_currents);
}

/// @param ion  all_currents: of all ions and of none
void GroupProbe::add_currents_of(std::size_t column, std::int32_t node, int ion)
{
    zeroed_columns_.push_back(column);
    for (std::size_t m = 0; m < plan_->mechanisms.size(); ++m) {
        if (plan_->mechanisms[m].place(static_cast<std::int32_t>(plan_->slot(node))) >= 0) {
            want(m, node, column, Part::Kind::sum_of_currents, ion);
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
    if (kind.info->is_text() && !reader.runner) {
        reader.ion_reads.resize(kind.info->kernels->between_events().ion_reads.size());
        reader.runner = kind.info->kernels->make_runner(1, {0.0, plan_->temperature_degC, false});
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
    std::set<std::size_t> slots;
    for (auto& part : parts_) {
        prepare_part(part);
        for (std::size_t k = 0; k < part.places->n(); ++k) {
            slots.insert(part.places->slot(k));
        }
    }
    for (const auto& ion : ions_) {
        slots.insert(ion.slot);
    }
    membrane_.emplace(*plan_, std::vector<std::size_t>(slots.begin(), slots.end()));
    for (auto& probe : clamp_probes_) {
        probe.prepare();
    }
}

void GroupProbe::prepare_part(Part& part) const
{
    std::vector<std::size_t> places;
    for (const auto& wanted : part.wanted) {
        places.push_back(wanted.place);
    }
    part.places.emplace(*plan_, part.m, std::move(places));
    const auto& info = *plan_->mechanisms[part.m].info;
    const auto make = [&](std::size_t n, std::vector<std::vector<double>>& columns, std::vector<double*>& pointers) {
        columns.assign(n, std::vector<double>(part.wanted.size()));
        pointers.clear();
        for (auto& column : columns) {
            pointers.push_back(column.data());
        }
    };
    make(info.currents.size(), part.currents, part.current_columns);
    make(info.outputs.size(), part.outputs, part.output_columns);
}

bool GroupProbe::empty() const
{
    return voltages_.empty() && node_voltages_.empty() && parts_.empty() && ions_.empty() && zeroed_columns_.empty() &&
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
    if (membrane_) {
        membrane_->load(state, time);
    }
    for (auto& part : parts_) {
        sample_part(part, state, time, row);
    }
    for (const auto& ion : ions_) {
        row[ion.column] = membrane_->ion(ion.ion, ion.what, ion.slot);
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
        auto& reader = readers_[static_cast<std::size_t>(&kind - plan_->synapses.data())];
        const auto& reads = kind.info->kernels->between_events().ion_reads;
        for (std::size_t r = 0; r < reads.size(); ++r) {
            reader.ion_reads[r] =
                state.ion(plan_->ions[kind.ions[reads[r].ion]], reads[r].what, static_cast<std::size_t>(kind.slot[k]));
        }
        const mechanisms::PointReading from{kind.stride(),           k,    parameters, states,
                                            reader.ion_reads.data(), v_mV, time.t_ms};
        return reader.runner->value(from, what);
    }
    return what.kind == mechanisms::PointQuantity::Kind::conductance
               ? kind.info->conductance(states, kind.n(), k)
               : kind.info->current_nA(parameters, states, kind.n(), k, v_mV);
}

void GroupProbe::sample_part(Part& part, const group::State& state, const SampleTime& time, double* row) const
{
    using Kind = Part::Kind;
    const auto wants = [&](Kind kind) {
        return std::any_of(part.wanted.begin(), part.wanted.end(),
                           [&](const Part::Wanted& wanted) { return wanted.kind == kind; });
    };
    membrane_->bring(*part.places, state, time);
    const auto block = part.places->block(time.t_ms);
    if (wants(Kind::current) || wants(Kind::sum_of_currents)) {
        part.places->kernels().currents_at(block, part.current_columns.data());
    }
    if (wants(Kind::output)) {
        part.places->kernels().outputs_at(block, part.output_columns.data());
    }
    for (std::size_t k = 0; k < part.wanted.size(); ++k) {
        const auto& wanted = part.wanted[k];
        if (wanted.kind == Kind::sum_of_currents) {
            add_currents(part, k, row[wanted.column]);
        } else {
            row[wanted.column] = value_of(part, k);
        }
    }
}

double GroupProbe::value_of(Part& part, std::size_t k)
{
    const auto what = static_cast<std::size_t>(part.wanted[k].what);
    switch (part.wanted[k].kind) {
    case Part::Kind::state: return part.places->state(what)[k];
    case Part::Kind::current: return part.currents[what][k];
    case Part::Kind::output: return part.outputs[what][k];
    case Part::Kind::sum_of_currents: break;
    }
    return 0.0;
}

void GroupProbe::add_currents(const Part& part, std::size_t k, double& sum)
{
    const auto& mechanism = part.places->mechanism();
    for (std::size_t c = 0; c < part.currents.size(); ++c) {
        const int ion = mechanism.info->currents[c].ion;
        const bool counts =
            part.wanted[k].what == all_currents ||
            (ion >= 0 && static_cast<int>(mechanism.ions[static_cast<std::size_t>(ion)]) == part.wanted[k].what);
        sum += counts ? part.currents[c][k] : 0.0;
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
