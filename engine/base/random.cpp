#include "base/random.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

namespace axolemma::base {

std::uint32_t place_hash(std::string_view place)
{
    std::uint32_t hash = 2166136261u;
    for (const char c : place) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return hash;
}

double CellStream::uniform(std::uint32_t k) const
{
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const auto gid = static_cast<std::uint64_t>(gid_);
    const r123::Philox4x32::ctr_type counter = {{k, place_, low(gid), high(gid)}};
    const r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
    const r123::Philox4x32::ctr_type bits = r123::Philox4x32{}(counter, key);
    const std::uint64_t word = (std::uint64_t{bits[1]} << 32) | bits[0];
    return (static_cast<double>(word >> 11) + 0.5) * 0x1p-53;
}

}  // namespace axolemma::base
