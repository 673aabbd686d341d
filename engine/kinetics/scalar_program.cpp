#include "kinetics/scalar_program.hpp"

namespace axolemma::kinetics {

ScalarProgram::ScalarProgram(const Graph& graph, const std::vector<Value>& wanted) : graph_(&graph)
{
    std::vector<std::ptrdiff_t> place(graph.size(), -1);
    const auto place_of = [&](Value value) {
        return value.is_valid() ? place[static_cast<std::size_t>(value.index)] : std::ptrdiff_t{-1};
    };
    for (const std::int32_t k : graph.needed(wanted)) {
        const auto& node = graph.node({k});
        place[static_cast<std::size_t>(k)] = static_cast<std::ptrdiff_t>(instructions_.size());
        instructions_.push_back({node, place_of(node.a), place_of(node.b), place_of(node.c)});
    }
    for (const Value value : wanted) {
        results_.push_back(place_of(value));
    }
}

}  // namespace axolemma::kinetics
