/// The spikes that are on their way to the synapses of one group.
///
/// Who is connected to whom lies here too, sorted by source. A spike becomes an event per connection; events wait until the
/// step in which they arrive and come out step by step, for each synapse by time, then by weight, then by connection. So what a synapse
/// gets depends neither on where a spike came from nor on how long an epoch is.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "network/spike_detector.hpp"
#include "network/spike_train.hpp"
#include "solve/points.hpp"

namespace axolemma::network {

using solve::SynapticEvent;

class Inbox {
public:
    /// A connection from a place watched for spikes (Spike::source) to an instance in the group.
    /// @param number  which of those that end at the instance, if its kind tells them apart (SynapticEvent::connection)
    void connect(std::int32_t source, std::int32_t synapse, double weight_uS, double delay_ms, std::int32_t number = 0);
    /// A generator that reaches this group.
    /// @param id    number over all generators of the model
    /// @param make  called when the generator is not known here yet
    /// @returns     handle for connect_train
    std::size_t find_or_add_train(std::int64_t id, const std::function<SpikeTrain()>& make);
    void connect_train(std::size_t train, std::int32_t synapse, double weight_uS, double delay_ms,
                       std::int32_t number = 0);
    /// Time of a generator's first spike; infinity if it has none.
    double first_of_train_ms(std::size_t train) const { return trains_[train].start.next_ms(); }
    /// Call once after the last connection.
    void seal();

    std::size_t n_connections() const;
    /// Sources (Spike::source) with a connection here, ascending.
    const std::vector<std::int32_t>& sources() const { return sources_; }
    std::size_t bytes() const;

    /// Forgets all events, and trains start anew.
    void reset();
    /// Spikes of the whole model, sorted by source. An event arrives steps_in(delay) steps after the spike's step at the
    /// earliest: then an epoch of the shortest delay is never too long, however times are rounded.
    void receive(std::span<const Spike> spikes, double dt_ms);
    /// Makes ready the events of the steps from..to-1. Events before them count as events of step `from`.
    void open(std::int64_t from, std::int64_t to, double dt_ms);
    /// Events of one step; ask for the opened steps in ascending order, each once.
    std::span<const SynapticEvent> take(std::int64_t step);

    /// Events that have not arrived, in no order, and the trains by their ids, for checkpoints. Only between the last take()
    /// and the next open().
    const std::vector<SynapticEvent>& waiting() const { return waiting_; }
    void add_waiting(const SynapticEvent& event) { waiting_.push_back(event); }
    std::size_t n_trains() const { return trains_.size(); }
    std::int64_t train_id(std::size_t k) const { return trains_[k].id; }
    SpikeTrain::Position train_position(std::size_t k) const { return trains_[k].now.position(); }
    void set_train_position(std::size_t k, const SpikeTrain::Position& position) { trains_[k].now.go_to(position); }

private:
    struct Connection {
        double weight_uS, delay_ms;
        std::int32_t source;
        std::int32_t synapse;
    };
    /// Connections and, where one of them has a number other than 0, the numbers of all. Few models tell connections apart,
    /// and all of them go through these lists with every spike.
    struct Connections {
        std::vector<Connection> list;
        std::vector<std::int32_t> numbers;

        void add(const Connection& connection, std::int32_t number);
        void sort_by_source();
        SynapticEvent event(std::size_t k, double t_ms) const
        {
            return {t_ms, list[k].weight_uS, list[k].synapse, numbers.empty() ? 0 : numbers[k]};
        }
    };
    struct Train {
        std::int64_t id;
        SpikeTrain start, now;
        Connections connections;
    };
    struct Due {
        SynapticEvent event;
        std::int64_t step;
    };

    void send_trains(double until_ms);

    Connections connections_;            ///< by source
    std::vector<std::int32_t> sources_;  ///< those that occur, ascending
    std::vector<std::size_t> first_;     ///< connection of each of `sources_`, and the end
    std::vector<Train> trains_;
    std::unordered_map<std::int64_t, std::size_t> train_of_id_;
    std::vector<SynapticEvent> waiting_;
    std::vector<Due> due_;
    std::vector<SynapticEvent> due_events_;
    std::size_t next_due_ = 0;
};

/// The step that t belongs to: that with step*dt < t <= (step+1)*dt.
std::int64_t step_of(double t_ms, double dt_ms);
/// Whole steps in a delay; one that is meant to be whole may lie below by rounding.
std::int64_t steps_in(double delay_ms, double dt_ms);

}  // namespace axolemma::network
