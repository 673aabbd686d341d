#include <string>

#include "bench/bench.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using namespace axolemma::bench;

namespace {

Settings short_run(const std::string& stop)
{
    Settings settings;
    settings.stop = stop;
    return settings;
}

}  // namespace

TEST_CASE("a measurement has every run, and the spikes of one", "[bench]")
{
    const auto measured = measure(make_workload("W1", short_run("4 ms")), 1, 3);
    CHECK(measured.runs.size() == 3);
    CHECK(measured.facts.n_steps == 160);
    CHECK(measured.threads == 1);
    CHECK(measured.n_sites == 2);
    REQUIRE(measured.n_spikes() == 1);
    CHECK(measured.spikes.front().site == 0);
    CHECK(measured.spikes.front().first_ms == measured.spikes.front().last_ms);
    CHECK(measured.counted_bytes_per_compartment() > 0.0);
}

TEST_CASE("a measurement is of the same result for any number of threads", "[bench]")
{
    const auto one = measure(make_workload("W2", short_run("0.1 ms")), 1, 1);
    const auto two = measure(make_workload("W2", short_run("0.1 ms")), 2, 1);
    CHECK(one.result_hash == two.result_hash);
}

TEST_CASE("a spike goes round all rings of W7 alike, from cell to cell", "[bench]")
{
    const auto measured = measure(make_workload("W7", short_run("6 ms")), 2, 1);
    CHECK(measured.facts.n_synapses == 256);
    CHECK(measured.facts.n_connections == 256 + 16);
    REQUIRE(measured.spikes.size() == 48);  // the first three cells of sixteen rings
    for (std::size_t k = 0; k < measured.spikes.size(); ++k) {
        CHECK(measured.spikes[k].cell == static_cast<std::int64_t>(k));
        CHECK(measured.spikes[k].n == 1);
        CHECK(measured.spikes[k].first_ms == measured.spikes[k / 16 * 16].first_ms);
        CHECK((k < 16 || measured.spikes[k].first_ms > measured.spikes[k - 16].first_ms + 1.0));  // the delay
    }
}

TEST_CASE("nanoseconds are per compartment and step", "[bench]")
{
    Measurement measurement;
    measurement.facts.n_compartments = 1000;
    measurement.facts.n_steps = 4000;
    CHECK(measurement.ns(0.02) == Approx(5.0).epsilon(1e-14));
}

TEST_CASE("the median of an even number of runs is between the middle two", "[bench]")
{
    const std::vector<Seconds> runs{{4.0, 40.0}, {1.0, 10.0}, {2.0, 30.0}, {8.0, 20.0}};
    CHECK(statistics(runs, &Seconds::cpu).median == 3.0);
    CHECK(statistics(runs, &Seconds::cpu).least == 1.0);
    CHECK(statistics(runs, &Seconds::wall).median == 25.0);
    CHECK(statistics({{5.0, 6.0}}, &Seconds::cpu).median == 5.0);
}
