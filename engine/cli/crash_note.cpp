#include "cli/crash_note.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "run/cells_in_work.hpp"

namespace axolemma::cli {

namespace {

struct Crash {
    int signal;
    std::string_view name;
};
constexpr std::array<Crash, 5> crashes{
    {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"}}};

// Set once, before any handler can run.
int my_rank = 0;
int all_ranks = 1;
std::array<struct sigaction, crashes.size()> action_before{};

/// A line put together without anything that a signal handler must not call: no memory is taken, no lock.
class Line {
public:
    Line& operator<<(std::string_view text)
    {
        for (const char c : text) {
            if (length_ < text_.size()) {
                text_[length_++] = c;
            }
        }
        return *this;
    }
    Line& operator<<(std::int64_t number)
    {
        std::array<char, 20> digits{};
        std::size_t first = digits.size();
        do {
            digits[--first] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0 && first > 0);
        return *this << std::string_view(digits.data() + first, digits.size() - first);
    }
    void write_to_stderr() const
    {
        // Nothing can be done if it fails.
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text_.data(), length_);
    }

private:
    std::array<char, 256> text_{};
    std::size_t length_ = 0;
};

extern "C" void write_note(int signal)
{
    Line line;
    if (all_ranks > 1) {
        line << "rank " << std::int64_t{my_rank} << " of " << std::int64_t{all_ranks};
    } else {
        line << "axolemma";
    }
    line << " died by signal " << std::int64_t{signal};
    for (std::size_t k = 0; k < crashes.size(); ++k) {
        if (crashes[k].signal == signal) {
            line << " (" << crashes[k].name << ")";
            sigaction(signal, &action_before[k], nullptr);
        }
    }
    if (const auto cells = run::cells_in_work(); cells.last >= 0) {
        line << " while computing cells " << cells.first << " to " << cells.last;
    }
    line << "\n";
    line.write_to_stderr();
    raise(signal);  // blocked until this returns
}

}  // namespace

void note_crashes(int rank, int n_ranks)
{
    my_rank = rank;
    all_ranks = n_ranks;
    for (std::size_t k = 0; k < crashes.size(); ++k) {
        struct sigaction note {};
        note.sa_handler = write_note;
        sigemptyset(&note.sa_mask);
        note.sa_flags = SA_ONSTACK;  // where a sanitizer or a library has given the thread a second stack
        sigaction(crashes[k].signal, &note, &action_before[k]);
    }
}

}  // namespace axolemma::cli
