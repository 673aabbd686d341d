#include "base/math.hpp"
#include "mechanisms/ions.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mechanisms/nernst_lanes.cpp"
#include "base/simd_targets.hpp"

#include "base/log-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace axolemma::mechanisms::HWY_NAMESPACE {

void nernst(std::size_t n_rows, const LaneColumn& inside_mM, const LaneColumn& outside_mM, double slope_mV,
            double far_mV, double* reversal_mV)
{
    using namespace base::HWY_NAMESPACE;
    for (std::size_t k = 0; k < n_rows; ++k) {
        const Row inside = load(inside_mM.row(k));
        const Row outside = load(outside_mM.row(k));
        const Row e = slope_mV * log(outside / inside);
        const Row with_outside = where_less(-outside, 0.0, e, splat(-far_mV));
        store(where_less(-inside, 0.0, with_outside, splat(far_mV)), reversal_mV + k * base::lanes);
    }
}

}  // namespace axolemma::mechanisms::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace axolemma::mechanisms {

HWY_EXPORT(nernst);

void nernst_rows_mV(std::size_t n_rows, const LaneColumn& inside_mM, const LaneColumn& outside_mM, int valence,
                    double temperature_degC, double* reversal_mV)
{
    HWY_DYNAMIC_DISPATCH(nernst)
    (n_rows, inside_mM, outside_mM, nernst_slope_mV(valence, temperature_degC), nernst_far_mV, reversal_mV);
}

}  // namespace axolemma::mechanisms
#endif
