/// Hyperbolic and trigonometric functions and the remainder, on double and on Row with the same bits.
///
/// The trigonometric ones, which hardly any channel has, are the C library's, lane by lane: unlike all others, their last
/// digit may depend on the machine's library.
#if defined(AXOLEMMA_BASE_FUNCTIONS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_FUNCTIONS_INL
#undef AXOLEMMA_BASE_FUNCTIONS_INL
#else
#define AXOLEMMA_BASE_FUNCTIONS_INL
#endif

#include <cmath>

#include "base/choice-inl.hpp"
#include "base/log-inl.hpp"
#include "base/vmath-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

/// exp(x) - 1 without loss at small x: x / exprelr(x).
template <class T>
HWY_INLINE T expm1(const T& x)
{
    const T y = select(equal(x, constant<T>(0.0)), x, x / exprelr(x));
    // -1 to the last digit; -inf would become -inf / inf.
    return where_less(x, -40.0, constant<T>(-1.0), y);
}

/// To 4 units in the last place, inf above 709.78.
template <class T>
HWY_INLINE T sinh(const T& x)
{
    const T e = expm1(abs(x));
    const T near = constant<T>(0.5) * (e + e / (e + constant<T>(1.0)));
    return copy_sign(where_less(abs(x), 40.0, near, constant<T>(0.5) * e), x);
}
/// To 2 units in the last place, inf above 709.78.
template <class T>
HWY_INLINE T cosh(const T& x)
{
    const T e = exp(abs(x));
    return constant<T>(0.5) * (e + constant<T>(1.0) / e);
}
/// To 6 units in the last place.
template <class T>
HWY_INLINE T tanh(const T& x)
{
    const T e = expm1(constant<T>(-2.0) * abs(x));
    return copy_sign(-e / (e + constant<T>(2.0)), x);
}

/// What a function of single numbers gives in each lane.
template <class Function>
HWY_NOINLINE Row lane_by_lane(Function function, const Row& a)
{
    alignas(64) double x[lanes];
    store(a, x);
    for (double& one : x) {
        one = function(one);
    }
    return load(x);
}
template <class Function>
HWY_NOINLINE Row lane_by_lane(Function function, const Row& a, const Row& b)
{
    alignas(64) double x[lanes];
    alignas(64) double y[lanes];
    store(a, x);
    store(b, y);
    for (std::size_t i = 0; i < lanes; ++i) {
        x[i] = function(x[i], y[i]);
    }
    return load(x);
}

HWY_INLINE Row sin(const Row& x)
{
    return lane_by_lane([](double one) { return std::sin(one); }, x);
}
HWY_INLINE Row cos(const Row& x)
{
    return lane_by_lane([](double one) { return std::cos(one); }, x);
}
HWY_INLINE Row tan(const Row& x)
{
    return lane_by_lane([](double one) { return std::tan(one); }, x);
}
HWY_INLINE Row asin(const Row& x)
{
    return lane_by_lane([](double one) { return std::asin(one); }, x);
}
HWY_INLINE Row acos(const Row& x)
{
    return lane_by_lane([](double one) { return std::acos(one); }, x);
}
HWY_INLINE Row atan(const Row& x)
{
    return lane_by_lane([](double one) { return std::atan(one); }, x);
}
/// a - n b with n the whole part of a / b, exact.
HWY_INLINE Row modulo(const Row& a, const Row& b)
{
    return lane_by_lane([](double x, double y) { return std::fmod(x, y); }, a, b);
}

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
