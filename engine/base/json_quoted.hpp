/// A text in JSON's quotes.
#pragma once

#include <string>
#include <string_view>

namespace axolemma::base {

/// The text between double quotes, with quotes, backslashes and control characters escaped (RFC 8259, section 7).
std::string json_quoted(std::string_view text);

}  // namespace axolemma::base
