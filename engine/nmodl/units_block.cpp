#include <utility>

#include <fmt/format.h>

#include "nmodl/declarations.hpp"

namespace axolemma::nmodl {

namespace {

/// NAME = 96485.3 (coulomb), NAME = (faraday) (coulomb), NAME = (mV) -> (V)
UnitDefinition parse_constant(Cursor& cursor)
{
    UnitDefinition out;
    out.pos = cursor.pos();
    out.is_constant = true;
    out.name = cursor.name("a constant").text;
    cursor.expect("=", fmt::format("behind '{}'", out.name));
    if (cursor.at("(")) {
        out.definition = cursor.unit().text;
        if (cursor.at("-") && cursor.peek(1).is(">")) {
            cursor.next();
            cursor.next();
        }
    } else {
        const std::string sign = cursor.at("-") ? "-" : "";
        if (!sign.empty()) {
            cursor.next();
        }
        if (cursor.peek().kind != Token::Kind::number && !cursor.defined(cursor.peek())) {
            cursor.fail_expected("a number or a unit in parentheses", "FARADAY = (faraday) (coulomb)");
        }
        const Token token = cursor.next();
        const std::optional<std::int64_t> known = cursor.defined(token);
        out.definition = sign + (known ? fmt::format("{}", *known) : std::string(token.text));
    }
    out.unit = cursor.unit();
    return out;
}

UnitDefinition parse_definition(Cursor& cursor)
{
    UnitDefinition out;
    out.pos = cursor.pos();
    out.name = cursor.unit().text;
    cursor.expect("=", fmt::format("behind ({})", out.name));
    out.definition = cursor.unit().text;
    return out;
}

}  // namespace

void parse_units_block(Cursor& cursor, std::vector<UnitDefinition>& out)
{
    parse_lines(cursor, "behind UNITS", [&] {
        if (cursor.take_if("UNITSOFF") || cursor.take_if("UNITSON")) {
            return;
        }
        if (!cursor.at("(") && !cursor.at_word()) {
            cursor.fail_expected("the definition of a unit or constant", "(mV) = (millivolt)");
        }
        out.push_back(cursor.at("(") ? parse_definition(cursor) : parse_constant(cursor));
    });
}

}  // namespace axolemma::nmodl
