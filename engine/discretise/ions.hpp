/// Which ions there are in a cell, and what becomes of them, by the mechanisms that use them.
#pragma once

#include <span>
#include <vector>

#include "discretise/discretised_cell.hpp"

namespace axolemma::discretise {

/// The bit of a quantity in PlacedIon::changing.
constexpr std::uint8_t bit(mechanisms::IonQuantity quantity)
{
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(quantity));
}

/// The ions that these mechanisms use, by name, with their default values. A concentration changes where a mechanism writes
/// it; the reversal potential follows where a concentration changes and somebody reads it; currents are kept where
/// somebody reads them.
std::vector<PlacedIon> find_ions(std::span<const PlacedMechanism> mechanisms);

/// Who says what a reversal potential is.
enum class ReversalBy : std::uint8_t { nobody, number, nernst };

/// Reversal potentials from the concentrations: where the user wants that, where concentrations change, and where
/// mechanisms read them and the user gave no number.
/// @param by  of every node of the ion
void settle_reversal(PlacedIon& ion, std::span<const PlacedMechanism> mechanisms, const std::vector<ReversalBy>& by,
                     double temperature_degC);

}  // namespace axolemma::discretise
