#include "base/sha256.hpp"

#include <openssl/evp.h>

#include "base/diagnostics.hpp"

namespace axolemma::base {

namespace {

void require(bool done)
{
    if (!done) throw EngineError("SHA-256 is not available from the OpenSSL library of this machine");
}

}  // namespace

struct Sha256::Impl {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : impl_(std::make_unique<Impl>())
{
    require(impl_->context != nullptr && EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes)
{
    require(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1);
}

Sha256::Digest Sha256::digest()
{
    Digest digest{};
    unsigned int length = 0;
    static_assert(sizeof digest == 32);
    require(EVP_DigestFinal_ex(impl_->context, reinterpret_cast<unsigned char*>(digest.data()), &length) == 1 &&
            length == digest.size());
    return digest;
}

std::string sha256_hex(std::string_view bytes)
{
    Sha256 sha256;
    sha256.add(std::as_bytes(std::span(bytes)));
    constexpr std::string_view hex_digits = "0123456789abcdef";
    std::string hex;
    for (const std::byte byte : sha256.digest()) {
        hex += hex_digits[std::to_integer<std::size_t>(byte >> 4)];
        hex += hex_digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return hex;
}

}  // namespace axolemma::base
