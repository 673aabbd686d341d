/// The membrane at some places of a group, at the time of the voltage, on a copy.
///
/// Sampling happens between the two halves of a step, when states and ions still lag behind the voltage. Here they are brought
/// to its time as the next step will do it (solve/stepper.hpp), so that every recorded number belongs to the same instant;
/// the state itself is not touched.
#pragma once

#include <array>
#include <vector>

#include "group/gathered.hpp"

namespace axolemma::record {

/// The instant of a sample.
struct SampleTime {
    double t_ms = 0;
    double dt_ms = 0;
    double gate_lag_ms = 0;  ///< how far gates are behind t; concentrations are by dt then
};

class MembraneCopy {
public:
    /// @param slots  places of the membrane, ascending
    MembraneCopy(const group::Plan& plan, std::vector<std::size_t> slots);

    /// Concentrations and reversal potentials at the time of the sample.
    void load(const group::State& state, const SampleTime& time);
    /// The mechanism's places at the time of the sample; they must be among the slots. After load().
    void bring(group::Gathered& places, const group::State& state, const SampleTime& time) const;
    /// Reversal potential or concentration of an ion of the plan at one of the slots. After load().
    double ion(std::size_t ion, mechanisms::IonQuantity what, std::size_t slot) const;

private:
    std::size_t index_of(std::size_t slot) const;
    double& value(std::size_t ion, mechanisms::IonQuantity what, std::size_t k);
    void take_ions(const group::Gathered& writer);
    void follow_nernst();

    const group::Plan* plan_;
    std::vector<std::size_t> slots_;
    std::vector<std::array<std::vector<double>, 4>> ions_;  ///< of each ion and quantity, per slot
    std::vector<group::Gathered> writers_;
};

}  // namespace axolemma::record
