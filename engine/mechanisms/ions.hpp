/// Ions that mechanisms share: what they are where nobody says, and their equilibrium.
#pragma once

#include <string_view>

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

/// Values of an ion, as far as somebody knows them.
struct IonDefaults {
    int valence;  ///< 0: whoever uses it says so
    double reversal_mV, inside_mM, outside_mM;
};
/// As in NEURON: those of the squid axon for na and k; a cell at rest for ca; 0 mV and 1 mM for all others.
IonDefaults ion_defaults(std::string_view ion);

/// Voltage at which an ion is in equilibrium: R T / (z F) ln(outside / inside). 1e6 mV times the sign where a concentration is
/// not positive; 0 for z = 0.
double nernst_mV(double inside_mM, double outside_mM, int valence, double temperature_degC);

}  // namespace axolemma::mechanisms
