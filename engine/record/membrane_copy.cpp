#include "record/membrane_copy.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "mechanisms/ions.hpp"

namespace axolemma::record {

using mechanisms::IonQuantity;

MembraneCopy::MembraneCopy(const group::Plan& plan, std::vector<std::size_t> slots)
    : plan_(&plan), slots_(std::move(slots)), ions_(plan.ions.size())
{
    for (auto& ion : ions_) {
        ion.fill(std::vector<double>(slots_.size(), 0.0));
    }
    for (std::size_t m = 0; m < plan.mechanisms.size(); ++m) {
        std::vector<std::size_t> places;
        for (const std::size_t slot : slots_) {
            const auto place = plan.mechanisms[m].place(static_cast<std::int32_t>(slot));
            if (place >= 0) {
                places.push_back(static_cast<std::size_t>(place));
            }
        }
        if (plan.mechanisms[m].info->writes_concentrations() && !places.empty()) {
            writers_.emplace_back(plan, m, std::move(places));
        }
    }
}

std::size_t MembraneCopy::index_of(std::size_t slot) const
{
    const auto at = std::lower_bound(slots_.begin(), slots_.end(), slot);
    assert(at != slots_.end() && *at == slot && "the place is one of the copy's");
    return static_cast<std::size_t>(at - slots_.begin());
}

double& MembraneCopy::value(std::size_t ion, IonQuantity what, std::size_t k)
{
    return ions_[ion][static_cast<std::size_t>(what)][k];
}

double MembraneCopy::ion(std::size_t ion, IonQuantity what, std::size_t slot) const
{
    return ions_[ion][static_cast<std::size_t>(what)][index_of(slot)];
}

void MembraneCopy::load(const group::State& state, const SampleTime& time)
{
    constexpr std::array<IonQuantity, 4> all{IonQuantity::reversal_mV, IonQuantity::inside_mM, IonQuantity::outside_mM,
                                             IonQuantity::current_mA_per_cm2};
    for (std::size_t ion = 0; ion < ions_.size(); ++ion) {
        for (const auto what : all) {
            for (std::size_t k = 0; k < slots_.size(); ++k) {
                value(ion, what, k) = state.ion(plan_->ions[ion], what, slots_[k]);
            }
        }
    }
    for (auto& writer : writers_) {
        bring(writer, state, time);
        take_ions(writer);
    }
    follow_nernst();
}

void MembraneCopy::bring(group::Gathered& places, const group::State& state, const SampleTime& time) const
{
    const bool writes = places.mechanism().info->writes_concentrations();
    places.load(state);
    for (std::size_t r = 0; !writes && r < places.mechanism().info->ion_reads.size(); ++r) {
        const auto& read = places.mechanism().info->ion_reads[r];
        for (std::size_t k = 0; k < places.n(); ++k) {
            places.ion_read(r)[k] = ion(places.mechanism().ions[read.ion], read.what, places.slot(k));
        }
    }
    if (time.gate_lag_ms > 0.0) {
        places.kernels().advance(places.block(time.t_ms), writes ? time.dt_ms : time.gate_lag_ms);
    }
}

void MembraneCopy::take_ions(const group::Gathered& writer)
{
    const auto& mechanism = writer.mechanism();
    for (std::size_t w = 0; w < mechanism.info->ion_writes.size(); ++w) {
        const auto& write = mechanism.info->ion_writes[w];
        for (std::size_t k = 0; k < writer.n(); ++k) {
            value(mechanism.ions[write.ion], write.what, index_of(writer.slot(k))) = writer.ion_write(w)[k];
        }
    }
}

void MembraneCopy::follow_nernst()
{
    for (std::size_t ion = 0; ion < ions_.size(); ++ion) {
        const auto& of = plan_->ions[ion];
        for (std::size_t k = 0; k < slots_.size(); ++k) {
            if (of.changes(IonQuantity::inside_mM, slots_[k]) || of.changes(IonQuantity::outside_mM, slots_[k])) {
                value(ion, IonQuantity::reversal_mV, k) =
                    mechanisms::nernst_mV(value(ion, IonQuantity::inside_mM, k), value(ion, IonQuantity::outside_mM, k),
                                          of.valence, plan_->temperature_degC);
            }
        }
    }
}

}  // namespace axolemma::record
