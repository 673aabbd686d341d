/// A row of eight numbers for kernels, on whatever registers the instruction set of this pass has (base/simd_targets.hpp).
///
/// Every operation acts on the eight lanes alike and rounds once, so AVX2 and AVX-512 give the same bits. A processor
/// without a fused multiply-add rounds twice in fma() and nfma().
#if defined(AXOLEMMA_BASE_SIMD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_SIMD_INL
#undef AXOLEMMA_BASE_SIMD_INL
#else
#define AXOLEMMA_BASE_SIMD_INL
#endif

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "base/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using RowTag = hn::CappedTag<double, lanes>;
using RowPart = hn::Vec<RowTag>;
inline constexpr std::size_t lanes_per_part = hn::MaxLanes(RowTag());
inline constexpr std::size_t parts = lanes / lanes_per_part;

struct Row {
    RowPart part[parts];
};

// NOLINTBEGIN: one line each
#define AXOLEMMA_EACH_PART(expression)        \
    Row result;                               \
    for (std::size_t i = 0; i < parts; ++i) { \
        result.part[i] = expression;          \
    }                                         \
    return result
// NOLINTEND

/// @param from  on a boundary of 64 bytes
HWY_INLINE Row load(const double* from)
{
    AXOLEMMA_EACH_PART(hn::Load(RowTag(), from + i * lanes_per_part));
}
HWY_INLINE void store(const Row& a, double* to)
{
    for (std::size_t i = 0; i < parts; ++i) {
        hn::Store(a.part[i], RowTag(), to + i * lanes_per_part);
    }
}
HWY_INLINE Row splat(double x)
{
    AXOLEMMA_EACH_PART(hn::Set(RowTag(), x));
}
HWY_INLINE Row operator+(const Row& a, const Row& b)
{
    AXOLEMMA_EACH_PART(hn::Add(a.part[i], b.part[i]));
}
HWY_INLINE Row operator-(const Row& a, const Row& b)
{
    AXOLEMMA_EACH_PART(hn::Sub(a.part[i], b.part[i]));
}
HWY_INLINE Row operator*(const Row& a, const Row& b)
{
    AXOLEMMA_EACH_PART(hn::Mul(a.part[i], b.part[i]));
}
HWY_INLINE Row operator/(const Row& a, const Row& b)
{
    AXOLEMMA_EACH_PART(hn::Div(a.part[i], b.part[i]));
}
HWY_INLINE Row operator-(const Row& a)
{
    AXOLEMMA_EACH_PART(hn::Neg(a.part[i]));
}
HWY_INLINE Row operator+(const Row& a, double b)
{
    return a + splat(b);
}
HWY_INLINE Row operator-(const Row& a, double b)
{
    return a - splat(b);
}
HWY_INLINE Row operator*(double a, const Row& b)
{
    return splat(a) * b;
}
HWY_INLINE Row operator/(const Row& a, double b)
{
    return a / splat(b);
}
HWY_INLINE Row operator/(double a, const Row& b)
{
    return splat(a) / b;
}
HWY_INLINE Row operator+(double a, const Row& b)
{
    return splat(a) + b;
}
HWY_INLINE Row operator-(double a, const Row& b)
{
    return splat(a) - b;
}

/// a b + c
HWY_INLINE Row fma(const Row& a, const Row& b, const Row& c)
{
    AXOLEMMA_EACH_PART(hn::MulAdd(a.part[i], b.part[i], c.part[i]));
}
/// c - a b
HWY_INLINE Row nfma(const Row& a, const Row& b, const Row& c)
{
    AXOLEMMA_EACH_PART(hn::NegMulAdd(a.part[i], b.part[i], c.part[i]));
}
HWY_INLINE double fma(double a, double b, double c)
{
    return std::fma(a, b, c);
}
HWY_INLINE double nfma(double a, double b, double c)
{
    return std::fma(-a, b, c);
}

