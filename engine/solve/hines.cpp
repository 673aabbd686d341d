#include "solve/hines.hpp"

#include <cstddef>

namespace axolemma::solve {

void solve_hines(std::span<const std::int32_t> parent, std::span<const double> coupling, std::span<double> diagonal,
                 std::span<double> rhs)
{
    const std::size_t n = parent.size();
    for (std::size_t i = n; i-- > 0;) {
        if (parent[i] >= 0) {
            const auto p = static_cast<std::size_t>(parent[i]);
            const double factor = coupling[i] / diagonal[i];
            diagonal[p] -= factor * coupling[i];
            rhs[p] += factor * rhs[i];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        const double from_parent = parent[i] >= 0 ? coupling[i] * rhs[static_cast<std::size_t>(parent[i])] : 0.0;
        rhs[i] = (rhs[i] + from_parent) / diagonal[i];
    }
}

}  // namespace axolemma::solve
