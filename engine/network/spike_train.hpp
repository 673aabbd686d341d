/// A generator's spikes, one after the other.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/random.hpp"

namespace axolemma::network {

class SpikeTrain {
public:
    /// start, start + interval, ...; at most `count` spikes, none after `stop`.
    static SpikeTrain regular(double start_ms, double interval_ms, std::int64_t count, double stop_ms);
    /// A Poisson process of this rate in [start, stop): the k-th interval comes from the k-th number of the stream, so a train
    /// depends on nothing but its stream.
    static SpikeTrain poisson(double rate_Hz, double start_ms, double stop_ms, const base::CellStream& stream);
    /// @param t_ms  ascending
    static SpikeTrain listed(std::shared_ptr<const std::vector<double>> t_ms);

    /// Time of the coming spike; infinity when there is none.
    double next_ms() const { return next_ms_; }
    void pop();

    /// Where the train is, for checkpoints.
    struct Position {
        std::int64_t k = 0;
        double next_ms = std::numeric_limits<double>::infinity();
    };
    Position position() const { return {k_, next_ms_}; }
    void go_to(const Position& position);

private:
    enum class Kind { regular, poisson, listed };

    explicit SpikeTrain(Kind kind) : kind_(kind) {}
    double interval_ms(std::int64_t k) const;

    Kind kind_;
    double start_ms_ = 0, interval_ms_ = 0, stop_ms_ = 0;
    std::int64_t count_ = 0;
    base::CellStream stream_{0, 0, ""};
    std::shared_ptr<const std::vector<double>> t_ms_;
    std::int64_t k_ = 0;
    double next_ms_ = std::numeric_limits<double>::infinity();
};

}  // namespace axolemma::network
