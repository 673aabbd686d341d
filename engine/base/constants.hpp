/// Constants of nature: exact by the definition of the SI units (9th edition of the SI brochure, 2019).
#pragma once

namespace axolemma::base {

inline constexpr double gas_constant_J_per_mol_K = 8.31446261815324;
inline constexpr double faraday_C_per_mol = 96485.33212331001;
inline constexpr double zero_degC_K = 273.15;

}  // namespace axolemma::base
