/// The mechanisms written in C++, one function per file; catalogue.cpp lists them.
#pragma once

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

const MechanismInfo& hh_mechanism();   ///< hh.cpp
const MechanismInfo& pas_mechanism();  ///< pas.cpp

/// MechanismInfo::step_lanes of hh; hh_lanes.cpp.
void step_hh_lanes(const LaneBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2);

}  // namespace axolemma::mechanisms
