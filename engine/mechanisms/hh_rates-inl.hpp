/// Rate formulas of the squid axon's gates, for one voltage or a row of them.
///
/// Hodgkin & Huxley, J. Physiol. 117 (1952) 500-544, eqs. 12, 13, 20, 21, 23, 24; voltages shifted so that rest is near
/// -65 mV and depolarisation is positive.
#if defined(AXOLEMMA_MECHANISMS_HH_RATES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_MECHANISMS_HH_RATES_INL
#undef AXOLEMMA_MECHANISMS_HH_RATES_INL
#else
#define AXOLEMMA_MECHANISMS_HH_RATES_INL
#endif

#include "base/vmath-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

using base::HWY_NAMESPACE::exp;
using base::HWY_NAMESPACE::exprelr;

inline constexpr double hh_q10 = 3.0;
inline constexpr double hh_reference_degC = 6.3;

/// Opening and closing rate.   [1/ms]
template <class T>
struct HhRates {
    T alpha, beta;
};

// exprelr removes the 0/0 of alpha_m at -40 mV and alpha_n at -55 mV.
template <class T>
HWY_INLINE HhRates<T> hh_rates_m(const T& v_mV)
{
    return {exprelr(-(v_mV + 40.0) / 10.0), 4.0 * exp(-(v_mV + 65.0) / 18.0)};
}
template <class T>
HWY_INLINE HhRates<T> hh_rates_h(const T& v_mV)
{
    return {0.07 * exp(-(v_mV + 65.0) / 20.0), 1.0 / (1.0 + exp(-(v_mV + 35.0) / 10.0))};
}
template <class T>
HWY_INLINE HhRates<T> hh_rates_n(const T& v_mV)
{
    return {0.1 * exprelr(-(v_mV + 55.0) / 10.0), 0.125 * exp(-(v_mV + 65.0) / 80.0)};
}

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
