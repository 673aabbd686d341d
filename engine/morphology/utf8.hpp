/// Telling text from bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace axolemma::morphology {

/// Length in bytes of the valid UTF-8 character at the start of `text` (not empty); 0 if there is none (Unicode 15,
/// table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text);

/// The text with A to Z made small; other bytes stay, whatever the locale.
std::string lower_case(std::string_view text);

}  // namespace axolemma::morphology
