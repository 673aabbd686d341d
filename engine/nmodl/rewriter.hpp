/// Replaces inputs in many formulas that share parts: each part is made anew once.
#pragma once

#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::nmodl {

/// Like Graph::substitute(), but what was made for one formula is kept for the next. The replacement of an input must stay
/// the same; it may itself call the rewriter.
class Rewriter {
public:
    explicit Rewriter(kinetics::Graph& graph) : graph_(&graph) {}

    template <class Replacement>
    kinetics::Value rewrite(kinetics::Value root, Replacement replacement)
    {
        for (const std::int32_t k : graph_->needed(root)) {
            if (made(k).is_valid()) {
                continue;
            }
            const kinetics::Node node = graph_->node({k});
            kinetics::Value now = node.op == kinetics::Op::input ? replacement(node.input) : rebuilt(k, node);
            now = now.is_valid() ? now : kinetics::Value{k};
            if (made_.size() <= static_cast<std::size_t>(k)) {
                made_.resize(static_cast<std::size_t>(k) + 1);
            }
            made_[static_cast<std::size_t>(k)] = now;
        }
        return made(root.index);
    }

private:
    kinetics::Value made(std::int32_t k) const
    {
        return static_cast<std::size_t>(k) < made_.size() ? made_[static_cast<std::size_t>(k)] : kinetics::Value{};
    }

    kinetics::Value rebuilt(std::int32_t k, const kinetics::Node& node)
    {
        const auto of = [&](kinetics::Value operand) { return operand.is_valid() ? made(operand.index) : operand; };
        const kinetics::Value a = of(node.a), b = of(node.b), c = of(node.c);
        if (a == node.a && b == node.b && c == node.c) {
            return {k};
        }
        if (node.op == kinetics::Op::look_up) {
            return graph_->look_up(node.input.index, a);
        }
        switch (kinetics::operands_of(node.op)) {
        case 1: return graph_->apply(node.op, a);
        case 2: return graph_->apply(node.op, a, b);
        default: return graph_->select(a, b, c);
        }
    }

    kinetics::Graph* graph_;
    std::vector<kinetics::Value> made_;  ///< by node; invalid: not yet
};

}  // namespace axolemma::nmodl
