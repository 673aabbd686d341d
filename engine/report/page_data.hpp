/// The numbers of the page as JSON for its script.
#pragma once

#include <string>

#include "report/content.hpp"

namespace axolemma::report {

/// Arrays travel as base64 of little-endian numbers; the keys are read in assets/core.js.
std::string page_data(const Content& content);

}  // namespace axolemma::report
