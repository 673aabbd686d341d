#include "nmodl/unit_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace axolemma::nmodl {

namespace {

using base::Dimension;

constexpr int deepest_definition = 16;
constexpr int highest_power = 9;

//                              m   kg  s  A  K  mol
constexpr Dimension none{};
constexpr Dimension metre{{1, 0, 0, 0, 0, 0}};
constexpr Dimension kilogram{{0, 1, 0, 0, 0, 0}};
constexpr Dimension second{{0, 0, 1, 0, 0, 0}};
constexpr Dimension ampere{{0, 0, 0, 1, 0, 0}};
constexpr Dimension kelvin{{0, 0, 0, 0, 1, 0}};
constexpr Dimension coulomb{{0, 0, 1, 1, 0, 0}};
constexpr Dimension volt{{2, 1, -3, -1, 0, 0}};
constexpr Dimension siemens{{-2, -1, 3, 2, 0, 0}};
constexpr Dimension ohm{{2, 1, -3, -2, 0, 0}};
constexpr Dimension farad{{-2, -1, 4, 2, 0, 0}};
constexpr Dimension joule{{2, 1, -2, 0, 0, 0}};
constexpr Dimension newton{{1, 1, -2, 0, 0, 0}};
constexpr Dimension watt{{2, 1, -3, 0, 0, 0}};
constexpr Dimension henry{{2, 1, -2, -2, 0, 0}};
constexpr Dimension pascal{{-1, 1, -2, 0, 0, 0}};
constexpr Dimension per_second{{0, 0, -1, 0, 0, 0}};
constexpr Dimension litre{{3, 0, 0, 0, 0, 0}};
constexpr Dimension per_litre{{-3, 0, 0, 0, 0, 0}};
constexpr Dimension joule_per_kelvin{{2, 1, -2, 0, -1, 0}};
constexpr Dimension joule_second{{2, 1, -1, 0, 0, 0}};

// CODATA 2018, as NEURON 9 has them.
constexpr double electron_charge_C = 1.602176634e-19;
constexpr double avogadro = 6.02214076e23;
constexpr double boltzmann_J_per_K = 1.380649e-23;

struct Known {
    std::string_view name;
    Dimension dimension;
    double factor;
    bool short_prefixes = false;  ///< m, u, n ... in front of it
    std::string_view plain = {};  ///< the name in base/units.hpp, if it is another
};

/// Names of the UNIX units table that models use, and the short ones of SI.
constexpr std::array known{
    Known{"m", metre, 1, true},
    Known{"meter", metre, 1, false, "m"},
    Known{"metre", metre, 1, false, "m"},
    Known{"micron", metre, 1e-6, false, "um"},
    Known{"angstrom", metre, 1e-10},
    Known{"g", kilogram, 1e-3, true},
    Known{"gram", kilogram, 1e-3, false, "g"},
    Known{"gm", kilogram, 1e-3, false, "g"},
    Known{"s", second, 1, true},
    Known{"sec", second, 1, true, "s"},
    Known{"second", second, 1, false, "s"},
    Known{"minute", second, 60, false, "min"},
    Known{"min", second, 60},
    Known{"hour", second, 3600, false, "h"},
    Known{"hr", second, 3600, false, "h"},
    Known{"day", second, 86400},
    Known{"A", ampere, 1, true},
    Known{"amp", ampere, 1, true, "A"},
    Known{"ampere", ampere, 1, false, "A"},
    Known{"K", kelvin, 1},
    Known{"degK", kelvin, 1, false, "K"},
    Known{"kelvin", kelvin, 1, false, "K"},
    Known{"degC", kelvin, 1},
    Known{"celsius", kelvin, 1, false, "degC"},
    Known{"C", coulomb, 1, true},
    Known{"coul", coulomb, 1, false, "C"},
    Known{"coulomb", coulomb, 1, false, "C"},
    Known{"V", volt, 1, true},
    Known{"volt", volt, 1, false, "V"},
    Known{"S", siemens, 1, true},
    Known{"siemens", siemens, 1, false, "S"},
    Known{"mho", siemens, 1, true, "S"},
    Known{"ohm", ohm, 1, true},
    Known{"megohm", ohm, 1e6, false, "Mohm"},
    Known{"F", farad, 1, true},
    Known{"farad", farad, 1, false, "F"},
    Known{"joule", joule, 1},
    Known{"J", joule, 1, true},
    Known{"cal", joule, 4.1868},
    Known{"newton", newton, 1},
    Known{"N", newton, 1, true},
    Known{"watt", watt, 1},
    Known{"henry", henry, 1},
    Known{"pascal", pascal, 1},
    Known{"hertz", per_second, 1, false, "Hz"},
    Known{"Hz", per_second, 1, true},
    Known{"hz", per_second, 1, false, "Hz"},
    Known{"liter", litre, 1e-3},
    Known{"litre", litre, 1e-3},
    Known{"l", litre, 1e-3, true},
    Known{"L", litre, 1e-3, true},
    Known{"M", per_litre, 1e3, true},
    Known{"molar", per_litre, 1e3, false, "M"},
    Known{"mol", none, avogadro, true},
    Known{"mole", none, avogadro, true, "mol"},
    Known{"e", coulomb, electron_charge_C},
    Known{"faraday", coulomb, electron_charge_C* avogadro},
    Known{"k", joule_per_kelvin, boltzmann_J_per_K},
    Known{"boltzmann", joule_per_kelvin, boltzmann_J_per_K},
    Known{"R", joule_per_kelvin, boltzmann_J_per_K* avogadro},
    Known{"gasconstant", joule_per_kelvin, boltzmann_J_per_K* avogadro},
    Known{"avogadro", none, avogadro},
    Known{"planck", joule_second, 6.62607015e-34},
    Known{"pi", none, std::numbers::pi},
    Known{"two", none, 2},
    Known{"radian", none, 0.5 / std::numbers::pi, false, "rad"},
    Known{"rad", none, 0.5 / std::numbers::pi},
    Known{"degree", none, 1.0 / 360.0, false, "deg"},
    Known{"", none, 1},  // "milli/liter": a prefix by itself
    Known{"fuzz", none, 1},
    Known{"unity", none, 1},
    Known{"dimensionless", none, 1},
};

struct Prefix {
    std::string_view name;
    double factor;
    bool is_short;
    std::string_view plain;
};
constexpr std::array prefixes{
    Prefix{"femto", 1e-15, false, "f"}, Prefix{"pico", 1e-12, false, "p"}, Prefix{"nano", 1e-9, false, "n"},
    Prefix{"micro", 1e-6, false, "u"},  Prefix{"milli", 1e-3, false, "m"}, Prefix{"centi", 1e-2, false, "c"},
    Prefix{"deci", 1e-1, false, "d"},   Prefix{"deca", 1e1, false, ""},    Prefix{"kilo", 1e3, false, "k"},
    Prefix{"mega", 1e6, false, "M"},    Prefix{"meg", 1e6, false, "M"},    Prefix{"giga", 1e9, false, "G"},
    Prefix{"tera", 1e12, false, "T"},   Prefix{"f", 1e-15, true, "f"},     Prefix{"p", 1e-12, true, "p"},
    Prefix{"n", 1e-9, true, "n"},       Prefix{"u", 1e-6, true, "u"},      Prefix{"\u00b5", 1e-6, true, "u"},
    Prefix{"\u03bc", 1e-6, true, "u"},  Prefix{"m", 1e-3, true, "m"},      Prefix{"c", 1e-2, true, "c"},
    Prefix{"d", 1e-1, true, "d"},       Prefix{"k", 1e3, true, "k"},       Prefix{"M", 1e6, true, "M"},
    Prefix{"G", 1e9, true, "G"},
};

const Known* find_known(std::string_view name, bool with_short_prefix)
{
    const auto at = std::find_if(known.begin(), known.end(), [&](const Known& unit) {
        return unit.name == name && (!with_short_prefix || unit.short_prefixes);
    });
    return at == known.end() ? nullptr : &*at;
}

struct Found {
    const Known* unit;
    double factor;
    std::string plain;
};

/// A name of the table, with a prefix or a plural s.
std::optional<Found> look_up(std::string_view name)
{
    for (const bool plural : {false, true}) {
        if (plural && (name.size() < 4 || !name.ends_with('s'))) {
            break;
        }
        const std::string_view singular = plural ? name.substr(0, name.size() - 1) : name;
        const auto found = [&](const Known* unit, double factor, std::string_view prefix) {
            return Found{unit, factor * unit->factor,
                         std::string(prefix) + std::string(unit->plain.empty() ? unit->name : unit->plain)};
        };
        if (const Known* unit = find_known(singular, false); unit != nullptr && !singular.empty()) {
            return found(unit, 1, "");
        }
        for (const Prefix& prefix : prefixes) {
            if (!singular.starts_with(prefix.name)) {
                continue;
            }
            if (const Known* unit = find_known(singular.substr(prefix.name.size()), prefix.is_short)) {
                return found(unit, prefix.factor, prefix.plain);
            }
        }
    }
    return std::nullopt;
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// A number at the start of a text, with the units table's 1|3 for a third; its length, 0 if there is none.
std::size_t read_number(std::string_view text, double& value)
{
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || text.empty() || text.front() == '-') {
        return 0;
    }
    auto length = static_cast<std::size_t>(end - text.data());
    if (length < text.size() && text[length] == '|') {
        double divisor = 1;
        const std::string_view rest = text.substr(length + 1);
        const auto [last, ok] = std::from_chars(rest.data(), rest.data() + rest.size(), divisor);
        if (ok == std::errc{} && divisor != 0) {
            value /= divisor;
            length += 1 + static_cast<std::size_t>(last - rest.data());
        }
    }
    return length;
}

}  // namespace

