/// Logarithms and powers, on double and on Row by the same steps and so with the same bits.
#if defined(AXOLEMMA_BASE_LOG_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_LOG_INL
#undef AXOLEMMA_BASE_LOG_INL
#else
#define AXOLEMMA_BASE_LOG_INL
#endif

#include <bit>
#include <limits>

#include "base/choice-inl.hpp"
#include "base/vmath-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

inline constexpr double log_infinity = std::numeric_limits<double>::infinity();
inline constexpr double log_nan = std::numeric_limits<double>::quiet_NaN();
// ln 2 in two parts, of which the first times any exponent is exact.
inline constexpr double ln2_high = 0x1.62e42fefa38p-1;
inline constexpr double ln2_low = 0x1.ef35793c7673p-45;

/// x = m 2^k with sqrt(1/2) <= m < sqrt(2).
template <class T>
struct Scaled {
    T m, k;
};

// Adding the distance from sqrt(1/2) to 1 to the bits carries into the exponent exactly where the mantissa is beyond sqrt(2).
inline constexpr std::uint64_t bits_of_root_half = 0x3FE6A09E667F3BCD;
inline constexpr std::uint64_t bits_of_one = 0x3FF0000000000000;
inline constexpr std::uint64_t bits_of_mantissa = 0x000FFFFFFFFFFFFF;
inline constexpr std::uint64_t bits_of_2_to_52 = 0x4330000000000000;
inline constexpr double exponent_offset = 0x1p52 + 1023.0;

HWY_INLINE Scaled<double> split(double x)
{
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) + (bits_of_one - bits_of_root_half);
    return {std::bit_cast<double>((bits & bits_of_mantissa) + bits_of_root_half),
            std::bit_cast<double>((bits >> 52) | bits_of_2_to_52) - exponent_offset};
}
HWY_INLINE Scaled<Row> split(const Row& x)
{
    const hn::RebindToUnsigned<RowTag> du;
    Scaled<Row> result;
    for (std::size_t i = 0; i < parts; ++i) {
        const auto bits = hn::Add(hn::BitCast(du, x.part[i]), hn::Set(du, bits_of_one - bits_of_root_half));
        result.m.part[i] = hn::BitCast(
            RowTag(), hn::Add(hn::And(bits, hn::Set(du, bits_of_mantissa)), hn::Set(du, bits_of_root_half)));
        result.k.part[i] =
            hn::Sub(hn::BitCast(RowTag(), hn::Or(hn::ShiftRight<52>(bits), hn::Set(du, bits_of_2_to_52))),
                    hn::Set(RowTag(), exponent_offset));
    }
    return result;
}
/// The same where x > 0 may be below the normal numbers.
template <class T>
HWY_INLINE Scaled<T> split_any(const T& x)
{
    constexpr double smallest = std::numeric_limits<double>::min();
    const Scaled<T> s = split(where_less(x, smallest, x * constant<T>(0x1p54), x));
    return {s.m, s.k - where_less(x, smallest, constant<T>(54.0), constant<T>(0.0))};
}

/// (atanh(s) / s - 1) / s^2 = 1/3 + s^2/5 + ... for z = s^2 <= 0.0295, the rest being below 1e-18 of 1.
template <class T>
HWY_INLINE T atanh_series(const T& z)
{
    T p = constant<T>(1.0 / 25.0);
    for (const double divisor : {23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0}) {
        p = fma(p, z, constant<T>(1.0 / divisor));
    }
    return p;
}

/// y, or the value that a logarithm has where x is 0, infinite, negative or not a number.
template <class T>
HWY_INLINE T with_ends_of_log(const T& x, const T& y)
{
    const T beyond = where_less(x, 0.0, constant<T>(log_nan), constant<T>(-log_infinity));
    const T from_below = where_less(x, std::numeric_limits<double>::denorm_min(), beyond, y);
    return where_less(x, log_infinity, from_below, x);
}

