#include "base/simd.hpp"

#include "base/simd_choice.hpp"

#include <hwy/highway.h>

namespace axolemma::base {

namespace {

std::vector<std::int64_t> find_targets()
{
    std::vector<std::int64_t> result;
    const std::int64_t have = hwy::SupportedTargets() & HWY_TARGETS;
    for (int bit = 0; bit < 63; ++bit) {
        if (const std::int64_t target = std::int64_t{1} << bit; (have & target) != 0) {
            result.push_back(target);
        }
    }
    return result;
}

/// The bits of what was compiled and what this processor has; best (lowest) bit first.
const std::vector<std::int64_t>& targets()
{
    static const std::vector<std::int64_t> all = find_targets();
    return all;
}

}  // namespace

std::string simd_name()
{
    for (const auto target : targets()) {
        if ((hwy::SupportedTargets() & target) != 0) {
            return hwy::TargetName(target);
        }
    }
    return "";
}

std::vector<std::string> simd_names()
{
    std::vector<std::string> names;
    for (const auto target : targets()) {
        names.emplace_back(hwy::TargetName(target));
    }
    return names;
}

void use_simd(std::string_view name)
{
    const auto& all = targets();
    hwy::SetSupportedTargetsForTest(0);
    for (const auto target : all) {
        if (name == hwy::TargetName(target)) {
            hwy::SetSupportedTargetsForTest(target);
        }
    }
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace axolemma::base
