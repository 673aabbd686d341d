/// What it costs the ranks to tell each other their spikes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "network/ranks.hpp"

namespace axolemma::bench {

/// Exchanges of one size.
struct ExchangeCost {
    std::size_t spikes_per_rank = 0;
    std::size_t bytes_per_rank = 0;  ///< that a rank sends in a round
    double wall_us = 0;              ///< of a round: median over many, of the slowest rank
};

struct ExchangeTable {
    int n_ranks = 1;
    std::vector<ExchangeCost> costs;
    /// wall = latency + bytes of all other ranks together * per_byte, fitted to the costs with the same relative weight
    double latency_us = 0, ns_per_byte = 0;
};

/// Call on all ranks. Takes about a second.
ExchangeTable measure_exchange(network::Ranks& ranks);

std::string exchange_text(const ExchangeTable& table);
std::string exchange_json(const ExchangeTable& table);

}  // namespace axolemma::bench
