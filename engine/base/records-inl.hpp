/// Records of eight or four numbers, one per lane, and how they become columns.
#if defined(AXOLEMMA_BASE_RECORDS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef AXOLEMMA_BASE_RECORDS_INL
#undef AXOLEMMA_BASE_RECORDS_INL
#else
#define AXOLEMMA_BASE_RECORDS_INL
#endif

#include "base/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::base::HWY_NAMESPACE {

using FourTag = hn::CappedTag<double, 4>;
inline constexpr std::size_t parts_of_four = 4 / hn::MaxLanes(FourTag());

/// A record of four numbers.
struct Four {
    hn::Vec<FourTag> part[parts_of_four];
};
HWY_INLINE Four fma(const Four& a, const Four& b, const Four& c)
{
    Four result;
    for (std::size_t i = 0; i < parts_of_four; ++i) {
        result.part[i] = hn::MulAdd(a.part[i], b.part[i], c.part[i]);
    }
    return result;
}

/// How a record of `width` numbers is held; a record of eight is as wide as a row.
template <std::size_t width>
struct RecordOf;
template <>
struct RecordOf<8> {
    using Type = Row;
    static HWY_INLINE Row load(const double* from) { return base::HWY_NAMESPACE::load(from); }
    static HWY_INLINE Row splat(double x) { return base::HWY_NAMESPACE::splat(x); }
};
template <>
struct RecordOf<4> {
    using Type = Four;
    static HWY_INLINE Four load(const double* from)
    {
        Four result;
        for (std::size_t i = 0; i < parts_of_four; ++i) {
            result.part[i] = hn::Load(FourTag(), from + i * hn::MaxLanes(FourTag()));
        }
        return result;
    }
    static HWY_INLINE Four splat(double x)
    {
        Four result;
        for (auto& part : result.part) {
            part = hn::Set(FourTag(), x);
        }
        return result;
    }
};

/// Columns out of eight records of eight numbers: column[c] holds number c of record 0 in lane 0, of record 1 in lane 1...
/// @param record  record i is the Row at record[i]
HWY_INLINE void transpose(const Row record[lanes], Row column[lanes])
{
#if HWY_TARGET <= HWY_AVX3
    const RowTag d;
    // Blocks of two numbers: pairs of records side by side, then fours, then all eight.
    RowPart low[4];
    RowPart high[4];
    for (std::size_t i = 0; i < 4; ++i) {
        low[i] = hn::InterleaveLower(d, record[2 * i].part[0], record[2 * i + 1].part[0]);   // 0 2 4 6
        high[i] = hn::InterleaveUpper(d, record[2 * i].part[0], record[2 * i + 1].part[0]);  // 1 3 5 7
    }
    const auto even = [](RowPart a, RowPart b) HWY_ATTR { return RowPart{_mm512_shuffle_f64x2(a.raw, b.raw, 0x88)}; };
    const auto odd = [](RowPart a, RowPart b) HWY_ATTR { return RowPart{_mm512_shuffle_f64x2(a.raw, b.raw, 0xDD)}; };
    for (std::size_t which = 0; which < 2; ++which) {
        const RowPart* half = which == 0 ? low : high;
        const RowPart lower_a = hn::ConcatLowerLower(d, half[1], half[0]);
        const RowPart lower_b = hn::ConcatLowerLower(d, half[3], half[2]);
        const RowPart upper_a = hn::ConcatUpperUpper(d, half[1], half[0]);
        const RowPart upper_b = hn::ConcatUpperUpper(d, half[3], half[2]);
        column[0 + which].part[0] = even(lower_a, lower_b);
        column[2 + which].part[0] = odd(lower_a, lower_b);
        column[4 + which].part[0] = even(upper_a, upper_b);
        column[6 + which].part[0] = odd(upper_a, upper_b);
    }
#elif HWY_TARGET == HWY_AVX2
    const RowTag d;
    for (std::size_t part = 0; part < 2; ++part) {      // numbers 0-3 and 4-7 of the records
        for (std::size_t half = 0; half < 2; ++half) {  // records 0-3 and 4-7
            const Row* r = record + 4 * half;
            const RowPart low_a = hn::InterleaveLower(d, r[0].part[part], r[1].part[part]);
            const RowPart low_b = hn::InterleaveLower(d, r[2].part[part], r[3].part[part]);
            const RowPart high_a = hn::InterleaveUpper(d, r[0].part[part], r[1].part[part]);
            const RowPart high_b = hn::InterleaveUpper(d, r[2].part[part], r[3].part[part]);
            column[4 * part + 0].part[half] = hn::ConcatLowerLower(d, low_b, low_a);
            column[4 * part + 1].part[half] = hn::ConcatLowerLower(d, high_b, high_a);
            column[4 * part + 2].part[half] = hn::ConcatUpperUpper(d, low_b, low_a);
            column[4 * part + 3].part[half] = hn::ConcatUpperUpper(d, high_b, high_a);
        }
    }
#else
    alignas(64) double values[lanes][lanes];
    for (std::size_t i = 0; i < lanes; ++i) {
        store(record[i], values[i]);
    }
    for (std::size_t c = 0; c < lanes; ++c) {
        alignas(64) double picked[lanes];
        for (std::size_t i = 0; i < lanes; ++i) {
            picked[i] = values[i][c];
        }
        column[c] = load(picked);
    }
#endif
}

