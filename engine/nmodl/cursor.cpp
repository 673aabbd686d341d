#include "nmodl/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "nmodl/words.hpp"

namespace axolemma::nmodl {

namespace {

/// Units hold letters, digits and the signs of products, quotients and powers. Other bytes: micro and degree signs.
bool may_be_in_unit(char c)
{
    constexpr std::string_view signs = "_/-*.^% +";
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80 ||
           signs.find(c) != std::string_view::npos;
}

std::string_view without_blanks_around(std::string_view text)
{
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::string quoted(const Token& token)
{
    constexpr std::size_t longest = 40;
    switch (token.kind) {
    case Token::Kind::end: return "the end of the file";
    case Token::Kind::verbatim: return "'VERBATIM'";
    case Token::Kind::title: return "'TITLE'";
    case Token::Kind::string: return fmt::format("\"{}\"", token.text.substr(0, longest));
    default: break;
    }
    const auto first = token.text.empty() ? '\0' : static_cast<unsigned char>(token.text[0]);
    if (token.text.size() == 1 && (first < 0x20 || first >= 0x7F)) {
        return fmt::format("a character that NMODL does not know (byte 0x{:02X})", first);
    }
    return fmt::format("'{}'", token.text.substr(0, longest));
}

Cursor::Cursor(std::string_view text, std::string path, Shared& shared)
    : text_(text), path_(std::move(path)), shared_(shared)
{
    base::Diagnostics found;
    tokens_ = tokenise(text_, path_, shared_.tokens_left, found);
    for (const base::Diagnostic& diagnostic : found.list()) {
        report(diagnostic.pos, diagnostic.message, diagnostic.hint);
    }
    shared_.tokens_left -= std::min(shared_.tokens_left, tokens_.list.size());
    if (tokens_.too_many) {
        report(pos(tokens_.list.back()), "the file is too long; what follows is not read",
               "no mechanism needs two million words");
    }
}

const Token& Cursor::peek(std::size_t ahead) const
{
    return tokens_.list[std::min(next_ + ahead, tokens_.list.size() - 1)];
}

bool Cursor::at_name() const
{
    return at_word() && !is_reserved(peek().text);
}

Token Cursor::next()
{
    const Token token = peek();
    next_ = std::min(next_ + 1, tokens_.list.size() - 1);
    return token;
}

bool Cursor::take_if(std::string_view symbol_or_word)
{
    if (!at(symbol_or_word)) {
        return false;
    }
    next();
    return true;
}

Token Cursor::expect(std::string_view symbol_or_word, std::string_view where)
{
    if (!at(symbol_or_word)) {
        fail_expected(fmt::format("'{}' {}", symbol_or_word, where));
    }
    return next();
}

Name Cursor::name(std::string_view what)
{
    if (at_word() && is_reserved(peek().text)) {
        fail_expected(fmt::format("the name of {}", what),
                      fmt::format("'{}' is a word of the language; choose another name", peek().text));
    }
    if (!at_word()) {
        fail_expected(fmt::format("the name of {}", what));
    }
    const Token token = next();
    return {std::string(token.text), pos(token)};
}

std::vector<Name> Cursor::names(std::string_view what)
{
    std::vector<Name> out = {name(what)};
    while (take_if(",")) {
        out.push_back(name(what));
    }
    return out;
}

UnitText Cursor::unit()
{
    const Token open = expect("(", "before the unit");
    const std::size_t close = text_.find_first_of(")\r\n", open.offset);
    if (close == std::string_view::npos || text_[close] != ')') {
        fail(pos(open), "the unit that begins here has no ')' on this line", "write units like (mV) or (mA/cm2)");
    }
    const std::string_view inside = without_blanks_around(text_.substr(open.offset + 1, close - open.offset - 1));
    while (!at_end() && peek().offset < close) {
        next();
    }
    if (at_end() || peek().offset != close) {  // a comment or a quote hides it
        fail(pos(open), "the unit that begins here has no ')' on this line", "write units like (mV) or (mA/cm2)");
    }
    next();
    if (!std::all_of(inside.begin(), inside.end(), may_be_in_unit)) {
        fail(pos(open), fmt::format("'{}' is not a unit", inside.substr(0, 40)),
             "units look like (mV) or (mA/cm2); a product needs its '*': 2*(a + b)");
    }
    return {std::string(inside), pos(open)};
}

UnitText Cursor::unit_if_any()
{
    return at("(") ? unit() : UnitText{};
}

bool Cursor::at_number() const
{
    const Token& token = peek(at("-") || at("+") ? 1 : 0);
    return token.kind == Token::Kind::number || defined(token).has_value();
}

std::optional<std::int64_t> Cursor::defined(const Token& token) const
{
    if (token.kind != Token::Kind::word) {
        return std::nullopt;
    }
    const auto found = shared_.defines.find(token.text);
    return found == shared_.defines.end() ? std::nullopt : std::optional(found->second);
}

double Cursor::value_of(const Token& number_token)
{
    double value = 0;
    const std::string_view digits = number_token.text;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec == std::errc::result_out_of_range) {
        // Too small is as good as zero: the exponent says which of the two it is.
        const std::size_t exponent = digits.find_first_of("eE");
        if (exponent != std::string_view::npos && digits.substr(exponent + 1).starts_with('-')) {
            return 0;
        }
        fail(pos(number_token), fmt::format("the number {} is too large", quoted(number_token)));
    }
    return value;
}

double Cursor::number(std::string_view what)
{
    if (!at_number()) {
        fail_expected(fmt::format("a number for {}", what));
    }
    const double sign = at("-") ? -1 : 1;
    if (at("-") || at("+")) {
        next();
    }
    const Token token = next();
    const std::optional<std::int64_t> known = defined(token);
    return sign * (known ? static_cast<double>(*known) : value_of(token));
}

std::int64_t Cursor::integer(std::string_view what)
{
    const Token& token = peek();
    if (const std::optional<std::int64_t> known = defined(token)) {
        next();
        return *known;
    }
    if (token.kind != Token::Kind::number || token.text.find_first_not_of("0123456789") != std::string_view::npos) {
        fail_expected(fmt::format("a whole number for {}", what),
                      at_word() ? "names of numbers are given before their use: DEFINE n 4" : "");
    }
    std::int64_t value = 0;
    const auto result = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    if (result.ec != std::errc{}) {
        fail(pos(token), fmt::format("the number {} is too large", quoted(token)));
    }
    next();
    return value;
}

std::optional<std::int64_t> Cursor::array_size_if_any()
{
    if (!take_if("[")) {
        return std::nullopt;
    }
    const base::SourcePos start = pos();
    const std::int64_t size = integer("the size of the array");
    expect("]", "behind the size of the array");
    constexpr std::int64_t largest = 1'000'000;
    if (size < 1 || size > largest) {
        fail(start, fmt::format("an array of {} elements is refused", size), "its size is from 1 to 1000000");
    }
    return size;
}

}  // namespace axolemma::nmodl
