#include <cmath>

#include "channels.hpp"
#include "support/catch.hpp"

namespace axolemma {

using test::channel_messages;
using test::channel_with;
using test::parse_channel;
using test::Situation;

namespace {

/// The only derivative of the only system of a channel, at -40 mV with its states at 0.25.
double first_derivative(const kinetics::Equations& equations, double temperature_degC = 21.0)
{
    const auto& system = std::get<kinetics::OdeSystem>(equations.stages.at(0));
    const Situation at{.v_mV = -40.0, .temperature_degC = temperature_degC, .states = {0.25, 0.25, 0.25}};
    return test::evaluate(equations, system.derivatives.at(0), at);
}

bool close(double a, double b)
{
    return std::abs(a - b) <= 1e-14 * std::abs(b);
}

}  // namespace

TEST_CASE("channel file: a gate of rates, its power and a conductance make a current", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("gates:\n"
                                   "  m:\n"
                                   "    power: 3\n"
                                   "    alpha: 0.5 /ms\n"
                                   "    beta: 0.2 /ms * exp(v/20 mV)\n"
                                   "current: {ion: na, conductance: gbar}\n"));
    CHECK(close(first_derivative(equations), 0.5 * 0.75 - 0.2 * std::exp(-2.0) * 0.25));
    const Situation at{.v_mV = -40.0, .reversal_mV = 55.0, .states = {0.25}};
    CHECK(close(test::evaluate(equations, equations.currents.at(0), at), 0.1 * 0.015625 * -95.0));
    CHECK(equations.info.currents.at(0).name == "ina");
    CHECK(equations.info.currents.at(0).ion == 0);
    CHECK(equations.info.ions.at(0).valence == 1);
    CHECK(equations.info.states.at(0).name == "m");
}

TEST_CASE("channel file: standard forms have their value at the midpoint", "[config]")
{
    const auto derivative = [](const std::string& rates) {
        return first_derivative(parse_channel(channel_with("gates: {m: " + rates +
                                                           "}\n"
                                                           "current: {conductance: gbar, reversal: 0 mV}\n")));
    };
    const std::string at_midpoint = ", midpoint: -40 mV, scale: 7 mV}";
    const std::string beta = ", beta: 0 /ms}";
    CHECK(close(derivative("{alpha: {form: exponential, rate: 2 /ms" + at_midpoint + beta), 1.5));
    CHECK(close(derivative("{alpha: {form: exp_linear, rate: 2 /ms" + at_midpoint + beta), 1.5));
    CHECK(close(derivative("{alpha: {form: sigmoid, rate: 2 /ms" + at_midpoint + beta), 0.75));
    CHECK(close(derivative("{inf: {form: sigmoid" + at_midpoint + ", tau: 2 ms}"), 0.125));
}

TEST_CASE("channel file: Q10 is 1 at its temperature and its factor 10 K above", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("q10: {factor: 3, at: 21 degC}\n"
                                   "gates: {m: {inf: 0.75, tau: 5 ms}}\n"
                                   "current: {conductance: gbar, reversal: 0 mV}\n"));
    CHECK(close(first_derivative(equations, 21.0), 0.1));
    CHECK(close(first_derivative(equations, 31.0), 0.3));
}

TEST_CASE("channel file: a gate's own Q10 replaces that of the file", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("q10: {factor: 3, at: 21 degC}\n"
                                   "gates: {m: {inf: 0.75, tau: 5 ms, q10: \"2^((temperature - 11 degC)/10 K)\"}}\n"
                                   "current: {conductance: gbar, reversal: 0 mV}\n"));
    CHECK(close(first_derivative(equations, 21.0), 0.2));
}

TEST_CASE("channel file: an instantaneous gate is no state", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("gates: {q: {inf: \"1/(1 + exp(-v/10 mV))\", instantaneous: true}}\n"
                                   "current: {conductance: gbar, reversal: 0 mV}\n"));
    CHECK(equations.info.states.empty());
    const double share = 1.0 / (1.0 + std::exp(4.0));
    CHECK(close(test::evaluate(equations, equations.currents.at(0), {.v_mV = -40.0}), 0.1 * share * -40.0));
}

