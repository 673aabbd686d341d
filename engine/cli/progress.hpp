/// One line on the terminal that says how far a run is and when it will be done.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace axolemma::cli {

/// Draws on stderr, only when that is a terminal, at most ten times a second.
class ProgressLine {
public:
    /// @param stop_ms  model time at the end
    ProgressLine(bool wanted, double stop_ms);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(std::int64_t done, std::int64_t total);
    /// Removes the line.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    bool active_;
    bool drawn_ = false;
    double stop_ms_;
    Clock::time_point start_, last_;
};

/// "0.8 s", "1 min 20 s", "3 h 5 min".
std::string duration_text(double seconds);

}  // namespace axolemma::cli
