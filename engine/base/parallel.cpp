#include "base/parallel.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

#include <unistd.h>

#include <cstdlib>

namespace axolemma::base {

bool thread_count_is_set()
{
    return std::getenv("OMP_NUM_THREADS") != nullptr;
}

int core_count()
{
    return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

#ifdef _OPENMP

int default_thread_count()
{
    return omp_get_max_threads();
}

void parallel_for(std::int64_t n, int threads, const std::function<void(std::int64_t)>& body)
{
    const int wanted = threads > 0 ? threads : default_thread_count();
#pragma omp parallel for schedule(dynamic, 1) num_threads(wanted) if (wanted > 1 && n > 1)
    for (std::int64_t i = 0; i < n; ++i) {
        body(i);
    }
}

#else

int default_thread_count()
{
    return 1;
}

void parallel_for(std::int64_t n, int /*threads*/, const std::function<void(std::int64_t)>& body)
{
    for (std::int64_t i = 0; i < n; ++i) {
        body(i);
    }
}

#endif

}  // namespace axolemma::base
