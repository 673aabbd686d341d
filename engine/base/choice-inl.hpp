/// Comparisons, choices and roundings, on double and on Row alike. Conditions are numbers: 0 false, 1 true.
#if defined(AXOLEMMA_BASE_CHOICE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_CHOICE_INL
#undef AXOLEMMA_BASE_CHOICE_INL
#else
#define AXOLEMMA_BASE_CHOICE_INL
#endif

#include <cmath>

#include "base/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

/// A row of f(i) for each of its parts.
template <class PerPart>
HWY_INLINE Row each_part(PerPart f)
{
    Row result;
    for (std::size_t i = 0; i < parts; ++i) {
        result.part[i] = f(i);
    }
    return result;
}
template <class Mask>
HWY_INLINE RowPart one_where(const Mask& mask)
{
    return hn::IfThenElseZero(mask, hn::Set(RowTag(), 1.0));
}

/// Comparisons with what is not a number are false.
HWY_INLINE Row less(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i) HWY_ATTR { return one_where(hn::Lt(a.part[i], b.part[i])); });
}
HWY_INLINE double less(double a, double b)
{
    return a < b ? 1.0 : 0.0;
}
HWY_INLINE Row less_equal(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i) HWY_ATTR { return one_where(hn::Le(a.part[i], b.part[i])); });
}
HWY_INLINE double less_equal(double a, double b)
{
    return a <= b ? 1.0 : 0.0;
}
HWY_INLINE Row equal(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i) HWY_ATTR { return one_where(hn::Eq(a.part[i], b.part[i])); });
}
HWY_INLINE double equal(double a, double b)
{
    return a == b ? 1.0 : 0.0;
}

/// condition != 0 ? a : b, with a also where the condition is not a number.
HWY_INLINE Row select(const Row& condition, const Row& a, const Row& b)
{
    const RowPart zero = hn::Zero(RowTag());
    return each_part([&](std::size_t i)
                         HWY_ATTR { return hn::IfThenElse(hn::Eq(condition.part[i], zero), b.part[i], a.part[i]); });
}
HWY_INLINE double select(double condition, double a, double b)
{
    return condition == 0.0 ? b : a;
}

template <class T>
HWY_INLINE T logical_not(const T& a)
{
    return equal(a, a - a);
}
HWY_INLINE Row logical_and(const Row& a, const Row& b)
{
    const RowPart zero = hn::Zero(RowTag());
    return each_part([&](std::size_t i) HWY_ATTR {
        return hn::IfThenZeroElse(hn::Eq(a.part[i], zero),
                                  hn::IfThenZeroElse(hn::Eq(b.part[i], zero), hn::Set(RowTag(), 1.0)));
    });
}
HWY_INLINE double logical_and(double a, double b)
{
    return a != 0.0 && b != 0.0 ? 1.0 : 0.0;
}
HWY_INLINE Row logical_or(const Row& a, const Row& b)
{
    const RowPart zero = hn::Zero(RowTag());
    const RowPart one = hn::Set(RowTag(), 1.0);
    return each_part([&](std::size_t i) HWY_ATTR {
        return hn::IfThenElse(hn::Eq(a.part[i], zero), hn::IfThenZeroElse(hn::Eq(b.part[i], zero), one), one);
    });
}
HWY_INLINE double logical_or(double a, double b)
{
    return a != 0.0 || b != 0.0 ? 1.0 : 0.0;
}

/// a < b ? a : b
HWY_INLINE Row minimum(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i)
                         HWY_ATTR { return hn::IfThenElse(hn::Lt(a.part[i], b.part[i]), a.part[i], b.part[i]); });
}
HWY_INLINE double minimum(double a, double b)
{
    return a < b ? a : b;
}
/// b < a ? a : b
HWY_INLINE Row maximum(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i)
                         HWY_ATTR { return hn::IfThenElse(hn::Lt(b.part[i], a.part[i]), a.part[i], b.part[i]); });
}
HWY_INLINE double maximum(double a, double b)
{
    return b < a ? a : b;
}

HWY_INLINE Row sqrt(const Row& a)
{
    return each_part([&](std::size_t i) HWY_ATTR { return hn::Sqrt(a.part[i]); });
}
HWY_INLINE double sqrt(double a)
{
    return std::sqrt(a);
}
HWY_INLINE Row floor(const Row& a)
{
    return each_part([&](std::size_t i) HWY_ATTR { return hn::Floor(a.part[i]); });
}
HWY_INLINE double floor(double a)
{
    return std::floor(a);
}
HWY_INLINE Row ceil(const Row& a)
{
    return each_part([&](std::size_t i) HWY_ATTR { return hn::Ceil(a.part[i]); });
}
HWY_INLINE double ceil(double a)
{
    return std::ceil(a);
}
/// |a| with the sign of b.
HWY_INLINE Row copy_sign(const Row& a, const Row& b)
{
    return each_part([&](std::size_t i) HWY_ATTR { return hn::CopySign(a.part[i], b.part[i]); });
}
HWY_INLINE double copy_sign(double a, double b)
{
    return std::copysign(a, b);
}

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
