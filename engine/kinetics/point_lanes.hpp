/// All instances of a point process in rows of eight lanes, over half a step at a time.
#pragma once

#include <memory>
#include <vector>

#include "base/aligned_array.hpp"
#include "mechanisms/lane_block.hpp"
#include "mechanisms/mechanism.hpp"

namespace axolemma::kinetics {

class PointLanes {
public:
    /// @param n        instances
    /// @param half_ms  half a step
    PointLanes(const mechanisms::MechanismInfo& membrane, std::size_t n, double half_ms, double temperature_degC);

    /// Columns to which currents are added, i = g v - s; those of each current may be null.
    struct Sums {
        double* g_uS;
        double* s_nA;
        double* const* currents_g_uS;
        double* const* currents_s_nA;
    };
    /// States half of the way, currents, states the other half. The columns of `block` begin on boundaries of 64 bytes and
    /// have places for `stride` instances.
    void advance(const mechanisms::MechanismBlock& block, std::size_t stride, double half_ms, const Sums& sums);
    std::size_t bytes() const { return scratch_.size() * sizeof(double) + rows_.size() * sizeof(std::int32_t); }

private:
    std::shared_ptr<const mechanisms::LaneKernel> kernel_;
    std::vector<std::int32_t> rows_;
    std::vector<std::uint8_t> present_;
    std::vector<mechanisms::LaneColumn> parameters_, ion_reads_;
    std::vector<mechanisms::LaneSums> currents_;
    base::AlignedArray<double> scratch_;
};

}  // namespace axolemma::kinetics
