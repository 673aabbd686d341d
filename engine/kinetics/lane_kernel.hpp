/// Lane kernels of mechanisms from text.
#pragma once

#include <memory>

#include "kinetics/compiled.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::kinetics {

/// @param compiled  lives longer than the kernel
std::shared_ptr<const mechanisms::LaneKernel> make_lane_kernel(const CompiledEquations& compiled,
                                                               const mechanisms::LaneOptions& options);

}  // namespace axolemma::kinetics
