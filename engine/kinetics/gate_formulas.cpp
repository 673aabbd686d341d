#include "kinetics/gate_formulas.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace axolemma::kinetics {

using mechanisms::GateStep;

GraphGates::GraphGates(std::shared_ptr<const Graph> graph, std::vector<VoltageGate> gates)
    : graph_(std::move(graph)), gates_(std::move(gates))
{
    for (const VoltageGate& gate : gates_) {
        nodes_.push_back(graph_->needed(std::array{gate.a, gate.b}));
    }
}

GateStep GraphGates::evaluate(std::size_t gate, double v_mV) const
{
    thread_local std::vector<double> numbers;
    if (numbers.size() < graph_->size()) {
        numbers.resize(graph_->size());
    }
    const auto of = [&](Value value) {
        return value.is_valid() ? numbers[static_cast<std::size_t>(value.index)] : 0.0;
    };
    for (const std::int32_t k : nodes_[gate]) {
        const Node& node = graph_->node({k});
        double& number = numbers[static_cast<std::size_t>(k)];
        switch (node.op) {
        case Op::input: number = v_mV; break;
        // `if (v == -27) { v = v + 0.0001 }` keeps a formula from 0/0 at one voltage, for the price of a step there.
        case Op::equal: number = 0.0; break;
        default: number = evaluate_op(*graph_, node, of(node.a), of(node.b), of(node.c));
        }
    }
    return {of(gates_[gate].a), of(gates_[gate].b)};
}

GateStep GraphGates::step(std::size_t gate, double v_mV) const
{
    const GateStep at = evaluate(gate, v_mV);
    if (!std::isnan(at.a) && !std::isnan(at.b)) {
        return at;
    }
    // 0/0 where rates are written as x / (exp(x) - 1): so near that the curvature does not count, and so far that the
    // difference has lost no more than half its digits.
    constexpr double beside_mV = 1e-5;
    const GateStep below = evaluate(gate, v_mV - beside_mV);
    const GateStep above = evaluate(gate, v_mV + beside_mV);
    return {0.5 * (below.a + above.a), 0.5 * (below.b + above.b)};
}

}  // namespace axolemma::kinetics