UnitTable::UnitTable(const std::vector<UnitDefinition>& definitions)
{
    for (const UnitDefinition& definition : definitions) {
        if (!definition.is_constant) {
            defined_.emplace(definition.name, definition.definition);
        }
    }
}

std::optional<UnitTable::Product> UnitTable::split(std::string_view text) const
{
    Product product;
    bool below = false;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '/') {
            below = true;
            ++at;
        } else if (c == ' ' || c == '\t' || c == '-' || c == '*' || c == '(' || c == ')') {
            ++at;
        } else if (is_digit(c) || c == '.') {
            double number = 1;
            const std::size_t length = read_number(text.substr(at), number);
            if (length == 0) {
                return std::nullopt;
            }
            product.number *= below ? 1 / number : number;
            at += length;
        } else {
            const std::size_t length = base::name_length(text.substr(at));
            if (length == 0) {
                return std::nullopt;
            }
            std::string name(text.substr(at, length));
            at += length;
            int power = 1;
            if (name.size() > 1 && is_digit(name.back()) && !defined_.contains(name)) {
                power = name.back() - '0';
                name.pop_back();
            }
            if (at + 1 < text.size() && text[at] == '^' && is_digit(text[at + 1])) {
                power = text[at + 1] - '0';
                at += 2;
            }
            if (power < 1 || is_digit(name.back()) || product.factors.size() >= highest_power) {
                return std::nullopt;
            }
            product.factors.push_back({name, below ? -power : power});
        }
    }
    return product;
}

