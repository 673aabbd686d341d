/// Linear algebra on formulas.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::kinetics {

/// The sum of coefficients[k] inputs[k], and of `rest`. What is missing (or invalid) is 0.
struct LinearForm {
    std::map<std::size_t, Value> coefficients;  ///< none is invalid
    Value rest;
};

/// The value as a linear form in the inputs, whose parts do not depend on them; nothing if it is not written as one (sums,
/// multiples, quotients and selections of linear forms). hold() counts as a number.
std::optional<LinearForm> linear_form(Graph& graph, Value value, std::span<const Input> inputs);

/// A row of equations: the sum of coefficients[k] x[k] is `right` (invalid: 0).
struct LinearEquation {
    std::map<std::size_t, Value> coefficients;
    Value right;
    /// Keep for last as a pivot (sums that are conserved, whose coefficients would fill the matrix).
    bool last = false;
};

enum class Pivots : std::uint8_t {
    diagonal,  ///< equation k gives x[k]: for matrices that are dominated by their diagonal
    any,       ///< whatever is not 0 as a formula
};

/// x of as many equations as unknowns, by Gaussian elimination on formulas. The order of pivots depends on the pattern alone
/// (fewest fill-ins first; Markowitz 1957). Nothing if the pattern has no more pivot, so that the system is singular, or the graph would grow beyond 400 000 nodes.
std::optional<std::vector<Value>> solve(Graph& graph, std::vector<LinearEquation> equations, Pivots pivots);

}  // namespace axolemma::kinetics
