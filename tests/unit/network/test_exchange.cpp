#include "network/exchange.hpp"
#include "support/catch.hpp"

using namespace axolemma::network;

TEST_CASE("a rank alone gets its own spikes back, sorted by source and time, and its own status", "[network]")
{
    Exchange exchange(Ranks::alone());
    const std::vector<Spike> spikes{{2.0, 5}, {1.0, 5}, {3.0, 1}};
    exchange.begin(spikes, {17, true, false, false});
    const auto status = exchange.finish();
    CHECK(status.failed_step == 17);
    CHECK(status.stop);
    CHECK_FALSE(status.checkpoint);
    CHECK_FALSE(status.broken);
    REQUIRE(exchange.spikes().size() == 3);
    CHECK(exchange.spikes()[0].source == 1);
    CHECK(exchange.spikes()[1].t_ms == 1.0);
    CHECK(exchange.spikes()[2].t_ms == 2.0);
}

TEST_CASE("spikes beyond the room of a message take a second round, and the room follows", "[network]")
{
    Exchange exchange(Ranks::alone());
    std::vector<Spike> spikes;
    for (int k = 0; k < 1000; ++k) {
        spikes.push_back({0.001 * k, k});
    }
    exchange.begin(spikes, {});
    exchange.finish();
    CHECK(exchange.spikes().size() == 1000);
    CHECK(exchange.rounds() == 2);
    exchange.begin(spikes, {});
    exchange.finish();
    CHECK(exchange.spikes().size() == 1000);
    CHECK(exchange.rounds() == 3);
    CHECK(exchange.spikes()[999].source == 999);
}

TEST_CASE("what throws on the only rank goes through together()", "[network]")
{
    CHECK_THROWS_AS(together(Ranks::alone(), [] { throw axolemma::base::EngineError("x"); }),
                    axolemma::base::EngineError);
    bool done = false;
    together(Ranks::alone(), [&] { done = true; });
    CHECK(done);
}
