/// Ions that mechanisms share: what they are where nobody says, and their equilibrium.
#pragma once

#include <string_view>

#include "mechanisms/lane_block.hpp"
#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

/// Values of an ion, as far as somebody knows them.
struct IonDefaults {
    int valence;  ///< 0: whoever uses it says so
    double reversal_mV, inside_mM, outside_mM;
};
/// As in NEURON: those of the squid axon for na and k; a cell at rest for ca; 0 mV and 1 mM for all others.
IonDefaults ion_defaults(std::string_view ion);

/// What nernst_mV() gives where a concentration inside is not positive; its negative where it is the one outside.
inline constexpr double nernst_far_mV = 1e6;
/// R T / (z F); z is not 0.
double nernst_slope_mV(int valence, double temperature_degC);
/// Voltage at which an ion is in equilibrium: R T / (z F) ln(outside / inside), or nernst_far_mV; 0 for z = 0.
double nernst_mV(double inside_mM, double outside_mM, int valence, double temperature_degC);
/// The same, with the same bits, for rows of lanes; z is not 0.
void nernst_rows_mV(std::size_t n_rows, const LaneColumn& inside_mM, const LaneColumn& outside_mM, int valence,
                    double temperature_degC, double* reversal_mV);

}  // namespace axolemma::mechanisms
