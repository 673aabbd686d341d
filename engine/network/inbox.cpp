#include "network/inbox.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

namespace axolemma::network {

namespace {

double arrival_ms(double spike_ms, double delay_ms, double dt_ms)
{
    const double t_ms = spike_ms + delay_ms;
    const std::int64_t earliest = step_of(spike_ms, dt_ms) + steps_in(delay_ms, dt_ms);
    const double begin_ms = static_cast<double>(earliest) * dt_ms;
    return t_ms > begin_ms ? t_ms : std::nextafter(begin_ms, begin_ms + dt_ms);
}

}  // namespace

std::int64_t step_of(double t_ms, double dt_ms)
{
    auto step = static_cast<std::int64_t>(std::floor(t_ms / dt_ms));
    // The quotient is rounded; ends of steps are products everywhere.
    while (t_ms <= static_cast<double>(step) * dt_ms) {
        --step;
    }
    while (t_ms > static_cast<double>(step + 1) * dt_ms) {
        ++step;
    }
    return step;
}

std::int64_t steps_in(double delay_ms, double dt_ms)
{
    constexpr double most = 1e15;  // more than a run may have, and far from the end of the integers
    return static_cast<std::int64_t>(std::floor(std::min(delay_ms / dt_ms, most) + 1e-9));
}

void Inbox::Connections::add(const Connection& connection, std::int32_t number)
{
    if (number != 0 && numbers.empty()) {
        numbers.resize(list.size(), 0);
    }
    list.push_back(connection);
    if (number != 0 || !numbers.empty()) {
        numbers.push_back(number);
    }
}

void Inbox::Connections::sort_by_source()
{
    const auto is_before = [](const Connection& a, const Connection& b) { return a.source < b.source; };
    if (!numbers.empty()) {
        std::vector<std::size_t> order(list.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return is_before(list[a], list[b]); });
        const auto unsorted = std::exchange(numbers, {});
        std::transform(order.begin(), order.end(), std::back_inserter(numbers),
                       [&](std::size_t k) { return unsorted[k]; });
    }
    std::stable_sort(list.begin(), list.end(), is_before);
    list.shrink_to_fit();
}

void Inbox::connect(std::int32_t source, std::int32_t synapse, double weight_uS, double delay_ms, std::int32_t number)
{
    connections_.add({weight_uS, delay_ms, source, synapse}, number);
}

std::size_t Inbox::find_or_add_train(std::int64_t id, const std::function<SpikeTrain()>& make)
{
    const auto [at, is_new] = train_of_id_.try_emplace(id, trains_.size());
    if (is_new) {
        const SpikeTrain train = make();
        trains_.push_back({id, train, train, {}});
    }
    return at->second;
}

void Inbox::connect_train(std::size_t train, std::int32_t synapse, double weight_uS, double delay_ms,
                          std::int32_t number)
{
    trains_[train].connections.add({weight_uS, delay_ms, -1, synapse}, number);
}

void Inbox::seal()
{
    connections_.sort_by_source();
    const auto& list = connections_.list;
    for (std::size_t k = 0; k < list.size(); ++k) {
        if (k == 0 || list[k].source != list[k - 1].source) {
            sources_.push_back(list[k].source);
            first_.push_back(k);
        }
    }
    first_.push_back(list.size());
}

std::size_t Inbox::n_connections() const
{
    std::size_t n = connections_.list.size();
    for (const auto& train : trains_) {
        n += train.connections.list.size();
    }
    return n;
}

std::size_t Inbox::bytes() const
{
    std::size_t n_numbers = connections_.numbers.size();
    for (const auto& train : trains_) {
        n_numbers += train.connections.numbers.size();
    }
    return n_connections() * sizeof(Connection) + (n_numbers + sources_.capacity()) * sizeof(std::int32_t) +
           first_.capacity() * sizeof(std::size_t) + trains_.capacity() * sizeof(Train) +
           waiting_.capacity() * sizeof(SynapticEvent) + due_.capacity() * (sizeof(Due) + sizeof(SynapticEvent));
}

void Inbox::reset()
{
    waiting_.clear();
    due_.clear();
    due_events_.clear();
    next_due_ = 0;
    for (auto& train : trains_) {
        train.now = train.start;
    }
}

void Inbox::receive(std::span<const Spike> spikes, double dt_ms)
{
    auto from = sources_.begin();
    for (std::size_t k = 0; k < spikes.size() && from != sources_.end();) {
        const std::int32_t source = spikes[k].source;
        from = std::lower_bound(from, sources_.end(), source);
        std::size_t end = k;
        while (end < spikes.size() && spikes[end].source == source) {
            ++end;
        }
        if (from != sources_.end() && *from == source) {
            const auto s = static_cast<std::size_t>(from - sources_.begin());
            for (std::size_t c = first_[s]; c < first_[s + 1]; ++c) {
                for (std::size_t spike = k; spike < end; ++spike) {
                    waiting_.push_back(
                        connections_.event(c, arrival_ms(spikes[spike].t_ms, connections_.list[c].delay_ms, dt_ms)));
                }
            }
        }
        k = end;
    }
}

void Inbox::send_trains(double until_ms)
{
    for (auto& train : trains_) {
        for (; train.now.next_ms() <= until_ms; train.now.pop()) {
            for (std::size_t c = 0; c < train.connections.list.size(); ++c) {
                waiting_.push_back(
                    train.connections.event(c, train.now.next_ms() + train.connections.list[c].delay_ms));
            }
        }
    }
}

void Inbox::open(std::int64_t from, std::int64_t to, double dt_ms)
{
    const double until_ms = static_cast<double>(to) * dt_ms;
    send_trains(until_ms);
    due_.clear();
    const auto later = std::partition(waiting_.begin(), waiting_.end(),
                                      [&](const SynapticEvent& event) { return event.t_ms > until_ms; });
    for (auto event = later; event != waiting_.end(); ++event) {
        due_.push_back({*event, std::max(from, step_of(event->t_ms, dt_ms))});
    }
    waiting_.erase(later, waiting_.end());
    std::sort(due_.begin(), due_.end(), [](const Due& a, const Due& b) {
        return std::tie(a.step, a.event.synapse, a.event.t_ms, a.event.weight_uS, a.event.connection) <
               std::tie(b.step, b.event.synapse, b.event.t_ms, b.event.weight_uS, b.event.connection);
    });
    due_events_.clear();
    for (const auto& due : due_) {
        due_events_.push_back(due.event);
    }
    next_due_ = 0;
}

std::span<const SynapticEvent> Inbox::take(std::int64_t step)
{
    const std::size_t first = next_due_;
    while (next_due_ < due_.size() && due_[next_due_].step == step) {
        ++next_due_;
    }
    return std::span(due_events_).subspan(first, next_due_ - first);
}

}  // namespace axolemma::network
