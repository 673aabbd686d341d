#include "nmodl/print.hpp"

#include <string_view>

#include <fmt/format.h>

namespace axolemma::nmodl {

namespace {

struct Sign {
    std::string_view text;
    int strength;
};

constexpr int strength_of_unary = 6, strength_of_power = 7, strength_of_atom = 8;

Sign sign_of(Operator op)
{
    switch (op) {
    case Operator::logical_or: return {" || ", 1};
    case Operator::logical_and: return {" && ", 2};
    case Operator::less: return {" < ", 3};
    case Operator::greater: return {" > ", 3};
    case Operator::less_equal: return {" <= ", 3};
    case Operator::greater_equal: return {" >= ", 3};
    case Operator::equal: return {" == ", 3};
    case Operator::not_equal: return {" != ", 3};
    case Operator::add: return {" + ", 4};
    case Operator::subtract: return {" - ", 4};
    case Operator::multiply: return {"*", 5};
    case Operator::divide: return {"/", 5};
    case Operator::negate: return {"-", strength_of_unary};
    case Operator::logical_not: return {"!", strength_of_unary};
    case Operator::power: return {"^", strength_of_power};
    }
    return {"", strength_of_atom};
}

int strength_of(const Expression& expression)
{
    if (const auto* binary = std::get_if<Binary>(&expression.what)) {
        return sign_of(binary->op).strength;
    }
    if (const auto* unary = std::get_if<Unary>(&expression.what)) {
        return sign_of(unary->op).strength;
    }
    return strength_of_atom;
}

class Printer {
public:
    std::string take() { return std::move(out_); }

    void print(const Expression& expression)
    {
        std::visit([this](const auto& what) { print(what); }, expression.what);
    }

    void print(const Variable& variable)
    {
        out_ += variable.name;
        if (variable.index) {
            out_ += '[';
            print(*variable.index);
            out_ += ']';
        }
    }

private:
    /// In parentheses if it is weaker than what stands around it can take.
    void print(const Expression& expression, int weakest)
    {
        const bool needs_parentheses = strength_of(expression) < weakest;
        out_ += needs_parentheses ? "(" : "";
        print(expression);
        out_ += needs_parentheses ? ")" : "";
    }

    void print(const Number& number)
    {
        out_ += number.text;
        if (!number.unit.text.empty()) {
            out_ += fmt::format(" ({})", number.unit.text);
        }
    }

    void print(const Unary& unary)
    {
        out_ += sign_of(unary.op).text;
        print(*unary.operand, strength_of_unary);
    }

    void print(const Binary& binary)
    {
        const Sign sign = sign_of(binary.op);
        const bool power = binary.op == Operator::power;  // the only one that goes from right to left
        print(*binary.left, power ? strength_of_atom : sign.strength);
        out_ += sign.text;
        print(*binary.right, power ? strength_of_unary : sign.strength + 1);
    }

    void print(const Call& call)
    {
        out_ += call.function;
        out_ += '(';
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            out_ += i > 0 ? ", " : "";
            print(*call.arguments[i]);
        }
        out_ += ')';
    }

    void print(const Text& text) { out_ += fmt::format("\"{}\"", text.text); }

    std::string out_;
};

}  // namespace

std::string to_text(const Expression& expression)
{
    Printer printer;
    printer.print(expression);
    return printer.take();
}

std::string to_text(const Variable& variable)
{
    Printer printer;
    printer.print(variable);
    return printer.take();
}

}  // namespace axolemma::nmodl
