/// Width of the engine's rows, and which instruction set the kernels run on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace axolemma::base {

/// Numbers per row: one AVX-512 register or two of AVX2. The same everywhere, so that packing is.
inline constexpr std::size_t lanes = 8;

/// Name of the instruction set the kernels of this process run on: "AVX3" (AVX-512), "AVX2" or "SCALAR".
std::string simd_name();
/// All that this machine can run, best first.
std::vector<std::string> simd_names();
/// Runs all kernels of this process on one of simd_names() from now on; "" goes back to the best. For tests and
/// measurements; not while kernels run.
void use_simd(std::string_view name);

}  // namespace axolemma::base
