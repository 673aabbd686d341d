#include <cmath>

#include "network/spike_train.hpp"
#include "support/catch.hpp"

using axolemma::base::CellStream;
using axolemma::network::SpikeTrain;

namespace {

std::vector<double> first(SpikeTrain train, std::size_t n)
{
    std::vector<double> times;
    while (times.size() < n && std::isfinite(train.next_ms())) {
        times.push_back(train.next_ms());
        train.pop();
    }
    return times;
}

constexpr double never = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a regular train keeps to its start, interval, number and stop", "[network]")
{
    CHECK(first(SpikeTrain::regular(2.0, 0.1, 4, never), 100) ==
          std::vector<double>{2.0, 2.1, 2.0 + 2 * 0.1, 2.0 + 3 * 0.1});
    CHECK(first(SpikeTrain::regular(0.0, 10.0, 1000, 25.0), 100) == std::vector<double>{0.0, 10.0, 20.0});
    CHECK(first(SpikeTrain::regular(5.0, 1.0, 10, 4.0), 100).empty());
}

TEST_CASE("a Poisson train has the rate asked for, intervals as spread as their mean, and none outside its time",
          "[network]")
{
    constexpr double rate_Hz = 50.0;
    const auto times = first(SpikeTrain::poisson(rate_Hz, 100.0, 1e6 + 100.0, CellStream(1, 3, "noise")), 1000000);
    const auto n = static_cast<double>(times.size());
    // 50 000 spikes expected, standard deviation 224.
    CHECK(std::abs(n - 50000.0) < 5 * 224.0);
    double sum = 0, squares = 0;
    for (std::size_t k = 1; k < times.size(); ++k) {
        const double interval_ms = times[k] - times[k - 1];
        sum += interval_ms;
        squares += interval_ms * interval_ms;
    }
    const double mean_ms = sum / (n - 1);
    const double sd_ms = std::sqrt(squares / (n - 1) - mean_ms * mean_ms);
    CHECK(sd_ms / mean_ms == Approx(1.0).margin(5 / std::sqrt(n)));
    CHECK(times.front() > 100.0);
    CHECK(times.back() < 1e6 + 100.0);
    CHECK(first(SpikeTrain::poisson(0.0, 0.0, never, CellStream(1, 3, "noise")), 10).empty());
}

TEST_CASE("Poisson trains of other generators and seeds are others and the same one is the same", "[network]")
{
    const auto train = [](std::uint64_t seed, std::int64_t number) {
        return first(SpikeTrain::poisson(10.0, 0.0, never, CellStream(seed, number, "noise")), 20);
    };
    CHECK(train(1, 0) == train(1, 0));
    CHECK(train(1, 0) != train(1, 1));
    CHECK(train(1, 0) != train(2, 0));
}

TEST_CASE("a train goes on from a position as if it had never stopped", "[network]")
{
    auto train = SpikeTrain::poisson(10.0, 0.0, never, CellStream(1, 0, "noise"));
    for (int k = 0; k < 7; ++k) {
        train.pop();
    }
    auto other = SpikeTrain::poisson(10.0, 0.0, never, CellStream(1, 0, "noise"));
    other.go_to(train.position());
    CHECK(first(other, 10) == first(train, 10));
}
