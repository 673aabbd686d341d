#include <cmath>
#include <limits>

#include "network/inbox.hpp"
#include "support/catch.hpp"

using namespace axolemma::network;

namespace {

constexpr double dt_ms = 0.025;

/// Events of the steps from..to-1 after opening them, as (step, event).
std::vector<std::pair<std::int64_t, SynapticEvent>> take_all(Inbox& inbox, std::int64_t from, std::int64_t to)
{
    std::vector<std::pair<std::int64_t, SynapticEvent>> all;
    inbox.open(from, to, dt_ms);
    for (std::int64_t step = from; step < to; ++step) {
        for (const auto& event : inbox.take(step)) {
            all.emplace_back(step, event);
        }
    }
    return all;
}

SpikeTrain listed(std::vector<double> t_ms)
{
    return SpikeTrain::listed(std::make_shared<const std::vector<double>>(std::move(t_ms)));
}

}  // namespace

TEST_CASE("a time belongs to the step that ends at it or after it, for a hundred thousand ends of steps", "[network]")
{
    for (std::int64_t step = 0; step < 100000; ++step) {
        const double end_ms = static_cast<double>(step + 1) * dt_ms;
        if (step_of(end_ms, dt_ms) != step || step_of(std::nextafter(end_ms, 1e9), dt_ms) != step + 1) {
            FAIL("step " << step);
        }
    }
    CHECK(step_of(0.0, dt_ms) == -1);
}

TEST_CASE("a delay of whole steps counts as that many, whatever its rounding", "[network]")
{
    for (std::int64_t n = 1; n < 10000; ++n) {
        if (steps_in(static_cast<double>(n) * dt_ms, dt_ms) != n || steps_in(0.1 * static_cast<double>(n), 0.1) != n) {
            FAIL(n << " steps");
        }
    }
    CHECK(steps_in(0.0249, dt_ms) == 0);
    CHECK(steps_in(0.07, dt_ms) == 2);
    CHECK(steps_in(1e30, dt_ms) == 1000000000000000);
}

TEST_CASE("a spike reaches every synapse it is connected to, after its delay, and no other", "[network]")
{
    Inbox inbox;
    inbox.connect(7, 3, 0.5, 1.0);
    inbox.connect(2, 0, 0.1, 2.0);
    inbox.connect(7, 1, 0.25, 1.5);
    inbox.seal();
    const std::vector<Spike> spikes{{0.11, 1}, {0.13, 7}, {0.2, 9}};
    inbox.receive(spikes, dt_ms);
    const auto events = take_all(inbox, 0, 100);
    REQUIRE(events.size() == 2);
    CHECK(events[0].second.synapse == 3);
    CHECK(events[0].second.t_ms == 0.13 + 1.0);
    CHECK(events[0].first == 45);  // 1.125 < 1.13 <= 1.15
    CHECK(events[1].second.synapse == 1);
    CHECK(events[1].second.weight_uS == 0.25);
    CHECK(events[1].first == 65);
    CHECK(inbox.waiting().empty());
}

TEST_CASE("events come out alike whether the steps are opened one by one or all at once", "[network]")
{
    const auto fill = [](Inbox& inbox) {
        for (std::int32_t k = 0; k < 20; ++k) {
            inbox.connect(k % 3, k % 4, 0.01 * k, 0.5 + 0.03 * k);
        }
        const auto train = inbox.find_or_add_train(0, [] { return listed({0.0, 0.3, 0.31, 2.0}); });
        inbox.connect_train(train, 2, 1.0, 0.0);
        inbox.connect_train(train, 0, 2.0, 0.7);
        inbox.seal();
        const std::vector<Spike> spikes{{0.01, 0}, {0.2, 0}, {0.05, 1}, {0.4, 2}};
        inbox.receive(spikes, dt_ms);
    };
    Inbox whole, in_pieces;
    fill(whole);
    fill(in_pieces);
    const auto expected = take_all(whole, 0, 120);
    std::vector<std::pair<std::int64_t, SynapticEvent>> found;
    for (std::int64_t from = 0; from < 120; from += 7) {
        const auto part = take_all(in_pieces, from, std::min<std::int64_t>(from + 7, 120));
        found.insert(found.end(), part.begin(), part.end());
    }
    REQUIRE(found.size() == expected.size());
    REQUIRE(found.size() > 25);
    for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(found[k].first == expected[k].first);
        CHECK(found[k].second.t_ms == expected[k].second.t_ms);
        CHECK(found[k].second.synapse == expected[k].second.synapse);
        CHECK(found[k].second.weight_uS == expected[k].second.weight_uS);
    }
}

TEST_CASE("of events at one time the lighter one comes first, in whatever order they were sent", "[network]")
{
    for (const bool swapped : {false, true}) {
        Inbox inbox;
        inbox.connect(0, 0, swapped ? 0.2 : 0.1, 1.0);
        inbox.connect(0, 0, swapped ? 0.1 : 0.2, 1.0);
        inbox.seal();
        inbox.receive(std::vector<Spike>{{0.5, 0}}, dt_ms);
        const auto events = take_all(inbox, 0, 100);
        REQUIRE(events.size() == 2);
        CHECK(events[0].second.weight_uS == 0.1);
    }
}

TEST_CASE("a spike at the very beginning of an epoch never arrives within it, for any number of steps of delay",
          "[network]")
{
    // An epoch is as long as the shortest delay: rounding must not let an event fall back into it.
    for (std::int64_t delay_steps = 1; delay_steps < 400; ++delay_steps) {
        for (const std::int64_t from : {0, 1, 3, 1000, 123457}) {
            Inbox inbox;
            inbox.connect(0, 0, 1.0, static_cast<double>(delay_steps) * dt_ms);
            inbox.seal();
            const double begin_ms = static_cast<double>(from) * dt_ms;
            inbox.receive(std::vector<Spike>{{std::nextafter(begin_ms, 1e9), 0}}, dt_ms);
            if (step_of(inbox.waiting()[0].t_ms, dt_ms) < from + delay_steps) {
                FAIL(delay_steps << " steps from step " << from);
            }
        }
    }
}

TEST_CASE("an event at t = 0 counts as one at the beginning of the first step", "[network]")
{
    Inbox inbox;
    inbox.connect_train(inbox.find_or_add_train(0, [] { return listed({0.0}); }), 0, 1.0, 0.0);
    inbox.seal();
    const auto events = take_all(inbox, 0, 4);
    REQUIRE(events.size() == 1);
    CHECK(events[0].first == 0);
}

TEST_CASE("a reset inbox holds nothing and its trains start anew", "[network]")
{
    Inbox inbox;
    inbox.connect_train(inbox.find_or_add_train(0, [] { return listed({0.01, 0.02}); }), 0, 1.0, 5.0);
    inbox.seal();
    CHECK(take_all(inbox, 0, 4).empty());
    CHECK(inbox.waiting().size() == 2);
    inbox.reset();
    CHECK(inbox.waiting().empty());
    CHECK(take_all(inbox, 0, 300).size() == 2);
}
