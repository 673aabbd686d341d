#include "nmodl/declarations.hpp"

#include <utility>

#include <fmt/format.h>

namespace axolemma::nmodl {

namespace {

/// <low, high>, or <tolerance> of a state, which is not kept: it was for solvers that choose their own steps.
void parse_limits(Cursor& cursor, Declaration& declaration)
{
    cursor.next();
    const double first = cursor.number("the lower limit");
    if (cursor.take_if(",")) {
        declaration.from = first;
        declaration.to = cursor.number("the upper limit");
    }
    cursor.expect(">", "behind the limits");
}

/// What may stand behind the name in any order.
bool parse_attribute(Cursor& cursor, Declaration& declaration)
{
    if (cursor.at("(")) {
        declaration.unit = cursor.unit();
    } else if (cursor.at("<")) {
        parse_limits(cursor, declaration);
    } else if (cursor.take_if("FROM")) {
        declaration.from = cursor.number("the lower limit");
        cursor.expect("TO", "behind the lower limit");
        declaration.to = cursor.number("the upper limit");
    } else if (cursor.take_if("START")) {
        declaration.start = cursor.number("START");
    } else {
        return false;
    }
    return true;
}

void parse_value(Cursor& cursor, std::string_view word, Declaration& declaration)
{
    if (word == "ASSIGNED" || word == "STATE") {
        cursor.fail(cursor.pos(), fmt::format("a variable in {} is declared without a value", word),
                    "set it in INITIAL, or declare it in PARAMETER");
    }
    cursor.next();
    declaration.value = cursor.number(fmt::format("'{}'", declaration.name.text));
    constexpr std::string_view operators = "*/+-^";
    const Token& token = cursor.peek();
    if (token.kind == Token::Kind::symbol && operators.find(token.text) != std::string_view::npos) {
        cursor.fail(cursor.pos(), fmt::format("the value of '{}' is not a plain number", declaration.name.text),
                    "compute it, or declare the variable in ASSIGNED and set it in INITIAL");
    }
}

}  // namespace

void parse_declarations(Cursor& cursor, std::string_view word, std::vector<Declaration>& out)
{
    parse_lines(cursor, fmt::format("behind {}", word), [&] {
        if (cursor.take_if("UNITSOFF") || cursor.take_if("UNITSON")) {
            return;
        }
        Declaration declaration;
        declaration.name = cursor.name("a variable");
        declaration.size = cursor.array_size_if_any();
        if (cursor.at("=")) {
            parse_value(cursor, word, declaration);
        } else if (word == "CONSTANT") {
            cursor.fail_expected(fmt::format("'=' behind '{}'", declaration.name.text), "a constant needs its value");
        }
        while (parse_attribute(cursor, declaration)) {
        }
        out.push_back(std::move(declaration));
    });
}

std::vector<Argument> parse_declared_arguments(Cursor& cursor)
{
    std::vector<Argument> out;
    cursor.expect("(", "before the arguments");
    while (!cursor.at(")")) {
        if (!out.empty()) {
            cursor.expect(",", "or ')' behind the argument");
        }
        Name name = cursor.name("an argument");
        out.push_back({std::move(name), cursor.unit_if_any()});
    }
    cursor.next();
    return out;
}

}  // namespace axolemma::nmodl
