#include "base/formula.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include <fmt/format.h>

#include "base/diagnostics.hpp"
#include "base/expression.hpp"

namespace axolemma::base {

namespace {

constexpr int max_nesting = 50;
constexpr int max_dimension_exponent = 60;

using Op = FormulaOp;

/// Where a function may be used.
enum class In : std::uint8_t { everywhere, values, rates };

struct Function {
    std::string_view name;
    Op op;
    int n_arguments;  ///< -1: two or more
    In in = In::everywhere;
};

constexpr std::array<Function, 21> functions{{{"exp", Op::exp, 1},
                                              {"log", Op::log, 1},
                                              {"log10", Op::log10, 1},
                                              {"sqrt", Op::sqrt, 1},
                                              {"abs", Op::abs, 1},
                                              {"min", Op::min, -1},
                                              {"max", Op::max, -1},
                                              {"step", Op::step, 1},
                                              {"if", Op::select, 3},
                                              {"uniform", Op::uniform, 2, In::values},
                                              {"normal", Op::normal, 2, In::values},
                                              {"expm1", Op::expm1, 1, In::rates},
                                              {"exprelr", Op::exprelr, 1, In::rates},
                                              {"sin", Op::sin, 1, In::rates},
                                              {"cos", Op::cos, 1, In::rates},
                                              {"tan", Op::tan, 1, In::rates},
                                              {"sinh", Op::sinh, 1, In::rates},
                                              {"cosh", Op::cosh, 1, In::rates},
                                              {"tanh", Op::tanh, 1, In::rates},
                                              {"floor", Op::floor, 1, In::rates},
                                              {"ceil", Op::ceil, 1, In::rates}}};

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string phrase(const Dimension& dimension)
{
    return dimension.phrase();
}

bool is_difference(const Unit& unit)
{
    return unit.offset_SI == 0.0;
}

/// Adds steps that bring the value on top of the stack, which the steps from `begin` on leave, from one unit to another.
void add_conversion(std::vector<FormulaStep>& steps, std::size_t begin, const Unit& from, const Unit& to)
{
    if (steps.size() == begin + 1 && steps.back().op == Op::number) {  // exact, in decimal
        steps.back().number = value_in({steps.back().number, from}, to);
        return;
    }
    if (from.mantissa != to.mantissa) {
        steps.push_back({Op::multiply_by, from.mantissa / to.mantissa});
    }
    const int shift = from.exponent10 - to.exponent10;
    if (shift != 0) {  // 10^|shift| is exact up to 22, so dividing by it loses less than multiplying by 10^-|shift|
        steps.push_back({shift > 0 ? Op::multiply_by : Op::divide_by, std::pow(10.0, std::abs(shift))});
    }
}

/// What has been compiled for a part of the text: code from `begin` on, leaving one value in `unit` on the stack.
struct Operand {
    Unit unit;
    std::size_t begin = 0;
    bool constant = true;
};

/// Recursive descent: sum > product > sign > power > primary.
class Compiler {
public:
    Compiler(std::string_view text, std::span<const Variable> variables, const FormulaRules& rules)
        : text_(text), variables_(variables), rules_(rules)
    {
        for (const Variable& variable : variables) {
            reserved_.push_back(variable.name);
        }
        reserved_.emplace_back("pi");
        for (const Function& function : functions) {
            if (may_use(function)) {
                reserved_.emplace_back(function.name);
            }
        }
        // "min" is a minute behind a number and a function before a parenthesis.
        std::copy_if(reserved_.begin(), reserved_.end(), std::back_inserter(not_units_),
                     [](const std::string& name) { return name != "min"; });
    }

    Operand compile()
    {
        const Operand whole = sum();
        skip();
        if (at_ != text_.size()) {
            unexpected();
        }
        return whole;
    }

    /// Adds code that brings the value on top of the stack from its unit to `target`.
    void convert(Operand& operand, const Unit& target)
    {
        const Unit from = operand.unit;
        operand.unit = target;
        add_conversion(code, operand.begin, from, target);
    }

    std::vector<FormulaStep> code;
    std::vector<std::string> used;
    bool random = false;

private:
    bool may_use(const Function& function) const
    {
        return function.in == In::everywhere || (function.in == In::values ? rules_.random : rules_.rates);
    }

    /// Degrees Celsius count from a zero of their own, so that only their differences can be calculated with.
    static void refuse_degC(const Operand& operand, std::size_t place)
    {
        if (!is_difference(operand.unit)) {
            throw UnitError{place, "a temperature in degC can only be compared, or subtracted from another one",
                            "as in (temperature - 21 degC)/10 K"};
        }
    }

