/// Ctrl-C and the signals by which a scheduler announces the end.
#pragma once

namespace axolemma::cli {

/// From now on SIGINT, SIGTERM and SIGUSR1 are noted, and end a run after the current epoch with everything saved. A second
/// SIGINT ends the program at once.
void catch_stop_signals();
/// The signal that was noted, or 0.
int stop_signal();

}  // namespace axolemma::cli
