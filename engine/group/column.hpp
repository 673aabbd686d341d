/// Numbers that are often all the same.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include "base/aligned_array.hpp"

namespace axolemma::group {

/// One number per place, or one for all.
struct Column {
    /// Of every place while `values` is empty; not a number before the first set().
    double value = std::numeric_limits<double>::quiet_NaN();
    base::AlignedArray<double> values;

    bool uniform() const { return values.empty(); }
    double operator[](std::size_t k) const { return uniform() ? value : values[k]; }
    /// Sets place k of n; the column stays uniform as long as all are set to the same.
    void set(std::size_t k, std::size_t n, double x)
    {
        if (uniform() && std::isnan(value)) {
            value = x;
        } else if (uniform() && value != x) {
            values.assign(n, value);
        }
        if (!uniform()) {
            values[k] = x;
        }
    }
    std::size_t bytes() const { return values.capacity() * sizeof(double); }
};

}  // namespace axolemma::group
