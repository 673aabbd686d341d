#include "morphology/swc_number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "morphology/utf8.hpp"

namespace axolemma::morphology {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// std::from_chars takes no plus sign; one is allowed before a digit or a point.
std::string_view without_plus(std::string_view token)
{
    if (token.size() > 1 && token[0] == '+' && (is_digit(token[1]) || token[1] == '.')) {
        token.remove_prefix(1);
    }
    return token;
}

/// Is the number of a well-formed token below 1 in magnitude? Decides between overflow and underflow.
bool is_below_one(std::string_view token)
{
    std::int64_t exponent = 0;
    const std::size_t e = token.find_first_of("eE");
    if (e != std::string_view::npos) {
        const std::string_view digits = without_plus(token.substr(e + 1));
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (read.ec == std::errc::result_out_of_range) {
            return digits.starts_with('-');
        }
        token = token.substr(0, e);
    }
    const std::size_t first_digit = token.find_first_of("123456789");
    const std::size_t point = std::min(token.find('.'), token.size());
    if (first_digit == std::string_view::npos) {
        return true;
    }
    const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first_digit);
    return magnitude + (exponent < 0 ? std::max(exponent, std::numeric_limits<std::int64_t>::min() / 2)
                                     : std::min(exponent, std::numeric_limits<std::int64_t>::max() / 2)) <=
           0;
}

struct Lookalike {
    std::string_view bytes;
    std::string_view says;
    std::string_view instead;
};

/// Characters that look right on a screen.
constexpr std::array<Lookalike, 6> lookalikes{{
    {"\xE2\x88\x92", "U+2212 is not a minus sign", "write an ASCII '-'"},
    {"\xE2\x80\x93", "U+2013 is not a minus sign", "write an ASCII '-'"},
    {"\xE2\x80\x94", "U+2014 is not a minus sign", "write an ASCII '-'"},
    {"\xC2\xA0", "U+00A0 is not a blank", "separate fields with ASCII blanks or tabs"},
    {"\xE2\x80\xAF", "U+202F is not a blank", "separate fields with ASCII blanks or tabs"},
    {"\xEF\xBB\xBF", "U+FEFF (byte order mark) inside the data", "remove it"},
}};

std::string repaired(std::string_view token, char from, std::string_view to)
{
    std::string text;
    for (const char c : token) {
        if (c == from) {
            text += to;
        } else {
            text += c;
        }
    }
    return text;
}

bool becomes_number(const std::string& text)
{
    return parse_real(text).usable();
}

/// A well-meant guess at what was meant; empty if there is none.
std::string guess_repair(std::string_view token)
{
    if (token.find_first_of("\"'") != std::string_view::npos) {
        return "remove the quotes";
    }
    if (std::string text = repaired(token, ',', "."); text != token && becomes_number(text)) {
        return fmt::format("decimal comma? write {}", printable_excerpt(text));
    }
    if (std::string text = repaired(token, '_', ""); text != token && becomes_number(text)) {
        return fmt::format("write {}", printable_excerpt(text));
    }
    for (const char letter : {'D', 'd'}) {
        if (std::string text = repaired(token, letter, "E"); text != token && becomes_number(text)) {
            return fmt::format("Fortran exponent? write {}", printable_excerpt(text));
        }
    }
    if (token.starts_with("0x") || token.starts_with("0X")) {
        return "write a decimal number";
    }
    std::size_t number = token.size();
    while (number > 0 && !is_digit(token[number - 1]) && token[number - 1] != '.') {
        --number;
    }
    if (number > 0 && number < token.size() && becomes_number(std::string(token.substr(0, number)))) {
        return fmt::format("write {}: files carry no units, lengths are in um",
                           printable_excerpt(token.substr(0, number)));
    }
    return {};
}

}  // namespace

