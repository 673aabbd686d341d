/// Scales, ticks and the frame of a static figure.
#pragma once

#include <string>
#include <vector>

namespace axolemma::report {

/// Maps data to drawing units; `begin` may be larger than `end` (an axis that points up).
struct Scale {
    double low = 0, high = 1, begin = 0, end = 1;
    double at(double value) const { return begin + (value - low) / (high - low) * (end - begin); }
};

/// Round numbers (1, 2 or 5 times a power of ten apart) within low..high, at most about `wanted` + 1 of them.
std::vector<double> ticks(double low, double high, int wanted);

/// Text of a tick whose neighbours are `step` away: no more decimals than needed, a real minus sign.
std::string tick_label(double value, double step);

/// A range that holds low..high with a little air, never empty.
void widen(double& low, double& high, double air = 0.05);

/// Frame, ticks, labels and faint grid lines of a plot as SVG.
/// @param x_title, y_title  with units, as plain text; an empty x_title leaves the time labels out
std::string draw_axes(const Scale& x, const Scale& y, const std::string& x_title, const std::string& y_title);

/// A coordinate with one decimal and no trailing zero, as short as SVG allows.
std::string coordinate(double value);

}  // namespace axolemma::report
