/// What a synapse is: a point mechanism whose conductance jumps with events and decays between them.
///
/// A step of dt works on all instances of one kind in a group. Between events the states follow linear equations, whose
/// solution is known, so an event acts at its own time inside the step and not at a step's end: the states at the end of the
/// step hold what is left of it, and the cable sees the conductance's mean over the step. The charge that an event
/// delivers is therefore that of the exact time course, and a network converges with the order of the method.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

/// One instance: its numbers, in the order of SynapseInfo.
struct SynapseInstance {
    const double* parameters = nullptr;
    const double* constants = nullptr;
    double* states = nullptr;
};

/// The kind of a synapse as data. Instances live for ever (static).
struct SynapseInfo {
    std::string_view name;
    std::string_view meaning;
    std::string_view source;  ///< paper and equation
    std::vector<ParameterInfo> parameters;
    std::vector<StateInfo> states;
    std::size_t n_constants = 0;  ///< numbers that follow from the parameters and dt
    std::size_t reversal = 0;     ///< index of the parameter that is the reversal potential [mV]

    /// Says what is wrong with the parameters together; empty if nothing is.
    std::string (*complaint)(const double* parameters);
    void (*prepare)(const double* parameters, double dt_ms, double* constants);
    /// States over one step of dt without events. Returns the mean conductance over it [uS].
    double (*advance)(const SynapseInstance&);
    /// An event of this weight [uS], `remaining_ms` before the end of the step over which advance() went: adds what is left
    /// of it to the states. Returns its share of the mean conductance over the step [uS].
    double (*receive)(const SynapseInstance&, double weight_uS, double remaining_ms, double dt_ms);
    /// Conductance of the states at an instant, without the dependence on voltage [uS].
    double (*conductance)(const double* states);
    /// Share of the conductance that is open at v, and its derivative by v [1/mV]; null where it is always 1.
    void (*open_share)(const double* parameters, double v_mV, double& share, double& slope);

    /// Position of a name in the list, or -1.
    int parameter_index(std::string_view parameter) const;
    int state_index(std::string_view state) const;
};

/// The synapse of this name, or nullptr.
const SynapseInfo* find_synapse(std::string_view name);
/// All names, in the order in which their currents are summed.
const std::vector<std::string>& synapse_names();

}  // namespace axolemma::mechanisms
