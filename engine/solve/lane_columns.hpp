/// Columns of a plan as kernels take them.
#pragma once

#include <cstddef>
#include <vector>

#include "base/aligned_array.hpp"
#include "group/column.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::solve {

/// Columns for kernels: those of the plan, or one row of a number that is the same everywhere.
class LaneColumns {
public:
    /// @param column  must outlive it
    void add(const group::Column& column);
    mechanisms::LaneColumn column(std::size_t c) const;
    std::size_t size() const { return sources_.size(); }

private:
    struct Source {
        const double* values;  ///< null: one row, from `first` on
        std::size_t first;
    };
    std::vector<Source> sources_;
    base::AlignedArray<double> rows_;
};

}  // namespace axolemma::solve
