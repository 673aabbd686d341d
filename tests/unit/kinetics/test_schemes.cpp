/// Systems of equations: Markov schemes, buffers, algebraic equations.
#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <functional>

#include "kinetics/mechanism.hpp"
#include "kinetics/stepping.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/columns.hpp"
#include "unit/kinetics/evaluate.hpp"
#include "unit/kinetics/formulas.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;

namespace {

using Term = test::Formulas::Term;

struct Transition {
    std::size_t from, to;
    double forward, backward;  ///< per ms at 0 mV
};
/// A sodium channel of eight states: closed ones in a row, inactivated ones beside them, and a loop through the open one.
constexpr std::array<Transition, 9> sodium{{{0, 1, 12.0, 0.6},
                                            {1, 2, 8.0, 1.1},
                                            {2, 3, 4.0, 1.7},
                                            {4, 5, 12.0, 0.5},
                                            {5, 6, 8.0, 1.0},
                                            {0, 4, 0.02, 0.3},
                                            {1, 5, 0.05, 0.2},
                                            {2, 6, 0.1, 0.1},
                                            {3, 7, 1.5, 0.01}}};
constexpr double per_mV = 0.02;

Eigen::MatrixXd sodium_matrix(double v_mV)
{
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(8, 8);
    for (const Transition& t : sodium) {
        const double forward = t.forward * std::exp(per_mV * v_mV);
        const double backward = t.backward * std::exp(-per_mV * v_mV);
        const auto from = static_cast<Eigen::Index>(t.from);
        const auto to = static_cast<Eigen::Index>(t.to);
        a(from, from) -= forward;
        a(to, from) += forward;
        a(to, to) -= backward;
        a(from, to) += backward;
    }
    return a;
}

OdeSystem sodium_system(Graph& graph, bool conserve)
{
    test::Formulas f(graph);
    OdeSystem system;
    system.method = OdeMethod::implicit;
    std::vector<Term> sums(8, f.number(0.0));
    std::vector<bool> begun(8, false);
    const auto add = [&](std::size_t state, Term flux) {
        sums[state] = begun[state] ? sums[state] + flux : flux;
        begun[state] = true;
    };
    for (const Transition& t : sodium) {
        const auto forward = f.number(t.forward) * f.apply(Op::exp, f.number(per_mV) * f.v()) * f.state(t.from);
        const auto backward = f.number(t.backward) * f.apply(Op::exp, -(f.number(per_mV) * f.v())) * f.state(t.to);
        add(t.from, backward - forward);
        add(t.to, forward - backward);
    }
    Term total = f.number(1.0);
    for (std::size_t k = 0; k < 8; ++k) {
        system.states.push_back(k);
        system.derivatives.push_back(sums[k]);
        total = k == 3 ? total : total - f.state(k);
    }
    system.conserved.resize(8);
    if (conserve) {
        system.conserved[3] = total;
    }
    return system;
}

Equations markov(bool conserve, int order)
{
    Equations equations;
    equations.info.name = "markov";
    for (std::size_t k = 0; k < 8; ++k) {
        equations.info.states.push_back({"s" + std::to_string(k), ""});
        equations.initial.push_back(equations.graph.constant(k == 0 ? 1.0 : 0.0));
    }
    equations.stages = {sodium_system(equations.graph, conserve)};
    equations.implicit_order = order;
    return equations;
}

/// States after 2 ms at -20 mV, by the mechanism.
Eigen::VectorXd after_2_ms(const mechanisms::MechanismInfo& info, int n_steps)
{
    test::Columns columns(info, {-20.0});
    columns.initialise();
    for (int k = 0; k < n_steps; ++k) {
        columns.advance(2.0 / n_steps);
    }
    Eigen::VectorXd x(8);
    for (std::size_t k = 0; k < 8; ++k) {
        x(static_cast<Eigen::Index>(k)) = columns.states[k][0];
    }
    return x;
}

/// The matrix exponential of a dt, by its series on a small part of it and squaring.
Eigen::MatrixXd exponential(const Eigen::MatrixXd& a)
{
    const Eigen::MatrixXd small = a / 4096.0;
    Eigen::MatrixXd term = Eigen::MatrixXd::Identity(a.rows(), a.cols());
    Eigen::MatrixXd sum = term;
    for (int k = 1; k < 12; ++k) {
        term = term * small / k;
        sum += term;
    }
    for (int k = 0; k < 12; ++k) {
        sum = sum * sum;
    }
    return sum;
}

}  // namespace

