#include "nmodl/kinetic_statements.hpp"

#include <string>
#include <utility>
#include <vector>

#include "nmodl/expressions.hpp"

namespace axolemma::nmodl {

namespace {

ExpressionPtr parse_count(Cursor& cursor)
{
    const Token token = cursor.peek();
    const std::int64_t value = cursor.integer("how many of the state react");
    return std::make_unique<Expression>(
        Expression{Number{static_cast<double>(value), std::string(token.text), {}}, cursor.pos(token)});
}

/// a + 2 b + c[i]
std::vector<Reaction::Reactant> parse_reactants(Cursor& cursor)
{
    std::vector<Reaction::Reactant> out;
    do {
        Reaction::Reactant reactant;
        reactant.pos = cursor.pos();
        if (cursor.at_number()) {
            reactant.count = parse_count(cursor);
            cursor.take_if("*");
        }
        reactant.state = parse_variable(cursor, "a state that reacts");
        out.push_back(std::move(reactant));
    } while (cursor.take_if("+"));
    return out;
}

/// index, expression { states }: the index is there if a name and a comma are.
struct SpaceStatement {
    std::optional<Name> index;
    ExpressionPtr value;
    std::vector<Variable> states;
};

SpaceStatement parse_space_statement(Cursor& cursor)
{
    cursor.next();
    SpaceStatement out;
    if (cursor.at_word() && cursor.peek(1).is(",")) {
        out.index = cursor.name("an index");
        cursor.next();
    }
    out.value = parse_expression(cursor);
    cursor.open_brace("before the states");
    while (!cursor.at("}")) {
        out.states.push_back(parse_variable(cursor, "a state"));
        cursor.take_if(",");
    }
    cursor.close_brace();
    return out;
}

}  // namespace

Reaction parse_reaction(Cursor& cursor)
{
    cursor.next();
    Reaction out;
    out.left = parse_reactants(cursor);
    if (cursor.take_if("<->")) {
        out.right = parse_reactants(cursor);
        cursor.expect("(", "before the two rates of the reaction");
        out.forward = parse_expression(cursor);
        cursor.expect(",", "between the forward and the backward rate");
        out.backward = parse_expression(cursor);
    } else if (cursor.at("-") && cursor.peek(1).is(">")) {
        out.kind = Reaction::Kind::one_way;
        cursor.next();
        cursor.next();
        if (!cursor.at("(")) {
            out.right = parse_reactants(cursor);
        }
        cursor.expect("(", "before the rate of the reaction");
        out.forward = parse_expression(cursor);
    } else if (cursor.at("<") && cursor.peek(1).is("<")) {
        out.kind = Reaction::Kind::flux;
        cursor.next();
        cursor.next();
        if (out.left.size() != 1) {
            cursor.fail(cursor.pos(), "'<<' takes one state on its left", "write one line for each state");
        }
        cursor.expect("(", "before the flux");
        out.forward = parse_expression(cursor);
    } else {
        cursor.fail_expected("'<->', '->' or '<<' in the reaction", "~ a <-> b (forward, backward)");
    }
    cursor.expect(")", "behind the rates of the reaction");
    return out;
}

Equation parse_equation(Cursor& cursor)
{
    cursor.next();
    Equation out;
    out.left = parse_expression(cursor);
    cursor.expect("=", "in the equation");
    out.right = parse_expression(cursor);
    return out;
}

Conserve parse_conserve(Cursor& cursor)
{
    cursor.next();
    Conserve out;
    out.left = parse_reactants(cursor);
    cursor.expect("=", "behind the sum that is conserved");
    out.total = parse_expression(cursor);
    return out;
}

Compartment parse_compartment(Cursor& cursor)
{
    SpaceStatement read = parse_space_statement(cursor);
    return {std::move(read.index), std::move(read.value), std::move(read.states)};
}

Diffusion parse_diffusion(Cursor& cursor)
{
    SpaceStatement read = parse_space_statement(cursor);
    return {std::move(read.index), std::move(read.value), std::move(read.states)};
}

}  // namespace axolemma::nmodl
