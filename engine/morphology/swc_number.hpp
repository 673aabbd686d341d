/// Numbers of an SWC file: whole tokens, independent of the locale, with the reason when a token is not a number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace axolemma::morphology {

/// Far beyond any animal, and small enough for areas and volumes to stay finite.
constexpr double largest_coordinate_um = 1e15;

enum class NumberFault { none, not_a_number, not_finite, too_large, underflow, not_integral, written_as_real };

struct ParsedReal {
    double value = 0.0;
    NumberFault fault = NumberFault::none;
    bool usable() const { return fault == NumberFault::none || fault == NumberFault::underflow; }
};

struct ParsedInteger {
    std::int64_t value = 0;
    NumberFault fault = NumberFault::none;
    bool usable() const { return fault == NumberFault::none || fault == NumberFault::written_as_real; }
};

/// A finite double: optional sign, digits with an optional point, optional exponent. Nothing else: no hexadecimal, nan
/// or inf. A number too small for a double is 0 with the fault `underflow`.
ParsedReal parse_real(std::string_view token);

/// An integer. "3.0" and "3e0" are taken as 3 with the fault `written_as_real`, if below 2^53 (exact in a double).
ParsedInteger parse_integer(std::string_view token);

/// What is wrong with the text of a field, and what to write instead.
struct NumberComplaint {
    std::string message;
    std::string hint;
};
NumberComplaint complain_about_real(std::string_view field, std::string_view token, NumberFault fault);
NumberComplaint complain_about_integer(std::string_view field, std::string_view token, NumberFault fault);

/// The user's text for a message: at most 40 bytes, bytes that are not printable UTF-8 as \xNN.
std::string printable_excerpt(std::string_view text);

}  // namespace axolemma::morphology
