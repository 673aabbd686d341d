/// Visits every statement and expression below a statement.
#pragma once

#include <functional>

#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

/// Every statement in `statements`, and those inside them, in order of the text.
void for_each_statement(const Statements& statements, const std::function<void(const Statement&)>& visit);

/// The expression and all its operands; null is allowed.
void for_each_expression(const ExpressionPtr& expression, const std::function<void(const Expression&)>& visit);

/// The expressions that stand directly in a statement (not those of statements inside it).
void for_each_expression_in(const Statement& statement, const std::function<void(const Expression&)>& visit);

}  // namespace axolemma::nmodl
