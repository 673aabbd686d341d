/// The names that expressions in a configuration may use, in the order in which their values are passed.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/expression.hpp"

namespace axolemma::model {

/// What of an ion can be recorded, in the order of mechanisms::IonQuantity.
inline constexpr std::array<std::string_view, 4> ion_variables{"reversal", "inside", "outside", "current"};

/// distance [um] path distance from the soma; diameter [um]; x, y, z [um]; position (0..1 along the section);
/// section_length [um]; compartments (of the section); cell (index in its population, from 0); count (cells in the population).
std::span<const base::Variable> place_variables();
/// cell and count alone, in this order: for values that belong to a cell and not to a place.
std::span<const base::Variable> cell_variables();

/// distance [um] between source and target cell; source, target (index in its population, or of the generator).
std::span<const base::Variable> connection_variables();

/// Values for place_variables().
struct PlaceValues {
    double distance_um = 0, diameter_um = 0, x_um = 0, y_um = 0, z_um = 0, position = 0, section_length_um = 0,
           compartments = 1, cell = 0, count = 1;
};

}  // namespace axolemma::model