    Operand sum()
    {
        if (++nesting_ > max_nesting) {
            throw UnitError{at_, "the expression is nested too deeply", {}};
        }
        Operand left = product();
        for (skip(); at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-'); skip()) {
            const bool plus = text_[at_] == '+';
            const std::size_t place = at_++;
            Operand right = product();
            if (plus) {
                refuse_degC(left, place);
                refuse_degC(right, place);
            }
            agree(left, right, place, plus ? "add" : "subtract");
            left.unit.offset_SI = 0.0;  // the difference of two temperatures
            emit(plus ? Op::add : Op::subtract, left, right);
        }
        --nesting_;
        return left;
    }

    Operand product()
    {
        Operand left = signed_power();
        for (skip(); at_ < text_.size() && (text_[at_] == '*' || text_[at_] == '/'); skip()) {
            const bool times = text_[at_] == '*';
            const std::size_t place = at_++;
            const Operand right = signed_power();
            refuse_degC(left, place);
            refuse_degC(right, place);
            left.unit = combine(left.unit, right.unit, times ? 1 : -1, place);
            emit(times ? Op::multiply : Op::divide, left, right);
        }
        return left;
    }

    Operand signed_power()
    {
        skip();
        bool negative = false;
        for (; at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+'); skip()) {
            negative ^= text_[at_++] == '-';
        }
        Operand operand = power();
        if (negative) {
            refuse_degC(operand, at_);
            if (code.size() == operand.begin + 1 && code.back().op == Op::number) {
                code.back().number = -code.back().number;
            } else {
                code.push_back({Op::negate});
            }
        }
        return operand;
    }

    Operand power()
    {
        Operand base = primary();
        skip();
        if (at_ >= text_.size() || text_[at_] != '^') {
            return base;
        }
        const std::size_t place = at_++;
        refuse_degC(base, place);
        if (++nesting_ > max_nesting) {
            throw UnitError{at_, "the expression is nested too deeply", {}};
        }
        if (base.unit.dimension.is_none()) {
            plain(base);
        }
        Operand exponent = signed_power();
        --nesting_;
        if (!exponent.unit.dimension.is_none()) {
            throw UnitError{
                place,
                fmt::format("an exponent must be a plain number, but this one is {}", phrase(exponent.unit.dimension)),
                {}};
        }
        plain(exponent);
        if (!base.unit.dimension.is_none()) {
            base.unit = integer_power(base.unit, exponent, place);
        }
        emit(Op::power, base, exponent);
        return base;
    }

    Unit integer_power(const Unit& unit, const Operand& exponent, std::size_t place)
    {
        const double n = exponent.constant ? run_formula(std::span(code).subspan(exponent.begin), {}, nullptr) : 0.5;
        if (!(std::fabs(n) <= 9.0) || n != std::floor(n)) {
            throw UnitError{
                place,
                fmt::format("{} can only have a whole number from -9 to 9 as exponent", phrase(unit.dimension)),
                {}};
        }
        Unit out;
        for (int k = 0; k < std::abs(static_cast<int>(n)); ++k) {
            out = combine(out, unit, n > 0 ? 1 : -1, place);
        }
        return out;
    }

    Operand primary()
    {
        skip();
        if (at_ >= text_.size()) {
            throw UnitError{at_, "the expression ends where a value is expected", {}};
        }
        const char c = text_[at_];
        if (c == '(') {
            ++at_;
            const Operand inner = sum();
            expect(')');
            return inner;
        }
        if ((c >= '0' && c <= '9') || c == '.') {
            return number();
        }
        return named();
    }

    Operand number()
    {
        const std::size_t start = at_;
        Operand operand{{}, code.size(), true};
        double value = 0.0;
        try {
            const NumberPrefix number = parse_number_prefix(text_.substr(at_));
            value = number.value;
            at_ += number.length;
            const UnitPrefix unit = parse_unit_prefix(text_.substr(at_), not_units_);
            operand.unit = unit.unit;
            at_ += unit.length;
        } catch (UnitError& error) {
            error.offset += at_;
            throw;
        }
        if (!is_difference(operand.unit) && !rules_.rates) {
            throw UnitError{start, "degC cannot be used in arithmetic", "use K for differences of temperature"};
        }
        push({Op::number, value});
        return operand;
    }

    Operand named()
    {
        const std::size_t start = at_;
        const std::size_t n = name_length(text_.substr(at_));
        if (n == 0) {
            unexpected();
        }
        const std::string_view name = text_.substr(at_, n);
        at_ += n;
        for (const Function& function : functions) {
            if (function.name == name && may_use(function)) {
                return call(function, start);
            }
        }
        Operand operand{{}, code.size(), true};
        if (name == "pi") {
            push({Op::number, std::numbers::pi});
            return operand;
        }
        for (std::size_t k = 0; k < variables_.size(); ++k) {
            if (variables_[k].name == name) {
                push({Op::variable, 0.0, static_cast<std::uint32_t>(k)});
                used.emplace_back(name);
                operand.unit = variables_[k].unit;
                operand.constant = false;
                return operand;
            }
        }
        throw UnitError{start, fmt::format("unknown name '{}'", name),
                        name_hint(name, reserved_, "an expression may use")};
    }

