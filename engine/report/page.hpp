/// One self-contained HTML page from the thinned content.
#pragma once

#include <string>

#include "report/content.hpp"

namespace axolemma::report {

/// The whole page. Needs no network and no other file; everything in `content` is escaped on the way.
std::string make_page(const Content& content);

}  // namespace axolemma::report
