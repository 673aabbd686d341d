/// Fingerprint of bytes: of input files, kept in results so that a run can be traced to its inputs, and of checkpoints.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace axolemma::base {

/// SHA-256 (FIPS 180-4) of `bytes` as 64 lower-case hexadecimal digits, as `sha256sum` prints it.
/// Throws EngineError if the cryptographic library refuses to compute it.
std::string sha256_hex(std::string_view bytes);

/// The same of bytes that come piece by piece.
class Sha256 {
public:
    using Digest = std::array<std::byte, 32>;

    /// Throws EngineError as above.
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::span<const std::byte> bytes);
    /// Of everything added. Nothing can be added afterwards.
    Digest digest();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace axolemma::base
