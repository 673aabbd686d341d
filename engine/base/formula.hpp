/// Formulas with units as a list of steps: what base::Expression evaluates, and what the equations of channels are made of.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace axolemma::base {

struct Variable;
class RandomStream;

enum class FormulaOp : std::uint8_t {
    number,
    variable,
    multiply_by,  ///< the value on top, by `number`
    divide_by,
    // one value
    negate,
    exp,
    log,
    log10,
    sqrt,
    abs,
    step,
    expm1,
    exprelr,
    sin,
    cos,
    tan,
    sinh,
    cosh,
    tanh,
    floor,
    ceil,
    // two values
    add,
    subtract,
    multiply,
    divide,
    power,
    min,
    max,
    less,
    less_equal,
    greater,
    greater_equal,
    uniform,
    normal,
    // three values
    select  ///< first != 0 ? second : third
};

/// One step of a stack machine: takes its operands from the top of the stack, the last on top, and leaves its value there.
struct FormulaStep {
    FormulaOp op;
    double number = 0.0;
    std::uint32_t index = 0;  ///< of a variable, or of the first random number
};

constexpr std::size_t max_formula_stack = 64;

/// A parsed text: steps that leave one value, which has this unit.
struct Formula {
    std::vector<FormulaStep> steps;
    Unit unit;
    bool constant = true;
    bool random = false;
    std::vector<std::string> variables;  ///< names that occur

    /// Adds steps that bring the value to another unit of the same dimension.
    void convert_to(const Unit& target);
};

/// What a text may use beside numbers with units, variables and the common functions.
struct FormulaRules {
    bool random = true;  ///< uniform(), normal()
    /// exprelr, expm1, trigonometric and hyperbolic functions, floor, ceil; and differences of temperatures in degC, as in
    /// (temperature - 21 degC)/10 K.
    bool rates = false;
};

/// Parses a text of the grammar of base::Expression. Throws UnitError.
Formula parse_formula(std::string_view text, std::span<const Variable> variables, const FormulaRules& rules);

/// Is it a word that formulas cannot have as a variable: pi or the name of a function?
bool is_formula_word(std::string_view name);

/// The value that the steps leave.
double run_formula(std::span<const FormulaStep> steps, std::span<const double> values, const RandomStream* random);

}  // namespace axolemma::base
