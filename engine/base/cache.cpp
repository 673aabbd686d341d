#include "base/cache.hpp"

#include <unistd.h>

namespace axolemma::base {

std::int64_t second_level_cache_bytes()
{
#ifdef _SC_LEVEL2_CACHE_SIZE
    if (const std::int64_t bytes = sysconf(_SC_LEVEL2_CACHE_SIZE); bytes > 0) {
        return bytes;
    }
#endif
    return 512 * 1024;
}

}  // namespace axolemma::base
