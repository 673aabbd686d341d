#include "cli/signals.hpp"

#include <csignal>
#include <initializer_list>

namespace axolemma::cli {

namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note_stop(int signal)
{
    noted = signal;
    if (signal == SIGINT) {
        std::signal(SIGINT, SIG_DFL);
    }
}

}  // namespace

void catch_stop_signals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
        std::signal(signal, note_stop);
    }
}

int stop_signal()
{
    return noted;
}

}  // namespace axolemma::cli
