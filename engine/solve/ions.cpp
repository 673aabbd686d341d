#include "solve/ions.hpp"

#include <algorithm>

#include "mechanisms/ions.hpp"

namespace axolemma::solve {

using mechanisms::IonQuantity;

Ions::Ions(const group::Plan& plan) : plan_(plan), g_(plan.ions.size()), s_(plan.ions.size())
{
    for (std::size_t ion = 0; ion < plan.ions.size(); ++ion) {
        if (!plan.ions[ion].of(IonQuantity::current_mA_per_cm2).changes.empty()) {
            g_[ion].assign(plan.scale_uS.size(), 0.0);
            s_[ion].assign(plan.scale_uS.size(), 0.0);
            has_sums_ = true;
        }
    }
}

void Ions::follow_nernst(group::State& state) const
{
    for (const auto& ion : plan_.ions) {
        const auto& reversal = ion.of(IonQuantity::reversal_mV);
        for (std::size_t row = 0; row < reversal.changes.size(); ++row) {
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                if ((reversal.changes[row] >> lane & 1) != 0) {
                    const std::size_t slot = row * base::lanes + lane;
                    state.column(reversal.state_column)[slot] = mechanisms::nernst_mV(
                        state.ion(ion, IonQuantity::inside_mM, slot), state.ion(ion, IonQuantity::outside_mM, slot),
                        ion.valence, plan_.temperature_degC);
                }
            }
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
    std::size_t n = 0;
    for (std::size_t ion = 0; ion < g_.size(); ++ion) {
        n += g_[ion].size() + s_[ion].size();
    }
    return n * sizeof(double);
}

}  // namespace axolemma::solve
