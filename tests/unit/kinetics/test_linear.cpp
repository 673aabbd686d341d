#include <Eigen/Dense>
#include <random>

#include "kinetics/linear.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/evaluate.hpp"
#include "unit/kinetics/formulas.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

TEST_CASE("elimination on formulas solves what a dense LU solves", "[kinetics]")
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> between(-1.0, 1.0);
    for (int round = 0; round < 40; ++round) {
        const auto n = static_cast<std::size_t>(1 + round % 9);
        const bool dominant = round % 2 == 0;  // otherwise with empty diagonals
        Graph graph;
        Eigen::MatrixXd a = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
        Eigen::VectorXd b(static_cast<Eigen::Index>(n));
        std::vector<LinearEquation> equations(n);
        std::vector<double> numbers;
        const auto put = [&](double number) {
            numbers.push_back(number);
            return graph.input(InputKind::parameter, numbers.size() - 1);
        };
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t c = 0; c < n; ++c) {
                const bool own = dominant ? c == r : c == (r + 1) % n;
                const bool is_there = own || between(random) > 0.4;
                if (is_there) {
                    double& entry = a(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c));
                    entry = own ? 10.0 + between(random) : between(random);
                    equations[r].coefficients[c] = put(entry);
                }
            }
            b(static_cast<Eigen::Index>(r)) = between(random);
            equations[r].right = put(b(static_cast<Eigen::Index>(r)));
        }
        const auto x = solve(graph, equations, dominant ? Pivots::diagonal : Pivots::any);
        REQUIRE(x);
        const Eigen::VectorXd exact = a.fullPivLu().solve(b);
        for (std::size_t k = 0; k < n; ++k) {
            const double got = test::evaluate(graph, (*x)[k], [&](Input i) { return numbers[i.index]; });
            INFO("n " << n << ", unknown " << k);
            // Without a choice of pivots by size some digits go; a wrong formula would lose all.
            REQUIRE(got == Approx(exact(static_cast<Eigen::Index>(k))).epsilon(1e-9).margin(1e-12));
        }
    }
}

TEST_CASE("a system whose pattern is singular has no solution", "[kinetics]")
{
    Graph graph;
    const Value one = graph.constant(1.0);
    std::vector<LinearEquation> equations(2);
    equations[0] = {{{0, one}}, one};
    equations[1] = {{{0, graph.constant(2.0)}}, one};
    REQUIRE(!solve(graph, equations, Pivots::any));
}

TEST_CASE("linear forms are found through sums, multiples and selections", "[kinetics]")
{
    Graph graph;
    test::Formulas f(graph);
    const Input x{InputKind::state, 0};
    const Input y{InputKind::state, 1};
    const Input both[] = {x, y};
    const auto p = f.parameter(0);
    const auto chosen = f.of(graph.select(f.v(), f.state(0) * p, f.number(2.0)));
    const auto value = -(p * (f.state(0) - f.v()) / f.dt()) + chosen - f.state(1);
    const auto form = linear_form(graph, value, both);
    REQUIRE(form);
    const auto numbers = [](Input i) {
        return i.kind == InputKind::state ? 3.0 + i.index : i.kind == InputKind::parameter ? 7.0 : 0.25;
    };
    const double rest = test::evaluate(graph, form->rest, numbers);
    const double a = test::evaluate(graph, form->coefficients.at(0), numbers);
    const double b = test::evaluate(graph, form->coefficients.at(1), numbers);
    REQUIRE(rest + 3.0 * a + 4.0 * b == Approx(test::evaluate(graph, value, numbers)).epsilon(1e-14));
    REQUIRE(!graph.depends_on(form->coefficients.at(0), x));
    REQUIRE(b == -1.0);
    REQUIRE(!linear_form(graph, f.state(0) * f.state(1), both));
    REQUIRE(linear_form(graph, f.state(0) * f.state(1), std::span(&y, 1)));
    REQUIRE(!linear_form(graph, f.v() / f.state(0), both));
    REQUIRE(!linear_form(graph, graph.select(f.state(0), p, f.v()), both));
    // What is held counts as a number.
    REQUIRE(linear_form(graph, f.apply(Op::hold, f.state(0)) * f.state(1), both));
}
