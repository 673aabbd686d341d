/// The mechanisms there are, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

/// The mechanism of this name, or nullptr.
const MechanismInfo* find_mechanism(std::string_view name);
/// All names, in the order in which their currents are summed.
const std::vector<std::string>& mechanism_names();

}  // namespace axolemma::mechanisms
