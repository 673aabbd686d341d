/// Random formulas of four inputs, each tame (finite, not steep) for inputs from 0.2 to 2.
#pragma once

#include <random>

#include "kinetics/graph.hpp"

namespace axolemma::test {

inline constexpr kinetics::Input formula_inputs[] = {{kinetics::InputKind::voltage, 0},
                                                     {kinetics::InputKind::state, 0},
                                                     {kinetics::InputKind::state, 1},
                                                     {kinetics::InputKind::parameter, 3}};

class RandomFormula {
public:
    RandomFormula(kinetics::Graph& graph, unsigned seed) : graph_(graph), random_(seed) {}

    /// Every formula is brought back to between 0.2 and 2 by a bounded function.
    kinetics::Value make(int depth)
    {
        using kinetics::Op;
        if (depth == 0 || pick(8) == 0) {
            return leaf();
        }
        const kinetics::Value a = make(depth - 1);
        switch (pick(15)) {
        case 0: return tame(graph_.add(a, make(depth - 1)));
        case 1: return tame(graph_.subtract(a, make(depth - 1)));
        case 2: return tame(graph_.multiply(a, make(depth - 1)));
        case 3: return tame(graph_.divide(a, make(depth - 1)));
        case 4: return tame(graph_.apply(Op::power, a, make(depth - 1)));
        case 5: return tame(graph_.power(a, graph_.constant(static_cast<double>(pick(17)) - 8.0)));
        case 6: return tame(graph_.select(less(), a, make(depth - 1)));
        case 7: return tame(graph_.negate(a));
        case 8: return tame(graph_.apply(Op::maximum, a, make(depth - 1)));
        case 9: return tame(graph_.apply(Op::minimum, a, make(depth - 1)));
        case 10: return tame(graph_.apply(Op::modulo, a, graph_.constant(0.3)));
        case 11: return tame(graph_.apply(Op::asin, graph_.divide(a, graph_.constant(2.5))));
        case 12: return tame(graph_.apply(Op::acos, graph_.divide(a, graph_.constant(-2.5))));
        default: break;
        }
        static constexpr Op functions[] = {Op::exp,  Op::expm1, Op::exprelr, Op::log,   Op::log10, Op::sqrt,
                                           Op::abs,  Op::sin,   Op::cos,     Op::tan,   Op::atan,  Op::sinh,
                                           Op::cosh, Op::tanh,  Op::hold,    Op::floor, Op::ceil};
        const Op function = functions[pick(std::size(functions))];
        const kinetics::Value scaled = graph_.multiply(graph_.constant(0.7), a);
        return tame(graph_.apply(function, scaled));
    }

    double number() { return std::uniform_real_distribution<double>(0.2, 2.0)(random_); }

private:
    std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    kinetics::Value leaf()
    {
        if (pick(4) == 0) {
            return graph_.constant(number());
        }
        const kinetics::Input input = formula_inputs[pick(std::size(formula_inputs))];
        return graph_.input(input.kind, input.index);
    }
    kinetics::Value less() { return graph_.apply(kinetics::Op::less, leaf(), leaf()); }
    kinetics::Value tame(kinetics::Value x)
    {
        const kinetics::Value bounded = graph_.apply(kinetics::Op::sin, x);
        return graph_.add(graph_.constant(1.1), graph_.multiply(graph_.constant(0.9), bounded));
    }

    kinetics::Graph& graph_;
    std::mt19937 random_;
};

}  // namespace axolemma::test
