/// A 64-bit fingerprint of a sequence of numbers, bit for bit. Not for security.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace axolemma::base {

class Hash64 {
public:
    Hash64() = default;
    /// Goes on from a value().
    explicit Hash64(std::uint64_t value) : value_(value) {}

    void add(std::uint64_t word)
    {
        // One round of splitmix64 (Steele, Lea & Flood, OOPSLA 2014) over the running value.
        value_ += 0x9E3779B97F4A7C15u + word;
        value_ = (value_ ^ (value_ >> 30)) * 0xBF58476D1CE4E5B9u;
        value_ = (value_ ^ (value_ >> 27)) * 0x94D049BB133111EBu;
        value_ ^= value_ >> 31;
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    void add(std::span<const double> numbers)
    {
        for (const double number : numbers) {
            add(number);
        }
    }
    std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0;
};

}  // namespace axolemma::base
