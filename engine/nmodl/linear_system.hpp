/// Systems of linear equations between formulas, solved by elimination.
#pragma once

#include <optional>
#include <vector>

#include "kinetics/graph.hpp"

namespace axolemma::nmodl {

/// The unknowns that make all residuals 0, as formulas of what else these depend on. Nothing if a residual is not linear in
/// the unknowns or the equations do not fix them, whatever the numbers are.
///
/// Rows are exchanged only where a pivot is the constant 0: which of two formulas is larger is not known.
std::optional<std::vector<kinetics::Value>> solve_linear(kinetics::Graph& graph,
                                                         const std::vector<kinetics::Value>& residuals,
                                                         const std::vector<kinetics::Input>& unknowns);

}  // namespace axolemma::nmodl
