/// Compiles the including file once for every instruction set that the engine has a path for: AVX-512, AVX2 with FMA,
/// and whatever every processor of the platform has.
///
/// Before it: `#undef HWY_TARGET_INCLUDE` and `#define HWY_TARGET_INCLUDE "floor/file.cpp"`. After it: the headers of
/// the kernel (names end in -inl.hpp), then the kernel between HWY_BEFORE_NAMESPACE() and HWY_AFTER_NAMESPACE() in
/// namespace HWY_NAMESPACE.
#include "base/simd_choice.hpp"

#include <hwy/foreach_target.h>
