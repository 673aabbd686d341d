/// Units and dimensions of the numbers people type: "120 mS/cm2", "35.4 ohm*cm", "6.3 degC".
#pragma once

#include <array>
#include <cstdint>
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
Unit parse_unit(std::string_view text);
/// Parses a number and a unit ("0.1 nA"; a bare number has the unit 1). Throws UnitError.
Quantity parse_quantity(std::string_view text);
/// The value of `quantity` expressed in `target`; dimensions must agree (checked by the caller or by parse_quantity_in).
double value_in(const Quantity& quantity, const Unit& target);
/// Factor that turns a value in `from` into a value in `to` (no offset).
double conversion_factor(const Unit& from, const Unit& to);
/// Parses `text` and converts it to `target`. Throws UnitError when the dimension differs or the unit is missing.
double parse_quantity_in(std::string_view text, const Unit& target);

}  // namespace axolemma::base