    Operand call(const Function& function, std::size_t start)
    {
        skip();
        if (at_ >= text_.size() || text_[at_] != '(') {
            throw UnitError{
                start, fmt::format("'{}' is a function; its arguments stand in parentheses", function.name), {}};
        }
        ++at_;
        if (function.op == Op::select) {
            return conditional();
        }
        Operand first = sum();
        int n = 1;
        for (skip(); at_ < text_.size() && text_[at_] == ','; skip(), ++n) {
            ++at_;
            Operand next = sum();
            if (n >= function.n_arguments && function.n_arguments > 0) {
                continue;  // too many: reported below
            }
            agree(first, next, start, fmt::format("use {}() on", function.name));
            if (function.op == Op::min || function.op == Op::max) {
                emit(function.op, first, next);
            }
        }
        expect(')');
        if (n != function.n_arguments && (function.n_arguments > 0 || n < 2)) {
            throw UnitError{start,
                            function.n_arguments == 1 ? fmt::format("{}() takes one value, not {}", function.name, n)
                                                      : fmt::format("{}() takes two{} values, not {}", function.name,
                                                                    function.n_arguments < 0 ? " or more" : "", n),
                            {}};
        }
        return apply(function, first, start);
    }

    Operand apply(const Function& function, Operand operand, std::size_t start)
    {
        if (function.op != Op::min && function.op != Op::max) {
            refuse_degC(operand, start);
        }
        switch (function.op) {
        case Op::min:
        case Op::max: return operand;
        case Op::exp:
        case Op::log:
        case Op::log10:
        case Op::expm1:
        case Op::exprelr:
        case Op::sin:
        case Op::cos:
        case Op::tan:
        case Op::sinh:
        case Op::cosh:
        case Op::tanh:
        case Op::floor:
        case Op::ceil:
            if (!operand.unit.dimension.is_none()) {
                throw UnitError{start,
                                fmt::format("{}() needs a plain number, but its argument is {}", function.name,
                                            phrase(operand.unit.dimension)),
                                fmt::format("divide it by a value with the same unit, as in exp({})",
                                            rules_.rates ? "(v + 35 mV)/9 mV" : "distance/300 um")};
            }
            plain(operand);
            break;
        case Op::sqrt: operand.unit = square_root(operand, start); break;
        case Op::step:
            code.push_back({Op::step});
            operand.unit = {};
            return operand;
        case Op::uniform:
        case Op::normal:
            code.push_back({function.op, 0.0, n_random_});
            n_random_ += function.op == Op::uniform ? 1 : 2;
            depth_ -= 1;
            random = true;
            operand.constant = false;
            return operand;
        default: break;
        }
        code.push_back({function.op});
        return operand;
    }

    Unit square_root(Operand& operand, std::size_t start)
    {
        if (operand.unit.dimension.is_none()) {
            plain(operand);
            return operand.unit;
        }
        Unit root;
        for (std::size_t k = 0; k < root.dimension.exponent.size(); ++k) {
            if (operand.unit.dimension.exponent[k] % 2 != 0) {
                throw UnitError{start, fmt::format("sqrt() of {} has no unit", phrase(operand.unit.dimension)), {}};
            }
            root.dimension.exponent[k] = static_cast<std::int8_t>(operand.unit.dimension.exponent[k] / 2);
        }
        Unit even = operand.unit;  // sqrt(x * 10^e) = sqrt(x) * 10^(e/2) wants an even e
        even.mantissa = 1.0;
        even.exponent10 -= even.exponent10 % 2;
        convert(operand, even);
        root.exponent10 = even.exponent10 / 2;
        return root;
    }

    Operand conditional()
    {
        Operand left = sum();
        const std::size_t begin = left.begin;
        skip();
        const bool greater = at_ < text_.size() && text_[at_] == '>';
        if (at_ >= text_.size() || (text_[at_] != '<' && !greater)) {
            throw UnitError{at_, "if() needs a comparison with <, <=, > or >=", "as in if(distance < 100 um, 1, 2)"};
        }
        const std::size_t place = at_++;
        const bool equal = at_ < text_.size() && text_[at_] == '=';
        at_ += equal ? 1 : 0;
        Operand right = sum();
        agree(left, right, place, "compare");
        emit(greater ? (equal ? Op::greater_equal : Op::greater) : (equal ? Op::less_equal : Op::less), left, right);
        expect(',');
        Operand yes = sum();
        expect(',');
        Operand no = sum();
        agree(yes, no, place, "choose between");
        expect(')');
        code.push_back({Op::select});
        depth_ -= 2;
        return {yes.unit, begin, left.constant && yes.constant && no.constant};
    }

