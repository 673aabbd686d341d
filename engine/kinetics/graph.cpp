#include "kinetics/graph.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "base/math.hpp"

namespace axolemma::kinetics {

bool operator==(const Node& x, const Node& y)
{
    return x.op == y.op && x.a == y.a && x.b == y.b && x.c == y.c && x.input == y.input &&
           std::bit_cast<std::uint64_t>(x.number) == std::bit_cast<std::uint64_t>(y.number);
}

int operands_of(Op op)
{
    if (op == Op::constant || op == Op::input) {
        return 0;
    }
    if (op < Op::add || op == Op::look_up) {
        return 1;
    }
    return op == Op::select ? 3 : 2;
}

double PointTable::at(double where) const
{
    const auto above = std::upper_bound(x.begin(), x.end(), where);
    if (above == x.begin()) {
        return y.front();
    }
    if (above == x.end()) {
        return std::isnan(where) ? where : y.back();
    }
    const auto k = static_cast<std::size_t>(above - x.begin());
    return y[k - 1] + (y[k] - y[k - 1]) * ((where - x[k - 1]) / (x[k] - x[k - 1]));
}

namespace {

double truth(bool condition)
{
    return condition ? 1.0 : 0.0;
}

double evaluate_unary(Op op, double a)
{
    switch (op) {
    case Op::negate: return -a;
    case Op::logical_not: return truth(a == 0.0);
    case Op::exp: return base::exp(a);
    case Op::expm1: return base::expm1(a);
    case Op::exprelr: return base::exprelr(a);
    case Op::log: return base::log(a);
    case Op::log10: return base::log10(a);
    case Op::sqrt: return std::sqrt(a);
    case Op::abs: return std::fabs(a);
    case Op::sin: return base::sin(a);
    case Op::cos: return base::cos(a);
    case Op::tan: return base::tan(a);
    case Op::asin: return base::asin(a);
    case Op::acos: return base::acos(a);
    case Op::atan: return base::atan(a);
    case Op::sinh: return base::sinh(a);
    case Op::cosh: return base::cosh(a);
    case Op::tanh: return base::tanh(a);
    case Op::floor: return std::floor(a);
    case Op::ceil: return std::ceil(a);
    default: break;
    }
    assert(op == Op::hold && "an operation of one operand");
    return a;
}

double evaluate_binary(Op op, double a, double b)
{
    switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return base::power(a, b);
    case Op::modulo: return base::modulo(a, b);
    case Op::minimum: return base::minimum(a, b);
    case Op::maximum: return base::maximum(a, b);
    case Op::less: return truth(a < b);
    case Op::less_equal: return truth(a <= b);
    case Op::equal: return truth(a == b);
    case Op::logical_and: return truth(a != 0.0 && b != 0.0);
    default: break;
    }
    assert(op == Op::logical_or && "an operation of two operands");
    return truth(a != 0.0 || b != 0.0);
}

/// Does the order of the operands not matter to the bits of the result?
bool is_symmetric(Op op)
{
    return op == Op::add || op == Op::multiply || op == Op::equal || op == Op::logical_and || op == Op::logical_or;
}

}  // namespace

double evaluate_op(const Graph& graph, const Node& node, double a, double b, double c)
{
    if (node.op == Op::constant) {
        return node.number;
    }
    if (node.op == Op::look_up) {
        return graph.tables()[node.input.index].at(a);
    }
    if (node.op == Op::select) {
        return a != 0.0 ? b : c;
    }
    assert(node.op != Op::input && "whoever evaluates knows the inputs");
    return operands_of(node.op) == 1 ? evaluate_unary(node.op, a) : evaluate_binary(node.op, a, b);
}

std::size_t Graph::Hash::operator()(const Node& node) const
{
    std::uint64_t sum = static_cast<std::uint64_t>(node.op);
    const auto mix = [&](std::uint64_t x) {
        sum = (sum ^ x) * 0x9E3779B97F4A7C15u;
        sum ^= sum >> 29;
    };
    mix(static_cast<std::uint32_t>(node.a.index));
    mix(static_cast<std::uint32_t>(node.b.index));
    mix(static_cast<std::uint32_t>(node.c.index));
    mix(std::bit_cast<std::uint64_t>(node.number));
    mix(static_cast<std::uint64_t>(node.input.kind) << 32 | node.input.index);
    return static_cast<std::size_t>(sum);
}

Value Graph::intern(const Node& node)
{
    const auto [at, is_new] = known_.try_emplace(node, static_cast<std::int32_t>(nodes_.size()));
    if (is_new) {
        nodes_.push_back(node);
    }
    return {at->second};
}

Value Graph::constant(double number)
{
    Node node;
    node.number = number;
    return intern(node);
}

Value Graph::input(InputKind kind, std::size_t index)
{
    Node node;
    node.op = Op::input;
    node.input = {kind, static_cast<std::uint32_t>(index)};
    return intern(node);
}

Value Graph::simpler(const Node& node)
{
    const auto is_bits = [&](Value value, double number) {
        return is_constant(value) &&
               std::bit_cast<std::uint64_t>(this->node(value).number) == std::bit_cast<std::uint64_t>(number);
    };
    switch (node.op) {
    case Op::multiply: return is_bits(node.a, 1.0) ? node.b : is_bits(node.b, 1.0) ? node.a : Value{};
    case Op::divide: return is_bits(node.b, 1.0) ? node.a : Value{};
    case Op::subtract: return is_bits(node.b, 0.0) ? node.a : Value{};  // x + 0 would make 0 of -0
    case Op::negate: return this->node(node.a).op == Op::negate ? this->node(node.a).a : Value{};
    case Op::hold: return is_constant(node.a) || this->node(node.a).op == Op::hold ? node.a : Value{};
    case Op::select:
        if (is_constant(node.a)) {
            return this->node(node.a).number != 0.0 ? node.b : node.c;
        }
        return node.b == node.c ? node.b : Value{};
    default: return {};
    }
}

