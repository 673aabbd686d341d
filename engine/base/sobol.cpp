/// The only Boost include.
#include "base/sobol.hpp"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cassert>

namespace axolemma::base {

static_assert(max_sobol_dimensions == boost::random::default_sobol_table::max_dimension);

std::vector<double> sobol_point(std::size_t n_dimensions, std::int64_t index)
{
    assert(n_dimensions <= max_sobol_dimensions && index >= 0 && "no such point");
    std::vector<double> point(n_dimensions);
    if (point.empty()) {
        return point;
    }
    boost::random::sobol sequence(n_dimensions);  // begins after the origin
    sequence.seed(static_cast<std::uint64_t>(index));
    constexpr double scale = 0x1p-53;
    for (double& x : point) {
        // 53 bits, so that no coordinate is rounded up to 1.
        x = std::max(static_cast<double>(sequence() >> 11) * scale, 0x1p-64);
    }
    return point;
}

}  // namespace axolemma::base