std::optional<MeasuredUnit> UnitTable::unit(const std::string& name, int depth) const
{
    const auto defined = defined_.find(name);
    if (defined != defined_.end() && defined->second != name && depth < deepest_definition) {
        if (const auto meant = read(defined->second, depth + 1)) {
            return meant;
        }
    }
    if (const auto found = look_up(name)) {
        return MeasuredUnit{found->unit->dimension, found->factor};
    }
    return std::nullopt;
}

std::optional<MeasuredUnit> UnitTable::read(std::string_view text, int depth) const
{
    const auto product = split(text);
    if (!product) {
        return std::nullopt;
    }
    MeasuredUnit whole{none, product->number};
    for (const Factor& factor : product->factors) {
        const auto one = unit(factor.name, depth);
        if (!one) {
            return std::nullopt;
        }
        for (std::size_t k = 0; k < whole.dimension.exponent.size(); ++k) {
            const int sum = whole.dimension.exponent[k] + factor.power * one->dimension.exponent[k];
            if (std::abs(sum) > 60) {
                return std::nullopt;
            }
            whole.dimension.exponent[k] = static_cast<std::int8_t>(sum);
        }
        for (int k = 0; k < std::abs(factor.power); ++k) {
            whole.factor = factor.power > 0 ? whole.factor * one->factor : whole.factor / one->factor;
        }
    }
    return whole;
}

std::optional<MeasuredUnit> UnitTable::read(std::string_view text) const
{
    return read(text, 0);
}

std::optional<double> UnitTable::constant(const UnitDefinition& definition) const
{
    double number = 0;
    const std::string& text = definition.definition;
    if (!text.empty() && read_number(text, number) == text.size()) {
        return number;
    }
    const auto what = read(text);
    const auto unit = read(definition.unit.text);
    if (!what || !unit) {
        return std::nullopt;
    }
    return what->factor / unit->factor;
}

std::optional<std::string> UnitTable::plain_text(std::string_view text) const
{
    const auto product = split(text);
    if (!product || product->number != 1) {
        return std::nullopt;
    }
    std::string above, below;
    for (const Factor& factor : product->factors) {
        std::string name = factor.name;
        if (const auto found = look_up(name)) {
            name = found->plain;
        } else if (const auto defined = defined_.find(name); defined != defined_.end()) {
            const auto other = look_up(defined->second);
            name = other ? other->plain : name;
        }
        const int power = std::abs(factor.power);
        std::string& side = factor.power > 0 ? above : below;
        side += (factor.power > 0 ? (above.empty() ? "" : "*") : "/") + name + (power > 1 ? std::to_string(power) : "");
    }
    if (above.empty() && below.empty()) {
        return "1";
    }
    std::string whole = (above.empty() ? "1" : above) + below;
    try {
        base::parse_unit(whole);
    } catch (const base::UnitError&) {
        return std::nullopt;
    }
    return whole;
}

}  // namespace axolemma::nmodl