/// Natural logarithm to one unit in the last place; -inf at 0, NaN below.
///
/// log(x) = k ln 2 + 2 atanh(s), s = (m - 1) / (m + 1), written as f - (f^2/2 - s (f^2/2 + R)) with f = m - 1 so that the
/// rounding of s does not count (the arrangement is that of Tang, ACM TOMS 16 (1990) 378, and of fdlibm).
template <class T>
HWY_INLINE T log(const T& x)
{
    const Scaled<T> x_ = split_any(x);
    const T f = x_.m - constant<T>(1.0);
    const T s = f / (f + constant<T>(2.0));
    const T z = s * s;
    const T half_square = constant<T>(0.5) * f * f;
    const T rest = constant<T>(2.0) * z * atanh_series(z);
    const T correction = fma(s, half_square + rest, x_.k * constant<T>(ln2_low));
    const T y = fma(x_.k, constant<T>(ln2_high), f - (half_square - correction));
    return with_ends_of_log(x, y);
}

/// A number as the sum of two, the second below the last place of the first.
template <class T>
struct TwoPart {
    T high, low;
};
/// a + b of two numbers of which a is the larger or 0.
template <class T>
HWY_INLINE TwoPart<T> quick_sum(const T& a, const T& b)
{
    const T high = a + b;
    return {high, b - (high - a)};
}

/// log(x) with a relative error near 2^-58 (2^-52 on a processor without FMA), for x > 0 and finite.
template <class T>
HWY_INLINE TwoPart<T> log_in_two_parts(const T& x)
{
    const Scaled<T> x_ = split_any(x);
    const T f = x_.m - constant<T>(1.0);
    const T sum = f + constant<T>(2.0);
    const T sum_low = f - (sum - constant<T>(2.0));
    const T s = f / sum;
    const T s_low = nfma(s, sum_low, nfma(s, sum, f)) / sum;
    const T z = s * s;
    const T series = fma(s * z, atanh_series(z), s_low);
    const T exponent = x_.k * constant<T>(ln2_high);
    // |k ln 2| > 2 |s| unless k is 0, and then the sum is exact.
    const TwoPart<T> high = quick_sum(exponent, s + s);
    return quick_sum(high.high, high.low + fma(x_.k, constant<T>(ln2_low), series + series));
}

/// Logarithm to the base 10, to one unit in the last place and exact for powers of ten (with FMA); ends as log().
template <class T>
HWY_INLINE T log10(const T& x)
{
    const TwoPart<T> ln = log_in_two_parts(x);
    const T high = constant<T>(0x1.bcb7b1526e50ep-2);  // 1 / ln 10
    const T low = constant<T>(0x1.95355baaafad3p-57);
    const T y = ln.high * high;
    const T lost = -nfma(ln.high, high, y);
    return with_ends_of_log(x, y + (lost + fma(ln.high, low, ln.low * high)));
}

/// a^b for a > 0 with a relative error below 1e-15 for results between 1e-30 and 1e30, 5e-15 elsewhere (without FMA: the
/// result's logarithm times 1e-15), below 1e-307 zero.
/// Zero and negative a as in C: a^0 = 1, whole b keep the sign, other powers of negative numbers are NaN.
template <class T>
HWY_INLINE T power(const T& a, const T& b)
{
    const T one = constant<T>(1.0);
    const T size = abs(a);
    const TwoPart<T> parts_of_ln = log_in_two_parts(size);
    const T ln = with_ends_of_log(size, parts_of_ln.high);
    const T exponent = b * ln;
    const T low = fma(b, parts_of_ln.low, -nfma(b, ln, exponent));
    const T rough = exp(exponent);
    const T of_size = where_less(abs(exponent), 709.78, fma(rough, low, rough), rough);

    const T whole = equal(floor(b), b);
    const T half = constant<T>(0.5) * b;
    const T odd = logical_and(whole, less(floor(half), half));
    const T of_negative = select(whole, select(odd, -of_size, of_size), constant<T>(log_nan));
    // 0 - 1/inf: the sign of -0 counts with odd powers.
    const T signed_result = select(less(a, constant<T>(0.0)), of_negative, select(odd, copy_sign(of_size, a), of_size));
    const T trivial = logical_or(equal(b, constant<T>(0.0)), equal(a, one));
    return select(trivial, one, signed_result);
}

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
