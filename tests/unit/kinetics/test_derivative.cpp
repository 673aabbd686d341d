#include <cmath>
#include <map>

#include "kinetics/graph.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/evaluate.hpp"
#include "unit/kinetics/random_formula.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

TEST_CASE("derivatives of random formulas are those of central differences", "[kinetics]")
{
    // Formulas are steep or have corners at some places; where central differences of two widths agree, they are right.
    int compared = 0;
    int left_out = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        Graph graph;
        test::RandomFormula random(graph, seed);
        const Value formula = random.make(4);
        std::map<Input, double> numbers;
        for (const Input input : test::formula_inputs) {
            numbers[input] = random.number();
        }
        for (const Input by : test::formula_inputs) {
            const Value slope = graph.derivative(formula, by);
            const auto holds = [&] {
                for (const std::int32_t k : graph.needed(formula)) {
                    if (graph.node({k}).op == Op::hold && graph.depends_on({k}, by)) {
                        return true;
                    }
                }
                return false;
            };
            if (holds()) {
                continue;
            }
            const auto difference = [&](double width) {
                const auto at = [&](double shift) {
                    return test::evaluate(graph, formula,
                                          [&](Input i) { return numbers.at(i) + (i == by ? shift : 0.0); });
                };
                return (at(width) - at(-width)) / (2.0 * width);
            };
            const double coarse = difference(2e-5);
            const double fine = difference(1e-5);
            if (std::fabs(coarse - fine) > 1e-6 * (1.0 + std::fabs(fine))) {
                ++left_out;
                continue;
            }
            ++compared;
            const double got = test::evaluate(graph, slope, [&](Input i) { return numbers.at(i); });
            INFO("seed " << seed << ": " << got << " and " << fine);
            // rounding 1e-16 / 1e-5 times what the formulas amplify, and width^2 times a third derivative
            REQUIRE(std::fabs(got - fine) < 2e-6 * (1.0 + std::fabs(fine)));
        }
    }
    REQUIRE(compared > 1000);
    REQUIRE(left_out < compared / 10);
}

TEST_CASE("the derivative of exprelr has no bad place", "[kinetics]")
{
    Graph graph;
    const Value x = graph.input(InputKind::voltage);
    const Value slope = graph.derivative(graph.apply(Op::exprelr, x), {InputKind::voltage, 0});
    const auto at = [&](double where) { return test::evaluate(graph, slope, [&](Input) { return where; }); };
    REQUIRE(at(0.0) == -0.5);
    REQUIRE(std::fabs(at(-50.0) + 1.0) < 1e-15);
    REQUIRE(std::fabs(at(800.0)) < 1e-15);
    for (double where = -3.0; where < 3.0; where += 0.01) {
        // d/dx x/(e^x - 1) = (e^x - 1 - x e^x) / (e^x - 1)^2 in extended precision
        const long double e = std::exp(static_cast<long double>(where));
        const long double below = std::expm1(static_cast<long double>(where));
        const long double exact = (below - static_cast<long double>(where) * e) / (below * below);
        if (std::fabs(where) > 1e-3) {
            REQUIRE(std::fabs(at(where) - static_cast<double>(exact)) < 2e-14);
        }
    }
}

TEST_CASE("hold, conditions and steps count as constant", "[kinetics]")
{
    Graph graph;
    const Input v{InputKind::voltage, 0};
    const Value x = graph.input(InputKind::voltage);
    REQUIRE(graph.is_constant(graph.derivative(graph.apply(Op::hold, graph.exp(x)), v), 0.0));
    REQUIRE(graph.is_constant(graph.derivative(graph.apply(Op::floor, x), v), 0.0));
    REQUIRE(graph.is_constant(graph.derivative(graph.apply(Op::less, x, graph.constant(1.0)), v), 0.0));
    REQUIRE(graph.is_constant(graph.derivative(graph.multiply(graph.constant(3.0), x), v), 3.0));
    REQUIRE(graph.is_constant(graph.derivative(x, {InputKind::state, 0}), 0.0));
}
