#include <bit>
#include <cmath>
#include <limits>
#include <map>

#include "kinetics/graph.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/evaluate.hpp"
#include "unit/kinetics/random_formula.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

namespace {

std::uint64_t bits(double x)
{
    return std::bit_cast<std::uint64_t>(x);
}

}  // namespace

TEST_CASE("a graph holds equal formulas once", "[kinetics]")
{
    Graph graph;
    const Value v = graph.input(InputKind::voltage);
    const Value p = graph.input(InputKind::parameter, 2);
    REQUIRE(graph.add(v, p) == graph.add(p, v));
    REQUIRE(graph.subtract(v, p) != graph.subtract(p, v));
    REQUIRE(graph.input(InputKind::parameter, 2) == p);
    REQUIRE(graph.input(InputKind::parameter, 1) != p);
    REQUIRE(graph.constant(0.0) != graph.constant(-0.0));
    const std::size_t size = graph.size();
    graph.exp(graph.add(v, p));
    REQUIRE(graph.size() == size + 1);
}

TEST_CASE("simplifying keeps the bits of zeros and NaN", "[kinetics]")
{
    Graph graph;
    const Value x = graph.input(InputKind::voltage);
    const Value y = graph.input(InputKind::temperature);
    const Value zero = graph.constant(0.0);
    const Value one = graph.constant(1.0);
    REQUIRE(graph.multiply(one, x) == x);
    REQUIRE(graph.divide(x, one) == x);
    REQUIRE(graph.subtract(x, zero) == x);
    REQUIRE(graph.negate(graph.negate(x)) == x);
    REQUIRE(graph.select(one, x, y) == x);
    REQUIRE(graph.select(zero, x, y) == y);
    REQUIRE(graph.select(y, x, x) == x);
    const Value kept[] = {graph.multiply(x, zero),
                          graph.add(x, zero),
                          graph.subtract(x, x),
                          graph.divide(x, x),
                          graph.negate(graph.subtract(x, y)),
                          graph.multiply(x, graph.negate(y)),
                          graph.add(graph.negate(x), y),
                          graph.subtract(y, graph.negate(x))};
    const double special[] = {
        0.0, -0.0, 1.5, -3.25, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()};
    for (const double a : special) {
        for (const double b : special) {
            const double expected[] = {a * 0.0, a + 0.0, a - a, a / a, -(a - b), a * -b, -a + b, b - -a};
            for (std::size_t k = 0; k < std::size(kept); ++k) {
                const double got =
                    test::evaluate(graph, kept[k], [&](Input i) { return i.kind == InputKind::voltage ? a : b; });
                INFO("formula " << k << " of " << a << " and " << b);
                REQUIRE((std::isnan(expected[k]) ? std::isnan(got) : bits(got) == bits(expected[k])));
            }
        }
    }
}

TEST_CASE("whole powers are products", "[kinetics]")
{
    Graph graph;
    const Value x = graph.input(InputKind::voltage);
    for (int n = -8; n <= 8; ++n) {
        const Value power = graph.power(x, graph.constant(n));
        for (const std::int32_t k : graph.needed(power)) {
            REQUIRE(graph.node({k}).op != Op::power);
        }
        const double got = test::evaluate(graph, power, [](Input) { return 1.7; });
        REQUIRE(std::fabs(got / std::pow(1.7, n) - 1.0) < 2e-15);  // at most four roundings
    }
    REQUIRE(graph.node(graph.power(x, graph.constant(9.0))).op == Op::power);
    REQUIRE(graph.node(graph.power(x, graph.constant(0.5))).op == Op::power);
    REQUIRE(graph.is_constant(graph.power(x, graph.constant(0.0)), 1.0));
}

TEST_CASE("a folded formula has the bits of an evaluated one", "[kinetics]")
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        Graph graph;
        test::RandomFormula random(graph, seed);
        const Value formula = random.make(5);
        std::map<Input, double> numbers;
        for (const Input input : test::formula_inputs) {
            numbers[input] = random.number();
        }
        const double evaluated = test::evaluate(graph, formula, [&](Input i) { return numbers.at(i); });
        const Value folded = graph.substitute(formula, [&](Input i) { return graph.constant(numbers.at(i)); });
        REQUIRE(graph.is_constant(folded));
        INFO("seed " << seed);
        REQUIRE(bits(graph.node(folded).number) == bits(evaluated));
        // The same in two goes.
        const Value half = graph.substitute(
            formula, [&](Input i) { return i.kind == InputKind::state ? graph.constant(numbers.at(i)) : Value{}; });
        REQUIRE(!graph.depends_on(half, {InputKind::state, 0}));
        REQUIRE(bits(test::evaluate(graph, half, [&](Input i) { return numbers.at(i); })) == bits(evaluated));
    }
}

TEST_CASE("substitution replaces inputs by formulas", "[kinetics]")
{
    Graph graph;
    const Value v = graph.input(InputKind::voltage);
    const Value m = graph.input(InputKind::state, 0);
    const Value h = graph.input(InputKind::state, 1);
    const Value formula = graph.multiply(graph.multiply(m, h), graph.exp(v));
    const Value swapped = graph.substitute(formula, [&](Input i) {
        return i == Input{InputKind::state, 0} ? h : i == Input{InputKind::state, 1} ? graph.add(m, v) : Value{};
    });
    REQUIRE(swapped == graph.multiply(graph.multiply(h, graph.add(m, v)), graph.exp(v)));
    const std::vector<Input> expected{{InputKind::voltage, 0}, {InputKind::state, 0}, {InputKind::state, 1}};
    REQUIRE(graph.inputs(swapped) == expected);
    REQUIRE(graph.depends_on(graph.apply(Op::hold, formula), {InputKind::state, 1}));
    REQUIRE(!graph.depends_on(formula, {InputKind::state, 2}));
}

TEST_CASE("a table is linear between its points and constant beyond them", "[kinetics]")
{
    Graph graph;
    const std::size_t table = graph.add_table({{-1.0, 0.0, 0.0, 2.0}, {3.0, 4.0, 10.0, 20.0}});
    const Value x = graph.input(InputKind::voltage);
    const Value at = graph.look_up(table, x);
    const Value slope = graph.derivative(at, {InputKind::voltage, 0});
    const auto check = [&](double where, double value, double expected_slope) {
        const auto here = [&](Input) { return where; };
        REQUIRE(test::evaluate(graph, at, here) == value);
        REQUIRE(test::evaluate(graph, slope, here) == expected_slope);
        REQUIRE(graph.is_constant(graph.look_up(table, graph.constant(where)), value));
    };
    check(-5.0, 3.0, 0.0);
    check(-0.5, 3.5, 1.0);
    check(0.0, 10.0, 5.0);  // what comes after a jump counts
    check(1.0, 15.0, 5.0);
    check(7.0, 20.0, 0.0);
    REQUIRE(std::isnan(test::evaluate(graph, at, [](Input) { return std::nan(""); })));
    REQUIRE(graph.derivative(at, {InputKind::voltage, 0}) == slope);
}
