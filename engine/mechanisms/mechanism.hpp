/// What a membrane mechanism is: a table that describes it and kernels that act on a block of compartments.
///
/// A mechanism sees columns of numbers, never the tree: the engine calls its kernels with voltages and adds the currents that
/// they wrote. Each has a scalar form, the reference, and one for rows of lanes. hh, of which most axons are made, is also
/// built into the solver's sweep (solve/lane_kernel.cpp), by the same code (mechanisms/hh_row-inl.hpp).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mechanisms/gate.hpp"

namespace axolemma::mechanisms {

/// A number the user may set, per compartment.
struct ParameterInfo {
    std::string_view name;
    std::string_view unit;  ///< unit of the column, as in "S/cm2"
    double default_value;
    double low, high;  ///< allowed range, inclusive, in `unit`
    std::string_view meaning;
};

/// A number that evolves in time, per compartment (gates are dimensionless).
struct StateInfo {
    std::string_view name;
    std::string_view meaning;
};

/// A state that is a gate whose rates depend on the voltage alone, so that its update can be tabulated.
struct GateInfo {
    std::size_t state;  ///< index in MechanismInfo::states
    Rates (*rates)(double v_mV);
    double q10, reference_degC;  ///< both rates are multiplied by q10^((T - reference) / 10 degC)
};

/// A current the mechanism carries; all are outward positive, in mA/cm2.
struct CurrentInfo {
    std::string_view name;
    std::string_view meaning;
};

/// Columns of one mechanism on n compartments. Pointers to columns are ordered as in MechanismInfo.
struct MechanismBlock {
    std::size_t n = 0;
    const double* v_mV = nullptr;
    double temperature_degC = 6.3;
    const double* const* parameters = nullptr;
    double* const* states = nullptr;
};

struct LaneBlock;

/// The mechanism as data. Instances live for ever (static) in the file of the mechanism.
struct MechanismInfo {
    std::string_view name;
    std::string_view meaning;
    std::string_view source;  ///< paper and equation
    std::vector<ParameterInfo> parameters;
    std::vector<StateInfo> states;
    std::vector<CurrentInfo> currents;
    std::vector<GateInfo> gates;  ///< those of the states that are such gates

    /// Sets the states to their steady state at v.
    void (*initialise)(const MechanismBlock&);
    /// Advances the states over dt with v held fixed (exact for gates: x' = (x_inf - x)/tau).
    void (*advance)(const MechanismBlock&, double dt_ms);
    /// Adds this mechanism's conductance g [S/cm2] and g*E-like source s [mA/cm2] so that i = g v - s to first order in v.
    /// For ohmic currents with frozen gates this is exact.
    void (*linearise)(const MechanismBlock&, double* g_S_per_cm2, double* s_mA_per_cm2);
    /// Writes each of `currents` at v into its own column [mA/cm2].
    void (*currents_at)(const MechanismBlock&, double* const* i_mA_per_cm2);
    /// advance() over LaneBlock::dt_ms, unless that is 0, and linearise(), unless g is null, on rows of lanes: what the
    /// fast path calls, while the functions above are the reference.
    void (*step_lanes)(const LaneBlock&, double* g_S_per_cm2, double* s_mA_per_cm2);

    /// Position of a name in the list, or -1.
    int parameter_index(std::string_view parameter) const;
    int state_index(std::string_view state) const;
    int current_index(std::string_view current) const;
};

}  // namespace axolemma::mechanisms
