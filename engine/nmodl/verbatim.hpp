/// What the C text of a VERBATIM block does to a model.
#pragma once

#include <string_view>

namespace axolemma::nmodl {

/// True for C text that holds nothing but comments, blanks, `return;`, `return 0;` and #include lines.
bool c_text_does_nothing(std::string_view c_text);

}  // namespace axolemma::nmodl
