#include "solve/points.hpp"

#include <algorithm>

#include "base/index.hpp"

namespace axolemma::solve {

using base::index;

namespace {

/// Does one of the currents of the kind belong to an ion whose current somebody reads?
bool carries_read_ion(const group::Plan& plan, const group::SynapsePlan& kind)
{
    const auto& currents = kind.info->kernels->between_events().currents;
    return std::any_of(currents.begin(), currents.end(), [&](const mechanisms::CurrentInfo& current) {
        return current.ion >= 0 && !plan.ions[kind.ions[index(current.ion)]]
                                        .of(mechanisms::IonQuantity::current_mA_per_cm2)
                                        .changes.empty();
    });
}

}  // namespace

Points::Points(const group::Plan& plan, double dt_ms, bool in_lanes) : plan_(plan), dt_ms_(dt_ms)
{
    for (const auto& kind : plan.synapses) {
        slots_.insert(slots_.end(), kind.slot.begin(), kind.slot.end());
        auto& text = texts_.emplace_back();
        constants_.emplace_back(kind.info->n_constants * kind.n());
        if (kind.info->is_text()) {
            text.runner = kind.info->kernels->make_runner(kind.n(), {dt_ms, plan.temperature_degC, in_lanes});
            for (auto* column : {&text.v_mV, &text.g_uS, &text.s_nA}) {
                column->resize(kind.stride());
            }
            const auto& info = kind.info->kernels->between_events();
            text.ion_reads.resize(info.ion_reads.size() * kind.stride());
            if (carries_read_ion(plan, kind)) {
                text.currents_g_uS.resize(info.currents.size() * kind.stride());
                text.currents_s_nA.resize(info.currents.size() * kind.stride());
            }
        } else {
            kind.info->prepare(kind.n(), kind.parameters.data(), dt_ms, constants_.back().data());
        }
    }
    for (const auto& end : plan.gap_ends) {
        slots_.push_back(end.slot);
    }
    std::sort(slots_.begin(), slots_.end());
    slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
    mean_uS_.assign(index(plan.n_synapses()), 0.0);
    if (!slots_.empty()) {
        g_uS_.assign(index(plan.packing->n_rows * group::lanes), 0.0);
        i_nA_.assign(g_uS_.size(), 0.0);
    }
}

std::size_t Points::bytes() const
{
    std::size_t n = mean_uS_.size() + g_uS_.size() + i_nA_.size();
    for (const auto& constants : constants_) {
        n += constants.size();
    }
    std::size_t of_texts = 0;
    for (const auto& text : texts_) {
        n += text.v_mV.size() + text.g_uS.size() + text.s_nA.size() + text.ion_reads.size() +
             2 * text.currents_g_uS.size();
        of_texts += text.runner ? text.runner->bytes() : 0;
    }
    return n * sizeof(double) + of_texts + slots_.size() * sizeof(std::int32_t);
}

mechanisms::SynapseBlock Points::block(std::size_t kind, group::State& state) const
{
    const auto& plan = plan_.synapses[kind];
    return {plan.n(), plan.parameters.data(), constants_[kind].data(), state.column(plan.state_column)};
}

void Points::initialise(group::State& state)
{
    failure_ = {};
    for (std::size_t kind = 0; kind < texts_.size(); ++kind) {
        if (texts_[kind].runner) {
            texts_[kind].runner->initialise(text_block(kind, state));
        }
    }
}

bool Points::prepare(group::State& state, std::int64_t step, const Arrivals& arrivals)
{
    for (const std::int32_t slot : slots_) {
        g_uS_[index(slot)] = 0.0;
        i_nA_[index(slot)] = 0.0;
    }
    for (std::size_t kind = 0; kind < plan_.synapses.size(); ++kind) {
        const auto& plan = plan_.synapses[kind];
        if (!texts_[kind].runner) {
            plan.info->advance(block(kind, state), mean_uS_.data() + plan.first);
        } else if (!step_text(kind, state, step, arrivals.events)) {
            return false;
        }
    }
    receive(state, step, arrivals.events);
    for (std::size_t kind = 0; kind < plan_.synapses.size(); ++kind) {
        add_currents(kind, state);
    }
    for (const auto& end : plan_.gap_ends) {
        g_uS_[index(end.slot)] += end.g_uS;
        i_nA_[index(end.slot)] += end.g_uS * arrivals.site_mV[end.site_there];
    }
    return true;
}

mechanisms::PointBlock Points::text_block(std::size_t kind, group::State& state)
{
    const auto& plan = plan_.synapses[kind];
    auto& v_mV = texts_[kind].v_mV;
    for (std::size_t k = 0; k < plan.stride(); ++k) {
        v_mV[k] = state.v_slots_mV()[index(plan.slot[std::min(k, plan.n() - 1)])];
    }
    mechanisms::PointBlock block;
    block.n = plan.n();
    block.stride = plan.stride();
    block.parameters = plan.parameters.data();
    block.states = state.column(plan.state_column);
    block.memory = state.column(plan.memory_column);
    block.first_memory = plan.first_memory.data();
    block.weights_uS = plan.weights_uS.data();
    block.first_connection = plan.first_connection.empty() ? nullptr : plan.first_connection.data();
    block.v_mV = v_mV.data();
    const auto& reads = plan.info->kernels->between_events().ion_reads;
    auto& ion_reads = texts_[kind].ion_reads;
    for (std::size_t r = 0; r < reads.size(); ++r) {
        const auto& ion = plan_.ions[plan.ions[reads[r].ion]];
        for (std::size_t k = 0; k < plan.stride(); ++k) {
            const auto slot = index(plan.slot[std::min(k, plan.n() - 1)]);
            ion_reads[r * plan.stride() + k] = state.ion(ion, reads[r].what, slot);
        }
    }
    block.ion_reads = ion_reads.data();
    return block;
}

/// @param events  of all kinds; those of one kind follow each other
bool Points::step_text(std::size_t kind, group::State& state, std::int64_t step, std::span<const SynapticEvent> events)
{
    const auto& plan = plan_.synapses[kind];
    const auto is_before = [](const SynapticEvent& event, std::int32_t synapse) { return event.synapse < synapse; };
    const std::int32_t end_synapse = plan.first + static_cast<std::int32_t>(plan.n());
    const auto first = std::lower_bound(events.begin(), events.end(), plan.first, is_before);
    const auto end = std::lower_bound(first, events.end(), end_synapse, is_before);
    mechanisms::PointStep of_kind;
    of_kind.begin_ms = static_cast<double>(step) * dt_ms_;
    of_kind.end_ms = static_cast<double>(step + 1) * dt_ms_;
    of_kind.events = {first, end};
    of_kind.first_synapse = plan.first;
    of_kind.g_uS = texts_[kind].g_uS.data();
    of_kind.s_nA = texts_[kind].s_nA.data();
    if (!texts_[kind].currents_g_uS.empty()) {
        of_kind.currents_g_uS = texts_[kind].currents_g_uS.data();
        of_kind.currents_s_nA = texts_[kind].currents_s_nA.data();
    }
    const auto failed = texts_[kind].runner->step(text_block(kind, state), of_kind);
    if (failed.failed()) {
        failure_ = {failed.fault, plan.first + static_cast<std::int32_t>(failed.instance), failed.t_ms};
    }
    return !failed.failed();
}

void Points::add_ion_currents(Ions& ions) const
{
    for (std::size_t kind = 0; kind < texts_.size(); ++kind) {
        const auto& plan = plan_.synapses[kind];
        const auto& text = texts_[kind];
        if (text.currents_g_uS.empty()) {
            continue;
        }
        const auto& currents = plan.info->kernels->between_events().currents;
        for (std::size_t c = 0; c < currents.size(); ++c) {
            double* g = currents[c].ion < 0 ? nullptr : ions.g(plan.ions[index(currents[c].ion)]);
            double* s = currents[c].ion < 0 ? nullptr : ions.s(plan.ions[index(currents[c].ion)]);
            for (std::size_t k = 0; g != nullptr && k < plan.n(); ++k) {
                // From the whole compartment's to a density.
                const auto slot = index(plan.slot[k]);
                g[slot] += text.currents_g_uS[c * plan.stride() + k] / plan_.scale_uS[slot];
                s[slot] += text.currents_s_nA[c * plan.stride() + k] / plan_.scale_uS[slot];
            }
        }
    }
}

void Points::receive(group::State& state, std::int64_t step, std::span<const SynapticEvent> events)
{
    const double end_ms = static_cast<double>(step + 1) * dt_ms_;
    for (const auto& event : events) {
        const double remaining_ms = std::clamp(end_ms - event.t_ms, 0.0, dt_ms_);
        const auto& plan = plan_.kind_of(event.synapse);
        if (plan.info->is_text()) {
            continue;
        }
        const auto kind = static_cast<std::size_t>(&plan - plan_.synapses.data());
        mean_uS_[index(event.synapse)] += plan.info->receive(block(kind, state), index(event.synapse - plan.first),
                                                             event.weight_uS, remaining_ms, dt_ms_);
    }
}

void Points::add_currents(std::size_t kind, group::State& state)
{
    const auto& plan = plan_.synapses[kind];
    const auto own = block(kind, state);
    const double* mean_uS = mean_uS_.data() + plan.first;
    const std::int32_t* slot = plan.slot.data();
    double* g_uS = g_uS_.data();
    double* i_nA = i_nA_.data();
    if (plan.info->is_text()) {
        const auto& text = texts_[kind];
        for (std::size_t k = 0; k < own.n; ++k) {
            g_uS[slot[k]] += text.g_uS[k];
            i_nA[slot[k]] += text.s_nA[k];
        }
        return;
    }
    const double* e_mV = own.parameters + plan.info->reversal * own.n;
    if (plan.info->open_share == nullptr) {
        for (std::size_t k = 0; k < own.n; ++k) {
            g_uS[slot[k]] += mean_uS[k];
            i_nA[slot[k]] += mean_uS[k] * e_mV[k];
        }
        return;
    }
    const double* v_mV = state.v_slots_mV().data();
    for (std::size_t k = 0; k < own.n; ++k) {
        // i(V) = g share(V) (V - e), to first order around V(t).
        const double v = v_mV[slot[k]];
        double share = 1.0;
        double slope = 0.0;
        plan.info->open_share(own.parameters, own.n, k, v, share, slope);
        const double tangent_uS = mean_uS[k] * (share + slope * (v - e_mV[k]));
        g_uS[slot[k]] += tangent_uS;
        i_nA[slot[k]] += tangent_uS * v - mean_uS[k] * share * (v - e_mV[k]);
    }
}

}  // namespace axolemma::solve
