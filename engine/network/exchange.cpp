#include "network/exchange.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "base/index.hpp"

namespace axolemma::network {

static_assert(std::is_trivially_copyable_v<Spike>);

namespace {

bool is_earlier(const Spike& a, const Spike& b)
{
    return std::tie(a.source, a.t_ms) < std::tie(b.source, b.t_ms);
}

}  // namespace

struct Exchange::Header {
    std::int64_t failed_step;
    std::uint32_t n_spikes;
    std::uint8_t stop, checkpoint, broken, unused;
};

void Exchange::begin(std::span<const Spike> spikes, const EpochStatus& status)
{
    mine_.assign(spikes.begin(), spikes.end());
    std::sort(mine_.begin(), mine_.end(), is_earlier);
    const Header header{status.failed_step,
                        static_cast<std::uint32_t>(mine_.size()),
                        static_cast<std::uint8_t>(status.stop),
                        static_cast<std::uint8_t>(status.checkpoint),
                        static_cast<std::uint8_t>(status.broken),
                        0};
    const std::size_t message = sizeof(Header) + room_ * sizeof(Spike);
    outgoing_.assign(message, std::byte{0});
    incoming_.resize(message * base::index(ranks_.size()));
    std::memcpy(outgoing_.data(), &header, sizeof(Header));
    const std::size_t fitting = std::min(room_, mine_.size());
    if (fitting > 0) {
        std::memcpy(outgoing_.data() + sizeof(Header), mine_.data(), fitting * sizeof(Spike));
    }
    ranks_.begin_all_gather(outgoing_, incoming_);
    bytes_sent_ += static_cast<std::int64_t>(message);
    ++rounds_;
}

EpochStatus Exchange::finish()
{
    ranks_.finish_all_gather();
    EpochStatus together;
    const auto n_ranks = base::index(ranks_.size());
    std::vector<Header> headers(n_ranks);
    std::vector<int> late_bytes(n_ranks);
    const std::size_t message = outgoing_.size();
    std::size_t busiest = 0, n_all = 0, n_late = 0;
    for (std::size_t rank = 0; rank < n_ranks; ++rank) {
        auto& header = headers[rank];
        std::memcpy(&header, incoming_.data() + rank * message, sizeof(Header));
        together.failed_step = std::min(together.failed_step, header.failed_step);
        together.stop = together.stop || header.stop != 0;
        together.checkpoint = together.checkpoint || header.checkpoint != 0;
        together.broken = together.broken || header.broken != 0;
        const std::size_t late = header.n_spikes - std::min<std::size_t>(header.n_spikes, room_);
        late_bytes[rank] = static_cast<int>(late * sizeof(Spike));
        busiest = std::max<std::size_t>(busiest, header.n_spikes);
        n_all += header.n_spikes;
        n_late += late;
    }
    std::vector<Spike> late(n_late);
    if (n_late > 0) {
        const auto rest = std::as_bytes(std::span(mine_).subspan(std::min(room_, mine_.size())));
        ranks_.all_gather(rest, late_bytes, std::as_writable_bytes(std::span(late)));
        bytes_sent_ += static_cast<std::int64_t>(rest.size());
        ++rounds_;
    }
    all_.clear();
    all_.reserve(n_all);
    auto next_late = late.begin();
    for (std::size_t rank = 0; rank < n_ranks; ++rank) {
        const std::size_t fitting = std::min<std::size_t>(headers[rank].n_spikes, room_);
        const std::size_t before = all_.size();
        all_.resize(before + fitting);
        if (fitting > 0) {
            std::memcpy(all_.data() + before, incoming_.data() + rank * message + sizeof(Header),
                        fitting * sizeof(Spike));
        }
        const auto after = next_late + static_cast<std::ptrdiff_t>(headers[rank].n_spikes - fitting);
        all_.insert(all_.end(), next_late, after);
        next_late = after;
    }
    assert(std::is_sorted(all_.begin(), all_.end(), is_earlier) && "sources ascend from rank to rank");
    // Up at once, down by and by: a burst seldom comes alone.
    room_ = std::max({busiest + busiest / 4, room_ - room_ / 16, least_room});
    return together;
}

}  // namespace axolemma::network
