/// Graph::derivative(): the rules of differentiation, one per operation. An invalid value stands for a derivative of 0.
#include <cassert>
#include <cmath>
#include <numbers>

#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

namespace {

/// Sums and products of which parts may be missing because they are 0.
class Parts {
public:
    explicit Parts(Graph& graph) : graph_(graph) {}

    Value sum(Value a, Value b) { return !a.is_valid() ? b : !b.is_valid() ? a : graph_.add(a, b); }
    Value difference(Value a, Value b)
    {
        return !b.is_valid() ? a : !a.is_valid() ? graph_.negate(b) : graph_.subtract(a, b);
    }
    Value times(Value present, Value a) { return a.is_valid() ? graph_.multiply(present, a) : a; }
    Value over(Value a, Value present) { return a.is_valid() ? graph_.divide(a, present) : a; }
    Value or_zero(Value a) { return a.is_valid() ? a : graph_.constant(0.0); }

private:
    Graph& graph_;
};

/// d/dx of x / (exp(x) - 1): f(x) (1 - f(-x)) / x, and its Taylor series where that loses digits (Bernoulli numbers; the
/// first term left out is 2.1e-7 x^9).
Value slope_of_exprelr(Graph& graph, Value x, Value f)
{
    const Value one = graph.constant(1.0);
    const Value far =
        graph.divide(graph.multiply(f, graph.subtract(one, graph.apply(Op::exprelr, graph.negate(x)))), x);
    const Value square = graph.multiply(x, x);
    Value odd = graph.constant(-1.0 / 151200.0);
    for (const double coefficient : {1.0 / 5040.0, -1.0 / 180.0, 1.0 / 6.0}) {
        odd = graph.add(graph.multiply(odd, square), graph.constant(coefficient));
    }
    const Value near = graph.add(graph.constant(-0.5), graph.multiply(odd, x));
    return graph.select(graph.apply(Op::less, graph.apply(Op::abs, x), graph.constant(0.1)), near, far);
}

Value slope_of_power(Graph& graph, const Node& node, Value self, Value da, Value db)
{
    Parts parts(graph);
    Value by_base;
    if (da.is_valid()) {
        const Value lower = graph.power(node.a, graph.subtract(node.b, graph.constant(1.0)));
        by_base = graph.multiply(graph.multiply(node.b, lower), da);
    }
    const Value by_exponent =
        db.is_valid() ? graph.multiply(graph.multiply(self, graph.apply(Op::log, node.a)), db) : Value{};
    return parts.sum(by_base, by_exponent);
}

/// d node / d operand of an operation of one operand that is not linear.
Value slope_of_function(Graph& graph, const Node& node, Value self)
{
    const auto number = [&](double x) { return graph.constant(x); };
    const Value a = node.a;
    const Value one = number(1.0);
    const auto reciprocal_root = [&](Value under_root) { return graph.divide(one, graph.apply(Op::sqrt, under_root)); };
    switch (node.op) {
    case Op::exp: return self;
    case Op::expm1: return graph.exp(a);
    case Op::exprelr: return slope_of_exprelr(graph, a, self);
    case Op::log: return graph.divide(one, a);
    case Op::log10: return graph.divide(one, graph.multiply(a, number(std::numbers::ln10)));
    case Op::sqrt: return graph.divide(number(0.5), self);
    case Op::abs: return graph.select(graph.apply(Op::less, a, number(0.0)), number(-1.0), one);
    case Op::sin: return graph.apply(Op::cos, a);
    case Op::cos: return graph.negate(graph.apply(Op::sin, a));
    case Op::tan: return graph.add(one, graph.multiply(self, self));
    case Op::asin: return reciprocal_root(graph.subtract(one, graph.multiply(a, a)));
    case Op::acos: return graph.negate(reciprocal_root(graph.subtract(one, graph.multiply(a, a))));
    case Op::atan: return graph.divide(one, graph.add(one, graph.multiply(a, a)));
    case Op::sinh: return graph.apply(Op::cosh, a);
    case Op::cosh: return graph.apply(Op::sinh, a);
    default: break;
    }
    assert(node.op == Op::tanh && "an operation without a rule");
    return graph.subtract(one, graph.multiply(self, self));
}

bool counts_as_constant(Op op)
{
    switch (op) {
    case Op::constant:
    case Op::input:
    case Op::logical_not:
    case Op::floor:
    case Op::ceil:
    case Op::hold:
    case Op::less:
    case Op::less_equal:
    case Op::equal:
    case Op::logical_and:
    case Op::logical_or: return true;
    default: return false;
    }
}

}  // namespace

std::size_t Graph::slope_of(std::size_t table)
{
    if (const auto known = slopes_.find(table); known != slopes_.end()) {
        return known->second;
    }
    // Piecewise constant: every point twice, with the slope before and the slope after it; a jump counts as no slope.
    const PointTable& of = tables_[table];
    PointTable slope;
    double before = 0.0;
    for (std::size_t k = 0; k < of.x.size(); ++k) {
        const bool has_next = k + 1 < of.x.size() && of.x[k + 1] > of.x[k];
        const double after = has_next ? (of.y[k + 1] - of.y[k]) / (of.x[k + 1] - of.x[k]) : 0.0;
        slope.x.insert(slope.x.end(), 2, of.x[k]);
        slope.y.push_back(before);
        slope.y.push_back(after);
        before = after;
    }
    const std::size_t made = add_table(std::move(slope));
    slopes_[table] = made;
    return made;
}

Value Graph::derivative_of(const Node& node, Value self, Value da, Value db, Value dc)
{
    Parts parts(*this);
    if (counts_as_constant(node.op) || (!da.is_valid() && !db.is_valid() && !dc.is_valid())) {
        return {};
    }
    switch (node.op) {
    case Op::negate: return negate(da);
    case Op::add: return parts.sum(da, db);
    case Op::subtract: return parts.difference(da, db);
    case Op::multiply: return parts.sum(parts.times(node.b, da), parts.times(node.a, db));
    case Op::divide: return parts.over(parts.difference(da, parts.times(self, db)), node.b);
    case Op::power: return slope_of_power(*this, node, self, da, db);
    case Op::modulo: return parts.difference(da, parts.times(divide(subtract(node.a, self), node.b), db));
    case Op::minimum: return select(apply(Op::less, node.a, node.b), parts.or_zero(da), parts.or_zero(db));
    case Op::maximum: return select(apply(Op::less, node.b, node.a), parts.or_zero(da), parts.or_zero(db));
    case Op::select:
        return db.is_valid() || dc.is_valid() ? select(node.a, parts.or_zero(db), parts.or_zero(dc)) : Value{};
    case Op::look_up: return multiply(look_up(slope_of(node.input.index), node.a), da);
    default: return multiply(slope_of_function(*this, node, self), da);
    }
}

Value Graph::derivative(Value value, Input by)
{
    const auto list = needed(value);
    std::unordered_map<std::int32_t, Value> known;  // derivatives that are not 0
    const auto of = [&](Value operand) {
        const auto at = known.find(operand.index);
        return at == known.end() ? Value{} : at->second;
    };
    for (const std::int32_t k : list) {
        const Node node = nodes_[static_cast<std::size_t>(k)];  // a copy: the list grows
        const Value made = node.op == Op::input && node.input == by
                               ? constant(1.0)
                               : derivative_of(node, {k}, of(node.a), of(node.b), of(node.c));
        if (made.is_valid()) {
            known[k] = made;
        }
    }
    const Value result = of(value);
    return result.is_valid() ? result : constant(0.0);
}

}  // namespace axolemma::kinetics
