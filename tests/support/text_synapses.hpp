/// Point processes as equations, written by hand: what a reader of text would make of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kinetics/equations.hpp"
#include "kinetics/point_process.hpp"

namespace axolemma::test {

/// A value and the graph it lives in, so that formulas look like formulas.
struct Formula {
    kinetics::Graph* graph;
    kinetics::Value value;

    Formula number(double x) const { return {graph, graph->constant(x)}; }
    friend Formula operator+(Formula a, Formula b) { return {a.graph, a.graph->add(a.value, b.value)}; }
    friend Formula operator-(Formula a, Formula b) { return {a.graph, a.graph->subtract(a.value, b.value)}; }
    friend Formula operator*(Formula a, Formula b) { return {a.graph, a.graph->multiply(a.value, b.value)}; }
    friend Formula operator/(Formula a, Formula b) { return {a.graph, a.graph->divide(a.value, b.value)}; }
    friend Formula operator+(Formula a, double b) { return a + a.number(b); }
    friend Formula operator-(double a, Formula b) { return b.number(a) - b; }
    friend Formula operator*(double a, Formula b) { return b.number(a) * b; }
    friend Formula operator-(Formula a) { return {a.graph, a.graph->negate(a.value)}; }
    Formula less(Formula b) const { return {graph, graph->apply(kinetics::Op::less, value, b.value)}; }
    Formula equals(double x) const { return {graph, graph->apply(kinetics::Op::equal, value, number(x).value)}; }
    Formula choose(Formula yes, Formula no) const { return {graph, graph->select(value, yes.value, no.value)}; }
};
inline Formula exp(Formula a)
{
    return {a.graph, a.graph->exp(a.value)};
}

/// Equations in the making.
struct PointMaker {
    kinetics::Equations equations;

    PointMaker(const std::string& name, const std::string& meaning)
    {
        equations.is_point = true;
        equations.info.name = name;
        equations.info.meaning = meaning;
    }
    PointMaker(const PointMaker&) = delete;
    PointMaker& operator=(const PointMaker&) = delete;

