#include "mechanisms/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace axolemma::mechanisms {

namespace {

double at(const LinearPiece& piece, double t_ms)
{
    const double share = (t_ms - piece.t0_ms) / (piece.t1_ms - piece.t0_ms);
    return piece.from + (piece.to - piece.from) * share;
}

double at(const Sine& sine, double t_ms)
{
    const double cycles = 1e-3 * sine.frequency_Hz * (t_ms - sine.t0_ms);
    return sine.offset + sine.amplitude * std::sin(2.0 * std::numbers::pi * cycles + sine.phase_rad);
}

/// First repeat that may reach past t.
long long first_repeat(const Pieces& pieces, double t_ms)
{
    if (pieces.count <= 1 || pieces.period_ms <= 0.0 || pieces.list.empty()) {
        return 0;
    }
    const double last_end = pieces.list.back().t1_ms;
    const double k = std::floor((t_ms - last_end) / pieces.period_ms);
    return std::clamp(static_cast<long long>(std::clamp(k, 0.0, 1e15)), 0LL, pieces.count - 1);
}

LinearPiece shifted(LinearPiece piece, double by_ms)
{
    piece.t0_ms += by_ms;
    piece.t1_ms += by_ms;
    return piece;
}

/// Calls visit(piece) for the pieces that may touch [t0, t1], in order, until it returns false.
template <class Visit>
void for_pieces(const Pieces& pieces, double t0_ms, double t1_ms, Visit visit)
{
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

/// How far an edge may lie from the end of an interval and still be meant to lie on it: times are products of a step or
/// repeat number, so each is off by a few units in the last place.
double snap(double t0_ms, double t1_ms)
{
    return 1e-9 * (t1_ms - t0_ms) + 4.0 * std::numeric_limits<double>::epsilon() * std::abs(t1_ms);
}

/// The part of [t0, t1] that a shape from `from` to `to` covers; empty when shorter than rounding.
struct Part {
    double a_ms, b_ms;
    double share;
};

Part part_of(double from_ms, double to_ms, double t0_ms, double t1_ms)
{
    const double snap_ms = snap(t0_ms, t1_ms);
    const double a = from_ms < t0_ms + snap_ms ? t0_ms : from_ms;
    const double b = to_ms > t1_ms - snap_ms ? t1_ms : to_ms;
    if (!(b - a > snap_ms)) {
        return {t0_ms, t0_ms, 0.0};
    }
    return {a, b, a == t0_ms && b == t1_ms ? 1.0 : (b - a) / (t1_ms - t0_ms)};
}

/// Calls visit(part, what) for every part of [t0, t1] in which the waveform is present, in order of time.
template <class Visit>
void for_parts(const Pieces& pieces, double t0_ms, double t1_ms, Visit visit)
{
    for_pieces(pieces, t0_ms, t1_ms, [&](const LinearPiece& piece) {
        if (const Part part = part_of(piece.t0_ms, piece.t1_ms, t0_ms, t1_ms); part.share > 0.0) {
            visit(part, piece);
        }
        return true;
    });
}

template <class Visit>
void for_parts(const Sine& sine, double t0_ms, double t1_ms, Visit visit)
{
    if (const Part part = part_of(sine.t0_ms, sine.t1_ms, t0_ms, t1_ms); part.share > 0.0) {
        visit(part, sine);
    }
}

/// Calls visit(what) for the pieces, or the sine, that may touch t but for rounding, until it returns false.
template <class Visit>
void visit_around(const std::variant<Pieces, Sine>& shape, double t_ms, double snap_ms, Visit visit)
{
    if (const auto* sine = std::get_if<Sine>(&shape)) {
        visit(*sine);
    } else {
        for_pieces(std::get<Pieces>(shape), t_ms - snap_ms, t_ms + snap_ms, visit);
    }
}

double mean_over(const LinearPiece& piece, const Part& part)
{
    return at(piece, 0.5 * (part.a_ms + part.b_ms));
}

/// The mean of a sine over an interval is its value in the middle times sin(x)/x, x half the phase that passes.
double mean_over(const Sine& sine, const Part& part)
{
    const double x = 1e-3 * std::numbers::pi * sine.frequency_Hz * (part.b_ms - part.a_ms);
    const double damping = x == 0.0 ? 1.0 : std::sin(x) / x;
    return sine.offset + damping * (at(sine, 0.5 * (part.a_ms + part.b_ms)) - sine.offset);
}

}  // namespace

double Waveform::value(double t_ms, double dt_ms) const
{
    const double snap_ms = snap(t_ms - dt_ms, t_ms);
    double value = 0.0;
    const auto take = [&](const auto& what) {
        if (t_ms >= what.t0_ms - snap_ms && t_ms < what.t1_ms - snap_ms) {
            value = at(what, std::max(t_ms, what.t0_ms));
        }
        return true;
    };
    visit_around(shape_, t_ms, snap_ms, take);
    return value;
}

double Waveform::value_before(double t_ms, double dt_ms) const
{
    const double snap_ms = snap(t_ms - dt_ms, t_ms);
    double value = 0.0;
    const auto take = [&](const auto& what) {
        if (t_ms > what.t0_ms + snap_ms && t_ms <= what.t1_ms + snap_ms) {
            value = at(what, std::min(t_ms, what.t1_ms));
        }
        return true;
    };
    visit_around(shape_, t_ms, snap_ms, take);
    return value;
}

double Waveform::mean(double t0_ms, double t1_ms) const
{
    double mean = 0.0;
    const auto add = [&](const Part& part, const auto& what) { mean += part.share * mean_over(what, part); };
    std::visit([&](const auto& shape) { for_parts(shape, t0_ms, t1_ms, add); }, shape_);
    return mean;
}

double Waveform::share(double t0_ms, double t1_ms) const
{
    double share = 0.0;
    const auto add = [&](const Part& part, const auto&) { share += part.share; };
    std::visit([&](const auto& shape) { for_parts(shape, t0_ms, t1_ms, add); }, shape_);
    return share;
}

bool Waveform::present(double t_ms, double dt_ms) const
{
    const double snap_ms = snap(t_ms - dt_ms, t_ms);
    bool found = false;
    const auto look = [&](const auto& what) {
        found = found || (t_ms >= what.t0_ms - snap_ms && t_ms < what.t1_ms - snap_ms);
        return !found;
    };
    visit_around(shape_, t_ms, snap_ms, look);
    return found;
}

double Waveform::last_value(double t0_ms, double t1_ms) const
{
    double value = 0.0;
    const auto take = [&](const Part& part, const auto& what) { value = at(what, part.b_ms); };
    std::visit([&](const auto& shape) { for_parts(shape, t0_ms, t1_ms, take); }, shape_);
    return value;
}

double Waveform::first_value(double t0_ms, double t1_ms) const
{
    double value = 0.0;
    bool found = false;
    const auto take = [&](const Part& part, const auto& what) {
        value = found ? value : at(what, part.a_ms);
        found = true;
    };
    std::visit([&](const auto& shape) { for_parts(shape, t0_ms, t1_ms, take); }, shape_);
    return value;
}

double Waveform::slope(double t0_ms, double t1_ms) const
{
    double rise = 0.0;
    double present_ms = 0.0;
    const auto add = [&](const Part& part, const auto& what) {
        rise += at(what, part.b_ms) - at(what, part.a_ms);
        present_ms += part.b_ms - part.a_ms;
    };
    std::visit([&](const auto& shape) { for_parts(shape, t0_ms, t1_ms, add); }, shape_);
    return present_ms > 0.0 ? rise / present_ms : 0.0;
}

bool Waveform::jumps(double t0_ms, double t1_ms) const
{
    const double snap_ms = snap(t0_ms, t1_ms);
    const auto inside = [&](double edge_ms) { return edge_ms > t0_ms - snap_ms && edge_ms < t1_ms - snap_ms; };
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return inside(sine->t0_ms) || inside(sine->t1_ms);
    }
    bool found = false;
    double end_ms = -std::numeric_limits<double>::infinity();
    double end_value = 0.0;
    for_pieces(std::get<Pieces>(shape_), t0_ms - snap_ms, t1_ms, [&](const LinearPiece& piece) {
        const bool follows = std::abs(piece.t0_ms - end_ms) <= snap_ms;
        found =
            found || (follows ? piece.from != end_value && inside(piece.t0_ms) : inside(end_ms) || inside(piece.t0_ms));
        end_ms = piece.t1_ms;
        end_value = piece.to;
        return !found;
    });
    return found || inside(end_ms);
}

