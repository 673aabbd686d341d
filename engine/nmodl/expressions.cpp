#include "nmodl/expressions.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "nmodl/words.hpp"

namespace axolemma::nmodl {

namespace {

struct BinaryOperator {
    std::string_view symbol;
    Operator op;
    int strength;
};

constexpr std::array<BinaryOperator, 12> binary_operators = {{{"||", Operator::logical_or, 1},
                                                              {"&&", Operator::logical_and, 2},
                                                              {"<", Operator::less, 3},
                                                              {">", Operator::greater, 3},
                                                              {"<=", Operator::less_equal, 3},
                                                              {">=", Operator::greater_equal, 3},
                                                              {"==", Operator::equal, 3},
                                                              {"!=", Operator::not_equal, 3},
                                                              {"+", Operator::add, 4},
                                                              {"-", Operator::subtract, 4},
                                                              {"*", Operator::multiply, 5},
                                                              {"/", Operator::divide, 5}}};

/// An expression and the depth of its tree, which bounds every later walk over it.
struct Part {
    ExpressionPtr expression;
    int depth = 1;
};

class ExpressionParser {
public:
    explicit ExpressionParser(Cursor& cursor) : cursor_(cursor) {}

    Part binary(int weakest)
    {
        const Cursor::Nested nested(cursor_);
        Part left = unary();
        while (const BinaryOperator* found = operator_here()) {
            if (found->strength < weakest) {
                break;
            }
            const Token sign = cursor_.next();
            Part right = binary(found->strength + 1);
            left = joined(found->op, sign, std::move(left), std::move(right));
        }
        return left;
    }

    std::vector<ExpressionPtr> arguments(int& depth)
    {
        cursor_.expect("(", "before the arguments");
        std::vector<ExpressionPtr> out;
        while (!cursor_.at(")")) {
            if (!out.empty()) {
                cursor_.expect(",", "or ')' behind the argument");
            }
            out.push_back(argument(depth));
        }
        cursor_.next();
        return out;
    }

    ExpressionPtr index(int& depth)
    {
        cursor_.expect("[", "before the index");
        Part part = binary(1);
        cursor_.expect("]", "behind the index");
        depth = std::max(depth, part.depth + 1);
        return std::move(part.expression);
    }

private:
    Part made(Expression&& expression, int depth)
    {
        if (depth > Cursor::deepest_expression) {
            cursor_.fail(expression.pos,
                         fmt::format("more than {} operations in one expression", Cursor::deepest_expression),
                         "split the expression: give its parts names of their own");
        }
        return {std::make_unique<Expression>(std::move(expression)), depth};
    }

    const BinaryOperator* operator_here() const
    {
        const Token& token = cursor_.peek();
        if (token.kind != Token::Kind::symbol) {
            return nullptr;
        }
        const auto* found = std::find_if(binary_operators.begin(), binary_operators.end(),
                                         [&](const BinaryOperator& o) { return o.symbol == token.text; });
        return found == binary_operators.end() ? nullptr : found;
    }

    Part joined(Operator op, const Token& sign, Part left, Part right)
    {
        const int depth = std::max(left.depth, right.depth) + 1;
        return made({Binary{op, std::move(left.expression), std::move(right.expression)}, cursor_.pos(sign)}, depth);
    }

    Part unary()
    {
        if (!cursor_.at("-") && !cursor_.at("!")) {
            return power();
        }
        const Cursor::Nested nested(cursor_);
        const Token sign = cursor_.next();
        Part operand = unary();
        const Operator op = sign.text == "-" ? Operator::negate : Operator::logical_not;
        return made({Unary{op, std::move(operand.expression)}, cursor_.pos(sign)}, operand.depth + 1);
    }

    Part power()
    {
        Part base = primary();
        if (!cursor_.at("^")) {
            return base;
        }
        const Cursor::Nested nested(cursor_);
        const Token sign = cursor_.next();
        Part exponent = unary();
        return joined(Operator::power, sign, std::move(base), std::move(exponent));
    }

    Part primary()
    {
        const Token token = cursor_.peek();
        if (token.kind == Token::Kind::number) {
            return number();
        }
        if (token.kind == Token::Kind::prime) {
            cursor_.next();
            return named(token);
        }
        if (token.kind == Token::Kind::word) {
            return word();
        }
        if (token.is("(")) {
            return parenthesised();
        }
        if (token.is("+")) {
            cursor_.fail_expected("a value", "NMODL has no sign '+' before a value; leave it out");
        }
        if (token.kind == Token::Kind::string) {
            cursor_.fail_expected("a value", "texts stand only as arguments of functions");
        }
        cursor_.fail_expected("a value");
    }

    Part number()
    {
        const Token token = cursor_.next();
        const double value = cursor_.value_of(token);
        return made({Number{value, std::string(token.text), cursor_.unit_if_any()}, cursor_.pos(token)}, 1);
    }

    Part word()
    {
        const Token token = cursor_.peek();
        if (const std::optional<std::int64_t> value = cursor_.defined(token)) {
            cursor_.next();
            Number number{static_cast<double>(*value), fmt::format("{}", *value), cursor_.unit_if_any()};
            return made({std::move(number), cursor_.pos(token)}, 1);
        }
        if (is_reserved(token.text)) {
            cursor_.fail_expected("a value", fmt::format("'{}' is a word of the language", token.text));
        }
        cursor_.next();
        if (!cursor_.at("(")) {
            return named(token);
        }
        int depth = 0;
        std::vector<ExpressionPtr> values = arguments(depth);
        return made({Call{std::string(token.text), std::move(values)}, cursor_.pos(token)}, depth + 1);
    }

    Part named(const Token& token)
    {
        int depth = 1;
        ExpressionPtr element;
        if (cursor_.at("[")) {
            element = index(depth);
        }
        return made({Variable{std::string(token.text), std::move(element)}, cursor_.pos(token)}, depth);
    }

    Part parenthesised()
    {
        const Token open = cursor_.next();
        Part inside = binary(1);
        if (!cursor_.at(")")) {
            cursor_.fail_expected("')'",
                                  fmt::format("the '(' of line {}, column {} is still open", open.line, open.column));
        }
        cursor_.next();
        if (cursor_.at("(")) {
            cursor_.fail_expected("an operator behind ')'", "a unit stands behind a plain number only: 2 (mV)");
        }
        return inside;
    }

    ExpressionPtr argument(int& depth)
    {
        if (cursor_.peek().kind == Token::Kind::string) {
            const Token token = cursor_.next();
            Part text = made({Text{std::string(token.text)}, cursor_.pos(token)}, 1);
            depth = std::max(depth, 1);
            return std::move(text.expression);
        }
        Part part = binary(1);
        depth = std::max(depth, part.depth);
        return std::move(part.expression);
    }

    Cursor& cursor_;
};

}  // namespace

ExpressionPtr parse_expression(Cursor& cursor)
{
    return std::move(ExpressionParser(cursor).binary(1).expression);
}

Variable parse_variable(Cursor& cursor, std::string_view what)
{
    Variable variable{cursor.name(what).text, nullptr};
    if (cursor.at("[")) {
        int depth = 1;
        variable.index = ExpressionParser(cursor).index(depth);
    }
    return variable;
}

std::vector<ExpressionPtr> parse_arguments(Cursor& cursor)
{
    int depth = 0;
    return ExpressionParser(cursor).arguments(depth);
}

}  // namespace axolemma::nmodl
