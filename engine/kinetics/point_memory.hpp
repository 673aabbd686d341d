/// What an instance of a point process remembers besides its states: what the conditions that it watches were, the numbers of
/// each connection, and the events on their way to itself. All of it are numbers of the group's state, so that checkpoints
/// and hashes hold them.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

namespace axolemma::kinetics {

/// An event that arrives at the instance that sent it.
struct WaitingEvent {
    double t_ms = 0, flag = 0;
    double weight_uS = 0;    ///< of the event that made the instance send it; 0: none did
    double connection = -1;  ///< by which that came; -1: by none
};

/// Where things lie in the memory of an instance.
struct PointMemoryLayout {
    /// Room for events on their way to itself, and more of it for each connection.
    static constexpr std::size_t own_places = 8, places_per_connection = 2;
    static constexpr std::size_t numbers_of_event = 4;

    std::size_t n_watches = 0;
    std::size_t n_arguments = 0;  ///< kept per connection
    bool sends_itself = false;

    std::size_t places(std::size_t n_connections) const
    {
        return sends_itself ? own_places + places_per_connection * n_connections : 0;
    }
    std::size_t size(std::size_t n_connections) const
    {
        const std::size_t waiting = sends_itself ? 1 + numbers_of_event * places(n_connections) : 0;
        return n_watches + n_arguments * n_connections + waiting;
    }
};

/// The memory of one instance.
class PointMemory {
public:
    PointMemory(const PointMemoryLayout& layout, std::size_t n_connections, double* numbers)
        : layout_(layout), n_connections_(n_connections), numbers_(numbers)
    {}

    std::size_t n_connections() const { return n_connections_; }
    /// Was the condition of a watch true when it was last looked at? 0 or 1.
    double& was_true(std::size_t watch) { return numbers_[watch]; }
    /// Numbers kept for a connection.
    std::span<double> arguments(std::size_t connection)
    {
        return {numbers_ + layout_.n_watches + connection * layout_.n_arguments, layout_.n_arguments};
    }

    bool has_waiting() const { return layout_.sends_itself && *count() > 0.0; }
    /// The next one to arrive: the first by time, and of equal times the one sent first.
    WaitingEvent next() const
    {
        const double* first = count() + 1;
        return {first[0], first[1], first[2], first[3]};
    }
    void remove_next();
    /// False if there is no room.
    bool add(const WaitingEvent& event);

private:
    double* count() { return numbers_ + layout_.n_watches + layout_.n_arguments * n_connections_; }
    const double* count() const { return numbers_ + layout_.n_watches + layout_.n_arguments * n_connections_; }

    PointMemoryLayout layout_;
    std::size_t n_connections_;
    double* numbers_;
};

}  // namespace axolemma::kinetics