double Waveform::steady_until_ms(double t_ms) const
{
    double until_ms = std::numeric_limits<double>::infinity();
    const auto look = [&](double t0_ms, double t1_ms, bool flat) {
        if (t_ms <= t0_ms) {
            until_ms = t0_ms;
        } else if (t_ms < t1_ms) {
            until_ms = flat ? t1_ms : t_ms;
        } else {
            return true;
        }
        return false;
    };
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        look(sine->t0_ms, sine->t1_ms, false);
    } else {
        for_pieces(std::get<Pieces>(shape_), t_ms, until_ms,
                   [&](const LinearPiece& piece) { return look(piece.t0_ms, piece.t1_ms, piece.from == piece.to); });
    }
    return until_ms;
}

double Waveform::peak() const
{
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return sine->offset + std::copysign(sine->amplitude, sine->offset);
    }
    double peak = 0.0;
    for (const auto& piece : std::get<Pieces>(shape_).list) {
        for (const double value : {piece.from, piece.to}) {
            peak = std::abs(value) > std::abs(peak) ? value : peak;
        }
    }
    return peak;
}

double Waveform::begin_ms() const
{
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return sine->t0_ms;
    }
    const auto& pieces = std::get<Pieces>(shape_);
    return pieces.list.empty() ? 0.0 : pieces.list.front().t0_ms;
}

double Waveform::end_ms() const
{
    if (const auto* sine = std::get_if<Sine>(&shape_)) {
        return sine->t1_ms;
    }
    const auto& pieces = std::get<Pieces>(shape_);
    const double shift_ms = static_cast<double>(std::max(pieces.count, 1LL) - 1) * pieces.period_ms;
    return pieces.list.empty() ? 0.0 : pieces.list.back().t1_ms + shift_ms;
}

}  // namespace axolemma::mechanisms
