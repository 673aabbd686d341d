/// Lane kernels of mechanisms from text.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "kinetics/compiled.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::kinetics {

/// @param compiled  lives longer than the kernel
std::shared_ptr<const mechanisms::LaneKernel> make_lane_kernel(const CompiledEquations& compiled,
                                                               const mechanisms::LaneOptions& options);
/// Error of the table of this state's gate by itself, made for the bound of the options; nothing if it is no gate of the
/// voltage alone.
std::optional<double> table_error(const CompiledEquations& compiled, std::size_t state,
                                  const mechanisms::LaneOptions& options);

}  // namespace axolemma::kinetics
