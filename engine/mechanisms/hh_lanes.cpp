#include "mechanisms/hh_columns.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mechanisms/hh_lanes.cpp"
#include "base/simd_targets.hpp"

#include "mechanisms/hh_row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

/// Adds to the lanes of `present`; the others keep what they have.
HWY_INLINE void add_row(const Row& x, unsigned present, double* to)
{
    using namespace base::HWY_NAMESPACE;
    if (HWY_LIKELY(present == 0xff)) {
        store(load(to) + x, to);
        return;
    }
    alignas(64) double numbers[lanes];
    store(x, numbers);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if ((present >> lane & 1U) != 0) {
            to[lane] += numbers[lane];
        }
    }
}

template <class Gates>
void step_rows(const LaneBlock& block, const HhColumns& columns)
{
    HhMembrane<Gates, false> membrane(columns);
    typename Gates::Ahead ahead;
    for (std::size_t end = block.n_rows; end > 0;) {
        std::size_t first = end - 1;
        while (first > 0 && block.rows[first - 1] + 1 == block.rows[first]) {
            --first;
        }
        membrane.begin(end - 1, first, static_cast<std::size_t>(block.rows[first]) - first, ahead);
        for (std::size_t k = end; k-- > first;) {
            const Linear ionic = membrane.take(k, ahead);
            if (block.total.g_S_per_cm2 != nullptr) {
                const std::size_t at = static_cast<std::size_t>(block.rows[k]) * lanes;
                add_row(ionic.g_S_per_cm2, block.present[k], block.total.g_S_per_cm2 + at);
                add_row(ionic.s_mA_per_cm2, block.present[k], block.total.s_mA_per_cm2 + at);
            }
        }
        end = first;
    }
}

void step_hh(const LaneBlock& block, const HhColumns& columns)
{
    if (block.dt_ms == 0.0) {
        step_rows<HhFrozen>(block, columns);
    } else if (columns.table != nullptr) {
        step_rows<HhByTable>(block, columns);
    } else {
        step_rows<HhByFormula>(block, columns);
    }
}

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace axolemma::mechanisms {

HWY_EXPORT(step_hh);

void step_hh_rows(const LaneBlock& block, const LaneKernel::HhShape& shape)
{
    HWY_DYNAMIC_DISPATCH(step_hh)(block, hh_columns(block, shape));
}

}  // namespace axolemma::mechanisms
#endif
