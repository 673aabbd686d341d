#include "base/expression.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/formula.hpp"

namespace axolemma::base {

struct Expression::Program {
    std::vector<FormulaStep> code;
    std::vector<std::string> variables;  ///< names that occur
    bool random = false;
    bool constant = true;
    double value = 0.0;
    std::string text;
};

namespace {

/// The value when the text is nothing but a number with a unit; this is the only place for degC.
std::optional<double> lone_quantity(std::string_view text, const Unit& result)
{
    try {
        const Quantity quantity = parse_quantity(text);
        if (quantity.unit.dimension == result.dimension) {
            return value_in(quantity, result);
        }
    } catch (const UnitError&) {  // an expression; the compiler gives the message
    }
    return std::nullopt;
}

bool is_lone_quantity(std::string_view text)
{
    try {
        parse_quantity(text);
        return true;
    } catch (const UnitError&) {
        return false;
    }
}

}  // namespace

Expression Expression::parse(std::string_view text, const Unit& result, std::span<const Variable> variables,
                             std::string_view subject)
{
    auto program = std::make_shared<Program>();
    program->text = std::string(text);
    if (const std::optional<double> value = lone_quantity(text, result)) {
        program->value = *value;
    } else if (is_lone_quantity(text)) {
        throw wrong_dimension(text, parse_quantity(text).unit.dimension, result, subject);
    } else {
        Formula whole = parse_formula(text, variables, {});
        if (whole.unit.dimension != result.dimension) {
            throw UnitError{0,
                            fmt::format("'{}' is {}; {} needs {}", text, whole.unit.dimension.phrase(), subject,
                                        result.dimension.phrase()),
                            {}};
        }
        if (result.offset_SI != 0.0) {
            throw UnitError{0, fmt::format("{} needs a single value in degC or K", subject), {}};
        }
        whole.convert_to(result);
        program->code = std::move(whole.steps);
        program->variables = std::move(whole.variables);
        program->random = whole.random;
        program->constant = whole.constant;
        if (whole.constant) {
            program->value = run_formula(program->code, {}, nullptr);
        }
    }
    if (program->constant && !std::isfinite(program->value)) {
        throw UnitError{0, fmt::format("the value of '{}' is not a finite number", text), {}};
    }
    Expression expression;
    expression.program_ = std::move(program);
    return expression;
}

Expression Expression::constant(double value)
{
    auto program = std::make_shared<Program>();
    program->value = value;
    program->text = fmt::format("{}", value);
    Expression expression;
    expression.program_ = std::move(program);
    return expression;
}

bool Expression::is_constant() const
{
    return program_ != nullptr && program_->constant;
}

bool Expression::uses_random() const
{
    return program_ != nullptr && program_->random;
}

bool Expression::uses(std::string_view variable) const
{
    return program_ != nullptr &&
           std::find(program_->variables.begin(), program_->variables.end(), variable) != program_->variables.end();
}

const std::string& Expression::text() const
{
    static const std::string nothing;
    return program_ != nullptr ? program_->text : nothing;
}

double Expression::evaluate(std::span<const double> values, const RandomStream* random) const
{
    assert(program_ != nullptr && "an empty expression has no value");
    return program_->constant ? program_->value : run_formula(program_->code, values, random);
}

double Expression::value() const
{
    assert(is_constant() && "only a constant expression has one value");
    return program_->value;
}

}  // namespace axolemma::base