    /// Brings `right` (on top of the stack) to the unit of `left`.
    void agree(const Operand& left, Operand& right, std::size_t place, std::string_view what)
    {
        if (left.unit.dimension != right.unit.dimension) {
            throw UnitError{
                place,
                fmt::format("cannot {} {} and {}", what, phrase(left.unit.dimension), phrase(right.unit.dimension)),
                {}};
        }
        if (is_difference(left.unit) != is_difference(right.unit)) {
            refuse_degC(left, place);
            refuse_degC(right, place);
        }
        convert(right, left.unit);
    }

    /// Brings a dimensionless value to a plain number (from %, or from um/mm).
    void plain(Operand& operand) { convert(operand, Unit{}); }

    Unit combine(const Unit& a, const Unit& b, int sign, std::size_t place) const
    {
        Unit out;
        for (std::size_t k = 0; k < out.dimension.exponent.size(); ++k) {
            const int sum = a.dimension.exponent[k] + sign * b.dimension.exponent[k];
            if (std::abs(sum) > max_dimension_exponent) {
                throw UnitError{place, "the unit of this expression has too many factors", {}};
            }
            out.dimension.exponent[k] = static_cast<std::int8_t>(sum);
        }
        out.mantissa = sign > 0 ? a.mantissa * b.mantissa : a.mantissa / b.mantissa;
        out.exponent10 = a.exponent10 + sign * b.exponent10;
        if (std::abs(out.exponent10) > 1000 || !std::isfinite(out.mantissa) || out.mantissa == 0.0) {
            throw UnitError{place, "the unit of this expression has too many factors", {}};
        }
        return out;
    }

    void push(FormulaStep instruction)
    {
        if (++depth_ > max_formula_stack) {
            throw UnitError{at_, "the expression is nested too deeply", {}};
        }
        code.push_back(instruction);
    }

    void emit(Op op, Operand& left, const Operand& right)
    {
        code.push_back({op});
        --depth_;
        left.constant = left.constant && right.constant;
    }

    void skip()
    {
        while (at_ < text_.size() && is_space(text_[at_])) {
            ++at_;
        }
    }

    void expect(char c)
    {
        skip();
        if (at_ >= text_.size()) {
            throw UnitError{at_, fmt::format("the expression ends where '{}' is expected", c), {}};
        }
        if (text_[at_] != c) {
            unexpected();
        }
        ++at_;
    }

    [[noreturn]] void unexpected() const
    {
        const char c = text_[at_];
        const auto code_point = static_cast<unsigned char>(c);
        if (code_point >= 0x20 && code_point < 0x7f) {
            const std::size_t n = std::max<std::size_t>(1, name_length(text_.substr(at_)));
            const bool name = n > 1 || name_length(text_.substr(at_)) == 1;
            throw UnitError{at_, fmt::format("unexpected '{}'", text_.substr(at_, n)),
                            c == ',' ? "the decimal sign is '.'"
                            : name   ? "an operator such as * is missing before it"
                                     : ""};
        }
        throw UnitError{at_, "unexpected character",
                        "expressions are made of numbers with units, names, + - * / ^ ( ) and ,"};
    }

    std::string_view text_;
    std::span<const Variable> variables_;
    FormulaRules rules_;
    std::vector<std::string> reserved_, not_units_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    int nesting_ = 0;
    std::uint32_t n_random_ = 0;
};

constexpr std::size_t max_text = 4096;

}  // namespace

void Formula::convert_to(const Unit& target)
{
    add_conversion(steps, 0, unit, target);
    unit = target;
}

bool is_formula_word(std::string_view name)
{
    return name == "pi" || std::any_of(functions.begin(), functions.end(),
                                       [&](const Function& function) { return function.name == name; });
}

Formula parse_formula(std::string_view text, std::span<const Variable> variables, const FormulaRules& rules)
{
    if (text.size() > max_text) {
        throw UnitError{0, fmt::format("an expression can have at most {} characters", max_text), {}};
    }
    if (std::all_of(text.begin(), text.end(), is_space)) {
        throw UnitError{0, "a value is missing", {}};
    }
    Compiler compiler(text, variables, rules);
    const Operand whole = compiler.compile();
    return {std::move(compiler.code), whole.unit, whole.constant, compiler.random, std::move(compiler.used)};
}

}  // namespace axolemma::base
