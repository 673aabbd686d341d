/// The place in a file's tokens up to which it is parsed, with what all parts of the parser need: expecting, reporting,
/// names, numbers, units, and going on after an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nmodl/ast.hpp"
#include "nmodl/lexer.hpp"

namespace axolemma::nmodl {

/// Thrown after an error was reported; caught where parsing can go on.
struct SyntaxError {};
/// Thrown after an error was reported that leaves no sense in the rest of a block; caught outside blocks.
struct BlockBroken {};
/// Thrown when there is no sense in going on: too many errors.
struct GiveUp {};

/// What a file and the files that it includes share.
struct Shared {
    base::Diagnostics& diagnostics;
    std::map<std::string, std::int64_t, std::less<>> defines;  ///< DEFINE name value
    bool units_on = true;
    std::size_t tokens_left = 2'000'000;
    int includes_left = 200;
    int errors_left = 20;
};

class Cursor {
public:
    /// Nesting of parentheses, blocks and operators that no file written by a person or a program reaches.
    static constexpr int deepest_nesting = 200;
    static constexpr int deepest_expression = 1000;

    /// `text` and `shared` must outlive the cursor.
    Cursor(std::string_view text, std::string path, Shared& shared);

    const std::string& path() const { return path_; }
    Shared& shared() { return shared_; }
    const std::string& head_comments() const { return tokens_.head_comments; }

    const Token& peek(std::size_t ahead = 0) const;
    bool at_end() const { return peek().kind == Token::Kind::end; }
    bool at(std::string_view symbol_or_word) const { return peek().is(symbol_or_word); }
    bool at_word() const { return peek().kind == Token::Kind::word; }
    /// A name that is not a reserved word.
    bool at_name() const;
    Token next();
    bool take_if(std::string_view symbol_or_word);
    /// Takes what must come here. `where` ends the sentence "expected ')' ...", as in "behind the condition".
    Token expect(std::string_view symbol_or_word, std::string_view where);

    base::SourcePos pos(const Token& token) const { return {path_, token.line, token.column}; }
    base::SourcePos pos() const { return pos(peek()); }

    /// A name of the user's; `what` is what it names, as in "a state".
    Name name(std::string_view what);
    /// Names with commas between them.
    std::vector<Name> names(std::string_view what);
    /// The unit in parentheses that comes here.
    UnitText unit();
    UnitText unit_if_any();
    /// A number with or without a sign.
    double number(std::string_view what);
    bool at_number() const;
    /// A whole number or a name given by DEFINE.
    std::int64_t integer(std::string_view what);
    /// [n] of an array that is declared.
    std::optional<std::int64_t> array_size_if_any();
    std::optional<std::int64_t> defined(const Token& token) const;
    double value_of(const Token& number_token);

    /// Takes '{' and keeps its place for errors about a missing '}'.
    void open_brace(std::string_view where);
    /// Takes '}' of the innermost '{'.
    void close_brace();
    /// Is a '}' missing here: a word that only stands outside blocks, or the end of the file?
    bool block_ends_unclosed() const;
    /// Reports that missing '}' and stops the block.
    [[noreturn]] void fail_unclosed();
    std::size_t n_open() const { return open_.size(); }
    void forget_open(std::size_t n) { open_.resize(n); }

    /// Reports, but goes on.
    void report(const base::SourcePos& pos, std::string message, std::string hint = {});
    [[noreturn]] void fail(const base::SourcePos& pos, std::string message, std::string hint = {});
    /// "expected `what`, found 'x'" at the next token, which is blamed.
    [[noreturn]] void fail_expected(std::string_view what, std::string hint = {});

    /// After an error: goes to the next line of this block that can be a statement or declaration, to the '}' that
    /// closes it, or to a word that only stands outside blocks. Goes at least one token on from `started` unless it is one
    /// of those. `n_open`: how many '{' were open where the statement began.
    void skip_statement(std::size_t started, std::size_t n_open);
    /// After an error outside blocks, or one that broke a whole block.
    void skip_block(std::size_t started);
    std::size_t place() const { return next_; }

    /// Counts nesting as long as it lives; fails when it is too deep.
    class Nested {
    public:
        explicit Nested(Cursor& cursor);
        ~Nested() { --cursor_.depth_; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        Cursor& cursor_;
    };

private:
    bool begins_line_of_block() const;

    std::string_view text_;
    std::string path_;
    Shared& shared_;
    Tokens tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;
    std::vector<Token> open_;  ///< each '{' that is not closed yet
};

/// "'x'", or "the end of the file".
std::string quoted(const Token& token);

}  // namespace axolemma::nmodl