TEST_CASE("a Markov scheme takes the step of backward Euler", "[kinetics]")
{
    for (const bool conserve : {false, true}) {
        const auto info = make_mechanism(markov(conserve, 1));
        const Eigen::MatrixXd step = Eigen::MatrixXd::Identity(8, 8) - 0.025 * sodium_matrix(-20.0);
        Eigen::VectorXd x = Eigen::VectorXd::Unit(8, 0);
        for (int k = 0; k < 80; ++k) {
            x = step.fullPivLu().solve(x);
        }
        const Eigen::VectorXd got = after_2_ms(*info, 80);
        REQUIRE((got - x).cwiseAbs().maxCoeff() < 1e-14);
        REQUIRE(got.minCoeff() >= 0.0);
        REQUIRE(got.sum() == Approx(1.0).epsilon(1e-14));
        REQUIRE(speed_classes(*info) == std::vector<SpeedClass>(8, SpeedClass::system));
    }
}

TEST_CASE("the schemes for systems have the orders that they claim", "[kinetics]")
{
    const Eigen::VectorXd exact = exponential(2.0 * sodium_matrix(-20.0)).col(0);
    for (const int order : {1, 2}) {
        const auto info = make_mechanism(markov(true, order));
        const auto error = [&](int n) { return (after_2_ms(*info, n) - exact).cwiseAbs().maxCoeff(); };
        const double coarse = error(160);
        const double fine = error(320);
        INFO("order " << order << ": " << coarse << ", " << fine);
        REQUIRE(std::log2(coarse / fine) == Approx(order).margin(0.1));
        REQUIRE(fine < (order == 1 ? 6e-4 : 1.2e-7));  // measured and rounded up
    }
}

TEST_CASE("a conserved sum holds from the first step on, whatever the states were", "[kinetics]")
{
    const auto info = make_mechanism(markov(true, 1));
    test::Columns columns(*info, {-20.0});
    columns.states[2][0] = 0.3;
    columns.advance(0.025);
    double sum = 0.0;
    for (const auto& state : columns.states) {
        sum += state[0];
    }
    REQUIRE(sum == Approx(1.0).epsilon(1e-15));
}

TEST_CASE("a scheme comes to rest where nothing flows", "[kinetics]")
{
    for (const bool conserve : {false, true}) {
        Graph graph;
        const OdeSystem system = sodium_system(graph, conserve);
        std::vector<Value> from;
        for (std::size_t k = 0; k < 8; ++k) {
            from.push_back(graph.constant(k == 5 ? 1.0 : 0.0));
        }
        const auto rest = steady_state(graph, system, from);
        REQUIRE(rest);
        Eigen::VectorXd x(8);
        for (std::size_t k = 0; k < 8; ++k) {
            x(static_cast<Eigen::Index>(k)) = test::evaluate(graph, (*rest)[k], [](Input) { return -35.0; });
        }
        REQUIRE((sodium_matrix(-35.0) * x).cwiseAbs().maxCoeff() < 1e-8);  // 1/1e9 ms
        REQUIRE(x.sum() == Approx(1.0).epsilon(1e-7));
    }
}

