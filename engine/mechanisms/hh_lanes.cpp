#include "mechanisms/builtin.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mechanisms/hh_lanes.cpp"
#include "base/simd_targets.hpp"

#include "mechanisms/hh_row-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

template <class Gates>
void step_rows(const LaneBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    using namespace base::HWY_NAMESPACE;
    HhMembrane<Gates, false> membrane(block);
    typename Gates::Ahead ahead;
    membrane.begin(block.n_rows - 1, 0, 0, ahead);
    for (std::size_t k = block.n_rows; k-- > 0;) {
        const Linear ionic = membrane.take(k, ahead);
        if (g_S_per_cm2 != nullptr) {
            double* g = g_S_per_cm2 + k * lanes;
            double* s = s_mA_per_cm2 + k * lanes;
            store(load(g) + ionic.g_S_per_cm2, g);
            store(load(s) + ionic.s_mA_per_cm2, s);
        }
    }
}

void step_hh(const LaneBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    if (block.dt_ms == 0.0) {
        step_rows<HhFrozen>(block, g_S_per_cm2, s_mA_per_cm2);
    } else if (block.table != nullptr) {
        step_rows<HhByTable>(block, g_S_per_cm2, s_mA_per_cm2);
    } else {
        step_rows<HhByFormula>(block, g_S_per_cm2, s_mA_per_cm2);
    }
}

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace axolemma::mechanisms {

HWY_EXPORT(step_hh);

void step_hh_lanes(const LaneBlock& block, double* g_S_per_cm2, double* s_mA_per_cm2)
{
    HWY_DYNAMIC_DISPATCH(step_hh)(block, g_S_per_cm2, s_mA_per_cm2);
}

}  // namespace axolemma::mechanisms
#endif
