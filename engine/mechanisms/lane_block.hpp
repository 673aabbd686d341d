/// A mechanism on rows of eight lanes: the columns, and the kernel that works on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mechanisms/gate_table.hpp"

namespace axolemma::mechanisms {

/// A column: one row of numbers after the other, or one row for all (stride 0). On a boundary of 64 bytes.
struct LaneColumn {
    const double* values = nullptr;
    std::size_t stride = 0;  ///< numbers from one row to the next: 8 or 0

    const double* row(std::size_t k) const { return values + k * stride; }
};

/// What a lane kernel is made for.
struct LaneOptions {
    double temperature_degC = 6.3;
    double dt_ms = 0.025;
    /// Bound of the error of gate tables; 0: no tables, formulas.
    double gate_table_bound = 1e-7;
    /// Values of MechanismInfo::rate_parameters in all places it will work on; none: they differ, so no tables.
    std::optional<std::vector<double>> rate_values;
};

/// Where a current adds its g and s; null: nobody asks.
struct LaneSums {
    double* g_S_per_cm2 = nullptr;
    double* s_mA_per_cm2 = nullptr;
};

/// Some rows of a group in which a mechanism occurs. Row k of `parameters` and `states` belongs to membrane row rows[k]; all
/// other columns are those of the group, by membrane row.
struct LaneBlock {
    std::size_t n_rows = 0;
    const std::int32_t* rows = nullptr;     ///< ascending
    const std::uint8_t* present = nullptr;  ///< of each row: bit set of the lanes that carry the mechanism
    const double* v_mV = nullptr;
    const LaneColumn* parameters = nullptr;  ///< in the order of MechanismInfo::parameters
    double* const* states = nullptr;         ///< in the order of MechanismInfo::states; n_rows * 8 each
    const LaneColumn* ion_reads = nullptr;   ///< in the order of MechanismInfo::ion_reads
    double* const* ion_writes = nullptr;     ///< in the order of MechanismInfo::ion_writes
    LaneSums total;                          ///< all its currents
    const LaneSums* currents = nullptr;      ///< each of MechanismInfo::currents; null: nobody asks for any
    double* scratch = nullptr;               ///< LaneKernel::scratch_size() numbers, on a boundary of 64 bytes
    double temperature_degC = 6.3;
    double dt_ms = 0.0;  ///< 0: the states stay as they are
    double t_ms = 0.0;
};

/// The fast form of Kernels::advance() and linearise(), which gives what they give (but for the bound of the tables).
class LaneKernel {
public:
    virtual ~LaneKernel() = default;

    /// States forward by LaneBlock::dt_ms (0 or that of LaneOptions); then adds g and s where `total` or `currents` ask for
    /// them, in the lanes that carry the mechanism. Concentrations of other lanes stay what they are; what becomes of
    /// their states matters to nobody.
    virtual void step(const LaneBlock&) const = 0;
    virtual std::size_t scratch_size() const { return 0; }
    /// Largest error of its tables as mechanisms/gate_table.hpp defines it; 0 without tables.
    virtual double table_error() const { return 0.0; }
    virtual std::size_t bytes() const { return 0; }

    /// A mechanism that is i = gna m^3 h (v - ena) + gk n^4 (v - ek) + gl (v - el) can go through the solver's fused sweep:
    /// which columns play these parts. Its step() must then call step_hh_rows() (mechanisms/hh_columns.hpp), which does
    /// what the sweep does, bit for bit.
    struct HhShape {
        struct Column {
            bool is_ion_read = false;  ///< index is one of ion_reads, else of parameters
            std::size_t index = 0;
        };
        Column parameters[6];   ///< gna, gk, gl, ena, ek, el
        std::size_t states[3];  ///< m, h, n
        /// Of m, h, n in this order; null: the gates are those of the squid axon (mechanisms/hh.cpp), by their formulas.
        const GateTable* table = nullptr;
    };
    virtual const HhShape* hh_shape() const { return nullptr; }
};

}  // namespace axolemma::mechanisms
