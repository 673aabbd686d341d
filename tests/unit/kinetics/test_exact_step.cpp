#include <bit>
#include <cmath>

#include "base/math.hpp"
#include "kinetics/stepping.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/evaluate.hpp"
#include "unit/kinetics/formulas.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

namespace {

constexpr double dt_ms = 0.025;

/// Numbers of a step: x, parameters 0 and 1, dt.
test::InputNumbers numbers(double x, double first, double second, double dt = dt_ms)
{
    return [=](Input i) {
        return i.kind == InputKind::state ? x : i.kind == InputKind::dt ? dt : i.index == 0 ? first : second;
    };
}

}  // namespace

TEST_CASE("a gate written with its steady state and time constant steps as gates do", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    const auto inf = f.parameter(0);
    const auto tau = f.parameter(1);
    const Value written[] = {(inf - f.state(0)) / tau, -((f.state(0) - inf) / tau), -(f.state(0) - inf) / tau};
    for (const Value derivative : written) {
        const auto step = exact_step(graph, derivative, 0);
        REQUIRE(step);
        for (const double tau_ms : {1e-300, 1e-3, 0.7, 30.0, 1e12, 1e308}) {
            const auto in = numbers(0.3, 0.8, tau_ms);
            const double expected = 0.8 + (0.3 - 0.8) * base::exp(-dt_ms / tau_ms);
            REQUIRE(test::evaluate(graph, step->after, in) == expected);
            const double by_form = test::evaluate(graph, step->a, in) * 0.3 + test::evaluate(graph, step->b, in);
            REQUIRE(by_form == Approx(expected).epsilon(1e-15).margin(0.0));
        }
    }
}

TEST_CASE("the factors of a relaxing state are kept", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    const auto q = f.parameter(1);
    const auto step = exact_step(graph, q * (f.parameter(0) - f.state(0)) / f.number(4.0), 0);
    REQUIRE(step);
    const double got = test::evaluate(graph, step->after, numbers(0.3, 0.8, 3.0));
    REQUIRE(got == Approx(0.8 - 0.5 * std::exp(-dt_ms * 3.0 / 4.0)).epsilon(1e-15));
}

TEST_CASE("any equation that is linear in its own state is solved exactly", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    const auto step = exact_step(graph, f.parameter(0) + f.parameter(1) * f.state(0), 0);
    REQUIRE(step);
    for (const double rate : {-1e300, -1e5, -40.0, -1.0, -1e-9, -1e-300, 0.0, 1e-12, 2.0, 500.0}) {
        const auto in = numbers(0.3, 0.7, rate);
        const long double y = static_cast<long double>(rate) * static_cast<long double>(dt_ms);
        const long double gain = y == 0.0L ? 1.0L : std::expm1(y) / y;
        const auto expected = static_cast<double>(0.3L * std::exp(y) + 0.7L * static_cast<long double>(dt_ms) * gain);
        INFO("rate " << rate);
        REQUIRE(test::evaluate(graph, step->after, in) == Approx(expected).epsilon(4e-15).margin(1e-300));
        REQUIRE(test::evaluate(graph, step->after, numbers(0.3, 0.7, rate, 0.0)) == 0.3);
    }
    REQUIRE(!exact_step(graph, f.state(0) * f.state(0), 0));
    REQUIRE(!exact_step(graph, f.apply(Op::exp, f.state(0)), 0));
    REQUIRE(exact_step(graph, f.state(0) * f.state(1), 0));  // the other state is held
}

TEST_CASE("rates of opening and closing make the gate of a paper", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    const auto alpha = f.parameter(0);
    const auto beta = f.parameter(1);
    const auto step = exact_step(graph, alpha * (f.number(1.0) - f.state(0)) - beta * f.state(0), 0);
    REQUIRE(step);
    const double got = test::evaluate(graph, step->after, numbers(0.3, 0.6, 2.5));
    REQUIRE(got == Approx(0.6 / 3.1 + (0.3 - 0.6 / 3.1) * std::exp(-3.1 * dt_ms)).epsilon(4e-16));
}

TEST_CASE("equations of many factors are read in a moment", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    auto squares = f.parameter(1);  // 2^60 factors, each of them used twice
    auto product = f.parameter(0) - f.state(0);
    for (int k = 0; k < 60; ++k) {
        squares = squares * squares;
    }
    for (int k = 0; k < 20000; ++k) {
        product = product * f.number(k % 2 == 0 ? 2.0 : 0.5);
    }
    REQUIRE(!exact_step(graph, squares * f.state(0) * f.state(0), 0));
    const auto step = exact_step(graph, product * squares, 0);
    REQUIRE(step);
    REQUIRE(test::evaluate(graph, step->after, numbers(0.3, 0.8, 1.0)) == 0.8 - 0.5 * base::exp(-dt_ms));
}
