/// Short names for building formulas in tests.
#pragma once

#include "kinetics/graph.hpp"

namespace axolemma::test {

class Formulas {
public:
    explicit Formulas(kinetics::Graph& graph) : graph_(graph) {}

    struct Term {
        kinetics::Graph* graph;
        kinetics::Value value;
        operator kinetics::Value() const { return value; }  // NOLINT(google-explicit-constructor)

        friend Term operator+(Term a, Term b) { return {a.graph, a.graph->add(a, b)}; }
        friend Term operator-(Term a, Term b) { return {a.graph, a.graph->subtract(a, b)}; }
        friend Term operator*(Term a, Term b) { return {a.graph, a.graph->multiply(a, b)}; }
        friend Term operator/(Term a, Term b) { return {a.graph, a.graph->divide(a, b)}; }
        friend Term operator-(Term a) { return {a.graph, a.graph->negate(a)}; }
    };

    Term number(double x) { return {&graph_, graph_.constant(x)}; }
    Term of(kinetics::Value value) { return {&graph_, value}; }
    Term apply(kinetics::Op op, Term a) { return of(graph_.apply(op, a)); }
    Term v() { return of(graph_.input(kinetics::InputKind::voltage)); }
    Term dt() { return of(graph_.input(kinetics::InputKind::dt)); }
    Term state(std::size_t k) { return of(graph_.input(kinetics::InputKind::state, k)); }
    Term parameter(std::size_t k) { return of(graph_.input(kinetics::InputKind::parameter, k)); }
    Term ion(std::size_t k) { return of(graph_.input(kinetics::InputKind::ion, k)); }

private:
    kinetics::Graph& graph_;
};

}  // namespace axolemma::test
