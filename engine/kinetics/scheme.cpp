#include "kinetics/scheme.hpp"

#include <cassert>

#include "kinetics/gates.hpp"

namespace axolemma::kinetics {

namespace {

/// a + b, where either may be missing.
Value sum(Graph& graph, Value a, Value b)
{
    return !a.is_valid() ? b : !b.is_valid() ? a : graph.add(a, b);
}

/// Rates from each state (row) to each other (column); invalid: none.
std::vector<std::vector<Value>> rate_matrix(Graph& graph, const Scheme& scheme)
{
    const std::size_t n = scheme.states.size();
    std::vector<std::vector<Value>> rates(n, std::vector<Value>(n));
    for (const Scheme::Transition& transition : scheme.transitions) {
        Value& forward = rates[transition.from][transition.to];
        forward = sum(graph, forward, transition.forward_per_ms);
        Value& backward = rates[transition.to][transition.from];
        backward = sum(graph, backward, transition.backward_per_ms);
    }
    return rates;
}

}  // namespace

std::vector<Value> steady_state(Graph& graph, const Scheme& scheme)
{
    std::vector<std::vector<Value>> rates = rate_matrix(graph, scheme);
    const std::size_t n = scheme.states.size();
    for (std::size_t last = n; last-- > 1;) {  // leave the last state out of the scheme
        Value away;
        for (std::size_t j = 0; j < last; ++j) {
            away = sum(graph, away, rates[last][j]);
        }
        assert(away.is_valid() && "a state from which no rate leads back");
        for (std::size_t i = 0; i < last; ++i) {
            if (!rates[i][last].is_valid()) {
                continue;
            }
            rates[i][last] = graph.divide(rates[i][last], away);
            for (std::size_t j = 0; j < last; ++j) {
                if (i != j && rates[last][j].is_valid()) {
                    rates[i][j] = sum(graph, rates[i][j], graph.multiply(rates[i][last], rates[last][j]));
                }
            }
        }
    }
    std::vector<Value> share = {graph.constant(1.0)};
    Value total = share[0];
    for (std::size_t j = 1; j < n; ++j) {
        Value flow;
        for (std::size_t i = 0; i < j; ++i) {
            if (rates[i][j].is_valid()) {
                flow = sum(graph, flow, graph.multiply(share[i], rates[i][j]));
            }
        }
        share.push_back(flow.is_valid() ? flow : graph.constant(0.0));
        total = graph.add(total, share.back());
    }
    for (Value& value : share) {
        value = graph.divide(value, total);
    }
    return share;
}

std::vector<Value> add_scheme(Equations& equations, const Scheme& scheme, base::SourcePos pos)
{
    Graph& graph = equations.graph;
    const std::vector<Value> initial = steady_state(graph, scheme);
    const std::vector<std::vector<Value>> rates = rate_matrix(graph, scheme);
    OdeSystem system{OdeMethod::implicit, {}, {}, {}, std::move(pos)};
    std::vector<Value> x;
    const std::size_t n = scheme.states.size();
    for (std::size_t k = 0; k < n; ++k) {
        system.states.push_back(equations.info.states.size());
        std::string text = scheme.states[k] + "' = flow in - flow out";
        x.push_back(add_state(equations, {scheme.states[k], "share of channels in this state"}, initial[k], text));
    }
    Value others = graph.constant(1.0);
    for (std::size_t k = 0; k < n; ++k) {
        Value in, out;
        for (std::size_t j = 0; j < n; ++j) {
            in = rates[j][k].is_valid() ? sum(graph, in, graph.multiply(rates[j][k], x[j])) : in;
            out = sum(graph, out, rates[k][j]);
        }
        const Value lost = out.is_valid() ? graph.multiply(out, x[k]) : graph.constant(0.0);
        system.derivatives.push_back(in.is_valid() ? graph.subtract(in, lost) : graph.negate(lost));
        others = k + 1 < n ? graph.subtract(others, x[k]) : others;
    }
    system.conserved.assign(n, Value{});
    system.conserved.back() = others;
    equations.stages.emplace_back(std::move(system));
    return x;
}

}  // namespace axolemma::kinetics