TEST_CASE("channel file: numbers keep their meaning whatever their unit", "[config]")
{
    const kinetics::Equations equations = parse_channel(
        "channel: test\n"
        "parameters: {gbar: 1000 pS/um2, e: -0.07 V}\n"
        "current: {conductance: gbar, reversal: e}\n");
    CHECK(close(test::evaluate(equations, equations.currents.at(0), {.v_mV = -40.0}), 0.1 * 30.0));
    CHECK(equations.info.parameters.at(0).unit == "pS/um2");
    CHECK(equations.info.parameters.at(0).low == 0.0);
}

TEST_CASE("channel file: the scheme starts in the steady state of its rates", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("scheme:\n"
                                   "  states: [C, O, I]\n"
                                   "  transitions:\n"
                                   "    - {from: C, to: O, forward: 2 /ms, backward: 1 /ms}\n"
                                   "    - {from: O, to: I, forward: 0.5 /ms, backward: 0.25 /ms}\n"
                                   "    - {from: I, to: C, forward: 0.1 /ms, backward: 0.4 /ms}\n"
                                   "  open: {O: 1, I: 0.5}\n"
                                   "current: {conductance: gbar, reversal: 0 mV}\n"));
    std::vector<double> shares;
    for (const kinetics::Value initial : equations.initial) {
        shares.push_back(test::evaluate(equations, initial, {}));
    }
    REQUIRE(shares.size() == 3);
    CHECK(close(shares[0] + shares[1] + shares[2], 1.0));
    // detailed flows, by hand: what enters each state leaves it
    CHECK(std::abs(shares[1] * 1.0 + shares[2] * 0.1 - shares[0] * (2.0 + 0.4)) < 1e-14);
    CHECK(std::abs(shares[0] * 2.0 + shares[2] * 0.25 - shares[1] * (1.0 + 0.5)) < 1e-14);
    const auto& system = std::get<kinetics::OdeSystem>(equations.stages.at(0));
    CHECK(system.method == kinetics::OdeMethod::implicit);
    for (const kinetics::Value slope : system.derivatives) {
        CHECK(std::abs(test::evaluate(equations, slope, {.states = shares})) < 1e-14);
    }
    const double open = shares[1] + 0.5 * shares[2];
    CHECK(close(test::evaluate(equations, equations.currents.at(0), {.v_mV = -40.0, .states = shares}),
                0.1 * open * -40.0));
}

TEST_CASE("channel file: states follow the equations written for them", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("states:\n"
                                   "  c: {unit: mM, initial: 0.5 uM, derivative: -c/20 ms - gbar*v/(faraday * 1 um)}\n"
                                   "current: {conductance: gbar*c/1 mM, reversal: 0 mV}\n"));
    const Situation at{.v_mV = -40.0, .states = {0.25}};
    CHECK(close(test::evaluate(equations, equations.initial.at(0), at), 5e-4));
    const double inflow = 0.1 * 40.0 * 1e4 / 96485.33212331001;  // mA/cm2 / (C/mol um) in mM/ms
    CHECK(close(first_derivative(equations), -0.25 / 20.0 + inflow));
}

TEST_CASE("channel file: formulas read ions, and only the columns that they use", "[config]")
{
    const kinetics::Equations equations =
        parse_channel(channel_with("gates: {z: {inf: cai/(cai + 1 uM), tau: 1 ms}}\n"
                                   "current: {ion: k, conductance: gbar}\n"));
    REQUIRE(equations.info.ion_reads.size() == 2);
    CHECK(equations.info.ions.at(equations.info.ion_reads[0].ion).name == "ca");
    CHECK(equations.info.ion_reads[0].what == mechanisms::IonQuantity::inside_mM);
    CHECK(equations.info.ions.at(equations.info.ion_reads[1].ion).name == "k");
    CHECK(equations.info.ion_reads[1].what == mechanisms::IonQuantity::reversal_mV);
}

