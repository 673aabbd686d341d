/// Synapses: what events do.
#include <cmath>

#include "lower_support.hpp"

using namespace axolemma;
using namespace lower_support;

namespace {

/// What an event leaves in a state.
double after_event(const At& at, const std::string& state)
{
    const int index = at.e.info.state_index(state);
    for (const auto& update : at.e.on_event.updates) {
        if (static_cast<int>(update.state) == index) {
            return at.of(update.after);
        }
    }
    return at.states.at(state);
}

}  // namespace

TEST_CASE("an event adds its weight to the conductances of a synapse")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS twoexp RANGE tau1, tau2, e, i, g NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau1 = 0.5 (ms) <1e-9,1e9> tau2 = 4 (ms) <1e-9,1e9> e = 0 (mV) }
ASSIGNED { v (mV) i (nA) g (uS) factor }
STATE { A (uS) B (uS) }
INITIAL {
    LOCAL tp
    A = 0
    B = 0
    tp = (tau1*tau2)/(tau2 - tau1)*log(tau2/tau1)
    factor = 1/(-exp(-tp/tau1) + exp(-tp/tau2))
}
BREAKPOINT { SOLVE state METHOD cnexp g = B - A i = g*(v - e) }
DERIVATIVE state { A' = -A/tau1 B' = -B/tau2 }
NET_RECEIVE(weight (uS)) { A = A + weight*factor B = B + weight*factor }
)");
    CHECK(e.is_point);
    CHECK(e.info.states.size() == 2);  // factor is a formula of the parameters
    CHECK(e.on_event.arguments == std::vector<std::string>{"weight"});
    At at{e};
    at.weight = 0.002;
    at.states = {{"A", 0.01}, {"B", 0.03}};
    const double tp = 0.5 * 4 / 3.5 * std::log(8.0);
    const double factor = 1 / (std::exp(-tp / 4) - std::exp(-tp / 0.5));
    CHECK(after_event(at, "A") == Approx(0.01 + 0.002 * factor).epsilon(1e-12));
    CHECK(at.of(e.currents[0]) == Approx(0.02 * -65).epsilon(1e-14));
}

TEST_CASE("what a connection keeps for itself is updated by its events")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS depress NONSPECIFIC_CURRENT i }
PARAMETER { U = 0.4 tau = 100 (ms) }
ASSIGNED { v i }
STATE { g }
BREAKPOINT { SOLVE s METHOD cnexp i = g*v }
DERIVATIVE s { g' = -g/3 }
NET_RECEIVE(w, R, last (ms)) {
    INITIAL { R = 1 last = t }
    R = 1 - (1 - R*(1 - U))*exp(-(t - last)/tau)
    last = t
    g = g + w*U*R
}
)");
    CHECK(e.on_event.arguments == std::vector<std::string>{"weight", "R", "last"});
    At at{e};
    at.t_ms = 30;
    at.weight = 2;
    at.arguments = {0.9, 10};
    at.states = {{"g", 0.1}};
    const double R = 1 - (1 - 0.9 * 0.6) * std::exp(-0.2);
    CHECK(at.of(e.on_event.arguments_after.at(1)) == Approx(R).epsilon(1e-14));
    CHECK(at.of(e.on_event.arguments_after.at(2)) == 30);
    CHECK(after_event(at, "g") == Approx(0.1 + 0.8 * R).epsilon(1e-14));
    CHECK(at.of(e.on_event.arguments_initial.at(1)) == 1);
}

TEST_CASE("a synapse sends events to itself, under conditions of flag")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS pulse NONSPECIFIC_CURRENT i RANGE dur }
PARAMETER { dur = 3 (ms) }
ASSIGNED { v i on }
INITIAL { on = 0 net_send(5, 7) }
BREAKPOINT { i = on*v }
NET_RECEIVE(w) {
    if (flag == 0) {
        if (on == 0) { on = w net_send(dur, 1) }
    } else if (flag == 1) {
        on = 0
    }
}
)");
    REQUIRE(e.info.states.size() == 1);
    CHECK(e.info.states[0].hidden);
    REQUIRE(e.on_event.self_events.size() == 1);
    REQUIRE(e.initial_events.size() == 1);
    At at{e};
    at.states = {{"on", 0}};
    at.weight = 0.5;
    CHECK(at.of(e.initial_events[0].delay_ms) == 5);
    CHECK(at.of(e.initial_events[0].flag) == 7);
    CHECK(after_event(at, "on") == 0.5);
    CHECK(at.of(e.on_event.self_events[0].condition) != 0);
    CHECK(at.of(e.on_event.self_events[0].delay_ms) == 3);
    at.states = {{"on", 0.5}};
    CHECK(at.of(e.on_event.self_events[0].condition) == 0);
    at.flag = 1;
    CHECK(after_event(at, "on") == 0);
    CHECK(at.of(e.on_event.self_events[0].condition) == 0);
}

TEST_CASE("WATCH is on from the event that reaches it to the event that reaches another")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS watcher NONSPECIFIC_CURRENT i RANGE low, high }
PARAMETER { low = -50 (mV) high = -20 (mV) }
ASSIGNED { v (mV) i spikes }
INITIAL { spikes = 0 net_send(0, 1) }
BREAKPOINT { i = 0*spikes }
NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v > high) 2
    } else if (flag == 2) {
        spikes = spikes + 1
        WATCH (v < low) 1
    }
}
)");
    REQUIRE(e.watches.size() == 2);
    At at{e};
    at.states = {{"spikes", 3}, {"watch_1", 0}, {"watch_2", 0}};
    at.flag = 1;
    CHECK(after_event(at, "watch_1") == 1);
    CHECK(after_event(at, "watch_2") == 0);
    at.states = {{"spikes", 3}, {"watch_1", 1}, {"watch_2", 0}};
    at.flag = 2;
    CHECK(after_event(at, "watch_1") == 0);
    CHECK(after_event(at, "watch_2") == 1);
    CHECK(after_event(at, "spikes") == 4);
    at.flag = 0;  // reaches none: what was on stays on
    CHECK(after_event(at, "watch_1") == 1);
    at.v_mV = -19;
    CHECK(at.of(e.watches[0].above) == 1);
    CHECK(at.of(e.watches[0].flag) == 2);
    CHECK(at.of(e.watches[1].above) == 0);
    CHECK(at.of(e.watches[0].active) == 1);
}

TEST_CASE("state_discontinuity is an assignment")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS p NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { g }
BREAKPOINT { SOLVE s METHOD cnexp i = g*v }
DERIVATIVE s { g' = -g }
NET_RECEIVE(w) { state_discontinuity(g, g + w) }
)");
    At at{e};
    at.weight = 2;
    at.states = {{"g", 0.5}};
    CHECK(after_event(at, "g") == 2.5);
}
