/// The equations that an NMODL file means.
#pragma once

#include <optional>

#include "base/diagnostics.hpp"
#include "kinetics/equations.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

struct LowerOptions {
    bool strict_units = false;  ///< inconsistent units are errors, not warnings
};

/// Procedures and functions are followed symbolically from INITIAL, BREAKPOINT, NET_RECEIVE and the SOLVEd blocks: calls
/// inlined, `if` turned into selections, FROM loops unrolled. What cannot be expressed so is refused by name, line and
/// reason in `diagnostics`; nothing is skipped in silence. No equations after an error.
std::optional<kinetics::Equations> lower(const File& file, const LowerOptions& options, base::Diagnostics& diagnostics);

}  // namespace axolemma::nmodl
