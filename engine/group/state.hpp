/// Every number of a group that changes during a run: voltages and mechanism states. Nothing else.
#pragma once

#include <cstdint>
#include <span>

#include "base/aligned_array.hpp"
#include "group/plan.hpp"

namespace axolemma::group {

class State {
public:
    explicit State(const Plan& plan);

    std::span<double> v_mV() { return {values_.data(), n_nodes_}; }
    std::span<const double> v_mV() const { return {values_.data(), n_nodes_}; }
    double* column(std::size_t c) { return values_.data() + offsets_[c]; }
    const double* column(std::size_t c) const { return values_.data() + offsets_[c]; }

    /// Hash of one cell's numbers, independent of the group it is packed in.
    std::uint64_t hash_cell(const Plan& plan, const CellRange& cell) const;

private:
    std::size_t n_nodes_;
    std::vector<std::size_t> offsets_;
    base::AlignedArray<double> values_;  ///< v, then the columns, each starting on a cache line
};

}  // namespace axolemma::group
