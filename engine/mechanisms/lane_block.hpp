/// Columns of one mechanism over rows of eight lanes, for kernels that work on whole rows.
#pragma once

#include <cstddef>

#include "mechanisms/gate_table.hpp"

namespace axolemma::mechanisms {

/// A column: one row of numbers after the other, or one row for all (stride 0). On a boundary of 64 bytes.
struct LaneColumn {
    const double* values = nullptr;
    std::size_t stride = 0;  ///< numbers from one row to the next: 8 or 0

    const double* row(std::size_t k) const { return values + k * stride; }
};

struct LaneBlock {
    std::size_t n_rows = 0;
    const double* v_mV = nullptr;            ///< n_rows * 8
    const LaneColumn* parameters = nullptr;  ///< in the order of MechanismInfo::parameters
    double* const* states = nullptr;         ///< in the order of MechanismInfo::states; n_rows * 8 each
    const GateTable* table = nullptr;        ///< of its gates; null: formulas
    double temperature_degC = 6.3;
    double dt_ms = 0.0;
};

}  // namespace axolemma::mechanisms
