/// Signals that ask the program to stop.
#pragma once

namespace axolemma::cli {

/// From now on SIGINT, SIGTERM and SIGUSR1 only set stop_signal().
void catch_stop_signals();
/// The signal that came, or 0.
int stop_signal();

}  // namespace axolemma::cli
