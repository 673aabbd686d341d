/// Direct solution of the cable equation's tree matrix in one sweep up and one sweep down.
///
/// Hines, Int. J. Bio-Medical Computing 15 (1984) 69-76: with parents numbered before children, eliminating nodes from
/// the last to the first creates no new entries, so n unknowns cost O(n).
#pragma once

#include <cstdint>
#include <span>

namespace axolemma::solve {

/// Solves d(i) x(i) - g(i) x(parent(i)) - sum over children c of g(c) x(c) = b(i) for a forest.
///
/// @param parent    parent(i) < i, or -1 for a root
/// @param coupling  g(i) >= 0 between node i and its parent; unused for a root      [uS]
/// @param diagonal  d, overwritten by the eliminated diagonal                        [uS]
/// @param rhs       b, overwritten by x                                              [nA] -> [mV]
void solve_hines(std::span<const std::int32_t> parent, std::span<const double> coupling, std::span<double> diagonal,
                 std::span<double> rhs);

}  // namespace axolemma::solve
