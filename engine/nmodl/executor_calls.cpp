#include <algorithm>
#include <array>
#include <numbers>
#include <string_view>

#include <fmt/format.h>

#include "nmodl/executor.hpp"

namespace axolemma::nmodl {

using kinetics::Op;

namespace {

struct UnaryFunction {
    std::string_view name;
    Op op;
};
constexpr std::array unary_functions{
    UnaryFunction{"exp", Op::exp},         UnaryFunction{"log", Op::log},     UnaryFunction{"log10", Op::log10},
    UnaryFunction{"fabs", Op::abs},        UnaryFunction{"abs", Op::abs},     UnaryFunction{"sqrt", Op::sqrt},
    UnaryFunction{"sin", Op::sin},         UnaryFunction{"cos", Op::cos},     UnaryFunction{"tan", Op::tan},
    UnaryFunction{"asin", Op::asin},       UnaryFunction{"acos", Op::acos},   UnaryFunction{"atan", Op::atan},
    UnaryFunction{"sinh", Op::sinh},       UnaryFunction{"cosh", Op::cosh},   UnaryFunction{"tanh", Op::tanh},
    UnaryFunction{"ceil", Op::ceil},       UnaryFunction{"floor", Op::floor}, UnaryFunction{"expm1", Op::expm1},
    UnaryFunction{"exprelr", Op::exprelr},  // of Arbor: x/(exp(x) - 1)
};
struct BinaryFunction {
    std::string_view name;
    Op op;
};
constexpr std::array binary_functions{BinaryFunction{"fmod", Op::modulo}, BinaryFunction{"max", Op::maximum},
                                      BinaryFunction{"min", Op::minimum}, BinaryFunction{"fmax", Op::maximum},
                                      BinaryFunction{"fmin", Op::minimum}};

/// Functions of NEURON that are refused, and why.
struct Refused {
    std::string_view name, why;
};
constexpr std::string_view random_numbers = "random numbers inside a mechanism are not supported";
constexpr std::array refused_functions{
    Refused{"scop_random", random_numbers},
    Refused{"exprand", random_numbers},
    Refused{"normrand", random_numbers},
    Refused{"poisrand", random_numbers},
    Refused{"poisson", random_numbers},
    Refused{"gauss", random_numbers},
    Refused{"set_seed", random_numbers},
    Refused{"setseed", random_numbers},
    Refused{"random_negexp", random_numbers},
    Refused{"random_normal", random_numbers},
    Refused{"random_uniform", random_numbers},
    Refused{"random_ipick", random_numbers},
    Refused{"random_setseq", random_numbers},
    Refused{"net_move", "events that were sent cannot be moved"},
    Refused{"nrn_pointing", "pointers to other mechanisms are not supported"},
    Refused{"romberg", "numerical integration inside a mechanism is not supported"},
    Refused{"spline", "it is not among the functions that the engine computes"},
    Refused{"threshold", "it is not among the functions that the engine computes"},
    Refused{"nrn_ghk", "it is not among the functions that the engine computes"},
};

/// Statements that change nothing in the model.
constexpr std::array silent_functions{std::string_view("printf"), std::string_view("prterr"),
                                      std::string_view("fprintf")};

// CODATA 2018, as NEURON 9 has them.
constexpr double faraday_C_per_mol = 1.602176634e-19 * 6.02214076e+23;
constexpr double gas_J_per_mol_K = 1.380649e-23 * 6.02214076e+23;
constexpr double zero_celsius_K = 273.15;

}  // namespace

bool Executor::has_arguments(const Call& call, std::size_t n, const SourcePos& pos)
{
    if (call.arguments.size() == n) {
        return true;
    }
    error(pos,
          fmt::format("'{}' takes {} argument{}, not {}", call.function, n, n == 1 ? "" : "s", call.arguments.size()));
    return false;
}

Value Executor::call(const Call& call, const SourcePos& pos, bool is_statement)
{
    work(1, pos);
    const Value zero = graph_.constant(0);
    if (const Block* block = symbols_.block(call.function)) {
        if (block->kind == Block::Kind::procedure || block->kind == Block::Kind::function) {
            return call_user(*block, call, pos);
        }
        if (is_statement) {
            error(pos, fmt::format("'{}' is no PROCEDURE and cannot be called", call.function));
            return zero;
        }
    }
    for (const FunctionTable& table : file_.function_tables) {
        if (table.name.text == call.function) {
            return variable(Variable{table.name.text, nullptr}, pos);
        }
        if ("table_" + table.name.text == call.function) {
            error(pos, fmt::format("FUNCTION_TABLE '{}' cannot be filled here", table.name.text),
                  "it is a parameter, the same for all arguments");
            return zero;
        }
    }
    const auto refused = std::find_if(refused_functions.begin(), refused_functions.end(),
                                      [&](const Refused& r) { return r.name == call.function; });
    if (refused != refused_functions.end()) {
        error(pos, fmt::format("'{}' cannot be used: {}", call.function, refused->why));
        return zero;
    }
    if (std::find(silent_functions.begin(), silent_functions.end(), call.function) != silent_functions.end() ||
        call_event_function(call, pos)) {
        return zero;
    }
    if (const auto result = call_builtin(call, pos)) {
        return *result;
    }
    std::vector<std::string> known = symbols_.callable_names();
    for (const UnaryFunction& function : unary_functions) {
        known.emplace_back(function.name);
    }
    error(pos, fmt::format("unknown function '{}'", call.function),
          base::name_hint(call.function, known, "procedures and functions"));
    return zero;
}

Value Executor::call_user(const Block& block, const Call& call, const SourcePos& pos)
{
    const auto inside = std::find_if(frames_.begin(), frames_.end(), [&](const Frame& f) { return f.block == &block; });
    if (inside != frames_.end()) {
        std::string chain;
        for (auto frame = inside; frame != frames_.end(); ++frame) {
            chain += frame->block->name.text + " calls ";
        }
        error(pos, fmt::format("'{}' calls itself: {}{}", block.name.text, chain, block.name.text),
              "calls are followed when the file is read and cannot turn in a circle");
        return graph_.constant(0);
    }
    if (!has_arguments(call, block.arguments.size(), pos)) {
        return graph_.constant(0);
    }
    if (frames_.size() >= max_calls_inside_calls) {
        too_much(pos, fmt::format("more than {} calls inside each other", max_calls_inside_calls), "");
    }
    std::vector<Value> arguments;
    for (const ExpressionPtr& argument : call.arguments) {
        arguments.push_back(value(argument));
    }
    const std::size_t n_values = env_.values.size();
    frames_.push_back({&block, std::vector<Scope>(1)});
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        const std::size_t first = declare(block.arguments[k].name.text, 0, block.arguments[k].name.pos).first;
        env_.values[first] = arguments[k];
    }
    const std::size_t result = declare(block.name.text, 0, block.name.pos).first;
    follow(block.body);
    const Value value = env_.values[result];
    frames_.pop_back();
    env_.values.resize(n_values);
    return value;
}

