#include "nmodl/statements.hpp"

#include <utility>

#include <fmt/format.h>

#include "nmodl/expressions.hpp"
#include "nmodl/kinetic_statements.hpp"
#include "nmodl/verbatim.hpp"
#include "nmodl/words.hpp"

namespace axolemma::nmodl {

namespace {

class StatementParser {
public:
    StatementParser(Cursor& cursor, Block::Kind kind) : cursor_(cursor), kind_(kind) {}

    Statements braced(std::string_view where)
    {
        const Cursor::Nested nested(cursor_);
        Statements out;
        cursor_.open_brace(where);
        const std::size_t n_open = cursor_.n_open();
        while (!cursor_.at("}")) {
            const std::size_t started = cursor_.place();
            try {
                if (cursor_.block_ends_unclosed()) {
                    cursor_.fail_unclosed();
                }
                statement(out);
            } catch (const SyntaxError&) {
                cursor_.skip_statement(started, n_open);
            }
        }
        cursor_.close_brace();
        return out;
    }

private:
    template <typename What>
    void add(Statements& out, What what, base::SourcePos pos)
    {
        out.push_back(Statement{std::move(what), std::move(pos)});
    }

    void statement(Statements& out)
    {
        const Token token = cursor_.peek();
        const base::SourcePos pos = cursor_.pos();
        switch (token.kind) {
        case Token::Kind::verbatim:
            cursor_.next();
            add(out, Verbatim{std::string(token.text), c_text_does_nothing(token.text)}, pos);
            return;
        case Token::Kind::prime: add(out, derivative(), pos); return;
        case Token::Kind::word:
            if (!worded(out, token, pos)) {
                named(out, token, pos);
            }
            return;
        default: break;
        }
        if (token.is("~") || token.is("~+")) {
            tilde(out, pos);
        } else if (token.is("{")) {
            add(out, plain_block(pos), pos);
        } else {
            cursor_.fail_expected(
                "a statement",
                cursor_.at(";") ? "" : "is something missing before it, or is the line above not complete?");
        }
    }

    /// What begins with a word of the language; false if this does not.
    bool worded(Statements& out, const Token& token, const base::SourcePos& pos)
    {
        const auto is = [&](std::string_view word) { return token.text == word; };
        if (is("if") || is("IF")) {
            add(out, if_chain(), pos);
        } else if (is("while") || is("WHILE")) {
            add(out, while_loop(), pos);
        } else if (is("FROM")) {
            add(out, from_loop(), pos);
        } else if (is("LOCAL")) {
            add(out, locals(), pos);
        } else if (is("SOLVE")) {
            add(out, solve(), pos);
        } else if (is("TABLE")) {
            add(out, table(), pos);
        } else if (is("CONSERVE")) {
            add(out, parse_conserve(cursor_), pos);
        } else if (is("COMPARTMENT")) {
            add(out, parse_compartment(cursor_), pos);
        } else if (is("LONGITUDINAL_DIFFUSION")) {
            add(out, parse_diffusion(cursor_), pos);
        } else if (is("WATCH")) {
            watches(out);
        } else if (is("CONDUCTANCE")) {
            add(out, conductance(), pos);
        } else if (is("FOR_NETCONS")) {
            add(out, for_netcons(), pos);
        } else if (is("INITIAL")) {
            add(out, inner_initial(), pos);
        } else {
            return switched(out, token, pos);
        }
        return true;
    }

    /// Single words without anything behind them, and words that are refused.
    bool switched(Statements& out, const Token& token, const base::SourcePos& pos)
    {
        if (token.is("UNITSOFF") || token.is("UNITSON")) {
            cursor_.next();
            cursor_.shared().units_on = token.is("UNITSON");  // also for the blocks that follow
            add(out, UnitsSwitch{token.is("UNITSON")}, pos);
        } else if (token.is("MUTEXLOCK") || token.is("MUTEXUNLOCK") || token.is("PROTECT")) {
            cursor_.next();  // they order threads; an assignment may follow
        } else if (token.is("else") || token.is("ELSE")) {
            cursor_.fail(pos, "'else' without an 'if' before it", "is there a '}' too many?");
        } else {
            return false;
        }
        return true;
    }

