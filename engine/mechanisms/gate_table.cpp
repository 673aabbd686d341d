#include "mechanisms/gate_table.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace axolemma::mechanisms {

namespace {

constexpr double coarsest_per_mV = 0.5;
constexpr double finest_per_mV = 64.0;
/// Places inside each interval where the error is measured: of a polynomial through Chebyshev points it is largest at the
/// ends and between the points.
constexpr std::array<double, 7> probes{-0.4999999, -0.375, -0.25, 0.0, 0.25, 0.375, 0.4999999};

constexpr std::size_t n_points = GateTable::degree + 1;
using Points = std::array<double, n_points>;

/// Chebyshev points of [-1/2, 1/2]: cos((2 k + 1) pi / 6) / 2.
constexpr Points chebyshev_points{-0.43301270189221932338, 0.0, 0.43301270189221932338};

/// Parabolas on half the interval have an eighth of the error, unless the formulas have a kink or a jump: half of it or all.
/// Then the finest grid would not do either.
bool is_hopeless(double per_mV, double error, double last_error, double bound)
{
    constexpr double fine_enough_to_tell_per_mV = 8.0;
    const double finer = finest_per_mV / per_mV;
    return per_mV >= fine_enough_to_tell_per_mV && !(error < last_error / 3.0) && error > bound * finer * finer;
}

/// Coefficients, lowest power first, of the polynomial through values y at points u: Newton's divided differences,
/// multiplied out.
Points polynomial(const Points& u, Points y)
{
    for (std::size_t order = 1; order < n_points; ++order) {
        for (std::size_t k = n_points - 1; k >= order; --k) {
            y[k] = (y[k] - y[k - 1]) / (u[k] - u[k - order]);
        }
    }
    Points c{};
    for (std::size_t k = n_points; k-- > 0;) {  // c <- c (x - u[k]) + y[k]
        for (std::size_t power = n_points - 1; power > 0; --power) {
            c[power] = c[power - 1] - u[k] * c[power];
        }
        c[0] = y[k] - u[k] * c[0];
    }
    return c;
}

}  // namespace

GateTable::GateTable(std::shared_ptr<const GateFormulas> formulas, double bound)
    : formulas_(std::move(formulas)), capacity_(formulas_->n_gates() <= 2 ? 2 : max_gates)
{
    assert(formulas_->n_gates() >= 1 && formulas_->n_gates() <= max_gates && "a table holds one to four gates");
    double last_error = std::numeric_limits<double>::infinity();
    for (per_mV_ = coarsest_per_mV;; per_mV_ *= 2.0) {
        n_half_ = static_cast<std::int32_t>(limit_mV * per_mV_);
        fill();
        error_ = measure();
        if (error_ <= bound || per_mV_ >= finest_per_mV || is_hopeless(per_mV_, error_, last_error, bound)) {
            break;
        }
        last_error = error_;
    }
}

void GateTable::fill()
{
    values_.assign(static_cast<std::size_t>(2 * n_half_ + 1) * stride(capacity_), 0.0);
    Points u_mV{};
    for (std::size_t k = 0; k < n_points; ++k) {
        u_mV[k] = chebyshev_points[k] / per_mV_;
    }
    for (std::int32_t i = -n_half_; i <= n_half_; ++i) {
        double* interval = values_.data() + static_cast<std::size_t>(i + n_half_) * stride(capacity_);
        for (std::size_t gate = 0; gate < formulas_->n_gates(); ++gate) {
            Points a{};
            Points b{};
            for (std::size_t k = 0; k < n_points; ++k) {
                const auto step = exact(gate, static_cast<double>(i) / per_mV_ + u_mV[k]);
                a[k] = step.a;
                b[k] = step.b;
            }
            const auto of_a = polynomial(u_mV, a);
            const auto of_b = polynomial(u_mV, b);
            for (std::size_t power = 0; power <= degree; ++power) {
                interval[power * 2 * capacity_ + gate] = of_a[power];
                interval[power * 2 * capacity_ + capacity_ + gate] = of_b[power];
            }
        }
    }
}

double GateTable::measure() const
{
    double worst = 0.0;
    for (std::int32_t i = -n_half_; i <= n_half_; ++i) {
        for (const double u : probes) {
            const double v_mV = (static_cast<double>(i) + u) / per_mV_;
            for (std::size_t gate = 0; gate < formulas_->n_gates(); ++gate) {
                const auto wanted = exact(gate, v_mV);
                const auto found = evaluate(gate, i, v_mV - static_cast<double>(i) / per_mV_);
                const double error = std::max(std::abs(found.a - wanted.a), std::abs(found.b - wanted.b));
                const double relative = error / (1.0 - wanted.a);
                worst = relative <= worst ? worst : relative;  // NaN stays, and keeps no bound
                if (std::isnan(worst)) {
                    return std::numeric_limits<double>::infinity();
                }
            }
        }
    }
    return worst;
}

GateStep GateTable::evaluate(std::size_t gate, std::int32_t interval, double distance_mV) const
{
    const double* c = middle() + interval * static_cast<std::ptrdiff_t>(stride(capacity_)) + gate;
    GateStep step{0.0, 0.0};
    for (std::size_t power = degree + 1; power-- > 0;) {
        step.a = step.a * distance_mV + c[power * 2 * capacity_];
        step.b = step.b * distance_mV + c[power * 2 * capacity_ + capacity_];
    }
    return step;
}

GateStep GateTable::look_up(std::size_t gate, double v_mV) const
{
    const double nearest = std::nearbyint(v_mV * per_mV_);
    return evaluate(gate, static_cast<std::int32_t>(nearest), v_mV - nearest / per_mV_);
}

}  // namespace axolemma::mechanisms
