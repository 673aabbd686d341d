/// exp and its relatives for rate formulas, on double and on Row by the same steps and so with the same bits.
#if defined(AXOLEMMA_BASE_VMATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_VMATH_INL
#undef AXOLEMMA_BASE_VMATH_INL
#else
#define AXOLEMMA_BASE_VMATH_INL
#endif

#include <limits>

#include "base/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

/// A constant as the type that a formula is evaluated on.
template <class T>
HWY_INLINE T constant(double x);
template <>
HWY_INLINE double constant<double>(double x)
{
    return x;
}
template <>
HWY_INLINE Row constant<Row>(double x)
{
    return splat(x);
}

/// exp(x) to one unit in the last place; 0 below -707.5, inf above 709.78, NaN stays NaN.
///
/// x = n ln 2 + r with |r| <= 0.35 (Cody & Waite's two-part ln 2), then the Taylor polynomial of degree 13, whose rest is
/// below 5e-18.
template <class T>
HWY_INLINE T exp(const T& x)
{
    const T shift = constant<T>(0x1.8p52);
    const T shifted = fma(x, constant<T>(0x1.71547652b82fep0), shift);
    const T n = shifted - shift;
    const T r = nfma(n, constant<T>(0x1.ef35793c7673p-45), nfma(n, constant<T>(0x1.62e42fefa38p-1), x));
    T p = constant<T>(1.0 / 6227020800.0);
    for (const double divisor :
         {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0}) {
        p = fma(p, r, constant<T>(1.0 / divisor));
    }
    p = fma(p, r, constant<T>(0.5));
    p = fma(p * r, r, r) + constant<T>(1.0);
    // 2^n as 2 times 2^(n-1), because 2^1024 is not a number.
    const T y = times_power_of_two(p + p, shifted - constant<T>(1.0));
    const T up_to_top = where_less(x, 709.782712893384, y, x * constant<T>(std::numeric_limits<double>::infinity()));
    return where_less(x, -707.5, constant<T>(0.0), up_to_top);
}

/// x / (exp(x) - 1), continued through 1 at x = 0; 0 for x -> +inf and -x for x -> -inf. Relative error below 1e-15.
template <class T>
HWY_INLINE T exprelr(const T& x)
{
    // expm1(x) / x as a Taylor polynomial up to |x| = 0.35 (rest 1.4e-17); beyond, exp(x) - 1 has lost no more than two bits.
    T p = constant<T>(1.0 / 6227020800.0);
    for (const double divisor :
         {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0}) {
        p = fma(p, x, constant<T>(1.0 / divisor));
    }
    p = fma(p, x, constant<T>(1.0));
    const T far = x / (exp(x) - constant<T>(1.0));
    const T bounded = where_less(x, 709.0, far, constant<T>(1.0) / (x * constant<T>(1e308)));
    return where_less(abs(x), 0.35, constant<T>(1.0) / p, bounded);
}

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
