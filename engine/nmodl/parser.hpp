/// NMODL text to a nmodl::File.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "nmodl/ast.hpp"

namespace axolemma::nmodl {

/// Gives the text of a file named by INCLUDE, or nothing if there is none. The path is joined to the folder of the file
/// that names it already: INCLUDE "rates.inc" in mods/k.mod asks for mods/rates.inc.
using ReadInclude = std::function<std::optional<std::string>(const std::string& path)>;

/// Parses a whole file. Syntax errors go to `diagnostics` with file:line:column and a hint; the result is then what could be
/// read. Never recurses deeper than a fixed limit, never loops for ever, whatever the text.
File parse(std::string_view text, const std::string& path, const ReadInclude& read_include,
           base::Diagnostics& diagnostics);

}  // namespace axolemma::nmodl
