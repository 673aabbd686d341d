/// The equations of a mechanism as values of a graph: what the readers of YAML, NMODL and NeuroML channels make, and what
/// kinetics/mechanism.hpp makes kernels of.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.hpp"
#include "kinetics/graph.hpp"
#include "mechanisms/mechanism.hpp"

namespace axolemma::kinetics {

/// How a system of differential equations is advanced over a step.
enum class OdeMethod : std::uint8_t {
    automatic,  ///< each equation that is linear in its own state exactly (v, ions and other states held), others implicitly
    implicit,        ///< all together, by a scheme of Equations::implicit_order (derivimplicit, sparse)
    explicit_euler,  ///< because the author asked for it
};

/// States that are advanced together: x' = derivative(x, v, ...).
struct OdeSystem {
    OdeMethod method = OdeMethod::automatic;
    std::vector<std::size_t> states;
    std::vector<Value> derivatives;  ///< per ms, of the states before the step
    /// For conserved sums: state `states[k]` is also given as this value of the other states ("CONSERVE"); invalid: none.
    std::vector<Value> conserved;
    base::SourcePos pos;
};

/// States with an update of their own: x(t + dt) as a value of the states before and of dt (hand-integrated NMODL
/// procedures, whose m = m + mexp (minf - m) is exact for any dt; numbers kept from one block to the next).
struct Update {
    std::size_t state;
    Value after;
};

/// Unknowns of 0 = residual(unknowns, states, v, ...) (LINEAR, NONLINEAR): solved by Newton's method from the states'
/// values, which take the solution.
struct AlgebraicSystem {
    std::vector<std::size_t> states;
    std::vector<Value> residuals;  ///< of InputKind::state
    bool linear = false;
    base::SourcePos pos;
};

/// Updates of one stage act together, on the states before it.
using Stage = std::variant<OdeSystem, AlgebraicSystem, std::vector<Update>>;

/// What an event does (NET_RECEIVE), as values of the states before, the weights and the flag.
struct EventHandler {
    std::vector<Update> updates;
    /// New values of the connection's own arguments (index 1 and on); the weight itself never changes.
    std::vector<Value> arguments_after;
    std::vector<std::string> arguments;    ///< "weight", then those kept per connection
    std::vector<Value> arguments_initial;  ///< values at t = 0 (INITIAL inside NET_RECEIVE); 0 where invalid
    /// Events that the synapse sends to itself: when `condition` is not 0, `flag` arrives after `delay_ms`.
    struct SelfEvent {
        Value condition, delay_ms, flag;
    };
    std::vector<SelfEvent> self_events;
};

/// WATCH: when `above` (a condition) becomes true, an event with this flag is delivered.
struct Watch {
    Value active;  ///< is it being watched? (a state, set by events)
    Value above;
    Value flag;
};

/// One mechanism. Densities and points alike: currents are mA/cm2 of a density mechanism and nA of a point process.
struct Equations {
    Graph graph;
    bool is_point = false;

    /// Name, texts, parameters, states, currents, outputs, ions, ion_reads, ion_writes, pos; the rest is filled in by
    /// make_mechanism().
    mechanisms::MechanismInfo info;

    std::vector<Value> initial;  ///< of each state; values of v, parameters, ions, t
    /// How states advance: one stage after the other, each seeing the states that those before it left.
    std::vector<Stage> stages;
    /// Of systems taken implicitly: 1 is backward Euler, as NEURON's; 2 is SDIRK2, at twice the cost or less.
    int implicit_order = 1;
    std::vector<Value> currents;        ///< of the states after the step
    std::vector<Value> outputs;         ///< of MechanismInfo::outputs
    std::vector<Value> concentrations;  ///< of MechanismInfo::ion_writes, of the states after the step
    std::vector<Value> initial_concentrations;

    /// Of point processes: what events do. Self events that come at once (delay 0) at the start of the run are in
    /// `initial_events`.
    EventHandler on_event;
    std::vector<EventHandler::SelfEvent> initial_events;
    std::vector<Watch> watches;

    /// Text that explains each state's equation to a reader, for `axolemma channels FILE`: "m' = (minf - m)/mtau".
    std::vector<std::string> equations_as_written;
};

}  // namespace axolemma::kinetics
