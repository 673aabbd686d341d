/// What a synapse is: a point mechanism that events reach.
///
/// Those of the engine are conductances that jump with events and decay between them; those of text have PointKernels
/// (mechanisms/point_kernels.hpp). A step of dt works on all instances of one kind in a group.
///
/// Between events the states of the engine's own synapses follow linear equations, whose solution is known, so an event acts
/// at its own time inside the step and not at a step's end: the states at the end of the step hold what is left of it, and
/// the cable sees the conductance's mean over the step. The charge that an event delivers is therefore that of the exact
/// time course, and a network converges with the order of the method.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mechanisms/mechanism.hpp"
#include "mechanisms/point_kernels.hpp"

namespace axolemma::mechanisms {

/// Columns of one kind of synapse over n instances, one column after the other, in the order of SynapseInfo.
struct SynapseBlock {
    std::size_t n = 0;
    const double* parameters = nullptr;
    const double* constants = nullptr;
    double* states = nullptr;
};

/// A number of a synapse that can be recorded, by its name.
struct RecordableQuantity {
    std::string name, unit;
    PointQuantity what;
};

/// The kind of a synapse as data. Instances live until the process ends: those of text are kept by mechanisms::Catalogue.
struct SynapseInfo {
    std::string name;
    std::string meaning;
    std::string source;  ///< paper and equation
    std::vector<ParameterInfo> parameters;
    std::vector<StateInfo> states;
    base::SourcePos pos;  ///< file it was read from; empty for those of the engine
    /// What one of text does; null for those of the engine, which have all that follows instead.
    std::shared_ptr<const PointKernels> kernels;

    std::size_t n_constants = 0;  ///< numbers that follow from the parameters and dt
    std::size_t reversal = 0;     ///< index of the parameter that is the reversal potential [mV]

    /// Says what is wrong with the parameters of an instance together; empty if nothing is. Null where anything goes.
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

    bool is_text() const { return kernels != nullptr; }
    /// Can a connection end at it?
    bool receives_events() const { return !is_text() || kernels->receives_events(); }
    /// What can be recorded: of the engine's own g and i; of text i, states, outputs and currents.
    std::vector<RecordableQuantity> quantities() const;
    /// Current of instance k at v, outward positive [nA]. Not of text.
    double current_nA(const double* of_parameters, const double* of_states, std::size_t n, std::size_t k,
                      double v_mV) const;
    /// Position of a name in the list, or -1.
    int parameter_index(std::string_view parameter) const;
    int state_index(std::string_view state) const;
};

}  // namespace axolemma::mechanisms
