/// The parallel loop; the only place that knows OpenMP.
#pragma once

#include <cstdint>
#include <functional>

namespace axolemma::base {

/// Threads a parallel loop uses when asked for 0: OMP_NUM_THREADS, or one per core; 1 without OpenMP.
int default_thread_count();

/// Did somebody say how many threads there are to be (OMP_NUM_THREADS)?
bool thread_count_is_set();
/// Cores of this machine.
int core_count();

/// Calls body(i) once for every i in 0..n-1, spread dynamically over `threads` threads (0: default_thread_count()).
///
/// Iterations must not depend on one another. `body` must not throw.
void parallel_for(std::int64_t n, int threads, const std::function<void(std::int64_t)>& body);

}  // namespace axolemma::base