Value Graph::fold_or_intern(Node node)
{
    const int n = operands_of(node.op);
    const Value operands[] = {node.a, node.b, node.c};
    double numbers[3] = {};
    bool all_constant = true;
    for (int k = 0; k < n; ++k) {
        assert(operands[k].is_valid() && "an operand is missing");
        all_constant = all_constant && is_constant(operands[k]);
        numbers[k] = this->node(operands[k]).number;
    }
    if (all_constant) {
        return constant(evaluate_op(*this, node, numbers[0], numbers[1], numbers[2]));
    }
    if (const Value same = simpler(node); same.is_valid()) {
        return same;
    }
    // The sign of a product, quotient or sum can be taken out of it without a change to its bits.
    const auto negated = [&](Value value) { return this->node(value).op == Op::negate; };
    const auto inner = [&](Value value) { return this->node(value).a; };
    if (node.op == Op::multiply || node.op == Op::divide) {
        if (negated(node.a)) {
            return negate(apply(node.op, inner(node.a), node.b));
        }
        if (negated(node.b)) {
            return negate(apply(node.op, node.a, inner(node.b)));
        }
    }
    if (node.op == Op::add && negated(node.b)) {
        return subtract(node.a, inner(node.b));
    }
    if (node.op == Op::add && negated(node.a)) {
        return subtract(node.b, inner(node.a));
    }
    if (node.op == Op::subtract && negated(node.b)) {
        return add(node.a, inner(node.b));
    }
    if (is_symmetric(node.op) && node.b < node.a) {
        std::swap(node.a, node.b);
    }
    return intern(node);
}

Value Graph::apply(Op op, Value a)
{
    assert(operands_of(op) == 1 && op != Op::look_up);
    Node node;
    node.op = op;
    node.a = a;
    return fold_or_intern(node);
}

Value Graph::apply(Op op, Value a, Value b)
{
    assert(operands_of(op) == 2);
    Node node;
    node.op = op;
    node.a = a;
    node.b = b;
    return fold_or_intern(node);
}

Value Graph::select(Value condition, Value yes, Value no)
{
    Node node;
    node.op = Op::select;
    node.a = condition;
    node.b = yes;
    node.c = no;
    return fold_or_intern(node);
}

Value Graph::look_up(std::size_t table, Value at)
{
    assert(table < tables_.size());
    Node node;
    node.op = Op::look_up;
    node.a = at;
    node.input.index = static_cast<std::uint32_t>(table);
    return fold_or_intern(node);
}

std::size_t Graph::add_table(PointTable table)
{
    assert(!table.x.empty() && table.x.size() == table.y.size() && std::is_sorted(table.x.begin(), table.x.end()));
    tables_.push_back(std::move(table));
    return tables_.size() - 1;
}

Value Graph::power(Value a, Value b)
{
    const double exponent = is_constant(b) ? node(b).number : 0.5;
    if (exponent != std::trunc(exponent) || std::fabs(exponent) > 8.0) {
        return apply(Op::power, a, b);
    }
    Value product;  // of the squares that the binary digits ask for
    Value square = a;
    for (auto digits = static_cast<unsigned>(std::fabs(exponent)); digits != 0; digits >>= 1) {
        if ((digits & 1u) != 0) {
            product = product.is_valid() ? multiply(product, square) : square;
        }
        square = digits > 1 ? multiply(square, square) : square;
    }
    if (!product.is_valid()) {
        return constant(1.0);
    }
    return exponent < 0.0 ? divide(constant(1.0), product) : product;
}

Value Graph::rebuild(const Node& node, Value a, Value b, Value c)
{
    if (operands_of(node.op) == 0) {
        return intern(node);
    }
    Node made = node;
    made.a = a;
    made.b = b;
    made.c = c;
    return fold_or_intern(made);
}

std::vector<std::int32_t> Graph::needed(std::span<const Value> values) const
{
    std::int32_t last = -1;
    for (const Value value : values) {
        last = std::max(last, value.index);
    }
    std::vector<bool> is_needed(static_cast<std::size_t>(last + 1), false);
    const auto mark = [&](Value value) {
        if (value.is_valid()) {
            is_needed[static_cast<std::size_t>(value.index)] = true;
        }
    };
    std::for_each(values.begin(), values.end(), mark);
    for (std::int32_t k = last; k >= 0; --k) {
        if (is_needed[static_cast<std::size_t>(k)]) {
            const Node& node = nodes_[static_cast<std::size_t>(k)];
            mark(node.a);
            mark(node.b);
            mark(node.c);
        }
    }
    std::vector<std::int32_t> list;
    for (std::int32_t k = 0; k <= last; ++k) {
        if (is_needed[static_cast<std::size_t>(k)]) {
            list.push_back(k);
        }
    }
    return list;
}

std::vector<Input> Graph::inputs(Value value) const
{
    std::vector<Input> found;
    for (const std::int32_t k : needed(value)) {
        const Node& node = nodes_[static_cast<std::size_t>(k)];
        if (node.op == Op::input) {
            found.push_back(node.input);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool Graph::depends_on(Value value, Input input) const
{
    const auto list = inputs(value);
    return std::binary_search(list.begin(), list.end(), input);
}

}  // namespace axolemma::kinetics
