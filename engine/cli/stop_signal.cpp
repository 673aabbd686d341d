#include "cli/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace axolemma::cli {

namespace {

volatile std::sig_atomic_t caught = 0;

extern "C" void note_stop_signal(int signal)
{
    caught = signal;
}

}  // namespace

void catch_stop_signals()
{
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
        std::signal(signal, note_stop_signal);
    }
}

int stop_signal()
{
    return caught;
}

}  // namespace axolemma::cli
