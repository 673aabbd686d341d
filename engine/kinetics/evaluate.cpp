#include "kinetics/evaluate.hpp"

namespace axolemma::kinetics {

std::vector<double> evaluate(const Graph& graph, std::span<const Value> values, const InputNumbers& number_of)
{
    std::vector<double> numbers(graph.size());
    const auto of = [&](Value value) {
        return value.is_valid() ? numbers[static_cast<std::size_t>(value.index)] : 0.0;
    };
    for (const std::int32_t k : graph.needed(values)) {
        const Node& node = graph.node({k});
        numbers[static_cast<std::size_t>(k)] =
            node.op == Op::input ? number_of(node.input) : evaluate_op(graph, node, of(node.a), of(node.b), of(node.c));
    }
    std::vector<double> results;
    results.reserve(values.size());
    for (const Value value : values) {
        results.push_back(of(value));
    }
    return results;
}

double evaluate(const Graph& graph, Value value, const InputNumbers& number_of)
{
    return evaluate(graph, std::span(&value, 1), number_of).front();
}

}  // namespace axolemma::kinetics
