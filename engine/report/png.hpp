/// A picture for the static figures, as a PNG that needs no compression library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "report/colour.hpp"

namespace axolemma::report {

/// PNG of palette indices, row by row from the top. Stored, not compressed: width * height bytes and a little more.
std::vector<std::uint8_t> png(std::span<const std::uint8_t> indices, std::size_t width, std::size_t height,
                              const ColourMap& palette);

}  // namespace axolemma::report
