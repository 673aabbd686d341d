#include <cmath>

#include "kinetics/mechanism.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/columns.hpp"
#include "unit/kinetics/formulas.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

namespace {

/// Calcium in a shell: ca' = -i gain + (rest - ca)/tau, with tau, rest and gain (mM per ms and mA/cm2).
Equations pool()
{
    Equations equations;
    equations.info.name = "pool";
    equations.info.parameters = {
        {"tau", "ms", 80.0, 1e-3, 1e6, ""}, {"rest", "mM", 5e-5, 0.0, 1.0, ""}, {"gain", "1", 0.5, 0.0, 1e6, ""}};
    equations.info.states = {{"ca", "", "mM"}};
    equations.info.ions = {{"ca", 2}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::current_mA_per_cm2}};
    equations.info.ion_writes = {{0, mechanisms::IonQuantity::inside_mM}};
    test::Formulas f(equations.graph);
    const auto ca = f.state(0);
    equations.initial = {f.parameter(1)};
    equations.stages = {
        OdeSystem{.states = {0},
                  .derivatives = {-(f.ion(0) * f.parameter(2)) + (f.parameter(1) - ca) / f.parameter(0)},
                  .conserved = {},
                  .pos = {}}};
    equations.concentrations = {ca};
    equations.initial_concentrations = {ca};
    return equations;
}

constexpr double rt_over_f_mV = 25.0;

/// i = p v (inside - outside exp(-2v/25)) / (1 - exp(-2v/25)), with exprelr against 0/0.
Equations goldman()
{
    Equations equations;
    equations.info.name = "goldman";
    equations.info.parameters = {{"p", "1", 0.01, 0.0, 1.0, ""}};
    equations.info.currents = {{"ica", "", 0}};
    equations.info.ions = {{"ca", 2}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::inside_mM}, {0, mechanisms::IonQuantity::outside_mM}};
    test::Formulas f(equations.graph);
    const auto x = f.number(2.0) * f.v() / f.number(rt_over_f_mV);
    const auto inward = f.ion(1) * f.apply(Op::exprelr, x);
    const auto outward = f.ion(0) * f.apply(Op::exprelr, -x);
    equations.currents = {f.parameter(0) * (outward - inward)};
    return equations;
}

}  // namespace

TEST_CASE("a pool of calcium follows its closed form for a constant current", "[kinetics]")
{
    const auto info = make_mechanism(pool());
    REQUIRE(info->writes_concentrations());
    test::Columns columns(*info, {-65.0, -65.0, -65.0});
    columns.ion_reads[0] = {0.0, -0.01, -2.0};
    columns.initialise();
    REQUIRE(columns.ion_writes[0] == test::Column(3, 5e-5));
    for (int step = 1; step <= 400; ++step) {
        columns.advance(0.1);
        for (std::size_t i = 0; i < 3; ++i) {
            const double level = 5e-5 - 80.0 * 0.5 * columns.ion_reads[0][i];
            const double expected = level + (5e-5 - level) * std::exp(-0.1 * step / 80.0);
            REQUIRE(columns.states[0][i] == Approx(expected).epsilon(1e-13));
        }
    }
    REQUIRE(columns.ion_writes[0] == columns.states[0]);
    // What the pool does depends on a current: it is not in a table.
    REQUIRE(speed_classes(*info) == std::vector<SpeedClass>{SpeedClass::program});
}

TEST_CASE("a Goldman-Hodgkin-Katz current is linearised by its tangent", "[kinetics]")
{
    const auto info = make_mechanism(goldman());
    const test::Column v{-120.0, -65.0, -1.0, -1e-6, 0.0, 1e-3, 30.0, 90.0};
    test::Columns columns(*info, v);
    const double inside = 1e-4;
    const double outside = 2.0;
    columns.ion_reads = {test::Column(v.size(), inside), test::Column(v.size(), outside)};
    const auto i = columns.currents()[0];
    const auto linear = columns.linearise();
    for (std::size_t k = 0; k < v.size(); ++k) {
        // p x (inside - outside e^-x) / (1 - e^-x) and its derivative, in long double and by central difference
        const auto exact = [&](long double voltage) {
            const long double x = 2.0L * voltage / static_cast<long double>(rt_over_f_mV);
            const long double of_x = x == 0.0L ? 1.0L : x / -std::expm1(-x);
            return 0.01L * of_x * (static_cast<long double>(inside) - static_cast<long double>(outside) * std::exp(-x));
        };
        const auto at = static_cast<long double>(v[k]);
        const long double width = 1e-4L;
        const auto slope = static_cast<double>((exact(at + width) - exact(at - width)) / (2.0L * width));
        INFO("v " << v[k]);
        REQUIRE(i[k] == Approx(static_cast<double>(exact(at))).epsilon(1e-12));
        REQUIRE(linear.g[k] == Approx(slope).epsilon(1e-9));  // width^2 of the difference
        REQUIRE(linear.g[k] * v[k] - linear.s[k] == Approx(i[k]).epsilon(1e-14));
        REQUIRE(linear.current_g[0][k] == linear.g[k]);
    }
}

TEST_CASE("a current that is held keeps its conductance when it is linearised", "[kinetics]")
{
    Equations equations;
    equations.info.name = "instant";
    equations.info.currents = {{"i", ""}};
    test::Formulas f(equations.graph);
    const auto open = f.apply(Op::hold, f.apply(Op::exp, f.v() / f.number(20.0)));
    equations.currents = {open * (f.v() - f.number(-80.0))};
    const auto info = make_mechanism(std::move(equations));
    test::Columns columns(*info, {-40.0});
    const auto linear = columns.linearise();
    REQUIRE(linear.g[0] == Approx(std::exp(-2.0)).epsilon(1e-15));
    REQUIRE(linear.s[0] == Approx(-80.0 * std::exp(-2.0)).epsilon(1e-15));
}