    Derivative derivative()
    {
        const Token token = cursor_.next();
        const std::size_t n = token.text.find('\'');
        Derivative out;
        out.state.name = std::string(token.text.substr(0, n));
        out.order = static_cast<std::int32_t>(token.text.size() - n);
        if (cursor_.take_if("[")) {
            out.state.index = parse_expression(cursor_);
            cursor_.expect("]", "behind the index");
        }
        cursor_.expect("=", fmt::format("behind {}", quoted(token)));
        out.value = parse_expression(cursor_);
        return out;
    }

    /// An assignment or a call.
    void named(Statements& out, const Token& token, const base::SourcePos& pos)
    {
        const Token& behind = cursor_.peek(1);
        if (behind.is("(") && !is_reserved(token.text)) {
            cursor_.next();
            Call call{std::string(token.text), parse_arguments(cursor_)};
            add(out, CallStatement{std::make_unique<Expression>(Expression{std::move(call), pos})}, pos);
            return;
        }
        if (!behind.is("=") && !behind.is("[")) {
            refuse_word(token, behind);
        }
        Assignment assignment;
        assignment.target = parse_variable(cursor_, "a variable");
        if (cursor_.take_if("'")) {  // ca[i]' = ...
            cursor_.expect("=", "behind the derivative");
            add(out, Derivative{std::move(assignment.target), 1, parse_expression(cursor_)}, pos);
            return;
        }
        cursor_.expect("=", "in the assignment");
        assignment.value = parse_expression(cursor_);
        add(out, std::move(assignment), pos);
    }

    [[noreturn]] void refuse_word(const Token& token, const Token& behind)
    {
        const base::SourcePos pos = cursor_.pos();
        if (const auto why = refusal_of(token.text)) {
            cursor_.fail(pos, fmt::format("'{}' is not supported", token.text), std::string(*why));
        }
        if (is_block_word(token.text)) {
            cursor_.fail(pos, fmt::format("'{}' stands outside other blocks", token.text),
                         "is there a '}' missing before it?");
        }
        std::string hint = base::name_hint(token.text, statement_words(), "");
        if (behind.is("==")) {
            hint = "a value is assigned with one '='";
        } else if ((behind.is("+") || behind.is("-") || behind.is("*") || behind.is("/")) && cursor_.peek(2).is("=")) {
            hint = fmt::format("write {0} = {0} {1} ...", token.text, behind.text);
        }
        if (behind.kind == Token::Kind::end || behind.is("}")) {
            cursor_.fail(pos, fmt::format("'{}' alone is not a statement", token.text), std::move(hint));
        }
        cursor_.fail(pos, fmt::format("expected '=' or '(' behind '{}', found {}", token.text, quoted(behind)),
                     std::move(hint));
    }

    void tilde(Statements& out, const base::SourcePos& pos)
    {
        if (kind_ == Block::Kind::kinetic && cursor_.at("~")) {
            add(out, parse_reaction(cursor_), pos);
        } else if (kind_ == Block::Kind::linear || kind_ == Block::Kind::nonlinear) {
            add(out, parse_equation(cursor_), pos);
        } else {
            cursor_.fail(pos, "'~' stands in KINETIC, LINEAR and NONLINEAR blocks only");
        }
    }

    /// { } without anything before it, with LOCALs of its own: kept as `if (1) { }`.
    If plain_block(const base::SourcePos& pos)
    {
        If out;
        out.branches.push_back({std::make_unique<Expression>(Expression{Number{1, "1", {}}, pos}), braced("")});
        return out;
    }

    ExpressionPtr condition(std::string_view word)
    {
        cursor_.expect("(", fmt::format("before the condition of '{}'", word));
        ExpressionPtr out = parse_expression(cursor_);
        if (cursor_.at("=")) {
            cursor_.fail_expected("')' behind the condition", "values are compared with '=='");
        }
        cursor_.expect(")", fmt::format("behind the condition of '{}'", word));
        return out;
    }

