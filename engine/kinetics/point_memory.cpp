#include "kinetics/point_memory.hpp"

#include <algorithm>

namespace axolemma::kinetics {

namespace {

constexpr std::size_t per_event = PointMemoryLayout::numbers_of_event;

}  // namespace

void PointMemory::remove_next()
{
    assert(has_waiting() && "somebody looked before");
    const auto n = static_cast<std::size_t>(*count());
    double* events = count() + 1;
    std::copy(events + per_event, events + n * per_event, events);
    std::fill_n(events + (n - 1) * per_event, per_event, 0.0);  // so that equal states are equal numbers
    *count() -= 1.0;
}

bool PointMemory::add(const WaitingEvent& event)
{
    const auto n = static_cast<std::size_t>(*count());
    if (n == layout_.places(n_connections_)) {
        return false;
    }
    double* events = count() + 1;
    std::size_t at = n;
    for (; at > 0 && events[(at - 1) * per_event] > event.t_ms; --at) {
        std::copy_n(events + (at - 1) * per_event, per_event, events + at * per_event);
    }
    double* place = events + at * per_event;
    place[0] = event.t_ms;
    place[1] = event.flag;
    place[2] = event.weight_uS;
    place[3] = event.connection;
    *count() += 1.0;
    return true;
}

}  // namespace axolemma::kinetics
