#include <algorithm>
#include <cmath>

#include "mechanisms/catalogue.hpp"
#include "mechanisms/gate_table.hpp"
#include "support/catch.hpp"

using namespace axolemma::mechanisms;

namespace {

const MechanismInfo& hh()
{
    return *find_mechanism("hh");
}

/// The update as the formulas give it, in long double: independent of the engine's exp and of its table.
struct ExactStep {
    long double a, b;
};
ExactStep exact_step(std::size_t gate, double v_mV, double temperature_degC, double dt_ms)
{
    const auto v = static_cast<long double>(v_mV);
    const auto relr = [](long double x) { return x == 0.0L ? 1.0L : x / std::expm1(x); };
    long double alpha = 0, beta = 0;
    switch (gate) {
    case 0: alpha = relr(-(v + 40) / 10), beta = 4 * std::exp(-(v + 65) / 18); break;
    case 1: alpha = 0.07L * std::exp(-(v + 65) / 20), beta = 1 / (1 + std::exp(-(v + 35) / 10)); break;
    default: alpha = 0.1L * relr(-(v + 55) / 10), beta = 0.125L * std::exp(-(v + 65) / 80); break;
    }
    const long double q = std::pow(3.0L, (static_cast<long double>(temperature_degC) - 6.3L) / 10);
    const long double exponent = -static_cast<long double>(dt_ms) * q * (alpha + beta);
    return {std::exp(exponent), -std::expm1(exponent) * alpha / (alpha + beta)};
}

/// The error as mechanisms/gate_table.hpp defines it, on a grid that knows nothing of the table's.
double densely_measured_error(const GateTable& table, double temperature_degC, double dt_ms)
{
    long double worst = 0.0L;
    const int n = 40'000;
    for (int k = 0; k < n; ++k) {
        const double v_mV = GateTable::limit_mV * (2.0 * (k + 0.37) / n - 1.0);
        for (std::size_t gate = 0; gate < 3; ++gate) {
            const auto exact = exact_step(gate, v_mV, temperature_degC, dt_ms);
            const auto found = table.look_up(gate, v_mV);
            const long double error = std::max(std::abs(found.a - exact.a), std::abs(found.b - exact.b));
            worst = std::max(worst, error / (1 - exact.a));
        }
    }
    return static_cast<double>(worst);
}

}  // namespace

TEST_CASE("a gate table keeps its bound, for steps and temperatures of every kind", "[mechanisms][table]")
{
    for (const double dt_ms : {0.001, 0.025, 0.1, 1.0}) {
        for (const double temperature_degC : {6.3, 20.0, 37.0}) {
            for (const double bound : {1e-3, 1e-5, 1e-7, 1e-9}) {
                const GateTable table(hh(), temperature_degC, dt_ms, bound);
                INFO("dt " << dt_ms << " ms, " << temperature_degC << " degC, bound " << bound << ": error "
                           << table.error() << " with " << table.intervals_per_mV() << " intervals per mV");
                CHECK(table.error() <= bound);
            }
        }
    }
}

TEST_CASE("the stated error of a gate table is the one found by a dense comparison with the formulas",
          "[mechanisms][table]")
{
    for (const double dt_ms : {0.005, 0.025, 0.5}) {
        for (const double temperature_degC : {6.3, 37.0}) {
            for (const double bound : {1e-4, 1e-7}) {
                const GateTable table(hh(), temperature_degC, dt_ms, bound);
                const double found = densely_measured_error(table, temperature_degC, dt_ms);
                INFO("dt " << dt_ms << " ms, " << temperature_degC << " degC, bound " << bound);
                // The largest error of a cubic through Chebyshev points is taken at the ends of an interval and between the
                // points, close to the places the table probes: it may miss 2 % of it. Rounding: 1e-15 over 1 - a.
                CHECK(found <= 1.02 * table.error() + 1e-12);
                CHECK(found >= 0.8 * table.error() - 1e-12);
            }
        }
    }
}

TEST_CASE("a finer bound makes a finer table, and a grid that is fine enough is not made finer", "[mechanisms][table]")
{
    double per_mV = 0.0;
    for (const double bound : {1e-2, 1e-4, 1e-6, 1e-8, 1e-10}) {
        const GateTable table(hh(), 6.3, 0.025, bound);
        CHECK(table.intervals_per_mV() >= per_mV);
        per_mV = table.intervals_per_mV();
        const auto n_intervals = static_cast<std::size_t>(2.0 * GateTable::limit_mV * per_mV) + 1;
        CHECK(table.bytes() == n_intervals * GateTable::stride(table.capacity()) * sizeof(double));
    }
    CHECK(per_mV > 2.0);
}

TEST_CASE("the error of a gate table falls with the third power of the grid", "[mechanisms][table]")
{
    // A parabola has an error of order three. From 1e-4 on the intervals are short beside the 10 mV over which rates change.
    const GateTable coarse(hh(), 6.3, 0.025, 1e-5);
    const GateTable fine(hh(), 6.3, 0.025, 1e-9);
    const double ratio = fine.intervals_per_mV() / coarse.intervals_per_mV();
    REQUIRE(ratio >= 4.0);
    const double order = std::log(coarse.error() / fine.error()) / std::log(ratio);
    CAPTURE(order, ratio);
    CHECK(order > 2.8);
    CHECK(order < 3.2);
}

TEST_CASE("a gate that follows its table for ever stays within the bound of its steady state", "[mechanisms][table]")
{
    const double bound = 1e-6;
    const GateTable table(hh(), 6.3, 0.025, bound);
    for (const double v_mV : {-90.3, -65.0, -41.7, -0.1, 39.9}) {
        for (std::size_t gate = 0; gate < 3; ++gate) {
            const auto step = table.look_up(gate, v_mV);
            const double steady = step.b / (1.0 - step.a);
            // Errors of a and of b both move it: twice the bound.
            CHECK(steady == Approx(hh().gates[gate].rates(v_mV).steady_state()).epsilon(0).margin(2.0 * bound));
        }
    }
}

TEST_CASE("equal gate tables are one table for as long as somebody holds it", "[mechanisms][table]")
{
    const auto table = shared_gate_table(hh(), 6.3, 0.025, 1e-7);
    CHECK(shared_gate_table(hh(), 6.3, 0.025, 1e-7) == table);
    const auto other_dt = shared_gate_table(hh(), 6.3, 0.0125, 1e-7);
    const auto other_temperature = shared_gate_table(hh(), 16.3, 0.025, 1e-7);
    const auto other_bound = shared_gate_table(hh(), 6.3, 0.025, 1e-5);
    CHECK(other_dt != table);
    CHECK(other_temperature != table);
    CHECK(other_bound != table);
    CHECK(other_dt->exact(0, -40.0).a > table->exact(0, -40.0).a);           // half of the way
    CHECK(other_temperature->exact(0, -40.0).a < table->exact(0, -40.0).a);  // three times as fast
    CHECK(other_dt->look_up(0, -40.0).a == Approx(other_dt->exact(0, -40.0).a).epsilon(0).margin(1e-7));
    CHECK(other_temperature->look_up(0, -40.0).a ==
          Approx(other_temperature->exact(0, -40.0).a).epsilon(0).margin(1e-7));
    std::weak_ptr<const GateTable> watched;
    {
        const auto brief = shared_gate_table(hh(), 6.3, 0.033, 1e-5);
        watched = brief;
    }
    CHECK(watched.expired());
    CHECK(shared_gate_table(hh(), 6.3, 0.033, 1e-5) != nullptr);
}
