/// Expressions of NMODL.
#pragma once

#include <string>
#include <vector>

#include "nmodl/ast.hpp"
#include "nmodl/cursor.hpp"

namespace axolemma::nmodl {

/// From weakest to strongest: ||, &&, comparisons, + -, * /, unary - and !, ^. All but ^ go from left to right;
/// -2^2 is -(2^2), 2^-1 is allowed.
ExpressionPtr parse_expression(Cursor& cursor);

/// A name with an index if there is one: a, a[i].
Variable parse_variable(Cursor& cursor, std::string_view what);

/// Expressions with commas between them, and the parentheses around.
std::vector<ExpressionPtr> parse_arguments(Cursor& cursor);

}  // namespace axolemma::nmodl
