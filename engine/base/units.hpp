/// Units and dimensions of the numbers people type: "120 mS/cm2", "35.4 ohm*cm", "6.3 degC".
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace axolemma::base {

/// Exponents of metre, kilogram, second, ampere, kelvin and mole.
struct Dimension {
    std::array<std::int8_t, 6> exponent{};
    friend bool operator==(const Dimension&, const Dimension&) = default;
    friend Dimension operator*(Dimension a, Dimension b);
    friend Dimension operator/(Dimension a, Dimension b);
    Dimension power(int n) const;
    bool is_none() const { return *this == Dimension{}; }
    /// What a person calls it: "voltage", "conductance per area", or the SI base units when it has no name here.
    std::string name() const;
    /// The same inside a sentence: "a voltage", "an area", "a plain number", "a quantity in kg m^2 s^-1".
    std::string phrase() const;
};

/// A unit: value in SI = value * mantissa * 10^exponent10 (+ offset for degC alone).
///
/// The decimal exponent is kept apart from the mantissa so that "120 mS/cm2" converts to exactly the double 0.12 S/cm2.
struct Unit {
    Dimension dimension;
    double mantissa = 1.0;
    int exponent10 = 0;
    double offset_SI = 0.0;
    std::string text;
};

/// A number with its unit, as typed.
struct Quantity {
    double value = 0.0;
    Unit unit;
};

/// Why a text is not a unit or quantity; `offset` is the byte in the text where it went wrong.
struct UnitError {
    std::size_t offset = 0;
    std::string message;
    std::string hint;
};

/// Parses a unit such as "mS/cm2", "ohm*cm", "uF cm^-2", "1/ms", "degC". Throws UnitError.
///
/// Factors are joined by `*`, a space or `/`, read from left to right ("a/b c" is "a/b*c"); powers are written "cm2",
/// "cm^2", "cm^-2" or with superscripts. degC (with its offset) stands alone.
Unit parse_unit(std::string_view text);
/// Parses a number and a unit ("0.1 nA"; a bare number has the unit 1). Throws UnitError.
Quantity parse_quantity(std::string_view text);
/// The value of `quantity` expressed in `target`; dimensions must agree (checked by the caller or by parse_quantity_in).
///
/// Powers of ten are moved in the decimal text of the number, so the result is the double nearest to what was typed.
double value_in(const Quantity& quantity, const Unit& target);
/// Factor that turns a value in `from` into a value in `to` (no offset).
double conversion_factor(const Unit& from, const Unit& to);
/// Parses `text` and converts it to `target`. Throws UnitError when the dimension differs or the unit is missing.
/// @param subject  what the value is for, as it stands in messages: "'dt' needs a time"
double parse_quantity_in(std::string_view text, const Unit& target, std::string_view subject = "this value");

/// The error for a value that has another dimension than `target`: "'5 mV' is a voltage; 'dt' needs a time".
UnitError wrong_dimension(std::string_view text, const Dimension& found, const Unit& target, std::string_view subject);

/// A number (digits, '.', exponent; no sign) at the start of a text and the bytes it takes. Throws UnitError.
struct NumberPrefix {
    double value = 0.0;
    std::size_t length = 0;
};
NumberPrefix parse_number_prefix(std::string_view text);

/// The longest unit at the start of a text that follows a number, and the bytes it takes (0 when there is none).
///
/// Reading stops before names in `reserved` and before function calls, so that "mS/cm2 * exp(x)" gives "mS/cm2".
/// Throws UnitError for a name that is neither a unit nor reserved (unless an operator stands before it and it looks like
/// no unit: then reading stops before the operator).
struct UnitPrefix {
    Unit unit;
    std::size_t length = 0;
};
UnitPrefix parse_unit_prefix(std::string_view text, std::span<const std::string> reserved);

/// Bytes of the letters at the start of a text (ASCII letters, digits after the first, '_', micro, ohm and degree signs).
std::size_t name_length(std::string_view text);

}  // namespace axolemma::base
