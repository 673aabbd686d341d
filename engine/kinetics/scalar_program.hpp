/// Values of a graph for one set of numbers: what happens seldom and to one instance at a time, such as an event.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

/// The nodes that some values need, in the order in which they are computed.
class ScalarProgram {
public:
    /// @param graph   must outlive the program
    /// @param wanted  may hold invalid values, of which nothing comes
    ScalarProgram(const Graph& graph, const std::vector<Value>& wanted);

    std::size_t scratch_size() const { return instructions_.size(); }
    std::size_t n_results() const { return results_.size(); }
    /// Computes all of `wanted`.
    /// @param number_of  double(Input), the number of an input
    /// @param scratch    scratch_size() numbers
    /// @param results    n_results() numbers, in the order of `wanted`; 0 for those that are invalid
    template <class NumberOf>
    void run(NumberOf number_of, std::span<double> scratch, std::span<double> results) const
    {
        for (std::size_t k = 0; k < instructions_.size(); ++k) {
            const auto& one = instructions_[k];
            scratch[k] = one.node.op == Op::input ? number_of(one.node.input)
                                                  : evaluate_op(*graph_, one.node, operand(scratch, one.a),
                                                                operand(scratch, one.b), operand(scratch, one.c));
        }
        for (std::size_t k = 0; k < results_.size(); ++k) {
            results[k] = operand(scratch, results_[k]);
        }
    }

private:
    /// Places in the scratch; -1: none.
    struct Instruction {
        Node node;
        std::ptrdiff_t a, b, c;
    };
    static double operand(std::span<const double> scratch, std::ptrdiff_t k)
    {
        return k < 0 ? 0.0 : scratch[static_cast<std::size_t>(k)];
    }

    const Graph* graph_;
    std::vector<Instruction> instructions_;
    std::vector<std::ptrdiff_t> results_;
};

}  // namespace axolemma::kinetics
