/// Synapses and other point processes out of equations.
#pragma once

#include <memory>

#include "kinetics/equations.hpp"
#include "mechanisms/synapse.hpp"

namespace axolemma::kinetics {

/// The point process that the equations (Equations::is_point) describe. Needs equations that fit together (an assertion fails
/// otherwise): readers check what people wrote.
std::shared_ptr<const mechanisms::SynapseInfo> make_synapse(Equations equations);

/// The equations that such a synapse was made of; null for those written in C++.
const Equations* equations_of(const mechanisms::SynapseInfo& info);

}  // namespace axolemma::kinetics
