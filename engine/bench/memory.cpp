#include "bench/memory.hpp"

#include <unistd.h>

#include <fstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace axolemma::bench {

std::int64_t resident_bytes()
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    std::ifstream file("/proc/self/statm");
    std::int64_t all_pages = 0;
    std::int64_t resident_pages = 0;
    file >> all_pages >> resident_pages;
    return file ? resident_pages * static_cast<std::int64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace axolemma::bench
