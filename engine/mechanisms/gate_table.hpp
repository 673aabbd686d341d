/// The update of voltage-only gates as a table.
///
/// With dt and the temperature fixed, such a gate advances by x <- a(V) x + b(V). a and b of up to four gates of a mechanism
/// are stored as piecewise parabolas on one voltage grid, the numbers of one grid interval side by side, so that an update is
/// a few loads from one place however complicated the rate formulas are. One or two gates share a table of half the size.
///
/// A table is built for an error: of a gate held at any voltage for ever, and so of its steady state too, that is
/// max(|da|, |db|) / (1 - a). It is measured against the formulas between the interpolation points; the grid is made finer
/// until it is below the bound, or no grid will do. Outside the grid the formula itself is evaluated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/aligned_array.hpp"
#include "mechanisms/gate.hpp"

namespace axolemma::mechanisms {

/// Gates of the voltage alone. Temperature, dt and whatever else their rates depend on are settled.
class GateFormulas {
public:
    virtual ~GateFormulas() = default;
    /// 1 to GateTable::max_gates.
    virtual std::size_t n_gates() const = 0;
    /// a and b for any voltage; what is not a number at single voltages only (0/0) is told from beside it.
    virtual GateStep step(std::size_t gate, double v_mV) const = 0;
};

class GateTable {
public:
    static constexpr std::size_t max_gates = 4;
    static constexpr std::size_t degree = 2;
    /// Numbers per grid interval of a table with room for `capacity` gates: for each power of the distance from its middle
    /// [mV], a of every gate and b of every gate.
    static constexpr std::size_t stride(std::size_t capacity) { return 2 * capacity * (degree + 1); }
    /// The grid goes from -limit to +limit. Beyond what membranes do; strong extracellular fields go beyond it.
    static constexpr double limit_mV = 200.0;

    /// @param bound  of the error, > 0. The finest grid has 64 intervals per mV; error() tells whether that was enough
    GateTable(std::shared_ptr<const GateFormulas> formulas, double bound);

    /// Gates there is room for: 2 or 4.
    std::size_t capacity() const { return capacity_; }
    /// A power of two. Interval i has its middle at i / intervals_per_mV().
    double intervals_per_mV() const { return per_mV_; }
    /// Largest error found when it was built.
    double error() const { return error_; }
    /// Interval 0, around 0 mV; the others before and behind it.
    const double* middle() const { return values_.data() + static_cast<std::size_t>(n_half_) * stride(capacity_); }
    std::size_t bytes() const { return values_.size() * sizeof(double); }

    /// a and b of a gate from the table; |V| <= limit_mV.
    GateStep look_up(std::size_t gate, double v_mV) const;
    /// a and b of a gate from the formulas.
    GateStep exact(std::size_t gate, double v_mV) const { return formulas_->step(gate, v_mV); }

private:
    GateStep evaluate(std::size_t gate, std::int32_t interval, double distance_mV) const;
    void fill();
    double measure() const;

    std::shared_ptr<const GateFormulas> formulas_;
    std::size_t capacity_;
    double per_mV_ = 1.0, error_ = 0.0;
    std::int32_t n_half_ = 0;  ///< intervals on each side of the one around 0 mV
    base::AlignedArray<double> values_;
};

}  // namespace axolemma::mechanisms
