/// What blocks leave in variables for each other.
#include <cmath>

#include "lower_support.hpp"

using namespace axolemma;
using namespace lower_support;

TEST_CASE("a rate that BREAKPOINT takes from a DERIVATIVE block is computed anew but has no slope")
{
    Equations e = clean(R"(
NEURON { SUFFIX s NONSPECIFIC_CURRENT i }
ASSIGNED { v i winf }
STATE { m }
BREAKPOINT { SOLVE d METHOD cnexp i = winf*m*v }
INITIAL { winf = v*v m = 0 }
DERIVATIVE d { winf = v*v m' = winf - m }
)");
    REQUIRE(e.info.states.size() == 1);
    At at{e};
    at.v_mV = 3;
    at.states = {{"m", 0.5}};
    CHECK(at.of(e.currents[0]) == 9 * 0.5 * 3);
    const Value slope = e.graph.derivative(e.currents[0], {InputKind::voltage, 0});
    CHECK(At{e, 3, 0, 0, 0, 0, 0, {}, {{"m", 0.5}}}.of(slope) == 9 * 0.5);
}

TEST_CASE("a number that depends on states before the step is remembered by a hidden state")
{
    const Equations e = clean(R"(
NEURON { SUFFIX s NONSPECIFIC_CURRENT i }
ASSIGNED { v i w }
STATE { m }
BREAKPOINT { SOLVE d METHOD cnexp i = w*v }
DERIVATIVE d { w = 2*m m' = -m }
)");
    REQUIRE(e.info.states.size() == 2);
    CHECK(e.info.states[1].name == "w");
    CHECK(e.info.states[1].hidden);
    REQUIRE(e.stages.size() == 2);
    const auto& updates = std::get<std::vector<kinetics::Update>>(e.stages[0]);
    At at{e};
    at.states = {{"m", 0.25}, {"w", 4}};
    CHECK(at.of(updates.at(0).after) == 0.5);
    CHECK(at.of(e.currents[0]) == 4 * -65);
}

TEST_CASE("what is assigned behind the equations sees the states after them")
{
    const Equations e = clean(R"(
NEURON { SUFFIX s USEION ca READ cai WRITE cai }
ASSIGNED { cai }
STATE { ca }
INITIAL { ca = 1e-4 cai = ca }
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { ca' = -ca cai = ca }
)");
    REQUIRE(e.info.states.size() == 1);
    REQUIRE(e.stages.size() == 1);
    At at{e};
    at.states = {{"ca", 5e-4}};
    CHECK(at.of(e.concentrations.at(0)) == 5e-4);
    CHECK(at.of(e.initial_concentrations.at(0)) == 1e-4);
}

TEST_CASE("a parameter that INITIAL corrects keeps what the user gave otherwise")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS s RANGE tau1, tau2 NONSPECIFIC_CURRENT i }
PARAMETER { tau1 = 0.1 tau2 = 10 }
ASSIGNED { v i factor }
INITIAL {
    if (tau1/tau2 > 0.9999) { tau1 = 0.9999*tau2 }
    factor = 1/(tau2 - tau1)
}
BREAKPOINT { i = factor*v + tau1 }
)");
    REQUIRE(e.info.parameters.size() == 2);
    CHECK(e.info.states.empty());
    At at{e};
    at.v_mV = 2;
    CHECK(at.of(e.currents[0]) == Approx(2 / 9.9 + 0.1).epsilon(1e-14));
    at.parameters = {{"tau1", 10}};
    CHECK(at.of(e.currents[0]) == Approx(2 / (10 - 9.999) + 9.999).epsilon(1e-12));
}

TEST_CASE("a counter in BREAKPOINT is a state that the next step begins with")
{
    const Equations e = lower_text(R"(
NEURON { SUFFIX s NONSPECIFIC_CURRENT i RANGE top }
ASSIGNED { v i top }
INITIAL { top = v }
BREAKPOINT { if (v > top) { top = v } i = top }
)")
                            .equations.value();
    REQUIRE(e.info.states.size() == 1);
    CHECK(e.info.states[0].name == "top");
    const auto& updates = std::get<std::vector<kinetics::Update>>(e.stages.at(0));
    At at{e};
    at.v_mV = -10;
    at.states = {{"top", -30}};
    CHECK(at.of(updates.at(0).after) == -10);
    CHECK(at.of(e.currents[0]) == -10);
    CHECK(at.initial("top") == -10);
}

TEST_CASE("a SOLVEd block that reads what BREAKPOINT computed gets its formula")
{
    const Equations e = clean(R"(
NEURON { SUFFIX s USEION ca READ eca WRITE ica RANGE gbar }
PARAMETER { gbar = 2 }
ASSIGNED { v eca ica }
STATE { m w }
BREAKPOINT { SOLVE d METHOD cnexp ica = gbar*m*(v - eca) }
DERIVATIVE d { m' = -m w' = -ica }
)");
    At at{e};
    at.v_mV = -20;
    at.ions = {120};
    at.states = {{"m", 0.5}, {"w", 0}};
    CHECK(at.slope("w") == 140);
}

TEST_CASE("ASSIGNED variables that only a user can set are parameters, and a STATE that is a formula is an output")
{
    const Equations e = clean(R"(
NEURON { SUFFIX s NONSPECIFIC_CURRENT i RANGE scale }
ASSIGNED { v i scale }
STATE { m }
BREAKPOINT { m = 1/(1 + exp(-v)) i = scale*m }
)");
    REQUIRE(e.info.parameters.size() == 1);
    CHECK(e.info.parameters[0].name == "scale");
    CHECK(e.info.parameters[0].default_value == 0);
    CHECK(e.info.states.empty());
    CHECK(At{e}.output("m") == Approx(1 / (1 + std::exp(65.0))).epsilon(1e-12));
}

TEST_CASE("diam and area come from the geometry, and only where they are used")
{
    const Equations e = clean(R"(
NEURON { SUFFIX s NONSPECIFIC_CURRENT i }
ASSIGNED { v i diam area }
BREAKPOINT { i = v/diam }
)");
    REQUIRE(e.info.parameters.size() == 1);
    CHECK(e.info.parameters[0].from == mechanisms::ParameterInfo::From::diameter_um);
}

TEST_CASE("an electrode's current is turned outward")
{
    const Equations e = clean(R"(
NEURON { POINT_PROCESS clamp ELECTRODE_CURRENT i RANGE del, dur, amp }
PARAMETER { del = 1 (ms) dur = 2 (ms) amp = 0.5 (nA) }
ASSIGNED { i (nA) }
BREAKPOINT { if (t >= del && t < del + dur) { i = amp } else { i = 0 } }
)");
    CHECK(e.is_point);
    At at{e};
    at.t_ms = 1.5;
    CHECK(at.of(e.currents[0]) == -0.5);
    at.t_ms = 3;
    CHECK(at.of(e.currents[0]) == 0);
}
