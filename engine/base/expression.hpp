/// Arithmetic with units: "0.01 mS/cm2 * exp(distance/300 um)". Dimensions are checked when the text is parsed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace axolemma::base {

/// A name the expression may use. Its value is given to evaluate() in `unit`.
struct Variable {
    std::string name;
    Unit unit;
    std::string meaning;
};

/// Source of the random numbers behind uniform(lo, hi) and normal(mean, sd): draw(k) is the k-th uniform number in (0, 1)
/// of the stream that belongs to one cell and one place in the model, so a value never depends on evaluation order.
class RandomStream {
public:
    virtual ~RandomStream() = default;
    virtual double uniform(std::uint32_t k) const = 0;
};

/// A parsed expression whose value has one fixed unit. Copies share the (immutable) program.
///
/// Grammar: + - * / ^, parentheses, numbers with a unit behind them, the given variables, pi, and the functions exp, log,
/// log10, sqrt, abs, min, max, step(x) (0 for x < 0, else 1), if(condition, a, b) with < <= > >=, uniform, normal.
/// A unit belongs to the number before it: "distance/300 um" is distance/(300 um) and "20 um2" is an area. A text that is
/// one number with a unit may use degC. Numbers keep the scale in which they were typed until the end, so that
/// "0.12 S/cm2" and "120 mS/cm2" give the same double.
class Expression {
public:
    Expression() = default;
    /// Throws UnitError (offset in `text`) for a syntax error, an unknown name, a wrong dimension, or a constant that is not
    /// finite (log(0)).
    /// @param subject  what the value is for, as it stands in messages: "'gnabar' needs a conductance per area"
    static Expression parse(std::string_view text, const Unit& result, std::span<const Variable> variables,
                            std::string_view subject = "this value");
    /// An expression that is just this number, in the unit the reader of the value expects.
    static Expression constant(double value);

    bool is_constant() const;
    bool uses_random() const;
    bool uses(std::string_view variable) const;
    const std::string& text() const;
    /// Value in the result unit. `values` are those of the variables given to parse, in their units.
    double evaluate(std::span<const double> values, const RandomStream* random) const;
    /// Value of a constant expression. Asserts is_constant().
    double value() const;

private:
    struct Program;
    std::shared_ptr<const Program> program_;
};

}  // namespace axolemma::base
