/// Formulas as a graph of values: what the equations of a mechanism are turned into, whatever language they came in.
///
/// Equal values are one node (hash-consing), constants are folded with the same functions that the kernels use, and nothing
/// is rearranged that could change a bit of a result, so that a formula gives the same bits wherever it is evaluated: node by
/// node (evaluate_op), as lane program, or folded because its parameters are known.
///
/// Conditions are numbers (0 false, 1 true; all but 0 is true, NaN too); functions are those of base/math.hpp. There is no
/// control flow: `if` becomes select(), of which both sides are computed; loops are unrolled by whoever builds the graph.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace axolemma::kinetics {

enum class Op : std::uint8_t {
    constant,
    input,
    // one operand
    negate,
    logical_not,
    exp,
    expm1,
    exprelr,
    log,
    log10,
    sqrt,
    abs,
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,
    tanh,
    floor,
    ceil,
    hold,  ///< the operand, of which derivative() is 0
    // two operands
    add,
    subtract,
    multiply,
    divide,
    power,
    modulo,
    minimum,
    maximum,
    less,
    less_equal,
    equal,
    logical_and,
    logical_or,
    // three operands
    select,  ///< a != 0 ? b : c
    // table of numbers: piecewise linear (FUNCTION_TABLE)
    look_up,  ///< a at which table `index` is read
};

/// What a formula may depend on.
enum class InputKind : std::uint8_t {
    voltage,      ///< mV
    temperature,  ///< degC
    dt,           ///< ms; length of the step that advances the states
    time,         ///< ms
    parameter,    ///< by index in MechanismInfo::parameters
    state,        ///< by index in MechanismInfo::states
    ion,          ///< by index in MechanismInfo::ion_reads
    weight,       ///< of an event, by argument of NET_RECEIVE (0: the weight; others are kept per connection)
    flag,         ///< of an event: 0 from a connection, else what net_send said
    unknown,      ///< an unknown of a system being solved, by index
};
struct Input {
    InputKind kind = InputKind::voltage;
    std::uint32_t index = 0;

    friend auto operator<=>(const Input&, const Input&) = default;
};

/// A node of a graph, by number. Operands have smaller numbers.
struct Value {
    std::int32_t index = -1;

    bool is_valid() const { return index >= 0; }
    friend auto operator<=>(const Value&, const Value&) = default;
};

struct Node {
    Op op = Op::constant;
    Value a, b, c;
    double number = 0;  ///< of a constant
    Input input;        ///< of an input; of look_up: input.index is the table

    /// The same operation on the same operands; numbers by their bits, so that -0 is not 0.
    friend bool operator==(const Node& x, const Node& y);
};

/// How many operands an operation has.
int operands_of(Op op);

/// A function given by points, between which it is linear and beyond which it is constant.
struct PointTable {
    std::vector<double> x, y;  ///< x ascending; where it occurs twice the function jumps

    double at(double where) const;
};

class Graph {
public:
    Value constant(double number);
    Value input(InputKind kind, std::size_t index = 0);
    Value apply(Op op, Value a);
    Value apply(Op op, Value a, Value b);
    Value select(Value condition, Value yes, Value no);
    Value look_up(std::size_t table, Value at);
    std::size_t add_table(PointTable table);

    Value add(Value a, Value b) { return apply(Op::add, a, b); }
    Value subtract(Value a, Value b) { return apply(Op::subtract, a, b); }
    Value multiply(Value a, Value b) { return apply(Op::multiply, a, b); }
    Value divide(Value a, Value b) { return apply(Op::divide, a, b); }
    Value negate(Value a) { return apply(Op::negate, a); }
    Value exp(Value a) { return apply(Op::exp, a); }
    /// a^b; a whole power from -8 to 8 that is a constant becomes products. apply(Op::power) keeps it as it is.
    Value power(Value a, Value b);

    const Node& node(Value value) const { return nodes_[static_cast<std::size_t>(value.index)]; }
    std::size_t size() const { return nodes_.size(); }
    const std::vector<PointTable>& tables() const { return tables_; }
    bool is_constant(Value value) const { return node(value).op == Op::constant; }
    bool is_constant(Value value, double number) const { return is_constant(value) && node(value).number == number; }

    /// Does the value depend on the input (through hold too)?
    bool depends_on(Value value, Input input) const;
    /// All inputs it depends on, ascending.
    std::vector<Input> inputs(Value value) const;
    /// Nodes that are needed for the values, themselves included, ascending.
    std::vector<std::int32_t> needed(std::span<const Value> values) const;
    std::vector<std::int32_t> needed(Value value) const { return needed(std::span(&value, 1)); }
    /// d value / d input, by the rules of differentiation; conditions, floor and hold count as constant.
    Value derivative(Value value, Input by);
    /// The value with inputs replaced: `replacement` gives the new value of an input, or an invalid one to keep it.
    template <class Replacement>
    Value substitute(Value value, Replacement replacement);

private:
    Value intern(const Node& node);
    Value fold_or_intern(Node node);
    Value rebuild(const Node& node, Value a, Value b, Value c);
    /// The operand or constant that the node is the same as, bit for bit; invalid if there is none.
    Value simpler(const Node& node);
    Value derivative_of(const Node& node, Value self, Value da, Value db, Value dc);
    std::size_t slope_of(std::size_t table);

    struct Hash {
        std::size_t operator()(const Node& node) const;
    };
    std::vector<Node> nodes_;
    std::unordered_map<Node, std::int32_t, Hash> known_;
    std::vector<PointTable> tables_;
    std::unordered_map<std::size_t, std::size_t> slopes_;  ///< of tables, among the tables
};

/// What one node gives for the numbers of its operands.
double evaluate_op(const Graph& graph, const Node& node, double a, double b, double c);

template <class Replacement>
Value Graph::substitute(Value value, Replacement replacement)
{
    std::unordered_map<std::int32_t, Value> made;
    const auto of = [&](Value operand) { return operand.is_valid() ? made.at(operand.index) : operand; };
    for (const std::int32_t k : needed(value)) {
        const Node old = nodes_[static_cast<std::size_t>(k)];
        Value now;
        if (old.op == Op::input) {
            now = replacement(old.input);
        }
        made[k] = now.is_valid() ? now : rebuild(old, of(old.a), of(old.b), of(old.c));
    }
    return made.at(value.index);
}

}  // namespace axolemma::kinetics