/// Columns out of eight records of four numbers.
HWY_INLINE void transpose(const Four record[lanes], Row column[4])
{
#if HWY_TARGET <= HWY_AVX3
    const RowTag d;
    const auto beside = [&](std::size_t low)
                            HWY_ATTR { return hn::Combine(d, record[low + 2].part[0], record[low].part[0]); };
    const RowPart lanes_0_2 = beside(0);
    const RowPart lanes_1_3 = beside(1);
    const RowPart lanes_4_6 = beside(4);
    const RowPart lanes_5_7 = beside(5);
    const auto blocks_02 = [](RowPart a, RowPart b)
                               HWY_ATTR { return RowPart{_mm512_shuffle_f64x2(a.raw, b.raw, 0x88)}; };
    const auto blocks_13 = [](RowPart a, RowPart b)
                               HWY_ATTR { return RowPart{_mm512_shuffle_f64x2(a.raw, b.raw, 0xDD)}; };
    const RowPart even_low = hn::InterleaveLower(d, lanes_0_2, lanes_1_3);  // numbers 0 and 2 of lanes 0 1, then 2 3
    const RowPart even_high = hn::InterleaveLower(d, lanes_4_6, lanes_5_7);
    const RowPart odd_low = hn::InterleaveUpper(d, lanes_0_2, lanes_1_3);  // numbers 1 and 3
    const RowPart odd_high = hn::InterleaveUpper(d, lanes_4_6, lanes_5_7);
    column[0].part[0] = blocks_02(even_low, even_high);
    column[1].part[0] = blocks_02(odd_low, odd_high);
    column[2].part[0] = blocks_13(even_low, even_high);
    column[3].part[0] = blocks_13(odd_low, odd_high);
#elif HWY_TARGET == HWY_AVX2
    const RowTag d;
    for (std::size_t half = 0; half < 2; ++half) {  // records 0-3 and 4-7
        const Four* r = record + 4 * half;
        const RowPart low_a = hn::InterleaveLower(d, r[0].part[0], r[1].part[0]);
        const RowPart low_b = hn::InterleaveLower(d, r[2].part[0], r[3].part[0]);
        const RowPart high_a = hn::InterleaveUpper(d, r[0].part[0], r[1].part[0]);
        const RowPart high_b = hn::InterleaveUpper(d, r[2].part[0], r[3].part[0]);
        column[0].part[half] = hn::ConcatLowerLower(d, low_b, low_a);
        column[1].part[half] = hn::ConcatLowerLower(d, high_b, high_a);
        column[2].part[half] = hn::ConcatUpperUpper(d, low_b, low_a);
        column[3].part[half] = hn::ConcatUpperUpper(d, high_b, high_a);
    }
#else
    alignas(64) double values[lanes][4];
    for (std::size_t i = 0; i < lanes; ++i) {
        for (std::size_t k = 0; k < parts_of_four; ++k) {
            hn::Store(record[i].part[k], FourTag(), values[i] + k * hn::MaxLanes(FourTag()));
        }
    }
    for (std::size_t c = 0; c < 4; ++c) {
        alignas(64) double picked[lanes];
        for (std::size_t i = 0; i < lanes; ++i) {
            picked[i] = values[i][c];
        }
        column[c] = load(picked);
    }
#endif
}

}  // namespace axolemma::base::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
