#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "base/expression.hpp"
#include "base/formula.hpp"
#include "base/math.hpp"

namespace axolemma::base {

namespace {

using Op = FormulaOp;

double binary(Op op, double a, double b)
{
    switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return std::pow(a, b);
    case Op::min: return std::fmin(a, b);
    case Op::max: return std::fmax(a, b);
    case Op::less: return a < b ? 1.0 : 0.0;
    case Op::less_equal: return a <= b ? 1.0 : 0.0;
    case Op::greater: return a > b ? 1.0 : 0.0;
    case Op::greater_equal: return a >= b ? 1.0 : 0.0;
    default: assert(false && "not a binary operation"); return 0.0;
    }
}

double unary(Op op, double a)
{
    switch (op) {
    case Op::negate: return -a;
    case Op::exp: return std::exp(a);
    case Op::log: return std::log(a);
    case Op::log10: return std::log10(a);
    case Op::sqrt: return std::sqrt(a);
    case Op::abs: return std::fabs(a);
    case Op::step: return a < 0.0 ? 0.0 : 1.0;
    case Op::expm1: return base::expm1(a);
    case Op::exprelr: return base::exprelr(a);
    case Op::sin: return std::sin(a);
    case Op::cos: return std::cos(a);
    case Op::tan: return std::tan(a);
    case Op::sinh: return std::sinh(a);
    case Op::cosh: return std::cosh(a);
    case Op::tanh: return std::tanh(a);
    case Op::floor: return std::floor(a);
    case Op::ceil: return std::ceil(a);
    default: assert(false && "not a unary operation"); return 0.0;
    }
}

/// lo..hi, or Box and Muller (1958) for a normal number; both are pure functions of the stream and the index.
double draw(const FormulaStep& instruction, double a, double b, const RandomStream* random)
{
    assert(random != nullptr && "an expression with random numbers needs a stream");
    const double u = random->uniform(instruction.index);
    if (instruction.op == Op::uniform) {
        return a + (b - a) * u;
    }
    const double angle = 2.0 * std::numbers::pi * random->uniform(instruction.index + 1);
    return a + b * std::sqrt(-2.0 * std::log(u)) * std::cos(angle);
}

}  // namespace

double run_formula(std::span<const FormulaStep> code, std::span<const double> values, const RandomStream* random)
{
    std::array<double, max_formula_stack> stack;
    std::size_t top = 0;  // one past the last value; the parser has checked that it stays below max_stack
    for (const FormulaStep& instruction : code) {
        switch (instruction.op) {
        case Op::number: stack[top++] = instruction.number; break;
        case Op::variable: stack[top++] = values[instruction.index]; break;
        case Op::multiply_by: stack[top - 1] *= instruction.number; break;
        case Op::divide_by: stack[top - 1] /= instruction.number; break;
        case Op::negate:
        case Op::exp:
        case Op::log:
        case Op::log10:
        case Op::sqrt:
        case Op::abs:
        case Op::step:
        case Op::expm1:
        case Op::exprelr:
        case Op::sin:
        case Op::cos:
        case Op::tan:
        case Op::sinh:
        case Op::cosh:
        case Op::tanh:
        case Op::floor:
        case Op::ceil: stack[top - 1] = unary(instruction.op, stack[top - 1]); break;
        case Op::select:
            stack[top - 3] = stack[top - 3] != 0.0 ? stack[top - 2] : stack[top - 1];
            top -= 2;
            break;
        case Op::uniform:
        case Op::normal:
            stack[top - 2] = draw(instruction, stack[top - 2], stack[top - 1], random);
            --top;
            break;
        default: stack[top - 2] = binary(instruction.op, stack[top - 2], stack[top - 1]); --top;
        }
    }
    return stack[0];
}

}  // namespace axolemma::base
