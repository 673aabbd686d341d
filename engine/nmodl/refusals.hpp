/// What a file may not declare, whatever its statements do with it.
#pragma once

#include "base/diagnostics.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

/// Reports artificial cells, BEFORE and AFTER blocks, C code and the like by name, place and reason.
void refuse_unsupported(const File& file, base::Diagnostics& diagnostics);

/// BEFORE STEP and AFTER SOLVE, which act once in every step.
bool is_in_step(const Block& block);

}  // namespace axolemma::nmodl
