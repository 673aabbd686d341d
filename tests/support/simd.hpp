/// Tests on one instruction set after the other.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/simd.hpp"

namespace axolemma::test {

/// Runs the kernels on one instruction set, until it is gone.
class UseSimd {
public:
    explicit UseSimd(const std::string& name) { base::use_simd(name); }
    ~UseSimd() { base::use_simd(""); }
    UseSimd(const UseSimd&) = delete;
    UseSimd& operator=(const UseSimd&) = delete;
};

/// Does an instruction set have a fused multiply-add? Those that have give equal bits.
inline bool has_fma(const std::string& name)
{
    const auto begins = [&](const char* with) { return name.rfind(with, 0) == 0; };
    return begins("AVX2") || begins("AVX3") || begins("NEON") || begins("SVE");
}

/// Those of this machine that have one, or that have none; best first.
inline std::vector<std::string> simd_names(bool with_fma)
{
    auto names = base::simd_names();
    names.erase(
        std::remove_if(names.begin(), names.end(), [&](const std::string& name) { return has_fma(name) != with_fma; }),
        names.end());
    return names;
}

}  // namespace axolemma::test
