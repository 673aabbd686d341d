/// Numbers, texts and vectors packed into bytes and taken out again in the same order, with every length checked.
/// Little endian, without padding between values.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace axolemma::base {

static_assert(std::endian::native == std::endian::little, "packed numbers are little endian");

/// A type whose bytes are its value, not what refers to it. Structs must not have padding: its bytes would be
/// arbitrary.
template <class T>
concept Packable =
    std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::is_array_v<T> && !std::ranges::view<T>;

class ByteWriter {
public:
    template <Packable T>
    void add(const T& value)
    {
        append(&value, sizeof value);
    }
    /// Length (64 bits), then the bytes.
    void add_text(std::string_view text)
    {
        add(std::uint64_t{text.size()});
        append(text.data(), text.size());
    }
    /// Number of values (64 bits), then the values.
    template <Packable T>
    void add_vector(const std::vector<T>& values)
    {
        static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no bytes of its own");
        add(std::uint64_t{values.size()});
        append(values.data(), values.size() * sizeof(T));
    }

    std::span<const std::byte> bytes() const { return bytes_; }

private:
    void append(const void* from, std::size_t n);

    std::vector<std::byte> bytes_;
};

/// Takes values out of bytes that somebody may have damaged: asking for more than there is throws InputError and
/// allocates nothing.
class ByteReader {
public:
    /// @param bytes  must outlive the reader
    /// @param file   for messages
    /// @param part   for messages: what the bytes are, as in "part 'state'"
    ByteReader(std::span<const std::byte> bytes, std::string file, std::string part);

    template <Packable T>
    T take()
    {
        const auto bytes = next(1, sizeof(T));
        if constexpr (std::is_same_v<T, bool>) {
            return bytes.front() != std::byte{0};  // any other bit pattern in a bool is undefined
        } else {
            T value{};
            std::memcpy(&value, bytes.data(), sizeof value);
            return value;
        }
    }
    std::string take_text()
    {
        const auto bytes = next(take<std::uint64_t>(), 1);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    template <Packable T>
    std::vector<T> take_vector()
    {
        const auto n = take<std::uint64_t>();
        const auto bytes = next(n, sizeof(T));
        std::vector<T> values(static_cast<std::size_t>(n));
        if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }

    std::size_t n_left() const { return left_.size(); }
    /// Throws InputError when bytes are left: they were written by something else than what reads them.
    void require_end() const;

private:
    std::span<const std::byte> next(std::uint64_t n, std::size_t size_each);
    [[noreturn]] void fail(const std::string& reason) const;

    std::span<const std::byte> left_;
    std::string file_, part_;
};

}  // namespace axolemma::base
