#include "network/exchange.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "base/index.hpp"

namespace axolemma::network {

static_assert(std::is_trivially_copyable_v<Spike>);

struct Exchange::Header {
    std::int64_t failed_step;
    std::uint32_t n_spikes;
    std::uint8_t stop, checkpoint, broken, unused;
};

void Exchange::begin(std::span<const Spike> spikes, const EpochStatus& status)
{
    mine_.assign(spikes.begin(), spikes.end());
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
    all_.clear();
    std::size_t busiest = 0;
    std::vector<int> late(base::index(ranks_.size()));
    const std::size_t message = outgoing_.size();
    for (std::size_t rank = 0; rank < late.size(); ++rank) {
        const std::byte* from = incoming_.data() + rank * message;
        Header header;
        std::memcpy(&header, from, sizeof(Header));
        together.failed_step = std::min(together.failed_step, header.failed_step);
        together.stop = together.stop || header.stop != 0;
        together.checkpoint = together.checkpoint || header.checkpoint != 0;
        together.broken = together.broken || header.broken != 0;
        const std::size_t n = header.n_spikes;
        const std::size_t fitting = std::min(n, room_);
        const std::size_t before = all_.size();
        all_.resize(before + fitting);
        if (fitting > 0) {
            std::memcpy(all_.data() + before, from + sizeof(Header), fitting * sizeof(Spike));
        }
        late[rank] = static_cast<int>((n - fitting) * sizeof(Spike));
        busiest = std::max(busiest, n);
    }
    if (busiest > room_) {
        std::size_t bytes = 0;
        for (const int n : late) {
            bytes += base::index(n);
        }
        const std::size_t before = all_.size();
        all_.resize(before + bytes / sizeof(Spike));
        const auto rest = std::as_bytes(std::span(mine_).subspan(std::min(room_, mine_.size())));
        ranks_.all_gather(rest, late, std::as_writable_bytes(std::span(all_).subspan(before)));
        bytes_sent_ += static_cast<std::int64_t>(rest.size());
        ++rounds_;
    }
    // Up at once, down by and by: a burst seldom comes alone.
    room_ = std::max({busiest + busiest / 4, room_ - room_ / 16, std::size_t{16}});
    std::sort(all_.begin(), all_.end(),
              [](const Spike& a, const Spike& b) { return std::tie(a.source, a.t_ms) < std::tie(b.source, b.t_ms); });
    return together;
}

}  // namespace axolemma::network
