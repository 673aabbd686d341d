#include "base/units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/diagnostics.hpp"

namespace axolemma::base {

namespace {

constexpr int max_unit_power = 9;
constexpr int max_dimension_exponent = 60;

//                                  m   kg  s   A   K  mol
constexpr Dimension none{};
constexpr Dimension length{{1, 0, 0, 0, 0, 0}};
constexpr Dimension time_{{0, 0, 1, 0, 0, 0}};
constexpr Dimension mass{{0, 1, 0, 0, 0, 0}};
constexpr Dimension current{{0, 0, 0, 1, 0, 0}};
constexpr Dimension temperature{{0, 0, 0, 0, 1, 0}};
constexpr Dimension amount{{0, 0, 0, 0, 0, 1}};
constexpr Dimension concentration{{-3, 0, 0, 0, 0, 1}};
constexpr Dimension frequency{{0, 0, -1, 0, 0, 0}};
constexpr Dimension charge{{0, 0, 1, 1, 0, 0}};
constexpr Dimension voltage{{2, 1, -3, -1, 0, 0}};
constexpr Dimension conductance{{-2, -1, 3, 2, 0, 0}};
constexpr Dimension resistance{{2, 1, -3, -2, 0, 0}};
constexpr Dimension capacitance{{-2, -1, 4, 2, 0, 0}};

struct NamedDimension {
    Dimension dimension;
    std::string_view name;
};

const std::vector<NamedDimension>& named_dimensions()
{
    static const std::vector<NamedDimension> table = {
        {none, "plain number"},
        {length, "length"},
        {length.power(2), "area"},
        {length.power(3), "volume"},
        {length.power(-1), "inverse length"},
        {time_, "time"},
        {mass, "mass"},
        {current, "current"},
        {temperature, "temperature"},
        {amount, "amount of substance"},
        {concentration, "concentration"},
        {frequency, "frequency"},
        {charge, "charge"},
        {voltage, "voltage"},
        {conductance, "conductance"},
        {resistance, "resistance"},
        {capacitance, "capacitance"},
        {length / time_, "velocity"},
        {voltage / time_, "rate of change of voltage"},
        {voltage.power(-1), "inverse voltage"},
        {current / length.power(2), "current per area"},
        {conductance / length.power(2), "conductance per area"},
        {capacitance / length.power(2), "capacitance per area"},
        {capacitance / length, "capacitance per length"},
        {resistance * length, "resistivity"},
        {resistance / length, "resistance per length"},
        {resistance * length.power(2), "resistance times area"},
    };
    return table;
}

struct Symbol {
    std::string_view name;
    Dimension dimension;
    double mantissa;
    int exponent10;
    bool prefixes;
    double offset_SI = 0.0;
};

const std::vector<Symbol>& symbols()
{
    static const std::vector<Symbol> table = {
        {"V", voltage, 1.0, 0, true},
        {"A", current, 1.0, 0, true},
        {"S", conductance, 1.0, 0, true},
        {"F", capacitance, 1.0, 0, true},
        {"ohm", resistance, 1.0, 0, true},
        {"Ohm", resistance, 1.0, 0, true},
        {"\u03a9", resistance, 1.0, 0, true},
        {"\u2126", resistance, 1.0, 0, true},
        {"m", length, 1.0, 0, true},
        {"s", time_, 1.0, 0, true},
        {"min", time_, 60.0, 0, false},
        {"h", time_, 3600.0, 0, false},
        {"Hz", frequency, 1.0, 0, true},
        {"C", charge, 1.0, 0, true},
        {"M", concentration, 1.0, 3, true},
        {"mol", amount, 1.0, 0, true},
        {"g", mass, 1.0, -3, true},
        {"K", temperature, 1.0, 0, true},
        {"degC", temperature, 1.0, 0, false, 273.15},
        {"\u00b0C", temperature, 1.0, 0, false, 273.15},
        {"rad", none, 1.0, 0, false},
        {"deg", none, std::numbers::pi / 180.0, 0, false},
        {"\u00b0", none, std::numbers::pi / 180.0, 0, false},
        {"%", none, 1.0, -2, false},
    };
    return table;
}

struct Prefix {
    std::string_view name;
    int exponent10;
};

constexpr std::array<Prefix, 13> prefixes{{{"f", -15},
                                           {"p", -12},
                                           {"n", -9},
                                           {"u", -6},
                                           {"\u00b5", -6},
                                           {"\u03bc", -6},
                                           {"m", -3},
                                           {"c", -2},
                                           {"d", -1},
                                           {"k", 3},
                                           {"M", 6},
                                           {"G", 9},
                                           {"T", 12}}};

/// Words people write for units, and what to write instead.
struct Alias {
    std::string_view word, instead;
};
constexpr std::array<Alias, 25> aliases{
    {{"sec", "s"},      {"msec", "ms"},     {"second", "s"},  {"seconds", "s"},    {"usec", "us"},
     {"minute", "min"}, {"minutes", "min"}, {"mins", "min"},  {"hour", "h"},       {"hours", "h"},
     {"hr", "h"},       {"volt", "V"},      {"volts", "V"},   {"millivolt", "mV"}, {"micron", "um"},
     {"microns", "um"}, {"mho", "S"},       {"siemens", "S"}, {"celsius", "degC"}, {"Celsius", "degC"},
     {"kelvin", "K"},   {"molar", "M"},     {"amp", "A"},     {"farad", "F"},      {"hertz", "Hz"}}};

std::optional<Symbol> find_symbol(std::string_view name)
{
    for (const Symbol& symbol : symbols()) {
        if (symbol.name == name) {
            return symbol;
        }
    }
    for (const Prefix& prefix : prefixes) {
        if (!name.starts_with(prefix.name)) {
            continue;
        }
        const std::string_view rest = name.substr(prefix.name.size());
        for (const Symbol& symbol : symbols()) {
            const bool centi_or_deci = prefix.name == "c" || prefix.name == "d";
            if (symbol.prefixes && symbol.name == rest && (!centi_or_deci || symbol.name == "m")) {
                Symbol found = symbol;
                found.exponent10 += prefix.exponent10;
                return found;
            }
        }
    }
    return std::nullopt;
}

const std::vector<std::string>& common_units()
{
    static const std::vector<std::string> names = {
        "mV",   "V",  "uV",  "ms", "s",  "us", "um",  "mm", "cm",   "m",   "nm",  "nA",  "pA",   "uA",
        "mA",   "A",  "uS",  "mS", "S",  "nS", "pS",  "uF", "nF",   "pF",  "F",   "ohm", "kohm", "Mohm",
        "Gohm", "Hz", "kHz", "mM", "uM", "M",  "mol", "K",  "degC", "rad", "deg", "cm2", "um2",  "%"};
    return names;
}

bool is_alias(std::string_view word)
{
    return std::any_of(aliases.begin(), aliases.end(), [&](const Alias& alias) { return alias.word == word; });
}

UnitError unknown_unit(std::string_view name, std::size_t offset, std::span<const std::string> reserved)
{
    UnitError error{offset, fmt::format("unknown unit '{}'", name), {}};
    for (const Alias& alias : aliases) {
        if (alias.word == name) {
            error.hint = fmt::format("write '{}'", alias.instead);
            return error;
        }
    }
    std::vector<std::string> candidates = common_units();
    candidates.insert(candidates.end(), reserved.begin(), reserved.end());
    error.hint = name_hint(name, candidates, "");
    if (error.hint.empty()) {
        error.hint =
            "units are V A S F ohm m s min h Hz C M mol K degC rad deg %, with prefixes f p n u m k M G T, "
            "as in mV, nA, S/cm2, uF/cm2, ohm*cm";
    }
    return error;
}

std::string printable(std::string_view text)
{
    constexpr std::size_t longest = 40;
    std::string out;
    for (const char c : text.substr(0, longest)) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    return text.size() > longest ? out + "..." : out;
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t skip_spaces(std::string_view text, std::size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) {
        ++at;
    }
    return at;
}

constexpr std::array<std::string_view, 10> superscripts{"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                                        "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
constexpr std::string_view superscript_minus = "\u207b";

/// Reads units from left to right; every member function leaves `at` behind what it took.
class UnitReader {
public:
    UnitReader(std::string_view text, std::span<const std::string> reserved) : text_(text), reserved_(reserved) {}

    /// The unit that starts at the beginning of the text, and where it ends.
    UnitPrefix read()
    {
        const std::size_t start = skip_spaces(text_, 0);
        std::size_t at = start;
        while (at < text_.size()) {
            const bool divide = text_[at] == '/';
            std::size_t next = at;
            if (divide || text_[at] == '*') {
                next = skip_spaces(text_, at + 1);
            } else if (text_.substr(at).starts_with(dot)) {
                next = skip_spaces(text_, at + dot.size());
            }
            if (!read_factor(next, divide, next != at)) {
                break;
            }
            at = skip_spaces(text_, end_);
        }
        if (end_ > start) {
            unit_.text = std::string(text_.substr(start, end_ - start));
        }
        return {unit_, end_};
    }

private:
    static constexpr std::string_view dot = "\u00b7";

    /// One symbol with its power. False when what stands here is not meant as a unit.
    /// @param joined  an operator stands before it, so an unknown word may be a name that the caller knows how to refuse
    bool read_factor(std::size_t at, bool divide, bool joined)
    {
        const std::size_t whole = name_length(text_.substr(at));
        if (whole == 0) {
            return false;
        }
        const std::string_view word = text_.substr(at, whole);
        const std::size_t after = skip_spaces(text_, at + whole);
        if (std::find(reserved_.begin(), reserved_.end(), word) != reserved_.end() ||
            (after < text_.size() && text_[after] == '(')) {
            return false;
        }
        std::size_t letters = whole;
        while (letters > 0 && is_digit(word[letters - 1])) {
            --letters;
        }
        const std::optional<Symbol> symbol = find_symbol(word.substr(0, letters));
        if (!symbol) {
            const bool resembles_unit =
                is_alias(word) || !nearest_name(word.substr(0, letters), common_units()).empty();
            if (joined && !resembles_unit) {
                return false;
            }
            throw unknown_unit(printable(word), at, reserved_);
        }
        end_ = at + letters;
        const int power = read_power();
        apply(*symbol, divide ? -power : power, at);
        return true;
    }

    int read_power()
    {
        const std::size_t start = end_;
        std::size_t at = end_;
        const bool caret = at < text_.size() && text_[at] == '^';
        at += caret ? 1 : 0;
        bool negative = false;
        if (caret && at < text_.size() && (text_[at] == '-' || text_[at] == '+')) {
            negative = text_[at++] == '-';
        }
        if (text_.substr(at).starts_with(superscript_minus)) {
            negative = true;
            at += superscript_minus.size();
        }
        int power = 0;
        std::size_t digits = 0;
        while (const std::optional<std::pair<int, std::size_t>> digit = read_digit(at)) {
            power = std::min(10 * power + digit->first, 1000);
            at += digit->second;
            ++digits;
        }
        if (digits == 0) {
            if (at == start) {
                return 1;
            }
            throw UnitError{start, "the power of a unit must be a whole number", "as in cm^2, cm2 or cm^-2"};
        }
        if (power == 0 || power > max_unit_power) {
            throw UnitError{start, fmt::format("a unit cannot have the power {}", negative ? -power : power),
                            fmt::format("powers go from -{} to {}, without 0", max_unit_power, max_unit_power)};
        }
        end_ = at;
        return negative ? -power : power;
    }

    std::optional<std::pair<int, std::size_t>> read_digit(std::size_t at) const
    {
        if (at < text_.size() && is_digit(text_[at])) {
            return std::pair{text_[at] - '0', std::size_t{1}};
        }
        for (std::size_t k = 0; k < superscripts.size(); ++k) {
            if (text_.substr(at).starts_with(superscripts[k])) {
                return std::pair{static_cast<int>(k), superscripts[k].size()};
            }
        }
        return std::nullopt;
    }

    void apply(const Symbol& symbol, int power, std::size_t at)
    {
        if (symbol.offset_SI != 0.0 && (n_factors_ > 0 || power != 1)) {
            throw UnitError{at, "degC cannot be combined with other units", "use K for differences of temperature"};
        }
        if (unit_.offset_SI != 0.0) {
            throw UnitError{at, "degC cannot be combined with other units", "use K for differences of temperature"};
        }
        unit_.offset_SI = symbol.offset_SI;
        unit_.exponent10 += power * symbol.exponent10;
        unit_.mantissa *= std::pow(symbol.mantissa, power);
        for (std::size_t k = 0; k < unit_.dimension.exponent.size(); ++k) {
            const int sum = unit_.dimension.exponent[k] + power * symbol.dimension.exponent[k];
            if (std::abs(sum) > max_dimension_exponent) {
                throw UnitError{at, "this unit has too many factors", {}};
            }
            unit_.dimension.exponent[k] = static_cast<std::int8_t>(sum);
        }
        if (++n_factors_ > 16) {
            throw UnitError{at, "this unit has too many factors", {}};
        }
    }

    std::string_view text_;
    std::span<const std::string> reserved_;
    Unit unit_;
    std::size_t end_ = 0;
    int n_factors_ = 0;
};

/// value * 10^shift as the double nearest to the shifted decimal text of value.
double shift_decimal(double value, int shift)
{
    if (shift == 0 || value == 0.0 || !std::isfinite(value)) {
        return value;
    }
    std::array<char, 64> digits{};
    auto [end, status] =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific);
    const std::string text(digits.data(), end);
    const std::size_t e = text.find('e');
    const int exponent = std::atoi(text.c_str() + e + 1) + shift;
    return std::strtod(fmt::format("{}e{}", text.substr(0, e), exponent).c_str(), nullptr);
}

}  // namespace

Dimension operator*(Dimension a, Dimension b)
{
    for (std::size_t k = 0; k < a.exponent.size(); ++k) {
        a.exponent[k] = static_cast<std::int8_t>(a.exponent[k] + b.exponent[k]);
    }
    return a;
}

Dimension operator/(Dimension a, Dimension b)
{
    return a * b.power(-1);
}

Dimension Dimension::power(int n) const
{
    Dimension out;
    for (std::size_t k = 0; k < exponent.size(); ++k) {
        out.exponent[k] = static_cast<std::int8_t>(exponent[k] * n);
    }
    return out;
}

std::string Dimension::name() const
{
    for (const NamedDimension& named : named_dimensions()) {
        if (named.dimension == *this) {
            return std::string(named.name);
        }
    }
    static constexpr std::array<std::string_view, 6> base{"m", "kg", "s", "A", "K", "mol"};
    std::string out;
    for (std::size_t k = 0; k < base.size(); ++k) {
        if (exponent[k] != 0) {
            out += out.empty() ? "" : " ";
            out += exponent[k] == 1 ? std::string(base[k]) : fmt::format("{}^{}", base[k], int{exponent[k]});
        }
    }
    return out;
}

std::string Dimension::phrase() const
{
    const std::string text = name();
    const bool named = std::any_of(named_dimensions().begin(), named_dimensions().end(),
                                   [&](const NamedDimension& n) { return n.dimension == *this; });
    if (!named) {
        return "a quantity in " + text;
    }
    return (std::string_view("aeiou").find(text[0]) == std::string_view::npos ? "a " : "an ") + text;
}

std::size_t name_length(std::string_view text)
{
    static constexpr std::array<std::string_view, 5> signs{"\u00b5", "\u03bc", "\u03a9", "\u2126", "\u00b0"};
    std::size_t at = 0;
    if (text.starts_with('%')) {
        return 1;
    }
    while (at < text.size()) {
        const auto sign = std::find_if(signs.begin(), signs.end(),
                                       [&](std::string_view s) { return text.substr(at).starts_with(s); });
        if (sign != signs.end()) {
            at += sign->size();
        } else if (is_letter(text[at]) || (at > 0 && is_digit(text[at]))) {
            ++at;
        } else {
            break;
        }
    }
    return at;
}

NumberPrefix parse_number_prefix(std::string_view text)
{
    std::size_t end = 0, digits = 0;
    const auto take_digits = [&] {
        const std::size_t start = end;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
        return end - start;
    };
    digits = take_digits();
    if (end < text.size() && text[end] == '.') {
        ++end;
        digits += take_digits();
    }
    if (digits == 0) {
        throw UnitError{0, fmt::format("'{}' does not start with a number", printable(text)), {}};
    }
    if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
        const std::size_t before = end;
        ++end;
        if (end < text.size() && (text[end] == '+' || text[end] == '-')) {
            ++end;
        }
        if (take_digits() == 0) {
            end = before;  // not an exponent; what follows must be a unit
        }
    }
    NumberPrefix number;
    const auto [stop, status] = std::from_chars(text.data(), text.data() + end, number.value);
    if (status != std::errc{} || stop != text.data() + end) {
        throw UnitError{0, fmt::format("the number '{}' is out of range", printable(text.substr(0, end))), {}};
    }
    number.length = end;
    return number;
}

