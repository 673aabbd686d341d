/// Point mechanisms that are more than a conductance which decays: any equations between events, and events that do whatever
/// the author wrote (NET_RECEIVE of NMODL).
///
/// A step of dt goes over all instances of one kind in a group, with V(t) held. Events act at their own time. Between them
/// the states go half of the way, the currents are taken, and the states go the other half; what the cable sees is the mean
/// over the step, each piece weighing as much as it is long.
///
/// An instance may send events to itself, and it may watch the voltage: a condition is looked at where steps meet, and when
/// it has become true since the last look, its event acts there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace axolemma::mechanisms {

struct MechanismInfo;

/// A spike that reaches a synapse.
struct SynapticEvent {
    double t_ms = 0;
    double weight_uS = 0;
    std::int32_t synapse = 0;     ///< instance in the group, over all kinds
    std::int32_t connection = 0;  ///< which of those that end at the instance, if its kind tells them apart
};

/// Columns of one kind over its instances. Column c of parameters, states and ions begins at c * stride, on a boundary of 64
/// bytes; the places behind the last instance hold numbers that do no harm.
struct PointBlock {
    std::size_t n = 0;
    std::size_t stride = 0;  ///< a multiple of 8
    const double* parameters = nullptr;
    double* states = nullptr;
    /// What instance k keeps besides its states: from first_memory[k] to first_memory[k + 1].
    double* memory = nullptr;
    const std::size_t* first_memory = nullptr;
    /// Weights of the connections that end at instance k [uS]: from first_connection[k] to first_connection[k + 1].
    const double* weights_uS = nullptr;
    const std::size_t* first_connection = nullptr;
    const double* v_mV = nullptr;       ///< of each instance
    const double* ion_reads = nullptr;  ///< columns in the order of MechanismInfo::ion_reads
};

/// Why an instance cannot go on.
enum class PointFault : std::uint8_t {
    none,
    too_many_waiting,  ///< no room for another event to itself
    not_ahead,         ///< an event to itself with a delay that is negative or no number
    endless,           ///< too many events to itself in one step
};
struct PointFailure {
    PointFault fault = PointFault::none;
    std::size_t instance = 0;  ///< of the kind
    double t_ms = 0.0;

    bool failed() const { return fault != PointFault::none; }
};

/// One step, and where its results go.
struct PointStep {
    double begin_ms = 0.0, end_ms = 0.0;
    std::span<const SynapticEvent> events;  ///< of the kind; by instance, then in the order in which they act
    std::int32_t first_synapse = 0;         ///< SynapticEvent::synapse of instance 0
    /// Mean over the step of each instance's current: g v - s. With places for `stride` instances.
    double* g_uS = nullptr;
    double* s_nA = nullptr;
    /// The same for each of MechanismInfo::currents, one column after the other; null: nobody asks.
    double* currents_g_uS = nullptr;
    double* currents_s_nA = nullptr;
};

/// A number of an instance that can be recorded.
struct PointQuantity {
    enum class Kind : std::uint8_t { conductance, total_current, state, current, output } kind = Kind::total_current;
    std::size_t index = 0;  ///< of the state, current or output
};
/// An instance to read from: number `instance` of columns that are `stride` apart, at this voltage and time.
struct PointReading {
    std::size_t stride = 0, instance = 0;
    const double* parameters = nullptr;
    const double* states = nullptr;
    const double* ion_reads = nullptr;  ///< of this instance alone
    double v_mV = 0.0, t_ms = 0.0;
};

/// How the instances are stepped.
struct PointOptions {
    double dt_ms = 0.025;
    double temperature_degC = 6.3;
    bool in_lanes = true;  ///< false: one instance after the other (the reference)
};

/// Works on the instances of one kind in one group, and holds the room that this needs: nothing is allocated in a step.
class PointRunner {
public:
    virtual ~PointRunner() = default;

    /// Everything to what it is at t = 0.
    virtual void initialise(const PointBlock&) = 0;
    /// After a failure the states are of no use.
    virtual PointFailure step(const PointBlock&, const PointStep&) = 0;
    /// Currents are outward positive [nA].
    virtual double value(const PointReading&, const PointQuantity&) = 0;
    virtual std::size_t bytes() const = 0;
};

/// What a kind does.
class PointKernels {
public:
    virtual ~PointKernels() = default;

    /// What an instance is between events: its states, currents (nA), outputs and ions.
    virtual const MechanismInfo& between_events() const = 0;
    /// Numbers that an instance keeps in the state of its group besides its states.
    virtual std::size_t memory_size(std::size_t n_connections) const = 0;
    /// Does memory_size() grow with them? Then SynapticEvent::connection must be said.
    virtual bool tells_connections_apart() const = 0;
    /// Does anything happen when an event arrives?
    virtual bool receives_events() const = 0;
    /// @param n  most instances it will work on at once
    virtual std::unique_ptr<PointRunner> make_runner(std::size_t n, const PointOptions& options) const = 0;
};

}  // namespace axolemma::mechanisms
