#include "base/sha256.hpp"

#include <array>
#include <cstddef>

#include <openssl/evp.h>

#include "base/diagnostics.hpp"

namespace axolemma::base {

std::string sha256_hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw EngineError("SHA-256 is not available from the OpenSSL library of this machine");
    }
    constexpr std::string_view hex_digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(std::size_t{2} * length);
    for (std::size_t i = 0; i < length; ++i) {
        hex += hex_digits[digest[i] >> 4U];
        hex += hex_digits[digest[i] & 15U];
    }
    return hex;
}

}  // namespace axolemma::base
