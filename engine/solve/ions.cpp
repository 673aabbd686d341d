#include "solve/ions.hpp"

#include <algorithm>

#include "mechanisms/ions.hpp"

namespace axolemma::solve {

using mechanisms::IonQuantity;

namespace {

/// Calls visit(slot) for every place at which the quantity changes.
template <class Visit>
void for_each_change(const group::IonPlan::Quantity& quantity, Visit visit)
{
    for (std::size_t row = 0; row < quantity.changes.size(); ++row) {
        for (std::size_t lane = 0; lane < base::lanes; ++lane) {
            if ((quantity.changes[row] >> lane & 1) != 0) {
                visit(row * base::lanes + lane);
            }
        }
    }
}

}  // namespace

Ions::Ions(const group::Plan& plan, bool centred)
    : plan_(plan), before_mV_(plan.ions.size()), g_(plan.ions.size()), s_(plan.ions.size())
{
    for (std::size_t ion = 0; ion < plan.ions.size(); ++ion) {
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

double Ions::equilibrium_mV(const group::IonPlan& ion, const group::State& state, std::size_t slot) const
{
    return mechanisms::nernst_mV(state.ion(ion, IonQuantity::inside_mM, slot),
                                 state.ion(ion, IonQuantity::outside_mM, slot), ion.valence, plan_.temperature_degC);
}

void Ions::start_reversals(group::State& state) const
{
    for (const auto& ion : plan_.ions) {
        const auto& reversal = ion.of(IonQuantity::reversal_mV);
        for_each_change(reversal, [&](std::size_t slot) {
            state.column(reversal.state_column)[slot] = equilibrium_mV(ion, state, slot);
        });
    }
}

void Ions::before_advance(const group::State& state)
{
    for (std::size_t k = 0; k < before_mV_.size(); ++k) {
        if (!before_mV_[k].empty()) {
            for_each_change(plan_.ions[k].of(IonQuantity::reversal_mV), [&](std::size_t slot) {
                before_mV_[k][slot] = equilibrium_mV(plan_.ions[k], state, slot);
            });
        }
    }
}

void Ions::follow_reversals(group::State& state) const
{
    for (std::size_t k = 0; k < plan_.ions.size(); ++k) {
        const auto& reversal = plan_.ions[k].of(IonQuantity::reversal_mV);
        for_each_change(reversal, [&](std::size_t slot) {
            const double now_mV = equilibrium_mV(plan_.ions[k], state, slot);
            state.column(reversal.state_column)[slot] =
                before_mV_[k].empty() ? now_mV : now_mV + 0.5 * (now_mV - before_mV_[k][slot]);
        });
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
    std::size_t n = 0;
    for (std::size_t ion = 0; ion < g_.size(); ++ion) {
        n += before_mV_[ion].size() + g_[ion].size() + s_[ion].size();
    }
    return n * sizeof(double);
}

}  // namespace axolemma::solve
