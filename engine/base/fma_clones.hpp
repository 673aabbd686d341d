/// For functions full of std::fma: where the processor has a fused multiply-add, it should be that instruction and not a
/// call of the C library. The result is the same.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define AXOLEMMA_WITH_FMA __attribute__((target_clones("fma", "default")))
#else
#define AXOLEMMA_WITH_FMA
#endif