TEST_CASE("channel file: a synapse has states that events change", "[config]")
{
    const kinetics::Equations equations = parse_channel(
        "synapse: pulse\n"
        "parameters: {tau: 5 ms, e: 0 mV}\n"
        "states: {g: {unit: uS, derivative: -g/tau}}\n"
        "current: {conductance: g, reversal: e}\n"
        "on_event: {g: g + 2*weight}\n");
    CHECK(equations.is_point);
    REQUIRE(equations.on_event.updates.size() == 1);
    const Situation at{.v_mV = -40.0, .states = {0.25}, .weight = 0.5};
    CHECK(test::evaluate(equations, equations.on_event.updates[0].after, at) == 1.25);
    CHECK(test::evaluate(equations, equations.currents.at(0), at) == -10.0);
}

TEST_CASE("channel file: mistakes are reported where they are", "[config]")
{
    const auto starts = [](const std::string& text, const std::string& message) {
        const std::string found = channel_messages(text);
        CAPTURE(found);
        CHECK(found.rfind(message, 0) == 0);
    };
    const std::string current = "current: {conductance: gbar, reversal: 0 mV}\n";
    starts(channel_with("current: {conductance: gbar, reversal: 5 ms}\n"),
           "channel.yaml:3:40: error: '5 ms' is a time; 'reversal' of 'current' needs a voltage");
    starts(channel_with("gates: {m: {inf: 0.5, tau: exp(v)}}\n" + current),
           "channel.yaml:3:28: error: exp() needs a plain number, but its argument is a voltage");
    starts(channel_with("gates: {m: {alpha: 1 /ms, inf: 0.5}}\n" + current),
           "channel.yaml:3:9: error: gate 'm' has 'alpha' without 'beta'");
    starts(channel_with("gates: {m: {inf: 0.5}}\n" + current),
           "channel.yaml:3:9: error: gate 'm' needs alpha and beta, or inf and tau");
    starts(channel_with("gates: {m: {inf: 0.5, tau: 1 ms, pwoer: 3}}\n" + current),
           "channel.yaml:3:34: error: unknown key 'pwoer' in gate 'm'\n  hint: did you mean 'power'?");
    starts(channel_with("gates: {v: {inf: 0.5, tau: 1 ms}}\n" + current),
           "channel.yaml:3:9: error: 'v' has a meaning of its own in formulas");
    starts(channel_with("gates: {gbar: {inf: 0.5, tau: 1 ms}}\n" + current),
           "channel.yaml:3:9: error: there are two things called 'gbar'\n  hint: the first is at line 2");
    starts(channel_with("current: {conductance: gbra, reversal: 0 mV}\n"),
           "channel.yaml:3:24: error: unknown name 'gbra'\n  hint: did you mean 'gbar'?");
    starts(channel_with("current: {conductance: gbar}\n"),
           "channel.yaml:3:10: error: 'current' needs a reversal potential");
    starts(channel_with("current: {ion: foo, permeability: 1e-4 cm/s}\n"),
           "channel.yaml:3:16: error: the charge number of 'foo' is not known");
    starts(channel_with("q10: temperature/10 K\n" + current),
           "channel.yaml:3:17: error: a temperature in degC can only be compared, or subtracted from another one");
    starts(channel_with(""), "channel.yaml: error: 'test' has no current and sets no concentration");
    starts("channel: test\nparameters: {gbar: 0.1*2 S/cm2}\ncurrent: gbar*v\n",
           "channel.yaml:2:20: error: the default of 'gbar' needs a number with its unit, not '0.1*2 S/cm2'");
    starts(channel_with("scheme: {states: [A, B], transitions: [{from: A, to: C, forward: 1 /ms, backward: 1 /ms}], "
                        "open: A}\n" +
                        current),
           "channel.yaml:3:54: error: the scheme has no state 'C'");
    starts(channel_with("on_event: {x: 1}\n" + current), "channel.yaml:3:1: error: a channel gets no events");
}

TEST_CASE("channel file: all mistakes of a file come out together", "[config]")
{
    const std::string found =
        channel_messages(channel_with("gates: {m: {inf: 0.5 mV, tau: 1}}\n"
                                      "current: {conductance: gbar, reversal: E}\n"));
    CAPTURE(found);
    CHECK(found.find("channel.yaml:3:18") != std::string::npos);
    CHECK(found.find("channel.yaml:3:31") != std::string::npos);
    CHECK(found.find("channel.yaml:4:40") != std::string::npos);
}

}  // namespace axolemma
