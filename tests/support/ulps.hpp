/// How far a number is from an exact one, in units of its last place.
#pragma once

#include <cmath>
#include <limits>

namespace axolemma::test {

/// long double has 11 bits more (64 of mantissa on x86), so that its own rounding is 0.0005 of such a unit.
inline double ulps(double found, long double exact)
{
    const auto nearest = static_cast<double>(exact);
    const double unit = std::nextafter(std::abs(nearest), std::numeric_limits<double>::infinity()) - std::abs(nearest);
    return static_cast<double>(std::abs(static_cast<long double>(found) - exact) / static_cast<long double>(unit));
}

}  // namespace axolemma::test
