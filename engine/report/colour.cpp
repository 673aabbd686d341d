#include "report/colour.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

// OKLab and its matrices: B. Ottosson, "A perceptual color space for image processing" (2020).
namespace axolemma::report {
namespace {

struct Stop {
    double lightness, chroma, hue_deg;
};

double encode_srgb(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
}

double decode_srgb(double encoded)
{
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

std::array<double, 3> linear_rgb(double lightness, double a, double b)
{
    const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

std::array<double, 3> linear_of(double lightness, double chroma, double hue_deg)
{
    const double hue = hue_deg * std::numbers::pi / 180.0;
    return linear_rgb(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
}

bool can_show(const std::array<double, 3>& rgb)
{
    return std::all_of(rgb.begin(), rgb.end(), [](double c) { return c >= -1e-9 && c <= 1.0 + 1e-9; });
}

/// Stops at equal distances, joined by straight lines in lightness, chroma and hue, then spaced evenly by OKLab length.
ColourMap map_through(std::span<const Stop> stops)
{
    constexpr int fine = 4096;
    const auto colour_at = [&](double t) {
        const double place = t * static_cast<double>(stops.size() - 1);
        const auto i = std::min(static_cast<std::size_t>(place), stops.size() - 2);
        const double w = place - static_cast<double>(i);
        const auto mix = [w](double from, double to) { return from + w * (to - from); };
        return Stop{mix(stops[i].lightness, stops[i + 1].lightness), mix(stops[i].chroma, stops[i + 1].chroma),
                    mix(stops[i].hue_deg, stops[i + 1].hue_deg)};
    };
    std::array<double, fine + 1> length{};
    for (int i = 1; i <= fine; ++i) {
        const Stop p = colour_at((i - 1.0) / fine), q = colour_at(static_cast<double>(i) / fine);
        const double turn = (q.hue_deg - p.hue_deg) * std::numbers::pi / 180.0;
        length[static_cast<std::size_t>(i)] =
            length[static_cast<std::size_t>(i - 1)] +
            std::hypot(q.lightness - p.lightness, q.chroma - p.chroma, 0.5 * (p.chroma + q.chroma) * turn);
    }
    ColourMap map;
    for (std::size_t k = 0; k < map.size(); ++k) {
        const double wanted = length.back() * static_cast<double>(k) / 255.0;
        const auto place = std::lower_bound(length.begin(), length.end(), wanted) - length.begin();
        const Stop stop = colour_at(static_cast<double>(place) / fine);
        map[k] = oklch(stop.lightness, stop.chroma, stop.hue_deg);
    }
    return map;
}

}  // namespace

Rgb oklch(double lightness, double chroma, double hue_deg)
{
    double low = 0.0, high = chroma;
    if (!can_show(linear_of(lightness, chroma, hue_deg))) {
        for (int i = 0; i < 30; ++i) {
            const double middle = 0.5 * (low + high);
            (can_show(linear_of(lightness, middle, hue_deg)) ? low : high) = middle;
        }
        chroma = low;
    }
    const auto rgb = linear_of(lightness, chroma, hue_deg);
    const auto byte = [](double c) {
        return static_cast<std::uint8_t>(std::lround(255.0 * encode_srgb(std::clamp(c, 0.0, 1.0))));
    };
    return {byte(rgb[0]), byte(rgb[1]), byte(rgb[2])};
}

std::array<double, 3> oklab(Rgb colour)
{
    const double r = decode_srgb(colour.r / 255.0), g = decode_srgb(colour.g / 255.0),
                 b = decode_srgb(colour.b / 255.0);
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

const std::array<Rgb, 6>& type_colours(Paper paper)
{
    static const auto make = [](double lightness, double chroma) {
        std::array<Rgb, 6> out;
        constexpr double hues[] = {250, 20, 255, 145, 330, 90};
        for (std::size_t k = 0; k < out.size(); ++k) out[k] = oklch(lightness, k == 0 ? 0.0 : chroma, hues[k]);
        return out;
    };
    static const auto on_light = make(0.55, 0.14), on_dark = make(0.74, 0.12);
    return paper == Paper::light ? on_light : on_dark;
}

const ColourMap& voltage_map(Paper paper)
{
    static constexpr std::array light{Stop{0.86, 0.04, 235}, Stop{0.72, 0.10, 262}, Stop{0.57, 0.15, 312},
                                      Stop{0.45, 0.17, 368}, Stop{0.30, 0.11, 388}};
    static constexpr std::array dark{Stop{0.30, 0.05, 262}, Stop{0.45, 0.12, 285}, Stop{0.60, 0.17, 348},
                                     Stop{0.76, 0.15, 408}, Stop{0.94, 0.12, 460}};
    static const ColourMap on_light = map_through(light), on_dark = map_through(dark);
    return paper == Paper::light ? on_light : on_dark;
}

const ColourMap& arrival_map(Paper paper)
{
    static constexpr std::array light{Stop{0.34, 0.13, 292}, Stop{0.52, 0.11, 245}, Stop{0.68, 0.10, 190},
                                      Stop{0.84, 0.11, 128}};
    static constexpr std::array dark{Stop{0.95, 0.10, 118}, Stop{0.76, 0.12, 165}, Stop{0.58, 0.10, 228},
                                     Stop{0.38, 0.12, 288}};
    static const ColourMap on_light = map_through(light), on_dark = map_through(dark);
    return paper == Paper::light ? on_light : on_dark;
}

}  // namespace axolemma::report
