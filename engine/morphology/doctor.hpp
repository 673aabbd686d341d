/// The morphology doctor: what a file contains, what was made of it, and what other tools would make of it.
#pragma once

#include <string>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

/// Report for people.
std::string doctor_text(const SwcFile& file, const BuiltMorphology& built);
/// The same facts as one JSON object (keys documented in docs/morphology.md).
std::string doctor_json(const SwcFile& file, const BuiltMorphology& built);

}  // namespace axolemma::morphology
