/// What a membrane mechanism is: a table that describes it and kernels that act on a block of compartments.
///
/// A mechanism sees columns of numbers, never the tree: the engine calls its kernels with voltages and adds the currents that
/// they wrote. Each has a scalar form, the reference (Kernels), and one for rows of lanes (LaneKernel, mechanisms/lane_block.hpp).
/// hh, of which most axons are made, is also built into the solver's sweep (solve/lane_kernel.cpp), by the same code
/// (mechanisms/hh_row-inl.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::mechanisms {

/// A number per compartment that is constant during a run.
struct ParameterInfo {
    /// Who gives the value: the user, or the engine from the compartment's geometry.
    enum class From : std::uint8_t { user, diameter_um, area_um2 };

    std::string name;
    std::string unit;  ///< unit of the column, as in "S/cm2"; "1" for plain numbers
    double default_value;
    double low, high;  ///< allowed range, inclusive, in `unit`
    std::string meaning;
    From from = From::user;
};

/// A number that evolves in time, per compartment.
struct StateInfo {
    std::string name;
    std::string meaning;
    std::string unit = "1";
    bool hidden = false;  ///< bookkeeping of a text mechanism that nobody records
};

/// A current the mechanism carries; all are outward positive: mA/cm2 of density mechanisms.
struct CurrentInfo {
    std::string name;
    std::string meaning;
    int ion = -1;  ///< index in MechanismInfo::ions of the ion that carries it; -1: nonspecific
};

/// A number that can be computed from voltage, states, parameters and ions at any time: a rate, a conductance.
struct OutputInfo {
    std::string name, unit, meaning;
};

/// An ion that mechanisms share: what one writes the others read.
struct IonUse {
    std::string name;  ///< "na", "k", "ca" or any other
    int valence = 0;   ///< charge number; 0: not said here
};
enum class IonQuantity : std::uint8_t { reversal_mV, inside_mM, outside_mM, current_mA_per_cm2 };
struct IonColumn {
    std::size_t ion;  ///< index in MechanismInfo::ions
    IonQuantity what;

    friend bool operator==(const IonColumn&, const IonColumn&) = default;
};

/// Columns of one mechanism on n compartments. Pointers to columns are ordered as in MechanismInfo.
struct MechanismBlock {
    std::size_t n = 0;
    const double* v_mV = nullptr;
    double temperature_degC = 6.3;
    const double* const* parameters = nullptr;
    double* const* states = nullptr;
    const double* const* ion_reads = nullptr;  ///< in the order of MechanismInfo::ion_reads
    double* const* ion_writes = nullptr;       ///< concentrations, in the order of MechanismInfo::ion_writes
    double t_ms = 0.0;                         ///< time at the voltage
};

class LaneKernel;
struct LaneOptions;

/// What a mechanism does, on columns of numbers.
class Kernels {
public:
    virtual ~Kernels() = default;

    /// Sets the states (and the concentrations it writes) to what they are at the beginning of a run at v.
    virtual void initialise(const MechanismBlock&) const = 0;
    /// Advances the states over dt with v and the ions held fixed (exact for gates: x' = (x_inf - x)/tau), and writes
    /// concentrations.
    virtual void advance(const MechanismBlock&, double dt_ms) const = 0;
    /// Adds this mechanism's conductance g [S/cm2] and g*E-like source s [mA/cm2] so that i = g v - s to first order in v.
    /// For ohmic currents with frozen gates this is exact. g and s of each current by itself also go into its own columns
    /// where current_g is not null (in the order of MechanismInfo::currents).
    virtual void linearise(const MechanismBlock&, double* g_S_per_cm2, double* s_mA_per_cm2, double* const* current_g,
                           double* const* current_s) const = 0;
    /// Writes each of `currents` at v into its own column [mA/cm2].
    virtual void currents_at(const MechanismBlock&, double* const* i_mA_per_cm2) const = 0;
    /// Writes each of MechanismInfo::outputs into its own column.
    virtual void outputs_at(const MechanismBlock&, double* const* /*outputs*/) const {}

    /// The kernel for rows of lanes under these options. Asked for often, and made rarely: kernels are shared.
    virtual std::shared_ptr<const LaneKernel> lane_kernel(const LaneOptions& options) const = 0;
};

/// The mechanism as data. Instances live until the process ends: those of text are kept by mechanisms::Catalogue.
struct MechanismInfo {
    std::string name;
    std::string meaning;
    std::string source;  ///< paper and equation
    std::vector<ParameterInfo> parameters;
    std::vector<StateInfo> states;
    std::vector<CurrentInfo> currents;
    std::vector<OutputInfo> outputs;
    std::vector<IonUse> ions;
    std::vector<IonColumn> ion_reads;
    std::vector<IonColumn> ion_writes;  ///< inside_mM and outside_mM only; currents say their ion themselves
    /// Indices of the parameters that its tabulated gates depend on: tables are made for one set of their values.
    std::vector<std::size_t> rate_parameters;
    std::shared_ptr<const Kernels> kernels;
    base::SourcePos pos;  ///< file it was read from; empty for those of the engine

    bool writes_concentrations() const { return !ion_writes.empty(); }
    /// Position of a name in the list, or -1.
    int parameter_index(std::string_view parameter) const;
    int state_index(std::string_view state) const;
    int current_index(std::string_view current) const;
    int output_index(std::string_view output) const;
};

}  // namespace axolemma::mechanisms
