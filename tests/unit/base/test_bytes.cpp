#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/diagnostics.hpp"
#include "base/sha256.hpp"
#include "support/catch.hpp"

using namespace axolemma::base;

namespace {

struct Pair {
    std::int32_t a = 0, b = 0;
    bool operator==(const Pair&) const = default;
};

std::string refusal(const std::function<void()>& action)
{
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("what was packed is taken out again in the same order", "[base]")
{
    ByteWriter writer;
    writer.add(std::int32_t{-7});
    writer.add_text("größe");
    writer.add_text("");
    writer.add_vector(std::vector<double>{0.1, -0.0, 1e300});
    writer.add_vector(std::vector<Pair>{{1, 2}, {3, 4}});
    writer.add_vector(std::vector<std::uint8_t>{});
    writer.add(true);
    ByteReader reader(writer.bytes(), "file", "part 'x'");
    CHECK(reader.take<std::int32_t>() == -7);
    CHECK(reader.take_text() == "größe");
    CHECK(reader.take_text().empty());
    CHECK(reader.take_vector<double>() == std::vector<double>{0.1, -0.0, 1e300});
    CHECK(reader.take_vector<Pair>() == std::vector<Pair>{{1, 2}, {3, 4}});
    CHECK(reader.take_vector<std::uint8_t>().empty());
    CHECK(reader.n_left() == 1);
    CHECK(reader.take<bool>());
    reader.require_end();
}

TEST_CASE("packed numbers are little endian, without gaps", "[base]")
{
    ByteWriter writer;
    writer.add(std::uint8_t{1});
    writer.add(std::uint32_t{0x01020304});
    writer.add_text("a");
    const std::array<int, 14> expected{1, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 'a'};
    REQUIRE(writer.bytes().size() == expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) CHECK(std::to_integer<int>(writer.bytes()[k]) == expected[k]);
}

TEST_CASE("bytes cut at any place are reported as damage", "[base]")
{
    ByteWriter writer;
    writer.add(std::uint64_t{3});
    writer.add_text("name");
    writer.add_vector(std::vector<double>{1, 2, 3});
    for (std::size_t n = 0; n < writer.bytes().size(); ++n) {
        CAPTURE(n);
        CHECK(refusal([&] {
                  ByteReader reader(writer.bytes().first(n), "c.ckpt", "part 'state'");
                  reader.take<std::uint64_t>();
                  reader.take_text();
                  reader.take_vector<double>();
              }) ==
              "c.ckpt: error: cannot read part 'state': it ends too early\n"
              "  hint: the file is damaged or was written by another version of the program\n");
    }
    CHECK(refusal([&] {
              ByteReader reader(writer.bytes(), "c.ckpt", "part 'state'");
              reader.take<std::uint64_t>();
              reader.require_end();
          }).starts_with("c.ckpt: error: cannot read part 'state': 44 bytes too many\n"));
}

TEST_CASE("a forged length allocates nothing", "[base]")
{
    // 2^61 doubles are 2^64 bytes: the product must not wrap round to 0.
    for (const std::uint64_t length : {std::uint64_t{1} << 40, std::uint64_t{1} << 61, ~std::uint64_t{0}}) {
        ByteWriter writer;
        writer.add(length);
        CHECK(refusal([&] { ByteReader(writer.bytes(), "f", "p").take_vector<double>(); }).find("ends too early") !=
              std::string::npos);
        CHECK(refusal([&] { ByteReader(writer.bytes(), "f", "p").take_text(); }).find("ends too early") !=
              std::string::npos);
    }
}

TEST_CASE("SHA-256 of pieces is that of the whole", "[base]")
{
    const std::string text(200'000, 'a');
    Sha256 pieces;
    for (std::size_t at = 0, n = 1; at < text.size(); at += n, n = n * 3 % 4099 + 1) {
        pieces.add(std::as_bytes(std::span(text).subspan(at, std::min(n, text.size() - at))));
    }
    std::string hex;
    for (const std::byte byte : pieces.digest()) {
        constexpr std::string_view digits = "0123456789abcdef";
        hex += digits[std::to_integer<std::size_t>(byte >> 4)];
        hex += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    CHECK(hex == sha256_hex(text));
    // FIPS 180-4, the example of "abc".
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
