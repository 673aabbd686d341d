#include "kinetics/scalar_program.hpp"

namespace axolemma::kinetics {

ScalarProgram::ScalarProgram(const Graph& graph, const std::vector<Value>& wanted) : graph_(&graph)
{
    std::vector<bool> needed(graph.size(), false);
    const auto need = [&](Value value) {
        if (value.is_valid()) {
            needed[static_cast<std::size_t>(value.index)] = true;
        }
    };
    for (const Value value : wanted) {
        need(value);
    }
    for (std::size_t k = graph.size(); k-- > 0;) {  // operands have smaller numbers
        if (needed[k]) {
            const auto& node = graph.node({static_cast<std::int32_t>(k)});
            need(node.a);
            need(node.b);
            need(node.c);
        }
    }
    std::vector<std::ptrdiff_t> place(graph.size(), -1);
    const auto place_of = [&](Value value) {
        return value.is_valid() ? place[static_cast<std::size_t>(value.index)] : std::ptrdiff_t{-1};
    };
    for (std::size_t k = 0; k < graph.size(); ++k) {
        if (needed[k]) {
            const auto& node = graph.node({static_cast<std::int32_t>(k)});
            place[k] = static_cast<std::ptrdiff_t>(instructions_.size());
            instructions_.push_back({node, place_of(node.a), place_of(node.b), place_of(node.c)});
        }
    }
    for (const Value value : wanted) {
        results_.push_back(place_of(value));
    }
}

}  // namespace axolemma::kinetics
