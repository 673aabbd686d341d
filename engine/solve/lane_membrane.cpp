#include "solve/lane_membrane.hpp"

#include <algorithm>
#include <cassert>

#include "base/index.hpp"

namespace axolemma::solve {

using base::index;
using base::lanes;
using mechanisms::IonQuantity;
using mechanisms::LaneColumn;
using mechanisms::LaneSums;

LaneMembrane::LaneMembrane(const group::Plan& plan, const StepOptions& options, Ions& ions)
    : plan_(plan), dt_ms_(options.dt_ms), ions_(ions)
{
    for (const auto& of : plan.mechanisms) {
        add_mechanism(of, options);
    }
    find_segments();
    find_currents();
}

void LaneMembrane::add_mechanism(const group::MechanismPlan& of, const StepOptions& options)
{
    auto& mechanism = mechanisms_.emplace_back();
    mechanism.plan = &of;
    for (const auto& column : of.parameters) {
        mechanism.parameters.add(column);
    }
    mechanism.kernel = of.info->kernels->lane_kernel({.temperature_degC = plan_.temperature_degC,
                                                      .dt_ms = options.dt_ms,
                                                      .gate_table_bound = options.gate_table_bound,
                                                      .rate_values = of.rate_values});
    mechanism.ion_reads.resize(of.info->ion_reads.size());
    mechanism.ion_writes.resize(of.info->ion_writes.size());
    scratch_.resize(std::max(scratch_.size(), mechanism.kernel->scratch_size()));
    if (fused_ < 0 && mechanism.kernel->hh_shape() != nullptr && !of.info->writes_concentrations()) {
        fused_ = static_cast<std::int32_t>(mechanisms_.size()) - 1;
    }
}

LaneMembrane::Segment LaneMembrane::segment(const Mechanism& of, std::size_t first, std::size_t n) const
{
    Segment result{first, n, {}, std::vector<double*>(of.plan->info->states.size())};
    for (std::size_t p = 0; p < of.parameters.size(); ++p) {
        const auto column = of.parameters.column(p);
        result.parameters.push_back({column.row(first), column.stride});
    }
    return result;
}

void LaneMembrane::find_segments()
{
    std::vector<bool> is_fused(index(plan_.packing->n_rows), false);
    for (const auto& stretch : plan_.stretches) {
        const bool junctions = stretch.operation.kind == group::Operation::Kind::junctions;
        if (!junctions && fused_ >= 0 && stretch.mechanism == fused_) {
            std::fill_n(is_fused.begin() + stretch.operation.top_row, stretch.operation.n_rows, true);
        }
    }
    for (std::size_t row = 0; row < is_fused.size(); ++row) {
        if (!is_fused[row] && !rows_apart_.empty() && rows_apart_.back().second == row) {
            ++rows_apart_.back().second;
        } else if (!is_fused[row]) {
            rows_apart_.emplace_back(row, row + 1);
        }
    }
    for (auto& mechanism : mechanisms_) {
        const auto& rows = mechanism.plan->rows;
        for (std::size_t k = 0, end = 0; k < rows.size(); k = end) {
            const bool fused = is_fused[index(rows[k])];
            for (end = k + 1; end < rows.size() && is_fused[index(rows[end])] == fused;) {
                ++end;
            }
            (fused ? mechanism.fused : mechanism.apart).push_back(segment(mechanism, k, end - k));
        }
    }
    if (fused_ >= 0) {
        const auto& fused = mechanisms_[index(fused_)];
        fused_places_ = segment(fused, 0, fused.plan->rows.size());
    }
    if (!rows_apart_.empty()) {
        g_.assign(is_fused.size() * lanes, 0.0);
        s_.assign(is_fused.size() * lanes, 0.0);
    }
}

void LaneMembrane::find_currents()
{
    for (auto& mechanism : mechanisms_) {
        std::vector<LaneSums> sums;
        bool any = false;
        for (const auto& current : mechanism.plan->info->currents) {
            sums.emplace_back();
            if (current.ion >= 0) {
                const std::size_t ion = mechanism.plan->ions[static_cast<std::size_t>(current.ion)];
                sums.back() = {ions_.g(ion), ions_.s(ion)};
                any = any || ions_.g(ion) != nullptr;
            }
        }
        if (any) {
            mechanism.currents = std::move(sums);
        }
    }
}

void LaneMembrane::bind(group::State& state)
{
    if (state_ == &state && &state.v_slots_mV()[0] == bound_to_) {
        return;
    }
    state_ = &state;
    bound_to_ = &state.v_slots_mV()[0];
    for (auto& mechanism : mechanisms_) {
        const auto& info = *mechanism.plan->info;
        for (auto* segments : {&mechanism.apart, &mechanism.fused}) {
            for (auto& part : *segments) {
                for (std::size_t s = 0; s < part.states.size(); ++s) {
                    part.states[s] = state.column(mechanism.plan->first_state_column + s) + part.first * lanes;
                }
            }
        }
        for (std::size_t r = 0; r < info.ion_reads.size(); ++r) {
            const auto& read = info.ion_reads[r];
            mechanism.ion_reads[r] = ions_.column(mechanism.plan->ions[read.ion], read.what, state);
        }
        for (std::size_t w = 0; w < info.ion_writes.size(); ++w) {
            const auto& ion = plan_.ions[mechanism.plan->ions[info.ion_writes[w].ion]];
            mechanism.ion_writes[w] = state.column(ion.of(info.ion_writes[w].what).state_column);
        }
    }
    if (fused_ >= 0) {
        bind_fused();
    }
}

void LaneMembrane::bind_fused()
{
    const auto& mechanism = mechanisms_[index(fused_)];
    for (std::size_t s = 0; s < fused_places_.states.size(); ++s) {
        fused_places_.states[s] = state_->column(mechanism.plan->first_state_column + s);
    }
    mechanisms::LaneBlock block;
    block.v_mV = bound_to_;
    block.parameters = fused_places_.parameters.data();
    block.states = fused_places_.states.data();
    block.ion_reads = mechanism.ion_reads.data();
    block.temperature_degC = plan_.temperature_degC;
    block.dt_ms = dt_ms_;
    fused_columns_ = hh_columns(block, *mechanism.kernel->hh_shape());
}

void LaneMembrane::step(const Mechanism& mechanism, const std::vector<Segment>& segments, double dt_ms, double t_ms,
                        const LaneSums& total, bool with_currents)
{
    for (const auto& part : segments) {
        mechanism.kernel->step(
            {.n_rows = part.n,
             .rows = mechanism.plan->rows.data() + part.first,
             .present = mechanism.plan->present.data() + part.first,
             .v_mV = state_->v_slots_mV().data(),
             .parameters = part.parameters.data(),
             .states = part.states.data(),
             .ion_reads = mechanism.ion_reads.data(),
             .ion_writes = mechanism.ion_writes.data(),
             .total = total,
             .currents = with_currents && !mechanism.currents.empty() ? mechanism.currents.data() : nullptr,
             .scratch = scratch_.data(),
             .temperature_degC = plan_.temperature_degC,
             .dt_ms = dt_ms,
             .t_ms = t_ms});
    }
}

void LaneMembrane::advance_ions(double t_ms)
{
    ions_.before_advance(*state_);
    for (const auto& mechanism : mechanisms_) {
        if (mechanism.plan->info->writes_concentrations()) {
            step(mechanism, mechanism.apart, dt_ms_, t_ms, {}, false);
        }
    }
    ions_.follow_reversals(*state_);
}

void LaneMembrane::advance(double t_ms)
{
    advance_ions(t_ms);
    for (const auto& mechanism : mechanisms_) {
        if (!mechanism.plan->info->writes_concentrations() && !mechanism.plan->info->states.empty()) {
            step(mechanism, mechanism.apart, dt_ms_, t_ms, {}, false);
            step(mechanism, mechanism.fused, dt_ms_, t_ms, {}, false);
        }
    }
}

void LaneMembrane::linearise(bool advance_first, double t_ms)
{
    if (advance_first) {
        advance_ions(t_ms);
    }
    for (const auto& [first, end] : rows_apart_) {
        std::fill(g_.data() + first * lanes, g_.data() + end * lanes, 0.0);
        std::fill(s_.data() + first * lanes, s_.data() + end * lanes, 0.0);
    }
    ions_.clear_sums();
    for (const auto& mechanism : mechanisms_) {
        const auto& info = *mechanism.plan->info;
        const bool moves = advance_first && !info.writes_concentrations();
        if (!info.currents.empty() || (moves && !info.states.empty())) {
            step(mechanism, mechanism.apart, moves ? dt_ms_ : 0.0, t_ms, {g_.data(), s_.data()}, true);
        }
    }
}

void LaneMembrane::add_fused_ion_currents(double t_ms)
{
    if (fused_ >= 0 && !mechanisms_[index(fused_)].currents.empty()) {
        const auto& mechanism = mechanisms_[index(fused_)];
        step(mechanism, mechanism.fused, 0.0, t_ms, {}, true);
    }
}

std::size_t LaneMembrane::bytes() const
{
    std::size_t n = (g_.size() + s_.size() + scratch_.size()) * sizeof(double);
    for (const auto& mechanism : mechanisms_) {
        for (const auto* segments : {&mechanism.apart, &mechanism.fused}) {
            for (const auto& part : *segments) {
                n += sizeof(Segment) + part.parameters.size() * sizeof(LaneColumn) +
                     part.states.size() * sizeof(double*);
            }
        }
    }
    return n;
}

}  // namespace axolemma::solve
