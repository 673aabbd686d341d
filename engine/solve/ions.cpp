#include "solve/ions.hpp"

#include <algorithm>

#include "mechanisms/ions.hpp"

namespace axolemma::solve {

using mechanisms::IonQuantity;

namespace {

/// Calls change(slot, equilibrium) for every place at which the reversal potential changes.
template <class Change>
void for_each_change(const group::IonPlan::Quantity& reversal, const double* e_mV, Change change)
{
    for (std::size_t row = 0; row < reversal.changes.size(); ++row) {
        const std::uint8_t lanes = reversal.changes[row];
        for (std::size_t lane = 0; lane < base::lanes && lanes != 0; ++lane) {
            if ((lanes >> lane & 1) != 0) {
                change(row * base::lanes + lane, e_mV[row * base::lanes + lane]);
            }
        }
    }
}

}  // namespace

Ions::Ions(const group::Plan& plan, bool centred)
    : plan_(plan), before_mV_(plan.ions.size()), g_(plan.ions.size()), s_(plan.ions.size())
{
    now_mV_.assign(plan.scale_uS.size(), 0.0);
    for (std::size_t ion = 0; ion < plan.ions.size(); ++ion) {
        for (const auto& quantity : plan.ions[ion].quantities) {
            initial_.add(quantity.initial);
        }
        if (centred && !plan.ions[ion].of(IonQuantity::reversal_mV).changes.empty()) {
            before_mV_[ion].assign(plan.scale_uS.size(), 0.0);
        }
        if (!plan.ions[ion].of(IonQuantity::current_mA_per_cm2).changes.empty()) {
            g_[ion].assign(plan.scale_uS.size(), 0.0);
            s_[ion].assign(plan.scale_uS.size(), 0.0);
            has_sums_ = true;
        }
    }
}

mechanisms::LaneColumn Ions::column(std::size_t ion, IonQuantity what, const group::State& state) const
{
    const auto& quantities = plan_.ions[ion].quantities;
    const auto& quantity = plan_.ions[ion].of(what);
    return quantity.changes.empty() ? initial_.column(ion * quantities.size() + static_cast<std::size_t>(what))
                                    : mechanisms::LaneColumn{state.column(quantity.state_column), base::lanes};
}

void Ions::find_equilibrium(std::size_t ion, const group::State& state, double* e_mV) const
{
    mechanisms::nernst_rows_mV(plan_.scale_uS.size() / base::lanes, column(ion, IonQuantity::inside_mM, state),
                               column(ion, IonQuantity::outside_mM, state), plan_.ions[ion].valence,
                               plan_.temperature_degC, e_mV);
}

void Ions::start_reversals(group::State& state)
{
    for (std::size_t k = 0; k < plan_.ions.size(); ++k) {
        const auto& reversal = plan_.ions[k].of(IonQuantity::reversal_mV);
        if (!reversal.changes.empty()) {
            find_equilibrium(k, state, now_mV_.data());
            double* e_mV = state.column(reversal.state_column);
            for_each_change(reversal, now_mV_.data(), [&](std::size_t slot, double now_mV) { e_mV[slot] = now_mV; });
        }
    }
}

void Ions::before_advance(const group::State& state)
{
    for (std::size_t k = 0; k < before_mV_.size(); ++k) {
        if (!before_mV_[k].empty()) {
            find_equilibrium(k, state, before_mV_[k].data());
        }
    }
}

void Ions::follow_reversals(group::State& state)
{
    start_reversals(state);
    for (std::size_t k = 0; k < plan_.ions.size(); ++k) {
        const auto& reversal = plan_.ions[k].of(IonQuantity::reversal_mV);
        if (!before_mV_[k].empty()) {
            double* e_mV = state.column(reversal.state_column);
            for_each_change(reversal, before_mV_[k].data(),
                            [&](std::size_t slot, double before_mV) { e_mV[slot] += 0.5 * (e_mV[slot] - before_mV); });
        }
    }
}

void Ions::clear_sums()
{
    for (std::size_t ion = 0; ion < g_.size(); ++ion) {
        std::fill(g_[ion].begin(), g_[ion].end(), 0.0);
        std::fill(s_[ion].begin(), s_[ion].end(), 0.0);
    }
}

void Ions::store_currents(group::State& state, const double* v_mV) const
{
    for (std::size_t ion = 0; ion < g_.size(); ++ion) {
        if (g_[ion].empty()) {
            continue;
        }
        double* current = state.column(plan_.ions[ion].of(IonQuantity::current_mA_per_cm2).state_column);
        for (std::size_t slot = 0; slot < g_[ion].size(); ++slot) {
            current[slot] = g_[ion][slot] * v_mV[slot] - s_[ion][slot];
        }
    }
}

std::size_t Ions::bytes() const
{
    std::size_t n = now_mV_.size();
    for (std::size_t ion = 0; ion < g_.size(); ++ion) {
        n += before_mV_[ion].size() + g_[ion].size() + s_[ion].size();
    }
    return n * sizeof(double);
}

}  // namespace axolemma::solve