/// The angle of the point (x, y).
Value Executor::atan2(Value y, Value x)
{
    constexpr double pi = std::numbers::pi;
    const Value zero = graph_.constant(0);
    const Value angle = graph_.apply(Op::atan, graph_.divide(y, x));
    const Value is_below = graph_.apply(Op::less, y, zero);
    const Value turn = graph_.select(is_below, graph_.constant(-pi), graph_.constant(pi));
    const Value upright = graph_.select(is_below, graph_.constant(-pi / 2), graph_.constant(pi / 2));
    const Value on_axis = graph_.select(graph_.apply(Op::equal, y, zero), zero, upright);
    const Value left = graph_.select(graph_.apply(Op::less, x, zero), graph_.add(angle, turn), on_axis);
    return graph_.select(graph_.apply(Op::less, zero, x), angle, left);
}

/// NEURON: kT/(z e) log(outside/inside), 0 without charge and +-1e6 where a concentration is not positive.
Value Executor::nernst(Value inside, Value outside, Value valence)
{
    const Value zero = graph_.constant(0);
    const Value celsius = graph_.input(kinetics::InputKind::temperature);
    const Value kt = graph_.divide(graph_.multiply(graph_.constant(1000.0 * gas_J_per_mol_K),
                                                   graph_.add(celsius, graph_.constant(zero_celsius_K))),
                                   graph_.constant(faraday_C_per_mol));
    const Value log = graph_.apply(Op::log, graph_.divide(outside, inside));
    const Value usual = graph_.multiply(graph_.divide(kt, valence), log);
    const Value no_outside = graph_.select(graph_.apply(Op::less_equal, outside, zero), graph_.constant(-1e6), usual);
    const Value no_inside = graph_.select(graph_.apply(Op::less_equal, inside, zero), graph_.constant(1e6), no_outside);
    return graph_.select(graph_.apply(Op::equal, valence, zero), zero, no_inside);
}

