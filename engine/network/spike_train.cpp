#include "network/spike_train.hpp"

#include <cmath>

namespace axolemma::network {

namespace {

constexpr double never_ms = std::numeric_limits<double>::infinity();

}  // namespace

SpikeTrain SpikeTrain::regular(double start_ms, double interval_ms, std::int64_t count, double stop_ms)
{
    SpikeTrain train(Kind::regular);
    train.start_ms_ = start_ms;
    train.interval_ms_ = interval_ms;
    train.count_ = count;
    train.stop_ms_ = stop_ms;
    train.next_ms_ = count > 0 && start_ms <= stop_ms ? start_ms : never_ms;
    return train;
}

SpikeTrain SpikeTrain::poisson(double rate_Hz, double start_ms, double stop_ms, const base::CellStream& stream)
{
    SpikeTrain train(Kind::poisson);
    train.interval_ms_ = 1e3 / rate_Hz;
    train.stop_ms_ = stop_ms;
    train.stream_ = stream;
    train.next_ms_ = start_ms + train.interval_ms(0);
    if (!(train.next_ms_ < stop_ms)) {
        train.next_ms_ = never_ms;
    }
    return train;
}

SpikeTrain SpikeTrain::listed(std::shared_ptr<const std::vector<double>> t_ms)
{
    SpikeTrain train(Kind::listed);
    train.t_ms_ = std::move(t_ms);
    train.next_ms_ = train.t_ms_->empty() ? never_ms : train.t_ms_->front();
    return train;
}

double SpikeTrain::interval_ms(std::int64_t k) const
{
    return -std::log(stream_.uniform(static_cast<std::uint32_t>(k))) * interval_ms_;
}

void SpikeTrain::pop()
{
    ++k_;
    switch (kind_) {
    case Kind::regular: {
        const double t_ms = start_ms_ + static_cast<double>(k_) * interval_ms_;
        next_ms_ = k_ < count_ && t_ms <= stop_ms_ ? t_ms : never_ms;
        break;
    }
    case Kind::poisson: {
        const double t_ms = next_ms_ + interval_ms(k_);
        next_ms_ = t_ms < stop_ms_ ? t_ms : never_ms;
        break;
    }
    case Kind::listed:
        next_ms_ = static_cast<std::size_t>(k_) < t_ms_->size() ? (*t_ms_)[static_cast<std::size_t>(k_)] : never_ms;
        break;
    }
}

void SpikeTrain::go_to(const Position& position)
{
    k_ = position.k;
    next_ms_ = position.next_ms;
}

}  // namespace axolemma::network
