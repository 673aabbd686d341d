#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace axolemma::cli {

ProgressLine::ProgressLine(bool wanted, double stop_ms)
    : active_(wanted && isatty(STDERR_FILENO) == 1), stop_ms_(stop_ms), start_(Clock::now()), last_(start_)
{}

ProgressLine::~ProgressLine()
{
    clear();
}

void ProgressLine::show(std::int64_t done, std::int64_t total)
{
    const auto now = Clock::now();
    if (!active_ || now - last_ < std::chrono::milliseconds(100) || done <= 0) {
        return;
    }
    last_ = now;
    drawn_ = true;
    constexpr int width = 30;
    const double share = static_cast<double>(done) / static_cast<double>(total);
    const int filled = static_cast<int>(share * width);
    const double spent_s = std::chrono::duration<double>(now - start_).count();
    fmt::print(stderr, "\r\033[K[{:#<{}}{:.<{}}] {:3.0f} %  t = {:.4g} of {:.4g} ms  {} left", "", filled, "",
               width - filled, 100.0 * share, share * stop_ms_, stop_ms_,
               duration_text(spent_s * (1.0 - share) / share));
    std::fflush(stderr);
}

void ProgressLine::clear()
{
    if (drawn_) {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
        drawn_ = false;
    }
}

std::string duration_text(double seconds)
{
    if (seconds < 60.0) {
        return fmt::format("{:.3g} s", seconds);
    }
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 3600) {
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace axolemma::cli
