/// A group with everything that steps and watches it.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "group/plan.hpp"
#include "group/state.hpp"
#include "model/model.hpp"
#include "network/inbox.hpp"
#include "network/spike_detector.hpp"
#include "record/probe.hpp"
#include "solve/stepper.hpp"

namespace axolemma::run {

/// Not movable: parts point at each other.
struct GroupRun {
    explicit GroupRun(group::Plan made, const model::RunSpec& run);
    GroupRun(const GroupRun&) = delete;
    GroupRun& operator=(const GroupRun&) = delete;

    group::Plan plan;
    group::State state;
    std::unique_ptr<solve::Stepper> stepper;
    network::SpikeDetector detector;
    network::Inbox inbox;
    std::vector<record::GroupProbe> probes;  ///< one per report
    std::int32_t bad_node = -1;  ///< node whose voltage stopped being a number; -1 where a synapse could not go on
    /// Step in which that was, or in which a synapse could not go on (Stepper::synapse_failure()).
    std::int64_t bad_step = std::numeric_limits<std::int64_t>::max();
};

}  // namespace axolemma::run