UnitPrefix parse_unit_prefix(std::string_view text, std::span<const std::string> reserved)
{
    return UnitReader(text, reserved).read();
}

Unit parse_unit(std::string_view text)
{
    if (skip_spaces(text, 0) == text.size()) {
        throw UnitError{0, "a unit is missing", {}};
    }
    std::size_t start = skip_spaces(text, 0);
    if (text[start] == '1') {  // as in "1/ms"
        start = skip_spaces(text, start + 1);
    }
    UnitPrefix prefix;
    try {
        prefix = UnitReader(text.substr(start), {}).read();
    } catch (UnitError& error) {
        error.offset += start;
        throw;
    }
    if (const std::size_t rest = skip_spaces(text, start + prefix.length); rest != text.size()) {
        throw UnitError{rest, fmt::format("'{}' is not part of a unit", printable(text.substr(rest))),
                        "units look like mV, S/cm2, uF cm^-2, ohm*cm, 1/ms"};
    }
    prefix.unit.text = std::string(text.substr(skip_spaces(text, 0)));
    return prefix.unit;
}

Quantity parse_quantity(std::string_view text)
{
    std::size_t at = skip_spaces(text, 0);
    if (at == text.size()) {
        throw UnitError{0, "a value is missing", {}};
    }
    const bool negative = text[at] == '-';
    if (negative || text[at] == '+') {
        at = skip_spaces(text, at + 1);
    }
    NumberPrefix number;
    try {
        number = parse_number_prefix(text.substr(at));
    } catch (UnitError& error) {
        error.offset += at;
        throw;
    }
    const std::size_t unit_start = at + number.length;
    UnitPrefix prefix;
    try {
        prefix = parse_unit_prefix(text.substr(unit_start), {});
    } catch (UnitError& error) {
        error.offset += unit_start;
        throw;
    }
    const std::size_t rest = skip_spaces(text, unit_start + prefix.length);
    if (rest != text.size()) {
        const bool comma = text[rest] == ',';
        throw UnitError{rest, fmt::format("'{}' is not part of a value with a unit", printable(text.substr(rest))),
                        comma ? "the decimal sign is '.'" : ""};
    }
    return {negative ? -number.value : number.value, prefix.unit};
}

