/// The columns of a mechanism of the shape of hh, for the code that steps it by rows (mechanisms/hh_row-inl.hpp).
#pragma once

#include <array>
#include <cstddef>

#include "mechanisms/lane_block.hpp"

namespace axolemma::mechanisms {

struct HhColumns {
    struct Parameter {
        const double* values = nullptr;
        std::size_t stride = 0;  ///< numbers from one row to the next: 8 or 0
        std::size_t follows_v =
            0;  ///< all bits set where its rows are those of the voltages, 0 where those of the states
    };

    const double* v_mV = nullptr;           ///< of the group
    std::array<Parameter, 6> parameters{};  ///< gna, gk, gl, ena, ek, el
    std::array<double*, 3> states{};        ///< m, h, n
    const GateTable* table = nullptr;
    double temperature_degC = 6.3;
    double dt_ms = 0.0;

    /// Is every parameter the same everywhere?
    bool uniform() const;
};

/// The columns of a block that play the parts of the shape.
HhColumns hh_columns(const LaneBlock& block, const LaneKernel::HhShape& shape);

/// LaneKernel::step() for a mechanism of this shape, without LaneBlock::currents.
void step_hh_rows(const LaneBlock& block, const LaneKernel::HhShape& shape);

}  // namespace axolemma::mechanisms
