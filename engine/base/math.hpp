/// Elementary functions of rate formulas.
///
/// They are the engine's own (base/vmath-inl.hpp, base/log-inl.hpp, base/functions-inl.hpp), so that a result depends
/// neither on the C library nor on the instruction set. Sine, cosine, tangent and their inverses are the C library's.
#pragma once

#include <cmath>

namespace axolemma::base {

/// exp(x) to one unit in the last place; 0 below -707.5, inf above 709.78, NaN stays NaN.
double exp(double x);
/// x / (exp(x) - 1), continued through 1 at x = 0. Relative error below 1e-15; 0 for x -> +inf and -x for x -> -inf.
double exprelr(double x);
/// exp(x) - 1 without loss at small x: x / exprelr(x).
double expm1(double x);

/// Natural logarithm to one unit in the last place; -inf at 0, NaN below.
double log(double x);
/// Logarithm to the base 10 to one unit in the last place, exact for powers of ten; ends as log().
double log10(double x);
/// a^b, for a > 0 with a relative error below 1e-15 for results between 1e-30 and 1e30, 5e-15 elsewhere; 0 for results below
/// 1e-307. Zero and negative a as in C: a^0 = 1, whole b keep the sign, other powers of negative numbers are NaN.
double power(double a, double b);

/// To 4, 2 and 6 units in the last place; the first two inf beyond 709.78.
double sinh(double x);
double cosh(double x);
double tanh(double x);

inline double sin(double x)
{
    return std::sin(x);
}
inline double cos(double x)
{
    return std::cos(x);
}
inline double tan(double x)
{
    return std::tan(x);
}
inline double asin(double x)
{
    return std::asin(x);
}
inline double acos(double x)
{
    return std::acos(x);
}
inline double atan(double x)
{
    return std::atan(x);
}

/// a - n b with n the whole part of a / b (the sign is that of a), exact.
inline double modulo(double a, double b)
{
    return std::fmod(a, b);
}
/// a < b ? a : b, and b < a ? a : b: what is not a number in a gives b.
inline double minimum(double a, double b)
{
    return a < b ? a : b;
}
inline double maximum(double a, double b)
{
    return b < a ? a : b;
}

}  // namespace axolemma::base