namespace {

/// Calcium that a buffer binds: ca + b <-> cab, with CONSERVE of the buffer.
Equations buffer(int order)
{
    Equations equations;
    equations.info.name = "buffer";
    equations.info.states = {{"ca", ""}, {"b", ""}, {"cab", ""}};
    equations.implicit_order = order;
    test::Formulas f(equations.graph);
    const auto flux = f.number(100.0) * f.state(0) * f.state(1) - f.number(0.1) * f.state(2);
    equations.initial = {f.number(0.002), f.number(0.05), f.number(0.01)};
    equations.stages = {OdeSystem{.method = OdeMethod::implicit,
                                  .states = {0, 1, 2},
                                  .derivatives = {-flux, -flux, flux},
                                  .conserved = {{}, {}, f.number(0.06) - f.state(1)},
                                  .pos = {}}};
    return equations;
}

/// ca, by the classical Runge-Kutta scheme with small steps.
double calcium_after(double t_ms)
{
    const auto slope = [](double ca) { return -100.0 * ca * (0.048 + ca) + 0.1 * (0.012 - ca); };
    const int n = 20000;
    const double h = t_ms / n;
    double ca = 0.002;
    for (int k = 0; k < n; ++k) {
        const double k1 = slope(ca);
        const double k2 = slope(ca + 0.5 * h * k1);
        const double k3 = slope(ca + 0.5 * h * k2);
        const double k4 = slope(ca + h * k3);
        ca += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    return ca;
}

double buffered(const mechanisms::MechanismInfo& info, int n_steps)
{
    test::Columns columns(info, {-65.0});
    columns.initialise();
    for (int k = 0; k < n_steps; ++k) {
        columns.advance(0.5 / n_steps);
    }
    REQUIRE(columns.states[1][0] + columns.states[2][0] == Approx(0.06).epsilon(1e-14));
    REQUIRE(columns.states[0][0] + columns.states[2][0] == Approx(0.012).epsilon(1e-12));
    return columns.states[0][0];
}

}  // namespace

TEST_CASE("reactions between two states are solved by Newton's method", "[kinetics]")
{
    const double exact = calcium_after(0.5);
    for (const int order : {1, 2}) {
        const auto info = make_mechanism(buffer(order));
        const double coarse = std::fabs(buffered(*info, 50) - exact);
        const double fine = std::fabs(buffered(*info, 100) - exact);
        INFO("order " << order << ": " << coarse << ", " << fine);
        REQUIRE(std::log2(coarse / fine) == Approx(order).margin(0.1));
    }
    // One step of backward Euler leaves no residual.
    const auto info = make_mechanism(buffer(1));
    test::Columns columns(*info, {-65.0});
    columns.initialise();
    columns.advance(5.0);
    const double ca = columns.states[0][0];
    const double flux = 100.0 * ca * columns.states[1][0] - 0.1 * columns.states[2][0];
    REQUIRE(ca + 5.0 * flux == Approx(0.002).epsilon(1e-13));
}

TEST_CASE("no compartment's solution depends on its neighbours", "[kinetics]")
{
    const auto info = make_mechanism(buffer(2));
    const test::Column starts{1e-5, 0.002, 0.5, 3.0};
    test::Columns together(*info, test::Column(4, -65.0));
    together.initialise();
    together.states[0] = starts;
    together.advance(0.3);
    for (std::size_t i = 0; i < starts.size(); ++i) {
        test::Columns alone(*info, {-65.0});
        alone.initialise();
        alone.states[0] = {starts[i]};
        alone.advance(0.3);
        for (std::size_t k = 0; k < 3; ++k) {
            REQUIRE(alone.states[k][0] == together.states[k][i]);
        }
    }
}

TEST_CASE("an equation that is not linear in its state is taken implicitly, the others exactly", "[kinetics]")
{
    Equations equations;
    equations.info.name = "mixed";
    equations.info.states = {{"x", ""}, {"y", ""}};
    test::Formulas f(equations.graph);
    equations.initial = {f.number(1.0), f.number(2.0)};
    equations.stages = {OdeSystem{.states = {0, 1},
                                  .derivatives = {-(f.state(0) * f.state(0)), -(f.state(0) * f.state(1))},
                                  .conserved = {},
                                  .pos = {}}};
    const auto info = make_mechanism(std::move(equations));
    REQUIRE(speed_classes(*info) == std::vector<SpeedClass>(2, SpeedClass::program));
    test::Columns columns(*info, {0.0});
    columns.initialise();
    columns.advance(0.5);
    // x = 1 - x^2/2; y decays with the x of before
    REQUIRE(columns.states[0][0] == Approx(std::sqrt(3.0) - 1.0).epsilon(1e-15));
    REQUIRE(columns.states[1][0] == Approx(2.0 * std::exp(-0.5)).epsilon(1e-15));
}

TEST_CASE("explicit Euler, updates and stages act as they are written", "[kinetics]")
{
    Equations equations;
    equations.info.name = "stages";
    equations.info.states = {{"x", ""}, {"y", ""}};
    test::Formulas f(equations.graph);
    equations.initial = {f.number(1.0), f.number(2.0)};
    equations.stages = {std::vector<Update>{{0, f.state(1)}, {1, f.state(0)}},
                        OdeSystem{.method = OdeMethod::explicit_euler,
                                  .states = {0},
                                  .derivatives = {-f.state(0)},
                                  .conserved = {},
                                  .pos = {}},
                        std::vector<Update>{{1, f.state(0) + f.state(1)}}};
    const auto info = make_mechanism(std::move(equations));
    test::Columns columns(*info, {0.0});
    columns.initialise();
    columns.advance(0.25);
    REQUIRE(columns.states[0][0] == 1.5);
    REQUIRE(columns.states[1][0] == 2.5);
}

TEST_CASE("algebraic equations are solved, linear ones directly and others by Newton's method", "[kinetics]")
{
    Equations equations;
    equations.info.name = "algebra";
    equations.info.states = {{"x", ""}, {"y", ""}, {"z", ""}};
    test::Formulas f(equations.graph);
    equations.initial = {f.number(0.0), f.number(0.0), f.number(1.0)};
    const AlgebraicSystem linear{.states = {0, 1},
                                 .residuals = {f.state(1) - f.v(), f.state(0) + f.state(1) - f.number(1.0)},
                                 .linear = true,
                                 .pos = {}};
    const AlgebraicSystem cube{
        .states = {2}, .residuals = {f.state(2) * f.state(2) * f.state(2) - f.v()}, .linear = false, .pos = {}};
    const auto can_solve = [&](const AlgebraicSystem& system) { return !find_unsolvable(equations.graph, {system}); };
    REQUIRE(can_solve(linear));
    REQUIRE(can_solve(cube));
    REQUIRE(!can_solve({{0, 1}, {f.state(0), f.state(0) - f.v()}, true, {}}));
    REQUIRE(!can_solve({{0, 1}, {f.state(0)}, true, {}}));
    equations.stages = {linear, cube};
    const auto info = make_mechanism(std::move(equations));
    test::Columns columns(*info, {27.0, 8.0});
    columns.initialise();
    columns.advance(0.1);
    REQUIRE(columns.states[1] == test::Column{27.0, 8.0});
    REQUIRE(columns.states[0] == test::Column{-26.0, -7.0});
    REQUIRE(columns.states[2][0] == Approx(3.0).epsilon(1e-15));
    REQUIRE(columns.states[2][1] == Approx(2.0).epsilon(1e-15));
}

TEST_CASE("calcium that diffuses through many shells and is buffered in each keeps what there is", "[kinetics]")
{
    constexpr std::size_t n = 60;
    Equations equations;
    equations.info.name = "shells";
    test::Formulas f(equations.graph);
    std::vector<Value> derivatives(2 * n);
    OdeSystem system;
    system.method = OdeMethod::implicit;
    for (std::size_t k = 0; k < n; ++k) {
        const auto free = f.number(0.06) - f.state(n + k);
        const auto bound = f.number(100.0) * f.state(k) * free - f.number(0.1) * f.state(n + k);
        auto slope = -bound;
        if (k > 0) {
            slope = slope + f.number(3.0) * (f.state(k - 1) - f.state(k));
        }
        if (k + 1 < n) {
            slope = slope + f.number(3.0) * (f.state(k + 1) - f.state(k));
        }
        derivatives[k] = slope;
        derivatives[n + k] = bound;
    }
    for (std::size_t k = 0; k < 2 * n; ++k) {
        equations.info.states.push_back({"s" + std::to_string(k), ""});
        equations.initial.push_back(f.number(k == 0 ? 1.0 : 0.0));
        system.states.push_back(k);
    }
    system.derivatives = derivatives;
    equations.stages = {system};
    const auto info = make_mechanism(std::move(equations));
    // A band of pairs leaves few fill-ins: a full matrix of 120 would be 600 000 operations.
    REQUIRE(equations_of(*info)->graph.size() < 10000);
    test::Columns columns(*info, {-65.0});
    columns.initialise();
    for (int k = 0; k < 200; ++k) {
        columns.advance(0.1);
    }
    double sum = 0.0;
    for (const auto& state : columns.states) {
        REQUIRE(state[0] >= 0.0);
        sum += state[0];
    }
    REQUIRE(sum == Approx(1.0).epsilon(1e-12));
    REQUIRE(columns.states[n][0] > columns.states[n + 1][0]);
}