/// NEURON's ghk(v, inside, outside, valence), mA/cm2 per cm/s: 0.001 z F (inside f(-x) - outside f(x)) with x = z v/kT and
/// f(x) = x/(exp(x) - 1).
Value Executor::ghk(Value v, Value inside, Value outside, Value valence)
{
    const Value celsius = graph_.input(kinetics::InputKind::temperature);
    const Value kt = graph_.divide(graph_.multiply(graph_.constant(1000.0 * gas_J_per_mol_K),
                                                   graph_.add(celsius, graph_.constant(zero_celsius_K))),
                                   graph_.constant(faraday_C_per_mol));
    const Value x = graph_.divide(graph_.multiply(valence, v), kt);
    const auto ratio = [&](Value at) { return graph_.apply(Op::exprelr, at); };
    const Value net =
        graph_.subtract(graph_.multiply(inside, ratio(graph_.negate(x))), graph_.multiply(outside, ratio(x)));
    return graph_.multiply(graph_.multiply(graph_.constant(0.001 * faraday_C_per_mol), valence), net);
}

std::optional<Value> Executor::call_builtin(const Call& call, const SourcePos& pos)
{
    std::vector<Value> arguments;
    for (const ExpressionPtr& argument : call.arguments) {
        arguments.push_back(value(argument));
    }
    const Value zero = graph_.constant(0);
    for (const UnaryFunction& function : unary_functions) {
        if (function.name == call.function) {
            return has_arguments(call, 1, pos) ? graph_.apply(function.op, arguments[0]) : zero;
        }
    }
    for (const BinaryFunction& function : binary_functions) {
        if (function.name == call.function) {
            return has_arguments(call, 2, pos) ? graph_.apply(function.op, arguments[0], arguments[1]) : zero;
        }
    }
    if (call.function == "pow") {
        return has_arguments(call, 2, pos) ? graph_.power(arguments[0], arguments[1]) : zero;
    }
    if (call.function == "atan2") {
        return has_arguments(call, 2, pos) ? atan2(arguments[0], arguments[1]) : zero;
    }
    if (call.function == "nernst") {
        return has_arguments(call, 3, pos) ? nernst(arguments[0], arguments[1], arguments[2]) : zero;
    }
    if (call.function == "ghk") {
        return has_arguments(call, 4, pos) ? ghk(arguments[0], arguments[1], arguments[2], arguments[3]) : zero;
    }
    if (call.function == "at_time") {
        warning(pos, "at_time() tells NEURON's variable steps of an event; here it does nothing and is never true");
        return zero;
    }
    return std::nullopt;
}

/// Calls that deal with events. False if it is none.
bool Executor::call_event_function(const Call& call, const SourcePos& pos)
{
    if (call.function == "net_send") {
        if (phase_ != Phase::net_receive && phase_ != Phase::initial) {
            error(pos, "net_send stands in NET_RECEIVE and INITIAL only");
            return true;
        }
        if (has_arguments(call, 2, pos)) {
            const Value delay = value(call.arguments[0]);
            result_.sends.push_back({path_, delay, value(call.arguments[1])});
        }
        return true;
    }
    if (call.function == "net_event") {
        warning(pos, "net_event is not followed: spikes are those of cells, not of synapses");
        return true;
    }
    if (call.function == "state_discontinuity") {
        const auto* target = has_arguments(call, 2, pos) ? std::get_if<Variable>(&call.arguments[0]->what) : nullptr;
        if (target == nullptr) {
            error(pos, "state_discontinuity needs a state and its new value");
        } else {
            assign(*target, value(call.arguments[1]), pos);
        }
        return true;
    }
    return false;
}

}  // namespace axolemma::nmodl
