/// Statements of KINETIC, LINEAR and NONLINEAR blocks.
#pragma once

#include "nmodl/ast.hpp"
#include "nmodl/cursor.hpp"

namespace axolemma::nmodl {

/// ~ a + 2 b <-> c (forward, backward), ~ a -> (rate), ~ a << (flux); from the '~' on.
Reaction parse_reaction(Cursor& cursor);
/// ~ left = right, and ~+ left = right; from the '~' on.
Equation parse_equation(Cursor& cursor);
/// From the keyword on.
Conserve parse_conserve(Cursor& cursor);
Compartment parse_compartment(Cursor& cursor);
Diffusion parse_diffusion(Cursor& cursor);

}  // namespace axolemma::nmodl
