/// Which instruction sets the kernels are compiled for; included before any header of Highway.
///
/// The x86 sets between the baseline and AVX2 lack FMA, are on hardly any machine that runs simulations today, and would
/// double the time to compile. Vectors of unknown length (SVE) do not fit into a row.
#pragma once

#if defined(__x86_64__)
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#elif defined(__aarch64__)
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
