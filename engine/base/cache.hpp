/// What the machine's caches hold.
#pragma once

#include <cstdint>

namespace axolemma::base {

/// Bytes of one core's second-level cache; 512 KiB where the system does not say.
std::int64_t second_level_cache_bytes();

}  // namespace axolemma::base
