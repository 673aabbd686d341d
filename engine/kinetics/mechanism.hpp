/// Kernels out of equations.
#pragma once

#include <memory>
#include <string>

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
/// Class of each of its states.
std::vector<SpeedClass> speed_classes(const mechanisms::MechanismInfo& info);

}  // namespace axolemma::kinetics
