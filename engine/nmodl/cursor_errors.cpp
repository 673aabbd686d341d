#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nmodl/cursor.hpp"
#include "nmodl/words.hpp"

namespace axolemma::nmodl {

void Cursor::report(const base::SourcePos& pos, std::string message, std::string hint)
{
    if (shared_.errors_left <= 0) {
        throw GiveUp{};
    }
    shared_.diagnostics.error(pos, std::move(message), std::move(hint));
    if (--shared_.errors_left == 0) {
        shared_.diagnostics.error(pos, "too many errors; the rest of the file is not read",
                                  "mend the first ones first");
        throw GiveUp{};
    }
}

void Cursor::fail(const base::SourcePos& pos, std::string message, std::string hint)
{
    report(pos, std::move(message), std::move(hint));
    throw SyntaxError{};
}

void Cursor::fail_expected(std::string_view what, std::string hint)
{
    if (block_ends_unclosed() && !open_.empty()) {
        fail_unclosed();
    }
    if (hint.empty() && at(";")) {
        hint = "a statement ends with its line; delete the ';'";
    } else if (hint.empty() && !peek().text.empty() && static_cast<unsigned char>(peek().text[0]) >= 0x80) {
        hint = "outside comments NMODL is plain ASCII; type the sign, blank or letter again";
    }
    fail(pos(), fmt::format("expected {}, found {}", what, quoted(peek())), std::move(hint));
}

void Cursor::open_brace(std::string_view where)
{
    open_.push_back(expect("{", where));
}

void Cursor::close_brace()
{
    expect("}", "at the end of the block");
    open_.pop_back();
}

bool Cursor::block_ends_unclosed() const
{
    return at_end() || (at_word() && peek().first_on_line && is_block_word(peek().text) && !at("INITIAL")) ||
           peek().kind == Token::Kind::title;
}

bool Cursor::begins_line_of_block() const
{
    const Token& token = peek();
    if (!token.first_on_line || at("else") || at("ELSE")) {
        return false;
    }
    return token.kind == Token::Kind::word || token.kind == Token::Kind::prime || token.kind == Token::Kind::verbatim ||
           at("~") || at("~+");
}

void Cursor::fail_unclosed()
{
    const Token open = open_.back();
    const base::SourcePos where = pos();
    report(where, fmt::format("'}}' is missing before {}", quoted(peek())),
           fmt::format("the '{{' of line {}, column {} is still open", open.line, open.column));
    throw BlockBroken{};
}

void Cursor::skip_statement(std::size_t started, std::size_t n_open)
{
    std::size_t depth = open_.size() - std::min(n_open, open_.size());
    forget_open(n_open);
    if (next_ == started && !at("{") && !at("}") && !block_ends_unclosed()) {
        next();
    }
    for (; !block_ends_unclosed(); next()) {
        if (at("{")) {
            ++depth;
        } else if (at("}")) {
            if (depth == 0) {
                return;
            }
            --depth;
        } else if (depth == 0 && next_ > started && begins_line_of_block()) {
            return;
        }
    }
}

void Cursor::skip_block(std::size_t started)
{
    if (next_ == started) {
        next();
    }
    int depth = 0;
    for (; !at_end(); next()) {
        if (at_word() && peek().first_on_line) {
            const bool is_block = is_block_word(peek().text) && (depth <= 0 || !at("INITIAL"));
            if (is_block || (depth <= 0 && peek(1).is("{") && !is_statement_word(peek().text))) {
                return;
            }
        }
        depth += at("{") ? 1 : at("}") ? -1 : 0;
    }
}

Cursor::Nested::Nested(Cursor& cursor) : cursor_(cursor)
{
    if (cursor.depth_ >= deepest_nesting) {
        cursor.report(cursor.pos(), fmt::format("parentheses or blocks are nested more than {} deep", deepest_nesting),
                      "split the expression: give its parts names of their own");
        throw SyntaxError{};
    }
    ++cursor.depth_;
}

}  // namespace axolemma::nmodl
