#include "kinetics/evaluate.hpp"

#include <vector>

namespace axolemma::kinetics {

double evaluate(const Graph& graph, Value value, const InputNumbers& number_of)
{
    std::vector<double> numbers(static_cast<std::size_t>(value.index) + 1);
    const auto of = [&](Value operand) {
        return operand.is_valid() ? numbers[static_cast<std::size_t>(operand.index)] : 0.0;
    };
    for (const std::int32_t k : graph.needed(value)) {
        const Node& node = graph.node({k});
        numbers[static_cast<std::size_t>(k)] =
            node.op == Op::input ? number_of(node.input) : evaluate_op(graph, node, of(node.a), of(node.b), of(node.c));
    }
    return numbers.back();
}

}  // namespace axolemma::kinetics