/// a where x < limit, else b (also where x is not a number).
HWY_INLINE Row where_less(const Row& x, double limit, const Row& a, const Row& b)
{
    AXOLEMMA_EACH_PART(hn::IfThenElse(hn::Lt(x.part[i], hn::Set(RowTag(), limit)), a.part[i], b.part[i]));
}
HWY_INLINE double where_less(double x, double limit, double a, double b)
{
    return x < limit ? a : b;
}
/// a where the bits of the mask are set, 0 where they are not, whatever a is there: NaN does not get through.
HWY_INLINE Row where_set(const Row& a, const Row& mask)
{
    AXOLEMMA_EACH_PART(hn::And(a.part[i], mask.part[i]));
}
HWY_INLINE Row abs(const Row& a)
{
    AXOLEMMA_EACH_PART(hn::Abs(a.part[i]));
}
HWY_INLINE double abs(double a)
{
    return std::fabs(a);
}

/// Are |x| < limit in every lane of all rows seen so far? NaN is not.
class Within {
public:
    explicit HWY_INLINE Within(double limit) : limit_(hn::Set(RowTag(), limit))
    {
        for (auto& one : part_) {
            one = hn::Eq(limit_, limit_);
        }
    }
    HWY_INLINE void see(const Row& x)
    {
        for (std::size_t i = 0; i < parts; ++i) {
            part_[i] = hn::And(part_[i], hn::Lt(hn::Abs(x.part[i]), limit_));
        }
    }
    HWY_INLINE bool all() const
    {
        auto both = part_[0];
        for (std::size_t i = 1; i < parts; ++i) {
            both = hn::And(both, part_[i]);
        }
        return hn::AllTrue(RowTag(), both);
    }

private:
    RowPart limit_;
    hn::Mask<RowTag> part_[parts];
};

using PairTag = hn::CappedTag<double, 2>;
using Pair = hn::Vec<PairTag>;

/// Two numbers of each lane, taken from eight places of two numbers each: first[i] = from[2 at[i]], second[i] the one
/// after it, added over n lists of places: at[0..7], at[8..15], ...
HWY_INLINE void gather_pairs(const double* from, const std::int32_t* at, std::int32_t n, Row& first, Row& second)
{
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t i = 0; i < lanes; ++i) {
        double a = from[2 * at[i]];
        double b = from[2 * at[i] + 1];
        for (std::int32_t k = 1; k < n; ++k) {
            a += from[2 * at[8 * static_cast<std::size_t>(k) + i]];
            b += from[2 * at[8 * static_cast<std::size_t>(k) + i] + 1];
        }
        first.part[i] = hn::Set(RowTag(), a);
        second.part[i] = hn::Set(RowTag(), b);
    }
#else
    Pair sum[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        sum[i] = hn::Load(PairTag(), from + 2 * at[i]);
    }
    for (std::int32_t k = 1; k < n; ++k) {
        at += lanes;
        for (std::size_t i = 0; i < lanes; ++i) {
            sum[i] = hn::Add(sum[i], hn::Load(PairTag(), from + 2 * at[i]));
        }
    }
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_AVX2
    const hn::FixedTag<double, 4> d4;
    hn::Vec<decltype(d4)> fours[lanes / 2];
    for (std::size_t i = 0; i < lanes / 2; ++i) {
        fours[i] = hn::Combine(d4, sum[2 * i + 1], sum[2 * i]);
    }
#if HWY_TARGET <= HWY_AVX3
    const auto low = hn::Combine(RowTag(), fours[1], fours[0]);
    const auto high = hn::Combine(RowTag(), fours[3], fours[2]);
    first.part[0] = hn::ConcatEven(RowTag(), high, low);
    second.part[0] = hn::ConcatOdd(RowTag(), high, low);
#else
    for (std::size_t i = 0; i < parts; ++i) {
        first.part[i] = hn::ConcatEven(RowTag(), fours[2 * i + 1], fours[2 * i]);
        second.part[i] = hn::ConcatOdd(RowTag(), fours[2 * i + 1], fours[2 * i]);
    }