    If if_chain()
    {
        If out;
        do {
            cursor_.next();
            ExpressionPtr test = condition("if");
            Statements body = braced("behind the condition of 'if'");
            out.branches.push_back({std::move(test), std::move(body)});
            if (!cursor_.take_if("else") && !cursor_.take_if("ELSE")) {
                return out;
            }
        } while (cursor_.at("if") || cursor_.at("IF"));
        out.has_else = true;
        out.otherwise = braced("behind 'else'");
        return out;
    }

    While while_loop()
    {
        cursor_.next();
        While out;
        out.condition = condition("while");
        out.body = braced("behind the condition of 'while'");
        return out;
    }

    From from_loop()
    {
        cursor_.next();
        From out;
        out.variable = cursor_.name("the loop's variable");
        cursor_.expect("=", "behind the loop's variable");
        out.first = parse_expression(cursor_);
        cursor_.expect("TO", "behind the first value of the loop");
        out.last = parse_expression(cursor_);
        if (cursor_.take_if("BY")) {
            out.step = parse_expression(cursor_);
        }
        out.body = braced("behind the range of the loop");
        return out;
    }

    Local locals()
    {
        cursor_.next();
        Local out;
        do {
            Local::Item item;
            item.name = cursor_.name("a local variable");
            item.size = cursor_.array_size_if_any();
            out.items.push_back(std::move(item));
        } while (cursor_.take_if(","));
        return out;
    }

    Solve solve()
    {
        cursor_.next();
        Solve out;
        out.block = cursor_.name("the block to solve");
        if (cursor_.take_if("METHOD") || cursor_.take_if("USING")) {
            out.method = cursor_.name("the method");
        } else if (cursor_.take_if("STEADYSTATE")) {
            out.steady_state = cursor_.name("the method");
        }
        if (cursor_.take_if("IFERROR")) {
            out.if_error = braced("behind IFERROR");
        }
        return out;
    }

    TableStatement table()
    {
        cursor_.next();
        TableStatement out;
        if (cursor_.at_name()) {
            out.names = cursor_.names("a variable of the table");
        }
        if (cursor_.take_if("DEPEND")) {
            out.depends = cursor_.names("a variable on which the table depends");
        }
        cursor_.expect("FROM", "in the TABLE statement");
        out.from = parse_expression(cursor_);
        cursor_.expect("TO", "behind the first value of the table");
        out.to = parse_expression(cursor_);
        cursor_.expect("WITH", "behind the last value of the table");
        out.with = parse_expression(cursor_);
        return out;
    }

    /// WATCH (a > b) 2, (c < d) 3: one statement for each condition.
    void watches(Statements& out)
    {
        cursor_.next();
        do {
            const base::SourcePos pos = cursor_.pos();
            WatchStatement watch;
            watch.condition = condition("WATCH");
            watch.flag = parse_expression(cursor_);
            add(out, std::move(watch), pos);
        } while (cursor_.take_if(","));
    }

    ConductanceHint conductance()
    {
        cursor_.next();
        ConductanceHint out;
        out.conductance = cursor_.name("a conductance");
        if (cursor_.take_if("USEION")) {
            out.ion = cursor_.name("an ion");
        }
        return out;
    }

    ForNetcons for_netcons()
    {
        cursor_.next();
        ForNetcons out;
        cursor_.expect("(", "behind FOR_NETCONS");
        while (!cursor_.at(")")) {
            if (!out.arguments.empty()) {
                cursor_.expect(",", "between arguments");
            }
            out.arguments.push_back(cursor_.name("an argument"));
            cursor_.unit_if_any();
        }
        cursor_.next();
        out.body = braced("behind FOR_NETCONS ( )");
        return out;
    }

    InnerInitial inner_initial()
    {
        if (kind_ != Block::Kind::net_receive) {
            cursor_.fail(cursor_.pos(), "'INITIAL' stands outside other blocks, or inside NET_RECEIVE",
                         "is there a '}' missing before it?");
        }
        cursor_.next();
        return {braced("behind INITIAL")};
    }

    Cursor& cursor_;
    Block::Kind kind_;
};

}  // namespace

Statements parse_statements(Cursor& cursor, Block::Kind kind)
{
    return StatementParser(cursor, kind).braced("before the statements of the block");
}

}  // namespace axolemma::nmodl
