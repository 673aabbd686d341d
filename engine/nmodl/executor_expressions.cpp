#include <fmt/format.h>

#include "nmodl/executor.hpp"

namespace axolemma::nmodl {

using kinetics::Op;

Value Executor::truth(Value value)
{
    if (graph_.is_constant(value)) {
        return graph_.constant(graph_.is_constant(value, 0) ? 0 : 1);
    }
    return value;
}

Value Executor::value(const ExpressionPtr& expression)
{
    const Value zero = graph_.constant(0);
    if (!expression) {
        return zero;
    }
    if (const auto* number = std::get_if<Number>(&expression->what)) {
        return graph_.constant(number->value);
    }
    if (const auto* name = std::get_if<Variable>(&expression->what)) {
        return variable(*name, expression->pos);
    }
    if (const auto* unary = std::get_if<Unary>(&expression->what)) {
        return graph_.apply(unary->op == Operator::negate ? Op::negate : Op::logical_not, value(unary->operand));
    }
    if (const auto* two = std::get_if<Binary>(&expression->what)) {
        return binary(*two);
    }
    if (const auto* function = std::get_if<Call>(&expression->what)) {
        return call(*function, expression->pos, false);
    }
    error(expression->pos, "a text cannot be used as a number");
    return zero;
}

Value Executor::variable(const Variable& variable, const SourcePos& pos)
{
    if ((variable.name == "f_flux" || variable.name == "b_flux") && forward_flux_.is_valid()) {
        return variable.name == "f_flux" ? forward_flux_ : backward_flux_;
    }
    const bool in_event = phase_ == Phase::net_receive || phase_ == Phase::net_initial;
    if (variable.name == "flag" && in_event && find_local("flag") == nullptr) {
        return graph_.input(kinetics::InputKind::flag);
    }
    const auto at = place(variable, pos);
    if (!at) {
        return graph_.constant(0);
    }
    const bool is_state = at->symbol != nullptr && at->symbol->kind == SymbolKind::state;
    return holding_ && !is_state ? graph_.apply(Op::hold, env_.values[at->at]) : env_.values[at->at];
}

Value Executor::binary(const Binary& binary)
{
    const Value left = value(binary.left);
    const Value right = value(binary.right);
    switch (binary.op) {
    case Operator::add: return graph_.add(left, right);
    case Operator::subtract: return graph_.subtract(left, right);
    case Operator::multiply: return graph_.multiply(left, right);
    case Operator::divide: return graph_.divide(left, right);
    case Operator::power: return graph_.power(left, right);
    case Operator::less: return graph_.apply(Op::less, left, right);
    case Operator::greater: return graph_.apply(Op::less, right, left);
    case Operator::less_equal: return graph_.apply(Op::less_equal, left, right);
    case Operator::greater_equal: return graph_.apply(Op::less_equal, right, left);
    case Operator::equal: return graph_.apply(Op::equal, left, right);
    case Operator::not_equal: return graph_.apply(Op::logical_not, graph_.apply(Op::equal, left, right));
    case Operator::logical_and: return graph_.apply(Op::logical_and, left, right);
    case Operator::logical_or: return graph_.apply(Op::logical_or, left, right);
    default: return left;
    }
}

}  // namespace axolemma::nmodl
