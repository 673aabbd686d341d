#include "mechanisms/ions.hpp"

#include "base/constants.hpp"
#include "base/math.hpp"

namespace axolemma::mechanisms {

IonDefaults ion_defaults(std::string_view ion)
{
    if (ion == "na") {
        return {1, 50.0, 10.0, 140.0};
    }
    if (ion == "k") {
        return {1, -77.0, 54.4, 2.5};
    }
    if (ion == "ca") {
        constexpr double inside_mM = 5e-5;
        constexpr double outside_mM = 2.0;
        return {2, 12.5 * base::log(outside_mM / inside_mM), inside_mM, outside_mM};  // at any temperature
    }
    return {0, 0.0, 1.0, 1.0};
}

double nernst_slope_mV(int valence, double temperature_degC)
{
    return 1e3 * base::gas_constant_J_per_mol_K * (temperature_degC + base::zero_degC_K) /
           (valence * base::faraday_C_per_mol);
}

double nernst_mV(double inside_mM, double outside_mM, int valence, double temperature_degC)
{
    if (valence == 0) {
        return 0.0;
    }
    if (!(inside_mM > 0.0)) {
        return nernst_far_mV;
    }
    if (!(outside_mM > 0.0)) {
        return -nernst_far_mV;
    }
    return nernst_slope_mV(valence, temperature_degC) * base::log(outside_mM / inside_mM);
}

}  // namespace axolemma::mechanisms
