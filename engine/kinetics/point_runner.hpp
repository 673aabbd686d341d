/// The instances of a point process of text in one group, step by step.
#pragma once

#include <memory>

#include "kinetics/equations.hpp"
#include "kinetics/point_memory.hpp"
#include "kinetics/scalar_program.hpp"
#include "mechanisms/mechanism.hpp"
#include "mechanisms/point_kernels.hpp"

namespace axolemma::kinetics {

/// Equations of a point process made ready to be executed. Not movable: programs point at the graph.
struct PointProgram {
    explicit PointProgram(Equations made_of);
    PointProgram(const PointProgram&) = delete;
    PointProgram& operator=(const PointProgram&) = delete;

    Equations equations;
    /// States and currents, events left out.
    std::shared_ptr<const mechanisms::MechanismInfo> between_events;
    PointMemoryLayout layout;
    bool receives_events = false;

    /// Results: states after (EventHandler::updates), arguments after, then condition, delay and flag of each event to itself.
    ScalarProgram on_event;
    ScalarProgram arguments_initial;
    ScalarProgram initial_events;  ///< condition, delay and flag of each
    ScalarProgram watches;         ///< active, condition and flag of each
};

/// @param program  must outlive the runner
std::unique_ptr<mechanisms::PointRunner> make_point_runner(const PointProgram& program, std::size_t n,
                                                           const mechanisms::PointOptions& options);

}  // namespace axolemma::kinetics
