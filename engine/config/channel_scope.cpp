#include "config/channel_scope.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/physical_constants.hpp"
#include "kinetics/ions.hpp"

namespace axolemma::config {

namespace {

using base::FormulaOp;
using base::SourcePos;
using base::Unit;
using kinetics::Graph;
using kinetics::Op;
using kinetics::Value;

/// A parameter that the engine fills in from the shape of the compartment.
Value geometry(kinetics::Equations& equations, std::string_view name, mechanisms::ParameterInfo::From from)
{
    std::vector<mechanisms::ParameterInfo>& parameters = equations.info.parameters;
    const auto at = std::find_if(parameters.begin(), parameters.end(),
                                 [&](const mechanisms::ParameterInfo& p) { return p.from == from; });
    const auto index = static_cast<std::size_t>(at - parameters.begin());
    if (at == parameters.end()) {
        const bool area = from == mechanisms::ParameterInfo::From::area_um2;
        parameters.push_back({std::string(name), area ? "um2" : "um", 1.0, 0.0, 1e12,
                              area ? "area of the compartment" : "diameter of the compartment", from});
    }
    return equations.graph.input(kinetics::InputKind::parameter, index);
}

/// The operation of a step that takes one operand; input for those that take none or more.
Op one_operand(FormulaOp op)
{
    switch (op) {
    case FormulaOp::negate: return Op::negate;
    case FormulaOp::exp: return Op::exp;
    case FormulaOp::log: return Op::log;
    case FormulaOp::log10: return Op::log10;
    case FormulaOp::sqrt: return Op::sqrt;
    case FormulaOp::abs: return Op::abs;
    case FormulaOp::expm1: return Op::expm1;
    case FormulaOp::exprelr: return Op::exprelr;
    case FormulaOp::sin: return Op::sin;
    case FormulaOp::cos: return Op::cos;
    case FormulaOp::tan: return Op::tan;
    case FormulaOp::sinh: return Op::sinh;
    case FormulaOp::cosh: return Op::cosh;
    case FormulaOp::tanh: return Op::tanh;
    case FormulaOp::floor: return Op::floor;
    case FormulaOp::ceil: return Op::ceil;
    default: return Op::input;
    }
}

Value two_operands(Graph& graph, FormulaOp op, Value a, Value b)
{
    switch (op) {
    case FormulaOp::add: return graph.add(a, b);
    case FormulaOp::subtract: return graph.subtract(a, b);
    case FormulaOp::multiply: return graph.multiply(a, b);
    case FormulaOp::divide: return graph.divide(a, b);
    case FormulaOp::power: return graph.power(a, b);
    case FormulaOp::min: return graph.apply(Op::minimum, a, b);
    case FormulaOp::max: return graph.apply(Op::maximum, a, b);
    case FormulaOp::less: return graph.apply(Op::less, a, b);
    case FormulaOp::less_equal: return graph.apply(Op::less_equal, a, b);
    case FormulaOp::greater: return graph.apply(Op::less, b, a);
    case FormulaOp::greater_equal: return graph.apply(Op::less_equal, b, a);
    default: return a;
    }
}

/// Takes the operands of a step off the stack and puts its value there.
void step(Graph& graph, const base::FormulaStep& step, std::vector<Value>& stack)
{
    const auto pop = [&] {
        const Value top = stack.back();
        stack.pop_back();
        return top;
    };
    const Value last = pop();
    if (const Op op = one_operand(step.op); op != Op::input) {
        stack.push_back(graph.apply(op, last));
    } else if (step.op == FormulaOp::multiply_by) {
        stack.push_back(graph.multiply(last, graph.constant(step.number)));
    } else if (step.op == FormulaOp::divide_by) {
        stack.push_back(graph.divide(last, graph.constant(step.number)));
    } else if (step.op == FormulaOp::step) {
        const Value negative = graph.apply(Op::less, last, graph.constant(0.0));
        stack.push_back(graph.select(negative, graph.constant(0.0), graph.constant(1.0)));
    } else if (step.op == FormulaOp::select) {
        const Value yes = pop();
        const Value condition = pop();
        stack.push_back(graph.select(condition, yes, last));
    } else {
        const Value first = pop();
        stack.push_back(two_operands(graph, step.op, first, last));
    }
}

constexpr std::array<std::string_view, 5> usual_ions{"na", "k", "ca", "cl", "mg"};

}  // namespace

Unit usual_unit(const base::Dimension& dimension)
{
    static constexpr std::array<std::string_view, 16> usual{"1",     "mV",    "ms",   "1/ms", "S/cm2", "mA/cm2",
                                                            "mM",    "um",    "um2",  "K",    "uS",    "nA",
                                                            "mV/ms", "mM/ms", "cm/s", "1/mV"};
    for (const std::string_view text : usual) {
        if (Unit unit = base::parse_unit(text); unit.dimension == dimension) {
            return unit;
        }
    }
    Unit out;
    out.dimension = dimension;
    return out;
}

ChannelScope::ChannelScope(kinetics::Equations& equations, base::Diagnostics& out) : equations_(equations), out_(out)
{
    Graph& graph = equations.graph;
    const auto input = [&graph](kinetics::InputKind kind) { return [&graph, kind] { return graph.input(kind); }; };
    const auto constant = [&graph](double number) { return [&graph, number] { return graph.constant(number); }; };
    add(Origin::language, "v", base::parse_unit("mV"), input(kinetics::InputKind::voltage));
    add(Origin::language, "temperature", base::parse_unit("degC"), input(kinetics::InputKind::temperature));
    add(Origin::language, "temperature_K", base::parse_unit("K"), [&graph] {
        return graph.add(graph.input(kinetics::InputKind::temperature), graph.constant(base::zero_degC_K));
    });
    add(Origin::language, "faraday", base::parse_unit("C/mol"), constant(base::faraday_C_per_mol));
    add(Origin::language, "gas_constant", base::parse_unit("V*C/mol/K"), constant(base::gas_constant_J_per_mol_K));
    using From = mechanisms::ParameterInfo::From;
    add(Origin::language, "diameter", base::parse_unit("um"),
        [&equations] { return geometry(equations, "diameter", From::diameter_um); });
    add(Origin::language, "area", base::parse_unit("um2"),
        [&equations] { return geometry(equations, "area", From::area_um2); });
    for (const std::string_view ion : usual_ions) {
        add_ion({std::string(ion), kinetics::usual_valence(ion)});
    }
}

void ChannelScope::add(Origin origin, std::string_view name, const Unit& unit, std::function<Value()> value,
                       const SourcePos& pos)
{
    variables_.push_back({std::string(name), unit, {}});
    symbols_.push_back({origin, std::move(value), pos});
}

void ChannelScope::add_ion(const mechanisms::IonUse& ion)
{
    const auto column = [&](const std::string& name, std::string_view unit, mechanisms::IonQuantity what) {
        const bool known = std::any_of(variables_.begin(), variables_.end(),
                                       [&](const base::Variable& variable) { return variable.name == name; });
        if (!known) {
            add(Origin::ion, name, base::parse_unit(unit),
                [this, ion, what] { return kinetics::ion_value(equations_, ion, what); });
        }
    };
    column(ion.name + "i", "mM", mechanisms::IonQuantity::inside_mM);
    column(ion.name + "o", "mM", mechanisms::IonQuantity::outside_mM);
    column("e" + ion.name, "mV", mechanisms::IonQuantity::reversal_mV);
    column("i" + ion.name, "mA/cm2", mechanisms::IonQuantity::current_mA_per_cm2);
}

bool ChannelScope::declare(const std::string& name, const Unit& unit, Value value, const SourcePos& pos)
{
    const auto at = std::find_if(variables_.begin(), variables_.end(),
                                 [&](const base::Variable& variable) { return variable.name == name; });
    if (base::is_formula_word(name)) {
        out_.error(pos, fmt::format("'{}' is a function or constant of formulas", name), "take another name");
        return false;
    }
    if (at == variables_.end()) {
        add(
            Origin::file, name, unit, [value] { return value; }, pos);
        return true;
    }
    Symbol& symbol = symbols_[static_cast<std::size_t>(at - variables_.begin())];
    if (symbol.origin == Origin::language) {
        out_.error(pos, fmt::format("'{}' has a meaning of its own in formulas", name), "take another name");
        return false;
    }
    if (symbol.origin == Origin::file) {
        out_.error(pos, fmt::format("there are two things called '{}'", name),
                   fmt::format("the first is at line {}", symbol.pos.line));
        return false;
    }
    symbol = {Origin::file, [value] { return value; }, pos};
    at->unit = unit;
    return true;
}

std::optional<base::Formula> ChannelScope::parse(const Node& node, std::string_view what)
{
    if (!node.is_scalar()) {
        out_.error(node.pos, fmt::format("{} needs a formula, not {}", what, describe(node)));
        return std::nullopt;
    }
    try {
        return base::parse_formula(node.text, variables_, {.random = false, .rates = true});
    } catch (const base::UnitError& error) {
        out_.error(place_in(node, error.offset), error.message, error.hint);
        return std::nullopt;
    }
}

std::optional<Value> ChannelScope::follow(const base::Formula& formula, const Node& node)
{
    Graph& graph = equations_.graph;
    std::vector<Value> stack;
    for (const base::FormulaStep& instruction : formula.steps) {
        if (instruction.op == FormulaOp::number) {
            stack.push_back(graph.constant(instruction.number));
        } else if (instruction.op == FormulaOp::variable) {
            stack.push_back(symbols_[instruction.index].value());
        } else {
            step(graph, instruction, stack);
        }
    }
    const Value value = stack.back();
    if (graph.is_constant(value) && !std::isfinite(graph.node(value).number)) {
        out_.error(node.pos, fmt::format("the value of {} is not a finite number", describe(node)));
        return std::nullopt;
    }
    return value;
}

std::optional<Value> ChannelScope::value(const Node& node, const Unit& unit, std::string_view what)
{
    std::optional<base::Formula> formula = parse(node, what);
    if (!formula) {
        return std::nullopt;
    }
    if (formula->unit.dimension != unit.dimension) {
        base::UnitError error = base::wrong_dimension(node.text, formula->unit.dimension, unit, what);
        const bool lone = formula->steps.size() == 1 && formula->steps[0].op == FormulaOp::number;
        out_.error(node.pos, error.message, lone ? error.hint : std::string{});
        return std::nullopt;
    }
    if (formula->unit.offset_SI != unit.offset_SI) {
        out_.error(node.pos, fmt::format("{} needs a temperature in {}", what, unit.text),
                   "temperatures in degC and differences of temperatures in K are not the same");
        return std::nullopt;
    }
    formula->convert_to(unit);
    return follow(*formula, node);
}

std::optional<ChannelScope::Typed> ChannelScope::any_value(const Node& node, std::string_view what)
{
    std::optional<base::Formula> formula = parse(node, what);
    if (!formula) {
        return std::nullopt;
    }
    if (formula->unit.offset_SI == 0.0) {
        formula->convert_to(usual_unit(formula->unit.dimension));
    }
    if (const std::optional<Value> value = follow(*formula, node)) {
        return Typed{*value, formula->unit};
    }
    return std::nullopt;
}

}  // namespace axolemma::config
