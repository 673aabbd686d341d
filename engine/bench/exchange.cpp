#include "bench/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "network/exchange.hpp"

namespace axolemma::bench {

namespace {

constexpr std::array<std::size_t, 6> sizes{0, 10, 100, 1000, 10000, 100000};  ///< spikes per rank and round
constexpr int rounds_to_warm_up = 20;
constexpr int fewest_rounds = 50, most_rounds = 2000;
constexpr std::size_t spikes_per_size = 1000000;  ///< over all rounds of a size, about

ExchangeCost measure_size(network::Ranks& ranks, std::size_t n_spikes)
{
    using Clock = std::chrono::steady_clock;
    std::vector<network::Spike> spikes;
    const std::int32_t first_source = ranks.rank() * static_cast<std::int32_t>(n_spikes);
    for (std::size_t k = 0; k < n_spikes; ++k) {
        spikes.push_back({0.025 * static_cast<double>(k), first_source + static_cast<std::int32_t>(k)});
    }
    network::Exchange exchange(ranks);
    const int rounds = std::clamp(static_cast<int>(spikes_per_size / (n_spikes + 1)), fewest_rounds, most_rounds);
    std::vector<double> wall_us;
    std::int64_t bytes = 0;
    for (int k = -rounds_to_warm_up; k < rounds; ++k) {
        const std::int64_t before = exchange.bytes_sent();
        const auto begin = Clock::now();
        exchange.begin(spikes, {});
        exchange.finish();
        if (k >= 0) {
            wall_us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        }
        bytes = exchange.bytes_sent() - before;
    }
    const auto middle = wall_us.begin() + rounds / 2;
    std::nth_element(wall_us.begin(), middle, wall_us.end());
    return {n_spikes, static_cast<std::size_t>(bytes), ranks.largest(*middle)};
}

/// Least squares of the relative errors of a straight line.
void fit(ExchangeTable& table)
{
    double w = 0, wx = 0, wxx = 0, wy = 0, wxy = 0;
    for (const auto& cost : table.costs) {
        const double x = static_cast<double>(cost.bytes_per_rank) * static_cast<double>(table.n_ranks - 1);
        const double weight = 1.0 / (cost.wall_us * cost.wall_us);
        w += weight;
        wx += weight * x;
        wxx += weight * x * x;
        wy += weight * cost.wall_us;
        wxy += weight * x * cost.wall_us;
    }
    const double determinant = w * wxx - wx * wx;
    if (table.n_ranks > 1 && determinant > 0.0) {
        table.ns_per_byte = 1e3 * (w * wxy - wx * wy) / determinant;
        table.latency_us = (wxx * wy - wx * wxy) / determinant;
    }
}

}  // namespace

ExchangeTable measure_exchange(network::Ranks& ranks)
{
    ExchangeTable table;
    table.n_ranks = ranks.size();
    for (const std::size_t n : sizes) {
        table.costs.push_back(measure_size(ranks, n));
    }
    fit(table);
    return table;
}

std::string exchange_text(const ExchangeTable& table)
{
    std::string text = fmt::format("{} rank{}\n{:>16} {:>16} {:>14}\n", table.n_ranks, table.n_ranks == 1 ? "" : "s",
                                   "spikes per rank", "bytes per rank", "us per round");
    for (const auto& cost : table.costs) {
        fmt::format_to(std::back_inserter(text), "{:>16} {:>16} {:>14.4g}\n", cost.spikes_per_rank, cost.bytes_per_rank,
                       cost.wall_us);
    }
    if (table.n_ranks > 1) {
        fmt::format_to(std::back_inserter(text), "about {:.3g} us + {:.3g} ns per byte that a rank receives\n",
                       table.latency_us, table.ns_per_byte);
    } else {
        text += "start it with mpirun or srun to see what messages cost\n";
    }
    return text;
}

std::string exchange_json(const ExchangeTable& table)
{
    std::string text =
        fmt::format("{{\n  \"ranks\": {}, \"latency_us\": {:.6g}, \"ns_per_byte\": {:.6g},\n  \"rounds\": [",
                    table.n_ranks, table.latency_us, table.ns_per_byte);
    const char* separator = "\n    ";
    for (const auto& cost : table.costs) {
        fmt::format_to(std::back_inserter(text),
                       "{}{{\"spikes_per_rank\": {}, \"bytes_per_rank\": {}, \"wall_us\": {:.6g}}}", separator,
                       cost.spikes_per_rank, cost.bytes_per_rank, cost.wall_us);
        separator = ",\n    ";
    }
    return text + "\n  ]\n}\n";
}

}  // namespace axolemma::bench
