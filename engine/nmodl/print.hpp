/// Expressions as text again, to explain them to a reader.
#pragma once

#include <string>

#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

/// As short as possible: parentheses only where they are needed, "a*(b + c)^2". Parsing it gives the same tree.
std::string to_text(const Expression& expression);
std::string to_text(const Variable& variable);

}  // namespace axolemma::nmodl
