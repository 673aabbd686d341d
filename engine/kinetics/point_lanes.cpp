#include "kinetics/point_lanes.hpp"

#include <numeric>

#include "base/simd.hpp"

namespace axolemma::kinetics {

using base::lanes;
using mechanisms::LaneBlock;

PointLanes::PointLanes(const mechanisms::MechanismInfo& membrane, std::size_t n, double half_ms,
                       double temperature_degC)
    // Without tables: an instance to which something happens in a step goes by the formulas, and must not notice.
    : kernel_(membrane.kernels->lane_kernel({temperature_degC, half_ms, 0.0, {}})),
      rows_((n + lanes - 1) / lanes),
      present_(rows_.size(), std::uint8_t{0xff}),
      parameters_(membrane.parameters.size()),
      ion_reads_(membrane.ion_reads.size()),
      currents_(membrane.currents.size())
{
    std::iota(rows_.begin(), rows_.end(), 0);
    if (n % lanes != 0) {
        present_.back() = static_cast<std::uint8_t>((1U << n % lanes) - 1);
    }
    scratch_.assign(kernel_->scratch_size(), 0.0);
}

void PointLanes::advance(const mechanisms::MechanismBlock& block, std::size_t stride, double half_ms, const Sums& sums)
{
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
        parameters_[p] = {block.parameters[p], lanes};
    }
    for (std::size_t r = 0; r < ion_reads_.size(); ++r) {
        ion_reads_[r] = {block.ion_reads[r], lanes};
    }
    LaneBlock rows;
    rows.n_rows = stride / lanes;
    rows.rows = rows_.data();
    rows.present = present_.data();
    rows.v_mV = block.v_mV;
    rows.parameters = parameters_.data();
    rows.states = block.states;
    rows.ion_reads = ion_reads_.data();
    rows.total = {sums.g_uS, sums.s_nA};
    if (sums.currents_g_uS != nullptr) {
        for (std::size_t c = 0; c < currents_.size(); ++c) {
            currents_[c] = {sums.currents_g_uS[c], sums.currents_s_nA[c]};
        }
        rows.currents = currents_.data();
    }
    rows.scratch = scratch_.data();
    rows.temperature_degC = block.temperature_degC;
    rows.dt_ms = half_ms;
    rows.t_ms = block.t_ms;
    kernel_->step(rows);
    rows.total = {};
    rows.currents = nullptr;
    kernel_->step(rows);
}

}  // namespace axolemma::kinetics
