/// Do the units that a file declares fit together?
#pragma once

#include "base/diagnostics.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

/// Most findings that are listed one by one; the rest is counted.
inline constexpr int max_unit_findings = 10;

/// Reports sums, comparisons, assignments and arguments whose dimensions do not agree, as warnings (`strict`: errors).
///
/// Only what is known is checked. A number without a unit may stand for a quantity of any unit (in `(v + 35)/10` both do),
/// except that powers of ten change no dimension (`(1e-4)*i`); names without a unit are not checked, but STATEs without one
/// are plain numbers. Scales (mA for uA) are not compared. Nothing is checked between UNITSOFF and UNITSON.
void check_units(const File& file, bool strict, base::Diagnostics& diagnostics);

}  // namespace axolemma::nmodl
