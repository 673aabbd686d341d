/// A mechanism on rows of eight lanes, with columns that own their memory.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "base/aligned_array.hpp"
#include "base/simd.hpp"
#include "block.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::mechanisms {

class LaneRows {
public:
    /// @param block  a whole number of rows; its voltages, parameters and states are taken over
    /// @param one_row_of_parameters  true: the first row of parameters is used for all
    LaneRows(const Block& block, bool one_row_of_parameters)
        : v(block.v.begin(), block.v.end()), g(v.size(), 0.0), s(v.size(), 0.0)
    {
        for (const auto& column : block.parameters) {
            parameters.emplace_back(column.begin(), column.end());
        }
        for (const auto& column : block.states) {
            states.emplace_back(column.begin(), column.end());
        }
        for (const auto& column : parameters) {
            parameter_columns_.push_back({column.data(), one_row_of_parameters ? 0 : base::lanes});
        }
        for (auto& column : states) {
            state_pointers_.push_back(column.data());
        }
    }
    LaneRows(const LaneRows&) = delete;

    LaneBlock view(double temperature_degC, double dt_ms, const GateTable* table = nullptr) const
    {
        return {v.size() / base::lanes, v.data(), parameter_columns_.data(), state_pointers_.data(), table,
                temperature_degC,       dt_ms};
    }

    base::AlignedArray<double> v, g, s;
    std::vector<base::AlignedArray<double>> parameters, states;

private:
    std::vector<LaneColumn> parameter_columns_;
    std::vector<double*> state_pointers_;
};

}  // namespace axolemma::mechanisms