ParsedReal parse_real(std::string_view token)
{
    token = without_plus(token);
    double value = 0.0;
    const char* end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, value, std::chars_format::general);
    if (token.empty() || read.ptr != end || read.ec == std::errc::invalid_argument) {
        return {0.0, NumberFault::not_a_number};
    }
    if (read.ec == std::errc::result_out_of_range) {
        return {0.0, is_below_one(token) ? NumberFault::underflow : NumberFault::too_large};
    }
    if (!std::isfinite(value)) {
        return {0.0, NumberFault::not_finite};
    }
    return {value, NumberFault::none};
}

ParsedInteger parse_integer(std::string_view token)
{
    const std::string_view digits = without_plus(token);
    std::int64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (!digits.empty() && read.ptr == end) {
        if (read.ec == std::errc{}) {
            return {value, NumberFault::none};
        }
        if (read.ec == std::errc::result_out_of_range) {
            return {0, NumberFault::too_large};
        }
    }
    const ParsedReal real = parse_real(token);
    if (real.fault == NumberFault::too_large) {
        return {0, NumberFault::too_large};
    }
    if (real.fault == NumberFault::not_finite || real.fault == NumberFault::not_a_number) {
        return {0, NumberFault::not_a_number};
    }
    if (real.fault == NumberFault::underflow || real.value != std::trunc(real.value)) {
        return {0, NumberFault::not_integral};
    }
    constexpr double exact_up_to = 9007199254740992.0;  // 2^53
    if (std::abs(real.value) >= exact_up_to) {
        return {0, NumberFault::too_large};
    }
    return {static_cast<std::int64_t>(real.value), NumberFault::written_as_real};
}

std::string printable_excerpt(std::string_view text)
{
    constexpr std::size_t longest = 40;
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (out.size() >= longest) {
            return out + "...";
        }
        const auto byte = static_cast<unsigned char>(text[i]);
        if (const std::size_t length = utf8_length(text.substr(i)); length > 1) {
            out += text.substr(i, length);
            i += length;
            continue;
        }
        if (byte >= 0x20 && byte < 0x7F) {
            out += text[i];
        } else {
            out += fmt::format("\\x{:02X}", byte);
        }
        ++i;
    }
    return out;
}

NumberComplaint complain_about_real(std::string_view field, std::string_view token, NumberFault fault)
{
    const std::string text = printable_excerpt(token);
    if (fault == NumberFault::too_large) {
        return {fmt::format("{} '{}' is too large", field, text), "coordinates and radii are in um"};
    }
    if (fault == NumberFault::not_finite) {
        return {fmt::format("{} '{}' is not a finite number", field, text), fmt::format("give a number for {}", field)};
    }
    for (const Lookalike& wrong : lookalikes) {
        if (token.find(wrong.bytes) != std::string_view::npos) {
            return {fmt::format("{} '{}' is not a number: {}", field, text, wrong.says), std::string(wrong.instead)};
        }
    }
    std::string hint = guess_repair(token);
    if (hint.empty()) {
        hint = fmt::format("give a number for {}, such as 0.8", field);
    }
    return {fmt::format("{} '{}' is not a number", field, text), std::move(hint)};
}

NumberComplaint complain_about_integer(std::string_view field, std::string_view token, NumberFault fault)
{
    const std::string text = printable_excerpt(token);
    if (fault == NumberFault::too_large) {
        return {
            fmt::format("{} '{}' is too large", field, text),
            fmt::format("renumber the samples: the largest {} is {}", field, std::numeric_limits<std::int64_t>::max())};
    }
    for (const Lookalike& wrong : lookalikes) {
        if (token.find(wrong.bytes) != std::string_view::npos) {
            return {fmt::format("{} '{}' is not an integer: {}", field, text, wrong.says), std::string(wrong.instead)};
        }
    }
    std::string hint = guess_repair(token);
    if (hint.empty() || fault == NumberFault::not_integral) {
        hint = fmt::format("give an integer for {}", field);
    }
    return {fmt::format("{} '{}' is not an integer", field, text), std::move(hint)};
}

}  // namespace axolemma::morphology
