#include "mechanisms/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace axolemma::mechanisms {

namespace {

double at(const LinearPiece& piece, double t_ms) {
    const double share = (t_ms - piece.t0_ms) / (piece.t1_ms - piece.t0_ms);
    return piece.from + (piece.to - piece.from) * share;
}

double at(const Sine& sine, double t_ms) {
    const double cycles = 1e-3 * sine.frequency_Hz * (t_ms - sine.t0_ms);
    return sine.offset + sine.amplitude * std::sin(2.0 * std::numbers::pi * cycles + sine.phase_rad);
}

/// First repeat that may reach past t.
long long first_repeat(const Pieces& pieces, double t_ms) {
    if (pieces.count <= 1 || pieces.period_ms <= 0.0 || pieces.list.empty()) {
        return 0;
    }
    const double last_end = pieces.list.back().t1_ms;
    const double k = std::floor((t_ms - last_end) / pieces.period_ms);
    return std::clamp(static_cast<long long>(std::clamp(k, 0.0, 1e15)), 0LL, pieces.count - 1);
}

LinearPiece shifted(LinearPiece piece, double by_ms) {
    piece.t0_ms += by_ms;
    piece.t1_ms += by_ms;
    return piece;
}

/// Calls visit(piece) for the pieces that may touch [t0, t1], in order, until it returns false.
template <class Visit>
void for_pieces(const Pieces& pieces, double t0_ms, double t1_ms, Visit visit) {
    for (long long k = first_repeat(pieces, t0_ms); k < pieces.count; ++k) {
        const double by_ms = static_cast<double>(k) * pieces.period_ms;
        if (pieces.list.empty() || pieces.list.front().t0_ms + by_ms > t1_ms) {
            return;
        }
        auto first = std::partition_point(pieces.list.begin(), pieces.list.end(),
                                          [&](const LinearPiece& p) { return p.t1_ms + by_ms < t0_ms; });
        for (; first != pieces.list.end() && first->t0_ms + by_ms <= t1_ms; ++first) {
            if (!visit(shifted(*first, by_ms))) {
                return;
            }
        }
    }
}

double mean_of(const Pieces& pieces, double t0_ms, double t1_ms) {
    const double length_ms = t1_ms - t0_ms;
    const double snap_ms = 1e-9 * length_ms;
    double mean = 0.0;
    for_pieces(pieces, t0_ms, t1_ms, [&](const LinearPiece& piece) {
        const double a = piece.t0_ms < t0_ms + snap_ms ? t0_ms : piece.t0_ms;
        const double b = piece.t1_ms > t1_ms - snap_ms ? t1_ms : piece.t1_ms;
        if (b - a > snap_ms) {
            const double share = a == t0_ms && b == t1_ms ? 1.0 : (b - a) / length_ms;
            mean += share * at(piece, 0.5 * (a + b));
        }
        return true;
    });
    return mean;
}

double mean_of(const Sine& sine, double t0_ms, double t1_ms) {
    const double a = std::max(t0_ms, sine.t0_ms);
    const double b = std::min(t1_ms, sine.t1_ms);
    if (b <= a) {
        return 0.0;
    }
    // Simpson's rule: fourth order, exact to rounding for the steps that resolve the wave.
    const double mean = (at(sine, a) + 4.0 * at(sine, 0.5 * (a + b)) + at(sine, b)) / 6.0;
    return mean * ((b - a) / (t1_ms - t0_ms));
}

}  // namespace

double Waveform::value(double t_ms) const {
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return t_ms >= sine->t0_ms && t_ms < sine->t1_ms ? at(*sine, t_ms) : 0.0;
    }
    double value = 0.0;
    for_pieces(std::get<Pieces>(shape_), t_ms, t_ms, [&](const LinearPiece& piece) {
        if (t_ms >= piece.t0_ms && t_ms < piece.t1_ms) {
            value = at(piece, t_ms);
        }
        return true;
    });
    return value;
}

double Waveform::value_before(double t_ms) const {
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return t_ms > sine->t0_ms && t_ms <= sine->t1_ms ? at(*sine, t_ms) : 0.0;
    }
    double value = 0.0;
    for_pieces(std::get<Pieces>(shape_), t_ms, t_ms, [&](const LinearPiece& piece) {
        if (t_ms > piece.t0_ms && t_ms <= piece.t1_ms) {
            value = at(piece, t_ms);
        }
        return true;
    });
    return value;
}

double Waveform::mean(double t0_ms, double t1_ms) const {
    return std::visit([&](const auto& shape) { return mean_of(shape, t0_ms, t1_ms); }, shape_);
}

bool Waveform::active(double t0_ms, double t1_ms) const {
    const double snap_ms = 1e-9 * (t1_ms - t0_ms);
    const auto overlaps = [&](double a, double b) { return a < t1_ms - snap_ms && b > t0_ms + snap_ms; };
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return overlaps(sine->t0_ms, sine->t1_ms);
    }
    bool found = false;
    for_pieces(std::get<Pieces>(shape_), t0_ms, t1_ms, [&](const LinearPiece& piece) {
        found = found || overlaps(piece.t0_ms, piece.t1_ms);
        return !found;
    });
    return found;
}

double Waveform::begin_ms() const {
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return sine->t0_ms;
    }
    const auto& pieces = std::get<Pieces>(shape_);
    return pieces.list.empty() ? 0.0 : pieces.list.front().t0_ms;
}

double Waveform::end_ms() const {
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return sine->t1_ms;
    }
    const auto& pieces = std::get<Pieces>(shape_);
    const double shift_ms = static_cast<double>(std::max(pieces.count, 1LL) - 1) * pieces.period_ms;
    return pieces.list.empty() ? 0.0 : pieces.list.back().t1_ms + shift_ms;
}

}  // namespace axolemma::mechanisms
