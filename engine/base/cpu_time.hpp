/// CPU time, the measure of work on a machine that others use too.
#pragma once

namespace axolemma::base {

/// What all threads of this process have taken since it began.   [s]
double process_cpu_s();

}  // namespace axolemma::base
