/// A mechanism on rows of eight lanes, with columns that own their memory.
#pragma once

#include <algorithm>
#include <memory>
#include <numeric>
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

    /// All lanes of all rows carry the mechanism, unless `present` says otherwise.
    LaneBlock view(double temperature_degC, double dt_ms, bool with_sums = true)
    {
        rows_.resize(v.size() / base::lanes);
        std::iota(rows_.begin(), rows_.end(), 0);
        present.resize(rows_.size(), 0xff);
        LaneBlock block;
        block.n_rows = rows_.size();
        block.rows = rows_.data();
        block.present = present.data();
        block.v_mV = v.data();
        block.parameters = parameter_columns_.data();
        block.states = state_pointers_.data();
        block.total = with_sums ? LaneSums{g.data(), s.data()} : LaneSums{};
        block.temperature_degC = temperature_degC;
        block.dt_ms = dt_ms;
        return block;
    }

    std::vector<std::uint8_t> present;
    base::AlignedArray<double> v, g, s;
    std::vector<base::AlignedArray<double>> parameters, states;

private:
    std::vector<std::int32_t> rows_;
    std::vector<LaneColumn> parameter_columns_;
    std::vector<double*> state_pointers_;
};

}  // namespace axolemma::mechanisms
