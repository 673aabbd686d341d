/// Ranges that many keys share.
#pragma once

#include "config/schema.hpp"

namespace axolemma::config {

inline constexpr Range positive{.low = 0.0, .low_open = true};
inline constexpr Range not_negative{.low = 0.0};
inline constexpr Range fraction{.low = 0.0, .high = 1.0};
inline constexpr Range any_voltage{.low = -500.0, .high = 500.0};

}  // namespace axolemma::config
