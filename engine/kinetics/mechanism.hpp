/// Kernels out of equations.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "kinetics/equations.hpp"

namespace axolemma::kinetics {

/// What a state costs per step, for people to read.
enum class SpeedClass : std::uint8_t {
    table,    ///< a gate of the voltage alone: a row of a table
    program,  ///< compiled to a lane program
    system,   ///< solved together with others
};

/// The mechanism that the equations describe, with reference kernels and lane kernels, kept until the process ends.
/// Needs equations that fit together (an assertion fails otherwise): readers check what people wrote.
std::shared_ptr<const mechanisms::MechanismInfo> make_mechanism(Equations equations);

/// The equations that such a mechanism was made of; null for those written in C++.
const Equations* equations_of(const mechanisms::MechanismInfo& info);
/// Error of the table of one of its states (mechanisms/gate_table.hpp), made for this bound with parameters at their
/// defaults; nothing for a state without a table. Above the bound the engine takes the formulas.
std::optional<double> table_error(const mechanisms::MechanismInfo& info, std::size_t state, double temperature_degC,
                                  double dt_ms, double bound);
/// Class of each of its states.
std::vector<SpeedClass> speed_classes(const mechanisms::MechanismInfo& info);

}  // namespace axolemma::kinetics
