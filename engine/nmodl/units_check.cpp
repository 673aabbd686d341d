#include "nmodl/units_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "nmodl/print.hpp"
#include "nmodl/unit_table.hpp"

namespace axolemma::nmodl {

namespace {

using base::Dimension;
/// Nothing: not known, and fits everything.
using Measure = std::optional<Dimension>;

constexpr Dimension none{};
constexpr Dimension time_dimension{{0, 0, 1, 0, 0, 0}};
constexpr Dimension voltage{{2, 1, -3, -1, 0, 0}};

constexpr std::array plain_functions{"exp", "log",  "log10", "expm1", "exprelr", "sin",  "cos",
                                     "tan", "asin", "acos",  "atan",  "sinh",    "cosh", "tanh"};
constexpr std::array same_functions{"fabs", "abs", "floor", "ceil", "max", "min", "fmax", "fmin", "fmod"};

template <class List>
bool holds(const List& list, const std::string& name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_power_of_ten(double number)
{
    const double exponent = std::log10(std::fabs(number));
    return number != 0 && std::fabs(exponent - std::round(exponent)) < 1e-9;
}

/// A number as typed, with a sign perhaps; nothing if it is something else or has a unit.
std::optional<double> bare_number(const Expression& expression)
{
    if (const auto* number = std::get_if<Number>(&expression.what)) {
        return number->unit.text.empty() ? std::optional(number->value) : std::nullopt;
    }
    const auto* unary = std::get_if<Unary>(&expression.what);
    if (unary != nullptr && unary->op == Operator::negate && unary->operand) {
        const auto inside = bare_number(*unary->operand);
        return inside ? std::optional(-*inside) : std::nullopt;
    }
    return std::nullopt;
}

/// What a person calls a dimension; without moles, a number per volume is a concentration.
std::string phrase(const Dimension& dimension)
{
    constexpr Dimension per_volume{{-3, 0, 0, 0, 0, 0}};
    if (dimension == per_volume) {
        return "a concentration";
    }
    return dimension == per_volume / time_dimension ? "a rate of change of concentration" : dimension.phrase();
}

std::string shortened(std::string text)
{
    constexpr std::size_t longest = 50;
    return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

class Checker {
public:
    Checker(const File& file, bool strict, base::Diagnostics& diagnostics)
        : file_(file), table_(file.units), strict_(strict), diagnostics_(diagnostics)
    {
        names_["v"] = voltage;
        names_["t"] = names_["dt"] = time_dimension;
        names_["celsius"] = table_.read("degC")->dimension;
        names_["diam"] = table_.read("um")->dimension;
        names_["area"] = table_.read("um2")->dimension;
        for (const auto* list : {&file.parameters, &file.assigned, &file.constants, &file.states}) {
            for (const Declaration& declaration : *list) {
                const Measure unit = read(declaration.unit);
                const bool is_state = list == &file.states;
                if (unit || !names_.contains(declaration.name.text)) {
                    names_[declaration.name.text] = unit || !is_state || !declaration.unit.text.empty() ? unit : none;
                }
            }
        }
        for (const UnitDefinition& definition : file.units) {
            if (definition.is_constant) {
                names_[definition.name] = read(definition.unit);
            }
        }
        for (const Block& block : file.blocks) {
            if (block.kind == Block::Kind::function || block.kind == Block::Kind::procedure) {
                functions_[block.name.text] = &block;
            }
        }
    }

    void check_all()
    {
        for (const Block& block : file_.blocks) {
            locals_.clear();
            for (const Argument& argument : block.arguments) {
                locals_[argument.name.text] = read(argument.unit);
            }
            if (block.kind == Block::Kind::function) {
                names_[block.name.text] = read(block.unit);
            }
            on_ = block.units_on;
            check(block.body);
        }
        if (n_findings_ > max_unit_findings) {
            report_now(SourcePos{file_.path, 0, 0},
                       fmt::format("{} more places where units do not agree", n_findings_ - max_unit_findings), "");
        }
    }

private:
    Measure read(const UnitText& unit)
    {
        if (unit.text.empty()) {
            return std::nullopt;
        }
        const auto meant = table_.read(unit.text);
        if (!meant && unknown_.insert(unit.text).second) {
            report(unit.pos, fmt::format("unknown unit '({})'", unit.text),
                   "UNITS { (name) = (definition) } makes it known");
        }
        return meant ? Measure(meant->dimension) : std::nullopt;
    }

    void report_now(const SourcePos& pos, const std::string& message, const std::string& hint)
    {
        if (strict_) {
            diagnostics_.error(pos, message, hint);
        } else {
            diagnostics_.warning(pos, message, hint);
        }
    }

    void report(const SourcePos& pos, const std::string& message, const std::string& hint = {})
    {
        if (++n_findings_ <= max_unit_findings) {
            report_now(pos, message, hint);
        }
    }

    /// Are both known and different? Then that is reported.
    bool differ(const Measure& a, const Measure& b, const SourcePos& pos, const std::string& what)
    {
        if (!on_ || !a || !b || *a == *b) {
            return false;
        }
        report(pos, fmt::format("units do not agree in '{}': {} and {}", shortened(what), phrase(*a), phrase(*b)));
        return true;
    }

    void needs_plain(const Measure& measure, const SourcePos& pos, const std::string& what)
    {
        if (on_ && measure && !measure->is_none()) {
            report(pos, fmt::format("'{}' is {}, where a plain number is needed", shortened(what), phrase(*measure)));
        }
    }

    Measure name(const std::string& text) const
    {
        if (const auto local = locals_.find(text); local != locals_.end()) {
            return local->second;
        }
        const auto known = names_.find(text);
        return known == names_.end() ? Measure{} : known->second;
    }

    Measure measure(const ExpressionPtr& expression)
    {
        if (!expression) {
            return std::nullopt;
        }
        if (const auto* number = std::get_if<Number>(&expression->what)) {
            return read(number->unit);
        }
        if (const auto* variable = std::get_if<Variable>(&expression->what)) {
            measure(variable->index);
            return name(variable->name);
        }
        if (const auto* unary = std::get_if<Unary>(&expression->what)) {
            const Measure inside = measure(unary->operand);
            return unary->op == Operator::negate ? inside : Measure(none);
        }
        if (const auto* binary = std::get_if<Binary>(&expression->what)) {
            return measure(*binary, *expression);
        }
        if (const auto* call = std::get_if<Call>(&expression->what)) {
            return measure(*call, expression->pos);
        }
        return std::nullopt;
    }

    Measure measure(const Binary& binary, const Expression& whole)
    {
        const Measure left = measure(binary.left);
        const Measure right = measure(binary.right);
        switch (binary.op) {
        case Operator::add:
        case Operator::subtract:
            return differ(left, right, whole.pos, to_text(whole)) ? Measure{} : left ? left : right;
        case Operator::multiply: return product(binary, left, right);
        case Operator::divide: return quotient(binary, left, right);
        case Operator::power: return power(binary, left, right);
        case Operator::logical_and:
        case Operator::logical_or: return none;
        default: differ(left, right, whole.pos, to_text(whole)); return none;
        }
    }

    static Measure product(const Binary& binary, const Measure& left, const Measure& right)
    {
        const auto is_factor = [](const Expression& expression) {
            const auto number = bare_number(expression);
            return number && is_power_of_ten(*number);
        };
        if (is_factor(*binary.left)) {
            return right;
        }
        if (is_factor(*binary.right)) {
            return left;
        }
        return left && right && fits(*left, *right, 1) ? Measure(*left * *right) : Measure{};
    }

    static Measure quotient(const Binary& binary, const Measure& left, const Measure& right)
    {
        const auto above = bare_number(*binary.left);
        if (above && *above == 1 && right) {
            return right->power(-1);
        }
        const auto below = bare_number(*binary.right);
        if (below && *below >= 1e3 && is_power_of_ten(*below)) {
            return left;  // (v + 35)/10 does not say what 10 is, i/1000 does
        }
        return left && right && fits(*left, *right, -1) ? Measure(*left / *right) : Measure{};
    }

    /// Are the exponents of left * right^sign small enough to be kept?
    static bool fits(const Dimension& left, const Dimension& right, int sign)
    {
        for (std::size_t k = 0; k < left.exponent.size(); ++k) {
            if (std::abs(left.exponent[k] + sign * right.exponent[k]) > 60) {
                return false;
            }
        }
        return true;
    }

    Measure power(const Binary& binary, const Measure& base, const Measure& exponent)
    {
        needs_plain(exponent, binary.right->pos, to_text(*binary.right));
        if (!base || base->is_none()) {
            return base;
        }
        const auto number = bare_number(*binary.right);
        const bool is_small = number && *number == std::trunc(*number) && std::fabs(*number) <= 4;
        return is_small ? Measure(base->power(static_cast<int>(*number))) : Measure{};
    }

    Measure measure(const Call& call, const SourcePos& pos)
    {
        std::vector<Measure> arguments;
        for (const ExpressionPtr& argument : call.arguments) {
            arguments.push_back(measure(argument));
        }
        if (const auto found = functions_.find(call.function); found != functions_.end()) {
            const Block& block = *found->second;
            for (std::size_t k = 0; k < std::min(arguments.size(), block.arguments.size()); ++k) {
                const Measure wanted = read(block.arguments[k].unit);
                if (on_ && wanted && arguments[k] && *wanted != *arguments[k]) {
                    report(pos, fmt::format("'{}' of {}() is {}, but '{}' is {}", block.arguments[k].name.text,
                                            call.function, phrase(*wanted), shortened(to_text(*call.arguments[k])),
                                            phrase(*arguments[k])));
                }
            }
            return read(block.unit);
        }
        if (holds(plain_functions, call.function)) {
            for (std::size_t k = 0; k < arguments.size(); ++k) {
                needs_plain(arguments[k], call.arguments[k]->pos, to_text(*call.arguments[k]));
            }
            return none;
        }
        if (holds(same_functions, call.function) && !arguments.empty()) {
            return arguments[0];
        }
        return call.function == "nernst" ? Measure(voltage) : Measure{};
    }

    void assign(const Variable& target, const ExpressionPtr& value, const SourcePos& pos)
    {
        const Measure given = measure(value);
        measure(target.index);
        if (const auto local = locals_.find(target.name); local != locals_.end()) {
            local->second = given ? given : local->second;
            return;
        }
        differ(name(target.name), given, pos, to_text(target) + " = " + to_text(*value));
    }

    void check(const Statements& statements)
    {
        for (const Statement& statement : statements) {
            check(statement);
        }
    }

    void check(const Statement& statement)
    {
        const SourcePos& pos = statement.pos;
        if (const auto* assignment = std::get_if<Assignment>(&statement.what)) {
            assign(assignment->target, assignment->value, pos);
        } else if (const auto* derivative = std::get_if<Derivative>(&statement.what)) {
            const Measure state = name(derivative->state.name);
            const Measure slope = state ? Measure(*state / time_dimension) : Measure{};
            differ(slope, measure(derivative->value), pos,
                   to_text(derivative->state) + "' = " + to_text(*derivative->value));
        } else if (const auto* local = std::get_if<Local>(&statement.what)) {
            for (const Local::Item& item : local->items) {
                locals_[item.name.text] = std::nullopt;
            }
        } else if (const auto* choice = std::get_if<If>(&statement.what)) {
            for (const If::Branch& branch : choice->branches) {
                measure(branch.condition);
                check(branch.body);
            }
            check(choice->otherwise);
        } else if (const auto* loop = std::get_if<From>(&statement.what)) {
            locals_[loop->variable.text] = std::nullopt;
            check(loop->body);
        } else if (const auto* turns = std::get_if<While>(&statement.what)) {
            measure(turns->condition);
            check(turns->body);
        } else if (const auto* call = std::get_if<CallStatement>(&statement.what)) {
            measure(call->call);
        } else if (const auto* equation = std::get_if<Equation>(&statement.what)) {
            differ(measure(equation->left), measure(equation->right), pos,
                   to_text(*equation->left) + " = " + to_text(*equation->right));
        } else if (const auto* watch = std::get_if<WatchStatement>(&statement.what)) {
            measure(watch->condition);
        } else if (const auto* inner = std::get_if<InnerInitial>(&statement.what)) {
            check(inner->body);
        } else if (const auto* unit_switch = std::get_if<UnitsSwitch>(&statement.what)) {
            on_ = unit_switch->on;
        }
    }

    const File& file_;
    UnitTable table_;
    bool strict_;
    base::Diagnostics& diagnostics_;
    std::map<std::string, Measure> names_, locals_;
    std::map<std::string, const Block*> functions_;
    std::set<std::string> unknown_;
    bool on_ = true;
    int n_findings_ = 0;
};

}  // namespace

void check_units(const File& file, bool strict, base::Diagnostics& diagnostics)
{
    Checker(file, strict, diagnostics).check_all();
}

}  // namespace axolemma::nmodl