#endif
#else
    for (std::size_t i = 0; i < parts; ++i) {
        first.part[i] = hn::ConcatEven(RowTag(), sum[2 * i + 1], sum[2 * i]);
        second.part[i] = hn::ConcatOdd(RowTag(), sum[2 * i + 1], sum[2 * i]);
    }
#endif
#endif
}

/// to[2 i] = first[i], to[2 i + 1] = second[i].
HWY_INLINE void store_pairs(const Row& first, const Row& second, double* to)
{
    for (std::size_t i = 0; i < parts; ++i) {
#if HWY_TARGET == HWY_SCALAR
        to[2 * i] = hn::GetLane(first.part[i]);
        to[2 * i + 1] = hn::GetLane(second.part[i]);
#else
        hn::StoreInterleaved2(first.part[i], second.part[i], RowTag(), to + 2 * i * lanes_per_part);
#endif
    }
}

/// Lane i = from[at[i]].
HWY_INLINE Row gather(const double* from, const std::int32_t* at)
{
    Row result;
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET == HWY_AVX2
    const hn::FixedTag<double, 1> d1;
    const hn::FixedTag<double, 4> d4;
    hn::Vec<decltype(d4)> fours[2];
    for (std::size_t k = 0; k < 2; ++k, at += 4) {
        const auto low = hn::Combine(PairTag(), hn::Load(d1, from + at[1]), hn::Load(d1, from + at[0]));
        const auto high = hn::Combine(PairTag(), hn::Load(d1, from + at[3]), hn::Load(d1, from + at[2]));
        fours[k] = hn::Combine(d4, high, low);
    }
#if HWY_TARGET <= HWY_AVX3
    result.part[0] = hn::Combine(RowTag(), fours[1], fours[0]);
#else
    result.part[0] = fours[0];
    result.part[1] = fours[1];
#endif
#else
    alignas(64) double values[lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        values[i] = from[at[i]];
    }
    result = load(values);
#endif
    return result;
}

/// Is |x| <= limit in every lane? NaN is not.
HWY_INLINE bool all_within(const Row& x, double limit)
{
    auto inside = hn::Le(hn::Abs(x.part[0]), hn::Set(RowTag(), limit));
    for (std::size_t i = 1; i < parts; ++i) {
        inside = hn::And(inside, hn::Le(hn::Abs(x.part[i]), hn::Set(RowTag(), limit)));
    }
    return hn::AllTrue(RowTag(), inside);
}

/// The integer n from n + 1.5 * 2^52 (or any such shift by a power of two): the low half of the number's bits.
HWY_INLINE std::int32_t low_bits(double shifted)
{
    return static_cast<std::int32_t>(std::bit_cast<std::int64_t>(shifted));
}

/// The compiler must take what `object` holds from memory.
template <class T>
HWY_INLINE void forget_contents(T& object)
{
#if defined(__GNUC__)
    asm volatile("" : "+m"(object));
#else
    static_cast<void>(object);
#endif
}

/// x 2^n, with n a whole number given as n + 1.5 * 2^52 (so that its low bits are those of the integer), -1022 <= n <= 1023.
HWY_INLINE Row times_power_of_two(const Row& x, const Row& shifted)
{
    const hn::RebindToUnsigned<RowTag> du;
    AXOLEMMA_EACH_PART(
        hn::Mul(x.part[i], hn::BitCast(RowTag(), hn::Add(hn::ShiftLeft<52>(hn::BitCast(du, shifted.part[i])),
                                                         hn::Set(du, std::uint64_t{0x3FF0000000000000})))));
}
HWY_INLINE double times_power_of_two(double x, double shifted)
{
    return x * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) << 52) + 0x3FF0000000000000);
}

#undef AXOLEMMA_EACH_PART

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
