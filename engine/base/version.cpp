#include "base/version.hpp"

#include <fmt/core.h>

#include "version_generated.hpp"

namespace axolemma::base {

const BuildInfo& build_info()
{
    static constexpr BuildInfo info{AXOLEMMA_VERSION, AXOLEMMA_GIT_DESCRIBE, AXOLEMMA_COMPILER, AXOLEMMA_FLAGS,
                                    AXOLEMMA_BUILD_TYPE};
    return info;
}

std::string version_text()
{
    const BuildInfo& info = build_info();
    return fmt::format("axolemma {} ({}, {}, {})", info.version, info.git_describe, info.compiler, info.build_type);
}

}  // namespace axolemma::base
