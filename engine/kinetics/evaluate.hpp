/// Values of formulas for given inputs, node by node: for explanations and checks, not for simulations.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

using InputNumbers = std::function<double(Input)>;

double evaluate(const Graph& graph, Value value, const InputNumbers& number_of);
/// The numbers of several values, in their order. Only what they need is asked for.
std::vector<double> evaluate(const Graph& graph, std::span<const Value> values, const InputNumbers& number_of);

}  // namespace axolemma::kinetics
