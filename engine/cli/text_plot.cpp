#include "cli/text_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace axolemma::cli {

namespace {

/// Dots as Unicode numbers them in a Braille character (U+2800 and on), by row and column.
constexpr std::array<std::array<std::uint8_t, 2>, 4> braille_bits{
    {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};

std::string braille(std::uint8_t dots)
{
    const unsigned code = 0x2800u + dots;
    return {static_cast<char>(0xE0u | (code >> 12)), static_cast<char>(0x80u | ((code >> 6) & 0x3Fu)),
            static_cast<char>(0x80u | (code & 0x3Fu))};
}

class Canvas {
public:
    explicit Canvas(const TextPlot& size) : size_(size), cells_(size.columns * size.rows, 0) {}

    std::size_t width() const { return 2 * size_.columns; }
    std::size_t height() const { return 4 * size_.rows; }
    /// @param y  from the top
    void set(std::size_t x, std::size_t y)
    {
        std::uint8_t& cell = cells_[y / 4 * size_.columns + x / 2];
        cell = static_cast<std::uint8_t>(cell | braille_bits[y % 4][x % 2]);
    }
    std::string row(std::size_t r) const
    {
        std::string out;
        for (std::size_t c = 0; c < size_.columns; ++c) {
            const std::uint8_t dots = cells_[r * size_.columns + c];
            out += dots == 0 ? " " : braille(dots);
        }
        return out.substr(0, out.find_last_not_of(' ') + 1);
    }

private:
    TextPlot size_;
    std::vector<std::uint8_t> cells_;
};

/// Value of the polyline at a place; NaN outside.
double interpolated(const std::vector<double>& x, const std::vector<double>& y, double at)
{
    const auto right = std::lower_bound(x.begin(), x.end(), at);
    if (right == x.end()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto k = static_cast<std::size_t>(right - x.begin());
    if (k == 0) {
        return y[0];
    }
    return y[k - 1] + (y[k] - y[k - 1]) * (at - x[k - 1]) / (x[k] - x[k - 1]);
}

}  // namespace

std::string text_plot(const std::vector<double>& x, const std::vector<double>& y, const TextPlot& size)
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : y) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (x.size() < 2 || !(low <= high)) {
        return "  nothing to draw\n";
    }
    Canvas canvas(size);
    const double span = high > low ? high - low : 1.0;
    const auto last = static_cast<double>(canvas.height() - 1);
    std::size_t before = canvas.height();
    for (std::size_t dot = 0; dot < canvas.width(); ++dot) {
        const double at =
            x.front() + (x.back() - x.front()) * static_cast<double>(dot) / static_cast<double>(canvas.width() - 1);
        const double value = interpolated(x, y, std::min(at, x.back()));
        if (!std::isfinite(value)) {
            before = canvas.height();
            continue;
        }
        const auto level = static_cast<std::size_t>(std::lround(last * (1.0 - (value - low) / span)));
        const std::size_t from = before < canvas.height() ? before : level;
        for (std::size_t k = std::min(from, level); k <= std::max(from, level); ++k) {
            if (k == level || k != from) {
                canvas.set(dot, k);
            }
        }
        before = level;
    }
    std::string out;
    for (std::size_t r = 0; r < size.rows; ++r) {
        const std::string label = r == 0               ? fmt::format("{:.3g}", high)
                                  : r + 1 == size.rows ? fmt::format("{:.3g}", high > low ? low : high - 1.0)
                                                       : std::string{};
        out += fmt::format("  {:>9} |{}\n", label, canvas.row(r));
    }
    const std::string left = fmt::format("{:g} mV", x.front()), right = fmt::format("{:g} mV", x.back());
    out += fmt::format("  {:>9}  {}{:>{}}\n", "", left, right, size.columns - std::min(size.columns, left.size()));
    return out;
}

}  // namespace axolemma::cli
