/// The value of a formula for given inputs, node by node.
#pragma once

#include <functional>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::test {

using InputNumbers = std::function<double(kinetics::Input)>;

inline double evaluate(const kinetics::Graph& graph, kinetics::Value value, const InputNumbers& number_of)
{
    std::vector<double> numbers(static_cast<std::size_t>(value.index) + 1);
    const auto of = [&](kinetics::Value operand) {
        return operand.is_valid() ? numbers[static_cast<std::size_t>(operand.index)] : 0.0;
    };
    for (const std::int32_t k : graph.needed(value)) {
        const kinetics::Node& node = graph.node({k});
        numbers[static_cast<std::size_t>(k)] = node.op == kinetics::Op::input
                                                   ? number_of(node.input)
                                                   : evaluate_op(graph, node, of(node.a), of(node.b), of(node.c));
    }
    return numbers.back();
}

}  // namespace axolemma::test
