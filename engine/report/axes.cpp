#include "report/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/encode.hpp"

namespace axolemma::report {

std::vector<double> ticks(double low, double high, int wanted)
{
    if (!(high > low) || !std::isfinite(high - low)) return {low};
    const double raw = (high - low) / std::max(wanted, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double part = raw / power;
    const double widest = part <= 1.0 ? 1.0 : part <= 2.0 ? 2.0 : part <= 5.0 ? 5.0 : 10.0;
    // A step so wide that only one tick falls into the range tells nothing: take the next smaller one.
    std::vector<double> out;
    for (const double nice : {10.0, 5.0, 2.0, 1.0, 0.5}) {
        if (nice > widest) continue;
        const double step = nice * power;
        out.clear();
        const double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
        for (double i = first; i <= last; i += 1.0) out.push_back(i == 0.0 ? 0.0 : i * step);
        if (out.size() >= 2) break;
    }
    return out;
}

std::string tick_label(double value, double step)
{
    if (value != 0.0 && (std::abs(value) >= 1e6 || step < 1e-5)) return pretty(value, 4);
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (text[0] == '-') text.replace(0, 1, "−");
    return text;
}

void widen(double& low, double& high, double air)
{
    if (!(high > low)) {
        const double half = std::max(1e-9, std::abs(low) * 0.05);
        low -= half;
        high += half;
        return;
    }
    const double margin = air * (high - low);
    low -= margin;
    high += margin;
}

std::string coordinate(double value)
{
    std::string text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string draw_axes(const Scale& x, const Scale& y, const std::string& x_title, const std::string& y_title)
{
    const double left = std::min(x.begin, x.end), right = std::max(x.begin, x.end);
    const double top = std::min(y.begin, y.end), bottom = std::max(y.begin, y.end);
    std::string out, grid, labels;
    const auto y_ticks = ticks(y.low, y.high, std::max(2, static_cast<int>((bottom - top) / 42.0)));
    const double y_step = y_ticks.size() > 1 ? y_ticks[1] - y_ticks[0] : 1.0;
    for (const double t : y_ticks) {
        const std::string at = coordinate(y.at(t));
        grid += fmt::format("M{} {}H{}", coordinate(left), at, coordinate(right));
        labels += fmt::format("<text x='{}' y='{}' text-anchor='end'>{}</text>", coordinate(left - 7),
                              coordinate(y.at(t) + 3.8), tick_label(t, y_step));
    }
    const auto x_ticks = ticks(x.low, x.high, std::max(2, static_cast<int>((right - left) / 90.0)));
    const double x_step = x_ticks.size() > 1 ? x_ticks[1] - x_ticks[0] : 1.0;
    for (const double t : x_ticks) {
        grid += fmt::format("M{} {}V{}", coordinate(x.at(t)), coordinate(top), coordinate(bottom));
        if (x_title.empty()) continue;
        labels += fmt::format("<text x='{}' y='{}' text-anchor='middle'>{}</text>", coordinate(x.at(t)),
                              coordinate(bottom + 16), tick_label(t, x_step));
    }
    out += fmt::format("<path class='grid' d='{}'/>", grid);
    out += fmt::format("<path class='axis' d='M{0} {1}V{2}H{3}'/>", coordinate(left), coordinate(top),
                       coordinate(bottom), coordinate(right));
    out += "<g class='tick'>" + labels + "</g>";
    if (!x_title.empty()) {
        out += fmt::format("<text class='name' x='{}' y='{}' text-anchor='middle'>{}</text>",
                           coordinate(0.5 * (left + right)), coordinate(bottom + 34), escape_html(x_title));
    }
    out += fmt::format("<text class='name' transform='translate({} {}) rotate(-90)' text-anchor='middle'>{}</text>",
                       coordinate(left - 46), coordinate(0.5 * (top + bottom)), escape_html(y_title));
    return out;
}

}  // namespace axolemma::report
