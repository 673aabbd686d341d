#include "report/png.hpp"

#include <algorithm>
#include <array>
#include <string_view>

// PNG: ISO/IEC 15948; stored blocks: RFC 1951, 3.2.4; Adler-32: RFC 1950.
namespace axolemma::report {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_u32(Bytes& out, std::uint32_t value)
{
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t crc32(std::span<const std::uint8_t> bytes)
{
    static const auto table = [] {
        std::array<std::uint32_t, 256> t{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t c = i;
            for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
            t[i] = c;
        }
        return t;
    }();
    std::uint32_t c = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) c = table[(c ^ byte) & 0xFFU] ^ (c >> 8U);
    return ~c;
}

void put_chunk(Bytes& out, std::string_view name, std::span<const std::uint8_t> content)
{
    put_u32(out, static_cast<std::uint32_t>(content.size()));
    const std::size_t begin = out.size();
    out.insert(out.end(), name.begin(), name.end());
    out.insert(out.end(), content.begin(), content.end());
    put_u32(out, crc32(std::span(out).subspan(begin)));
}

Bytes store_zlib(std::span<const std::uint8_t> raw)
{
    Bytes out{0x78, 0x01};
    std::size_t at = 0;
    do {
        const std::size_t n = std::min<std::size_t>(65535, raw.size() - at);
        out.push_back(at + n == raw.size() ? 1 : 0);
        for (const std::size_t word : {n, ~n}) {
            out.push_back(static_cast<std::uint8_t>(word & 0xFFU));
            out.push_back(static_cast<std::uint8_t>((word >> 8U) & 0xFFU));
        }
        out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
                   raw.begin() + static_cast<std::ptrdiff_t>(at + n));
        at += n;
    } while (at < raw.size());
    std::uint32_t a = 1, b = 0;
    for (const std::uint8_t byte : raw) {
        a = (a + byte) % 65521U;
        b = (b + a) % 65521U;
    }
    put_u32(out, (b << 16U) | a);
    return out;
}

}  // namespace

Bytes png(std::span<const std::uint8_t> indices, std::size_t width, std::size_t height, const ColourMap& palette)
{
    Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    Bytes header;
    put_u32(header, static_cast<std::uint32_t>(width));
    put_u32(header, static_cast<std::uint32_t>(height));
    header.insert(header.end(), {8, 3, 0, 0, 0});  // 8 bits, palette
    put_chunk(out, "IHDR", header);
    Bytes colours;
    for (const Rgb c : palette) colours.insert(colours.end(), {c.r, c.g, c.b});
    put_chunk(out, "PLTE", colours);
    Bytes raw;
    raw.reserve((width + 1) * height);
    for (std::size_t row = 0; row < height; ++row) {
        raw.push_back(0);  // filter: none
        const auto line = indices.subspan(row * width, width);
        raw.insert(raw.end(), line.begin(), line.end());
    }
    put_chunk(out, "IDAT", store_zlib(raw));
    put_chunk(out, "IEND", {});
    return out;
}

}  // namespace axolemma::report
