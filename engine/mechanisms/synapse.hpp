/// What a synapse is: a point mechanism whose conductance jumps with events and decays between them.
///
/// A step of dt works on all instances of one kind in a group. Between events the states follow linear equations, whose
/// solution is known, so an event acts at its own time inside the step and not at a step's end: the states at the end of the
/// step hold what is left of it, and the cable sees the conductance's mean over the step. The charge that an event
/// delivers is therefore that of the exact time course, and a network converges with the order of the method.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

/// Columns of one kind of synapse over n instances, one column after the other, in the order of SynapseInfo.
struct SynapseBlock {
    std::size_t n = 0;
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

    /// Says what is wrong with the parameters of an instance together; empty if nothing is.
    std::string (*complaint)(std::span<const double> parameters) = nullptr;
    /// Constants of the n instances, for steps of dt.
    void (*prepare)(std::size_t n, const double* parameters, double dt_ms, double* constants) = nullptr;
    /// States over one step of dt without events; writes the mean conductance over it [uS].
    void (*advance)(const SynapseBlock&, double* mean_uS) = nullptr;
    /// An event of this weight [uS] at instance k, `remaining_ms` before the end of the step over which advance() went: adds
    /// what is left of it to the states. Returns its share of the mean conductance over the step [uS].
    double (*receive)(const SynapseBlock&, std::size_t k, double weight_uS, double remaining_ms,
                      double dt_ms) = nullptr;
    /// Conductance of instance k at the time of its states, without the dependence on voltage [uS].
    double (*conductance)(const double* states, std::size_t n, std::size_t k) = nullptr;
    /// Share of the conductance of instance k that is open at v, and its derivative by v [1/mV]; null where it is 1.
    void (*open_share)(const double* parameters, std::size_t n, std::size_t k, double v_mV, double& share,
                       double& slope) = nullptr;

    /// Current of instance k at v, outward positive [nA].
    double current_nA(const double* of_parameters, const double* of_states, std::size_t n, std::size_t k,
                      double v_mV) const;
    /// Position of a name in the list, or -1.
    int parameter_index(std::string_view parameter) const;
    int state_index(std::string_view state) const;
};

}  // namespace axolemma::mechanisms
