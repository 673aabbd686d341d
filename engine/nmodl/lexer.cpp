#include "nmodl/lexer.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

namespace axolemma::nmodl {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 8> long_symbols = {"<->", "<=", ">=", "==", "!=", "&&", "||", "~+"};

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\x1A';  // the last ends DOS files
}

bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text)
{
    const auto gap = [](char c) { return is_blank(c) || is_line_end(c); };
    while (!text.empty() && gap(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && gap(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

class Lexer {
public:
    Lexer(std::string_view text, const std::string& path, base::Diagnostics& diagnostics)
        : text_(text), path_(path), diagnostics_(diagnostics)
    {
        if (text_.starts_with(byte_order_mark)) {
            at_ = line_start_ = byte_order_mark.size();
        }
    }

    Tokens run(std::size_t most)
    {
        while (skip_gap()) {
            if (out_.list.size() >= most) {
                out_.too_many = true;
                break;
            }
            take();
        }
        add(Token::Kind::end, at_, at_, at_);
        return std::move(out_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    /// Goes one character on; "\r\n" is one line end.
    void advance()
    {
        const char c = text_[at_++];
        if (c == '\n' || (c == '\r' && peek() != '\n')) {
            ++line_;
            line_start_ = at_;
            first_on_line_ = true;
        }
    }

    void advance_to(std::size_t end)
    {
        while (at_ < end) {
            advance();
        }
    }

    std::size_t line_end() const
    {
        const std::size_t end = text_.find_first_of("\r\n", at_);
        return end == std::string_view::npos ? text_.size() : end;
    }

    base::SourcePos here() const { return {path_, line_, static_cast<std::int64_t>(at_ - line_start_) + 1}; }

    /// Goes to the next token; false at the end of the text.
    bool skip_gap()
    {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == ':' || c == '?') {
                const std::size_t end = line_end();
                note_comment(text_.substr(at_ + 1, end - at_ - 1));
                at_ = end;
            } else if (is_blank(c) || is_line_end(c)) {
                advance();
            } else {
                return true;
            }
        }
        return false;
    }

    void note_comment(std::string_view comment)
    {
        const bool at_head = out_.list.empty() || (out_.list.size() == 1 && out_.list[0].kind == Token::Kind::title);
        comment = trimmed(comment);
        if (at_head && !comment.empty()) {
            out_.head_comments += comment;
            out_.head_comments += '\n';
        }
    }

    /// A token whose text is text_[from, to); the place is that of `start`, on the current line.
    void add(Token::Kind kind, std::size_t start, std::size_t from, std::size_t to)
    {
        out_.list.push_back({kind, first_on_line_, line_, static_cast<std::int32_t>(start - line_start_) + 1, start,
                             text_.substr(from, to - from)});
        first_on_line_ = false;
    }

    void take()
    {
        const char c = text_[at_];
        if (is_letter(c)) {
            take_word();
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            take_number();
        } else if (c == '"') {
            take_string();
        } else {
            take_symbol();
        }
    }

    void take_word()
    {
        const std::size_t start = at_;
        std::size_t end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) {
            ++end;
        }
        const std::string_view word = text_.substr(start, end - start);
        if (word == "COMMENT") {
            if (const std::optional<std::string_view> inside = take_until(end, "ENDCOMMENT")) {
                note_comment(*inside);
            }
        } else if (word == "VERBATIM") {
            const std::size_t index = out_.list.size();
            add(Token::Kind::verbatim, start, end, end);
            out_.list[index].text = take_until(end, "ENDVERBATIM").value_or("");
        } else if (word == "TITLE") {
            at_ = line_end();
            add(Token::Kind::title, start, end, at_);
        } else if (end < text_.size() && text_[end] == '\'') {
            while (end < text_.size() && text_[end] == '\'') {
                ++end;
            }
            add(Token::Kind::prime, start, start, end);
            at_ = end;
        } else {
            add(Token::Kind::word, start, start, end);
            at_ = end;
            if (word == "REPRESENTS") {
                take_ontology();
            }
        }
    }

    /// The text up to the word `last`, which is skipped. Without one: an error, and everything is skipped.
    std::optional<std::string_view> take_until(std::size_t from, std::string_view last)
    {
        const std::size_t found = text_.find(last, from);
        if (found == std::string_view::npos) {
            diagnostics_.error(here(), fmt::format("{} without {}", last.substr(3), last),
                               fmt::format("write {} on a line of its own where it ends", last));
            advance_to(text_.size());
            return std::nullopt;
        }
        advance_to(found + last.size());
        return text_.substr(from, found - from);
    }

    /// NCIT:C17145, or the same in brackets.
    void take_ontology()
    {
        while (is_blank(peek())) {
            ++at_;
        }
        const std::size_t start = at_;
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == ':' ||
                                      text_[at_] == '[' || text_[at_] == ']')) {
            ++at_;
        }
        add(Token::Kind::ontology, start, start, at_);
    }

    void take_digits()
    {
        while (is_digit(peek())) {
            ++at_;
        }
    }

    void take_number()
    {
        const std::size_t start = at_;
        take_digits();
        if (peek() == '.') {
            ++at_;
            take_digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (is_digit(peek(1 + sign))) {
                at_ += 1 + sign;
                take_digits();
            }
        }
        add(Token::Kind::number, start, start, at_);
    }

    void take_string()
    {
        const std::size_t start = at_, end = line_end();
        const std::size_t close = text_.find('"', start + 1);
        if (close == std::string_view::npos || close > end) {
            diagnostics_.error(here(), "the text in quotes does not end on this line", "is there a '\"' missing?");
            add(Token::Kind::string, start, start + 1, end);
            at_ = end;
            return;
        }
        add(Token::Kind::string, start, start + 1, close);
        at_ = close + 1;
    }

    void take_symbol()
    {
        std::size_t length = 1;
        for (const std::string_view symbol : long_symbols) {
            if (text_.substr(at_).starts_with(symbol)) {
                length = symbol.size();
                break;
            }
        }
        add(Token::Kind::symbol, at_, at_, at_ + length);
        at_ += length;
    }

    std::string_view text_;
    const std::string& path_;
    base::Diagnostics& diagnostics_;
    Tokens out_;
    std::size_t at_ = 0, line_start_ = 0;
    std::int32_t line_ = 1;
    bool first_on_line_ = true;
};

}  // namespace

Tokens tokenise(std::string_view text, const std::string& path, std::size_t most, base::Diagnostics& diagnostics)
{
    return Lexer(text, path, diagnostics).run(most);
}

}  // namespace axolemma::nmodl
