/// The mechanisms written in C++, one function per file; catalogue.cpp lists them.
#pragma once

#include <memory>
#include <vector>

#include "mechanisms/gate_table.hpp"
#include "mechanisms/mechanism.hpp"
#include "mechanisms/synapse.hpp"

namespace axolemma::mechanisms {

const MechanismInfo& hh_mechanism();                 ///< hh.cpp
const MechanismInfo& pas_mechanism();                ///< pas.cpp
const std::vector<SynapseInfo>& builtin_synapses();  ///< synapse.cpp

/// m, h and n of the squid axon.
std::shared_ptr<const GateFormulas> hh_gates(double temperature_degC, double dt_ms);
/// Their table: made when it is first asked for, and the same one for everybody for as long as somebody holds it.
std::shared_ptr<const GateTable> shared_hh_table(double temperature_degC, double dt_ms, double bound);

}  // namespace axolemma::mechanisms
