/// Fingerprint of the bytes of an input file, kept in results so that a run can be traced to its inputs.
#pragma once

#include <string>
#include <string_view>

namespace axolemma::base {

/// SHA-256 (FIPS 180-4) of `bytes` as 64 lower-case hexadecimal digits, as `sha256sum` prints it.
/// Throws EngineError if the cryptographic library refuses to compute it.
std::string sha256_hex(std::string_view bytes);

}  // namespace axolemma::base
