/// What the operating system says when it refuses.
#pragma once

#include <string>

namespace axolemma::base {

/// "No space left on device (ENOSPC)".
std::string errno_text(int error);

}  // namespace axolemma::base