double conversion_factor(const Unit& from, const Unit& to)
{
    const double mantissa = from.mantissa == to.mantissa ? 1.0 : from.mantissa / to.mantissa;
    return shift_decimal(mantissa, from.exponent10 - to.exponent10);
}

double value_in(const Quantity& quantity, const Unit& target)
{
    const Unit& from = quantity.unit;
    if (from.offset_SI != target.offset_SI) {
        const double kelvin = shift_decimal(quantity.value * from.mantissa, from.exponent10) + from.offset_SI;
        return shift_decimal((kelvin - target.offset_SI) / target.mantissa, -target.exponent10);
    }
    const double shifted = shift_decimal(quantity.value, from.exponent10 - target.exponent10);
    return from.mantissa == target.mantissa ? shifted : shifted * (from.mantissa / target.mantissa);
}

UnitError wrong_dimension(std::string_view text, const Dimension& found, const Unit& target, std::string_view subject)
{
    const std::string needs = fmt::format("{} needs {}", subject, target.dimension.phrase());
    if (found.is_none()) {
        return {0, fmt::format("'{}' has no unit; {}", printable(text), needs),
                fmt::format("give the unit, for example '{} {}'", printable(text), target.text)};
    }
    UnitError error{0, fmt::format("'{}' is {}; {}", printable(text), found.phrase(), needs), {}};
    if (found == charge && target.dimension == temperature) {
        error.hint = "C is the coulomb; degrees Celsius are written degC";
    } else if (target.dimension.is_none()) {
        error.hint = "leave the unit out";
    } else if (!target.text.empty()) {
        error.hint = fmt::format("use a unit such as {}", target.text);
    }
    return error;
}

double parse_quantity_in(std::string_view text, const Unit& target, std::string_view subject)
{
    const Quantity quantity = parse_quantity(text);
    if (quantity.unit.dimension != target.dimension) {
        throw wrong_dimension(text, quantity.unit.dimension, target, subject);
    }
    const double value = value_in(quantity, target);
    if (!std::isfinite(value)) {
        throw UnitError{0, fmt::format("'{}' is out of range", printable(text)), {}};
    }
    return value;
}

}  // namespace axolemma::base
