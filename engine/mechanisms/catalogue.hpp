/// The mechanisms that a model can use, by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mechanisms/mechanism.hpp"
#include "mechanisms/synapse.hpp"

namespace axolemma::mechanisms {

/// The engine's own mechanisms and those that a model brought along. Copies are cheap; what was added lives until the
/// process ends, so that plans may point at it.
class Catalogue {
public:
    /// With the mechanisms written in C++.
    Catalogue();

    /// Adds a channel or synapse: in the place of the one of its name that is written in C++, else behind the others. No
    /// other may have its name.
    void add(std::shared_ptr<const MechanismInfo> channel);
    void add(std::shared_ptr<const SynapseInfo> synapse);

    /// The channel or synapse of this name, or nullptr.
    const MechanismInfo* find_channel(std::string_view name) const;
    const SynapseInfo* find_synapse(std::string_view name) const;
    /// In the order in which their currents are summed.
    const std::vector<const MechanismInfo*>& channels() const { return channels_; }
    const std::vector<const SynapseInfo*>& synapses() const { return synapses_; }
    std::vector<std::string> channel_names() const;
    std::vector<std::string> synapse_names() const;

private:
    std::vector<const MechanismInfo*> channels_;
    std::vector<const SynapseInfo*> synapses_;
};

}  // namespace axolemma::mechanisms
