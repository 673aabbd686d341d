/// Which engine this is: goes into every result file and into `axolemma --version`.
#pragma once

#include <string>
#include <string_view>

namespace axolemma::base {

struct BuildInfo {
    std::string_view version;       ///< of the project, "major.minor.patch"
    std::string_view git_describe;  ///< commit that was built ("-dirty" when files differed), or "unknown" outside git
    std::string_view compiler;      ///< name and version, "GNU 12.2.0"
    std::string_view flags;         ///< those that change code: optimisation, floating point, sanitizers
    std::string_view build_type;    ///< "Release", "Debug", ...
};

/// Facts fixed when the library was compiled.
const BuildInfo& build_info();

/// One line: "axolemma 0.1.0 (b97da2e0c1aa, GNU 12.2.0, Release)".
std::string version_text();

}  // namespace axolemma::base
