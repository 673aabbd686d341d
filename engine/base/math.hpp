/// Elementary functions of rate formulas.
///
/// They are the engine's own (base/vmath-inl.hpp), so that a result depends neither on the C library nor on the
/// instruction set.
#pragma once

namespace axolemma::base {

/// exp(x) to one unit in the last place; 0 below -707.5, inf above 709.78, NaN stays NaN.
double exp(double x);
/// x / (exp(x) - 1), continued through 1 at x = 0. Relative error below 1e-15; 0 for x -> +inf and -x for x -> -inf.
double exprelr(double x);
/// exp(x) - 1 without loss at small x: x / exprelr(x).
double expm1(double x);

}  // namespace axolemma::base