    Formula number(double x) { return {&equations.graph, equations.graph.constant(x)}; }
    Formula input(kinetics::InputKind kind, std::size_t index = 0)
    {
        return {&equations.graph, equations.graph.input(kind, index)};
    }
    Formula v() { return input(kinetics::InputKind::voltage); }
    Formula t() { return input(kinetics::InputKind::time); }
    Formula flag() { return input(kinetics::InputKind::flag); }
    Formula parameter(const std::string& name, const std::string& unit, double value)
    {
        equations.info.parameters.push_back({name, unit, value, -1e9, 1e9, name});
        return input(kinetics::InputKind::parameter, equations.info.parameters.size() - 1);
    }
    Formula state(const std::string& name, double initial = 0.0, bool hidden = false)
    {
        equations.info.states.push_back({name, name, "uS", hidden});
        equations.initial.push_back(number(initial).value);
        return input(kinetics::InputKind::state, equations.info.states.size() - 1);
    }
    /// Index of a state, or what it is the input of.
    static std::size_t index_of(const kinetics::Graph& graph, Formula state)
    {
        return graph.node(state.value).input.index;
    }
    void derivative(Formula state, Formula slope)
    {
        kinetics::OdeSystem system;
        system.states = {index_of(equations.graph, state)};
        system.derivatives = {slope.value};
        equations.stages.emplace_back(std::move(system));
    }
    void current(const std::string& name, Formula nA)
    {
        equations.info.currents.push_back({name, name});
        equations.currents.push_back(nA.value);
    }
    void output(const std::string& name, const std::string& unit, Formula what)
    {
        equations.info.outputs.push_back({name, unit, name});
        equations.outputs.push_back(what.value);
    }
    Formula weight()
    {
        if (equations.on_event.arguments.empty()) {
            equations.on_event.arguments.push_back("weight");
            equations.on_event.arguments_initial.emplace_back();
            equations.on_event.arguments_after.emplace_back();
        }
        return input(kinetics::InputKind::weight);
    }
    /// A number kept per connection.
    Formula argument(const std::string& name, double initial)
    {
        weight();
        auto& handler = equations.on_event;
        handler.arguments.push_back(name);
        handler.arguments_initial.push_back(number(initial).value);
        handler.arguments_after.emplace_back();
        return input(kinetics::InputKind::weight, handler.arguments.size() - 1);
    }
    void on_event(Formula state, Formula after)
    {
        weight();
        equations.on_event.updates.push_back({index_of(equations.graph, state), after.value});
    }
    void argument_after(Formula argument, Formula after)
    {
        equations.on_event.arguments_after[index_of(equations.graph, argument)] = after.value;
    }
    void send_to_itself(Formula condition, Formula delay_ms, double flag)
    {
        weight();
        equations.on_event.self_events.push_back({condition.value, delay_ms.value, number(flag).value});
    }
    void send_at_start(double delay_ms, double flag)
    {
        equations.initial_events.push_back({number(1.0).value, number(delay_ms).value, number(flag).value});
    }
    void watch(Formula active, Formula above, double flag)
    {
        equations.watches.push_back({active.value, above.value, number(flag).value});
    }
    std::shared_ptr<const mechanisms::SynapseInfo> synapse() { return kinetics::make_synapse(std::move(equations)); }
};

/// exp_syn: g' = -g / tau, g += weight, i = g (v - e).
inline std::shared_ptr<const mechanisms::SynapseInfo> text_exp_syn()
{
    PointMaker maker("text_exp_syn", "exp_syn as equations");
    const auto tau = maker.parameter("tau", "ms", 2.0);
    const auto e = maker.parameter("e", "mV", 0.0);
    const auto g = maker.state("g");
    maker.derivative(g, -g / tau);
    maker.current("i", g * (maker.v() - e));
    maker.on_event(g, g + maker.weight());
    return maker.synapse();
}

/// exp2_syn with its two states, scaled by a parameter that the test computes.
inline std::shared_ptr<const mechanisms::SynapseInfo> text_exp2_syn()
{
    PointMaker maker("text_exp2_syn", "exp2_syn as equations");
    const auto tau1 = maker.parameter("tau1", "ms", 0.1);
    const auto tau2 = maker.parameter("tau2", "ms", 10.0);
    const auto e = maker.parameter("e", "mV", 0.0);
    const auto factor = maker.parameter("factor", "1", 1.0);
    const auto a = maker.state("a");
    const auto b = maker.state("b");
    maker.derivative(a, -a / tau1);
    maker.derivative(b, -b / tau2);
    maker.current("i", (b - a) * (maker.v() - e));
    maker.output("g", "uS", b - a);
    maker.on_event(a, a + factor * maker.weight());
    maker.on_event(b, b + factor * maker.weight());
    return maker.synapse();
}

/// Short-term plasticity, each connection with resources and utilisation of its own (Tsodyks, Uziel & Markram, J. Neurosci.
/// 20 (2000) RC50, eqs. 1-3, between events in closed form).
inline std::shared_ptr<const mechanisms::SynapseInfo> text_plastic()
{
    PointMaker maker("text_plastic", "depresses and facilitates");
    const auto tau = maker.parameter("tau", "ms", 3.0);
    const auto tau_rec = maker.parameter("tau_rec", "ms", 100.0);
    const auto tau_facil = maker.parameter("tau_facil", "ms", 50.0);
    const auto share = maker.parameter("U", "1", 0.2);
    const auto e = maker.parameter("e", "mV", 0.0);
    const auto g = maker.state("g");
    maker.derivative(g, -g / tau);
    maker.current("i", g * (maker.v() - e));
    const auto resources = maker.argument("R", 1.0);
    const auto used = maker.argument("u", 0.0);
    const auto last_ms = maker.argument("t_last", 0.0);
    const auto since_ms = maker.t() - last_ms;
    const auto faded = used * exp(-since_ms / tau_facil);
    const auto used_now = faded + share * (1.0 - faded);
    const auto recovered = 1.0 - (1.0 - resources) * exp(-since_ms / tau_rec);
    maker.on_event(g, g + maker.weight() * used_now * recovered);
    maker.argument_after(resources, recovered - used_now * recovered);
    maker.argument_after(used, used_now);
    maker.argument_after(last_ms, maker.t());
    return maker.synapse();
}

/// Opens for a fixed time, then is deaf for another: an event to itself (flag 1) closes it, one (flag 2) makes it listen.
inline std::shared_ptr<const mechanisms::SynapseInfo> text_pulse()
{
    PointMaker maker("text_pulse", "square pulses with a refractory time");
    const auto open_ms = maker.parameter("open", "ms", 1.3);
    const auto deaf_ms = maker.parameter("deaf", "ms", 4.0);
    const auto e = maker.parameter("e", "mV", 0.0);
    const auto g = maker.state("g");
    const auto listens = maker.state("listens", 1.0);
    maker.current("i", g * (maker.v() - e));
    const auto opens = maker.flag().equals(0.0) * listens;
    maker.on_event(g, opens.choose(maker.weight(), maker.flag().equals(1.0).choose(maker.number(0.0), g)));
    maker.on_event(listens,
                   opens.choose(maker.number(0.0), maker.flag().equals(2.0).choose(maker.number(1.0), listens)));
    maker.send_to_itself(opens, open_ms, 1.0);
    maker.send_to_itself(opens, deaf_ms, 2.0);
    return maker.synapse();
}

/// Counts how often the voltage rises above a threshold, from `from` ms on, and passes a current meanwhile.
inline std::shared_ptr<const mechanisms::SynapseInfo> text_watcher()
{
    PointMaker maker("text_watcher", "counts spikes where it is");
    const auto threshold = maker.parameter("threshold", "mV", -20.0);
    const auto leak = maker.parameter("leak", "uS", 1e-4);
    const auto watching = maker.state("watching", 0.0, true);
    const auto count = maker.state("count");
    const auto last_ms = maker.state("t_last", -1.0);
    maker.current("i", leak * count * maker.v());
    maker.send_at_start(1.0, 1.0);
    const auto flag = maker.flag();
    maker.on_event(watching, flag.equals(1.0).choose(maker.number(1.0), watching));
    maker.on_event(count, flag.equals(2.0).choose(count + 1.0, count));
    maker.on_event(last_ms, flag.equals(2.0).choose(maker.t(), last_ms));
    maker.watch(watching, threshold.less(maker.v()), 2.0);
    return maker.synapse();
}

}  // namespace axolemma::test
