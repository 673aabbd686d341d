/// Colour maps of the report, computed in OKLab so that equal steps of the data look equally large.
#pragma once

#include <array>
#include <cstdint>

namespace axolemma::report {

struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
};
using ColourMap = std::array<Rgb, 256>;

/// The paper a map is seen on: the far end of each map (a spike, an early arrival) stands out from it.
enum class Paper { light, dark };

/// Low values close to the paper, high values far from it: pale blue to dark red, or dim blue to bright yellow.
const ColourMap& voltage_map(Paper paper);

/// Index 0 = early, which stands out; 255 = late, close to the paper. Green to violet, to be told from voltage.
const ColourMap& arrival_map(Paper paper);

/// Colours of the SWC section types undefined, soma, axon, dend, apic, custom.
const std::array<Rgb, 6>& type_colours(Paper paper);

/// @param lightness 0..1, @param chroma 0..0.37, @param hue_deg 0..360; chroma is reduced until sRGB can show it.
Rgb oklch(double lightness, double chroma, double hue_deg);

/// Lightness, green-red and blue-yellow axis of a colour, each about 0..1 (for checks of uniformity).
std::array<double, 3> oklab(Rgb colour);

}  // namespace axolemma::report
