/// Statements of NMODL.
#pragma once

#include "nmodl/ast.hpp"
#include "nmodl/cursor.hpp"

namespace axolemma::nmodl {

/// '{' statements '}'. After an error in one of them it goes on with the next line. `kind` says what '~' means and whether
/// INITIAL may stand inside.
Statements parse_statements(Cursor& cursor, Block::Kind kind);

}  // namespace axolemma::nmodl
