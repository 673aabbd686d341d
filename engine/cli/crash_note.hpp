/// Last words: what was going on when the program crashed.
#pragma once

namespace axolemma::cli {

/// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes one line to standard error with the rank, the signal
/// and the cells that the crashing thread was computing, and then goes on as it would have without this: core files, sanitizers
/// and the stack trace of the MPI library work as before. Call it after MPI was started.
void note_crashes(int rank, int n_ranks);

}  // namespace axolemma::cli
