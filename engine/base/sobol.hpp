/// Points that fill a box evenly.
#pragma once

#include <cstdint>
#include <vector>

namespace axolemma::base {

/// Largest number of dimensions of sobol_point().
inline constexpr std::size_t max_sobol_dimensions = 3667;

/// Point `index` (from 0) of the Sobol sequence with the direction numbers of Joe & Kuo (SIAM J. Sci. Comput. 2008), the
/// origin left out: every coordinate lies in the open interval (0, 1). The first 2^k - 1 points and the origin make a net.
/// Needs no other point of the sequence.
std::vector<double> sobol_point(std::size_t n_dimensions, std::int64_t index);

}  // namespace axolemma::base
