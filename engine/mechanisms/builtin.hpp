/// The mechanisms written in C++, one function per file; catalogue.cpp lists them.
#pragma once

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

const MechanismInfo& hh_mechanism();   ///< hh.cpp
const MechanismInfo& pas_mechanism();  ///< pas.cpp

}  // namespace axolemma::mechanisms
