#include "base/cpu_time.hpp"

#include <ctime>

namespace axolemma::base {

double process_cpu_s()
{
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

}  // namespace axolemma::base
