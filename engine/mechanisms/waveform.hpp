/// A number as a function of time: what a clamp is told to deliver (nA for current, mV for voltage).
#pragma once

#include <variant>
#include <vector>

namespace axolemma::mechanisms {

/// Straight from `from` at t0 to `to` at t1; nothing outside.
struct LinearPiece {
    double t0_ms = 0, t1_ms = 0;
    double from = 0, to = 0;
};

/// Pieces in ascending order without overlap, repeated `count` times with `period_ms`. Zero between and outside.
struct Pieces {
    std::vector<LinearPiece> list;
    double period_ms = 0;
    long long count = 1;
};

/// offset + amplitude sin(2 pi f (t - t0) + phase) from t0 to t1; zero outside.
struct Sine {
    double t0_ms = 0, t1_ms = 0;
    double amplitude = 0, frequency_Hz = 0, phase_rad = 0, offset = 0;
};

/// Value, mean and activity of a waveform at a time.
class Waveform {
public:
    Waveform() = default;
    explicit Waveform(Pieces pieces) : shape_(std::move(pieces)) {}
    explicit Waveform(Sine sine) : shape_(sine) {}

    /// Value at t, continuous from the right. Edges that lie on t but for rounding (1e-9 of the step dt and 4 units in the
    /// last place of t) are taken to lie on it, as in mean(): t is a product of a step number, an edge is a decimal number.
    double value(double t_ms, double dt_ms = 0.0) const;
    /// Value just before t (the limit from the left), edges as in value().
    double value_before(double t_ms, double dt_ms = 0.0) const;
    /// Mean over [t0, t1], absence counting as 0 and jumps inside the interval with their exact share. Edges that lie on
    /// an end of the interval but for rounding (1e-9 of its length and 4 units in the last place of the time) are taken to
    /// lie on it, so that a pulse on the time grid has its exact amplitude in every step.
    double mean(double t0_ms, double t1_ms) const;
    /// Share of [t0, t1] during which the waveform is present, 0..1, edges as in mean(). A voltage clamp lets go where its
    /// waveform is absent; mean() / share() is the mean while it holds.
    double share(double t0_ms, double t1_ms) const;
    /// Is it present at t? Its first instant counts, its last does not; edges as in value().
    bool present(double t_ms, double dt_ms = 0.0) const;
    /// Value at the end of the last stretch of [t0, t1] during which it is present (the limit from the left); 0 if share()
    /// is 0.
    double last_value(double t0_ms, double t1_ms) const;
    /// The same at the start of the first stretch (the limit from the right).
    double first_value(double t0_ms, double t1_ms) const;
    /// Mean slope while it is present in [t0, t1], jumps left out; 0 if share() is 0.   [1/ms]
    double slope(double t0_ms, double t1_ms) const;
    /// Does it jump, begin or end anywhere in [t0, t1)? Edges that lie on an end but for rounding count as lying on it.
    bool jumps(double t0_ms, double t1_ms) const;
    /// A time up to which mean() over steps from t on does not change; t where it is about to, or always does.
    double steady_until_ms(double t_ms) const;
    /// The value with the largest magnitude it ever takes (a sine: as if it lasted for a whole period).
    double peak() const;
    /// When it first and last does anything; {0, 0} for an empty waveform.   [ms]
    double begin_ms() const;
    double end_ms() const;

private:
    std::variant<Pieces, Sine> shape_;
};

}  // namespace axolemma::mechanisms
