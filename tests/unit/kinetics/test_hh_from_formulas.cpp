/// The squid's membrane written as equations, beside the one written in C++.
#include <cmath>

#include "kinetics/mechanism.hpp"
#include "mechanisms/catalogue.hpp"
#include "mechanisms/lane_block.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/channels.hpp"
#include "unit/kinetics/columns.hpp"
#include "unit/kinetics/formulas.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;
using test::hh_equations;

TEST_CASE("hh written as equations does what hh written in C++ does", "[kinetics][hh]")
{
    const auto written = make_mechanism(hh_equations());
    const auto& builtin = *mechanisms::Catalogue().find_channel("hh");
    const test::Column v{-90.0, -65.0, -55.0, -40.0, -10.0, 45.0, 1e3};
    test::Columns ours(*written, v, 16.3);
    test::Columns theirs(builtin, v, 16.3);
    const auto same_states = [&] {
        for (std::size_t k = 0; k < 3; ++k) {
            for (std::size_t i = 0; i < v.size(); ++i) {
                REQUIRE(ours.states[k][i] == Approx(theirs.states[k][i]).epsilon(1e-14).margin(1e-300));
            }
        }
    };
    ours.initialise();
    theirs.initialise();
    same_states();
    for (auto* columns : {&ours, &theirs}) {
        columns->v = {-10.0, 45.0, -90.0, -65.0, -55.0, -40.0, -1e3};
    }
    for (int step = 0; step < 20; ++step) {
        ours.advance(0.025);
        theirs.advance(0.025);
    }
    same_states();
    const auto our_currents = ours.currents();
    const auto their_currents = theirs.currents();
    const auto our_linear = ours.linearise();
    const auto their_linear = theirs.linearise();
    for (std::size_t i = 0; i < v.size(); ++i) {
        REQUIRE(our_linear.g[i] == Approx(their_linear.g[i]).epsilon(1e-13));
        REQUIRE(our_linear.s[i] == Approx(their_linear.s[i]).epsilon(1e-13));
        for (std::size_t k = 0; k < 3; ++k) {
            REQUIRE(our_currents[k][i] == Approx(their_currents[k][i]).epsilon(1e-13));
            REQUIRE(our_linear.current_g[k][i] == Approx(their_linear.current_g[k][i]).epsilon(1e-13));
        }
    }
    REQUIRE(ours.outputs()[0][0] == Approx(3.0 / (1.0 - std::exp(-3.0))).epsilon(1e-14));
}

TEST_CASE("the gates of hh written as equations go into a table", "[kinetics][hh]")
{
    const auto written = make_mechanism(hh_equations());
    REQUIRE(speed_classes(*written) == std::vector<SpeedClass>(3, SpeedClass::table));
    REQUIRE(written->rate_parameters.empty());
    REQUIRE(equations_of(*written)->info.name == "hh_written");
    REQUIRE(equations_of(*mechanisms::Catalogue().find_channel("hh")) == nullptr);
}

TEST_CASE("a step of no length changes nothing", "[kinetics][hh]")
{
    const auto written = make_mechanism(hh_equations());
    test::Columns columns(*written, {-65.0, 20.0});
    columns.states = {{0.1, 0.2}, {0.3, 0.4}, {0.5, 0.6}};
    const auto before = columns.states;
    columns.advance(0.0);
    REQUIRE(columns.states == before);
}

TEST_CASE("parameters that shift a gate are its rate parameters", "[kinetics]")
{
    Equations equations;
    equations.info.name = "shifted";
    equations.info.parameters = {{"gbar", "S/cm2", 0.1, 0.0, 1.0, ""}, {"shift", "mV", 3.0, -50.0, 50.0, ""}};
    equations.info.states = {{"m", ""}, {"c", ""}};
    equations.info.currents = {{"i", ""}};
    test::Formulas f(equations.graph);
    const auto inf = f.number(1.0) / (f.number(1.0) + f.apply(Op::exp, -(f.v() - f.parameter(1))));
    equations.initial = {inf, f.number(0.0)};
    // The second state follows the first: no table holds it.
    equations.stages = {
        OdeSystem{.states = {0, 1},
                  .derivatives = {(inf - f.state(0)) / f.number(2.0), (f.state(0) - f.state(1)) / f.number(5.0)},
                  .conserved = {},
                  .pos = {}}};
    equations.currents = {f.parameter(0) * f.state(1) * f.v()};
    const auto info = make_mechanism(std::move(equations));
    REQUIRE(info->rate_parameters == std::vector<std::size_t>{1});
    REQUIRE(speed_classes(*info) == std::vector<SpeedClass>{SpeedClass::table, SpeedClass::program});
}

TEST_CASE("equal options share one lane kernel", "[kinetics]")
{
    const auto written = make_mechanism(hh_equations());
    const auto of = [&](double celsius, double dt_ms) {
        mechanisms::LaneOptions options;
        options.temperature_degC = celsius;
        options.dt_ms = dt_ms;
        return written->kernels->lane_kernel(options);
    };
    const auto kernel = of(6.3, 0.025);
    REQUIRE(of(6.3, 0.025) == kernel);
    REQUIRE(of(6.3, 0.05) != kernel);
    REQUIRE(of(7.3, 0.025) != kernel);
    REQUIRE(kernel->table_error() > 0.0);
    REQUIRE(kernel->table_error() <= 1e-7);
}
