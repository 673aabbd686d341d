/// Local indices are signed and 32 bits wide; containers count with std::size_t.
#pragma once

#include <cstddef>
#include <cstdint>

namespace axolemma::base {

/// An index that is known not to be negative, as containers want it.
constexpr std::size_t index(std::int32_t i)
{
    return static_cast<std::size_t>(i);
}
constexpr std::size_t index(std::int64_t i)
{
    return static_cast<std::size_t>(i);
}

}  // namespace axolemma::base
