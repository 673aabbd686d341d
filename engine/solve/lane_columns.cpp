#include "solve/lane_columns.hpp"

#include "base/simd.hpp"

namespace axolemma::solve {

using base::lanes;
using mechanisms::LaneColumn;

void LaneColumns::add(const group::Column& column)
{
    const auto first = rows_.size();
    if (column.uniform()) {
        rows_.insert(rows_.end(), lanes, column.value);
    }
    sources_.push_back({column.uniform() ? nullptr : column.values.data(), first});
}

LaneColumn LaneColumns::column(std::size_t c) const
{
    const auto& source = sources_[c];
    return source.values != nullptr ? LaneColumn{source.values, lanes} : LaneColumn{rows_.data() + source.first, 0};
}

}  // namespace axolemma::solve
