/// Constants of nature: CODATA 2018, exact by the definition of the SI since 2019.
#pragma once

namespace axolemma::base {

constexpr double faraday_C_per_mol = 96485.33212331001;
constexpr double gas_constant_J_per_mol_K = 8.31446261815324;
/// 0 degC in K.
constexpr double zero_degC_K = 273.15;

}  // namespace axolemma::base
