/// Lane kernels of what is more than a formula: Newton's method, ions, tables of points, time, and which gates share tables.
#include <algorithm>
#include <cmath>

#include "kinetics/mechanism.hpp"
#include "mechanisms/gate_table.hpp"
#include "support/catch.hpp"
#include "unit/kinetics/channels.hpp"
#include "unit/kinetics/check_lanes.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;
using test::by_formula;
using test::celsius;
using test::dt_ms;
using test::Term;

namespace {

/// Two states in a reaction that is not linear, advanced implicitly, and a third that solves z^3 + z = x + v.
Equations nonlinear()
{
    Equations equations;
    test::Formulas f(equations.graph);
    equations.info.name = "nonlinear";
    equations.info.parameters = {{"fast", "1/ms", 300.0, 0.0, 1e6, ""}, {"slow", "1/ms", 0.1, 0.0, 1.0, ""}};
    equations.info.states = {{"x", ""}, {"y", ""}, {"z", ""}};
    equations.info.currents = {{"i", ""}};
    equations.initial = {f.number(1.0), f.number(0.5), f.number(0.0)};
    const auto bound = f.parameter(0) * f.state(0) * f.state(0) * f.state(1);
    const auto loose = f.parameter(1) * f.v();
    const auto cube = f.state(2) * f.state(2) * f.state(2);
    equations.stages = {
        OdeSystem{.method = OdeMethod::implicit,
                  .states = {0, 1},
                  .derivatives = {loose - bound, loose - f.number(0.5) * bound},
                  .conserved = {},
                  .pos = {}},
        AlgebraicSystem{.states = {2}, .residuals = {cube + f.state(2) - f.state(0) - f.v()}, .pos = {}}};
    equations.currents = {f.state(0) * (f.v() - f.state(2))};
    return equations;
}

/// All kinds of inputs that RandomFormula does not have.
Equations with_time_and_tables()
{
    Equations equations;
    Graph& graph = equations.graph;
    test::Formulas f(graph);
    equations.info.name = "inputs";
    equations.info.parameters = {{"p", "1", 0.7, 0.0, 10.0, ""}};
    equations.info.states = {{"x", ""}, {"y", ""}};
    equations.info.currents = {{"i", ""}};
    equations.initial = {f.number(0.0), f.number(0.0)};
    const auto table = graph.add_table({{0.3, 0.9, 1.7}, {1.0, 3.0, -2.0}});
    const auto t = f.of(graph.input(InputKind::time));
    const auto read = f.of(graph.look_up(table, f.v()));
    const auto warm = f.of(graph.input(InputKind::temperature));
    const auto both = f.of(graph.apply(Op::logical_and, graph.apply(Op::less_equal, f.v(), f.number(1.0)),
                                       graph.apply(Op::logical_not, graph.apply(Op::equal, f.v(), t))));
    const auto either = f.of(graph.apply(Op::logical_or, both, graph.apply(Op::less, f.parameter(0), f.v())));
    // The states change places on the way.
    equations.stages = {std::vector<Update>{{0, f.state(1)}, {1, f.state(0)}},
                        std::vector<Update>{{0, f.state(0) + read * t * f.dt()}, {1, f.v()}}};
    equations.currents = {(both + either) * f.state(0) * warm + f.dt() + read};
    return equations;
}

/// Reads the concentration that it writes.
Equations pool()
{
    Equations equations;
    test::Formulas f(equations.graph);
    equations.info.name = "pool";
    equations.info.states = {{"c", ""}};
    equations.info.currents = {{"i", ""}};
    equations.info.ions = {{"ca", 2}};
    equations.info.ion_reads = {{0, mechanisms::IonQuantity::inside_mM}, {0, mechanisms::IonQuantity::outside_mM}};
    equations.info.ion_writes = {{0, mechanisms::IonQuantity::inside_mM}, {0, mechanisms::IonQuantity::outside_mM}};
    equations.initial = {f.ion(0)};
    equations.stages = {
        OdeSystem{.states = {0}, .derivatives = {(f.ion(0) - f.state(0)) / f.number(3.0)}, .conserved = {}, .pos = {}}};
    // What each writes is made of what the other reads.
    equations.concentrations = {f.state(0) + f.ion(1), f.ion(0)};
    equations.initial_concentrations = {f.state(0), f.state(0)};
    equations.currents = {f.ion(0) * f.v() + f.ion(1)};
    return equations;
}

/// Gates with steady states 1 / (1 + exp(-(v - v_k) / 7)), each with a time constant of 2 ms.
Equations many_gates(std::size_t n)
{
    Equations equations;
    test::Formulas f(equations.graph);
    equations.info.name = "gates";
    equations.info.currents = {{"i", ""}};
    OdeSystem system;
    auto open = f.number(1.0);
    for (std::size_t k = 0; k < n; ++k) {
        equations.info.states.push_back({"x" + std::to_string(k), ""});
        const auto x = (f.v() - f.number(-60.0 + 10.0 * static_cast<double>(k))) / f.number(7.0);
        const auto steady = f.number(1.0) / (f.number(1.0) + f.apply(Op::exp, -x));
        equations.initial.push_back(steady);
        system.states.push_back(k);
        system.derivatives.push_back((steady - f.state(k)) / f.number(2.0));
        open = open * f.state(k);
    }
    equations.stages = {system};
    equations.currents = {open * f.v()};
    return equations;
}

/// n values that all have to be kept until the second sum.
Equations with_many_registers(int n)
{
    Equations equations;
    test::Formulas f(equations.graph);
    equations.info.name = "registers";
    equations.info.states = {{"x", ""}, {"y", ""}};
    equations.info.currents = {{"i", ""}};
    equations.initial = {f.number(0.0), f.number(0.0)};
    auto forwards = f.number(0.0);
    auto backwards = f.number(0.0);
    for (int k = 0; k < n; ++k) {
        const auto up = f.apply(Op::exp, f.v() / f.number(k + 1.0));
        const auto down = f.apply(Op::exp, f.v() / f.number(static_cast<double>(n - k)));
        forwards = k == 0 ? up : forwards + up * f.state(0);
        backwards = k == 0 ? down : backwards * f.number(0.5) + down;
    }
    equations.stages = {std::vector<Update>{{0, forwards}, {1, backwards}}};
    equations.currents = {f.state(0) * f.v() + f.state(1)};
    return equations;
}

mechanisms::LaneOptions by_table()
{
    auto options = by_formula();
    options.gate_table_bound = 1e-7;
    options.rate_values.emplace();
    return options;
}

}  // namespace

TEST_CASE("Newton's method in lanes has the bits of the reference, whatever the neighbours need", "[kinetics][lanes]")
{
    const auto info = make_mechanism(nonlinear());
    const auto kernel = info->kernels->lane_kernel(by_formula());
    for (const auto& simd : base::simd_names()) {
        const test::UseSimd use(simd);
        INFO(simd);
        for (unsigned seed = 1; seed < 5; ++seed) {
            test::check_step(*info, *kernel, {}, dt_ms, test::tolerance_on(simd), seed);
            test::check_step(*info, *kernel, {.uniform = true}, dt_ms, test::tolerance_on(simd), seed);
        }
    }
}

TEST_CASE("a lane that cannot be solved does not disturb its neighbours", "[kinetics][lanes]")
{
    const auto info = make_mechanism(nonlinear());
    const auto kernel = info->kernels->lane_kernel(by_formula());
    const test::LaneLayout layout{.n_rows = 3, .gaps = false, .absent = false};
    test::LaneColumns alone(*info, layout);
    test::LaneColumns beside(*info, layout);
    for (const std::size_t bad : {std::size_t{1}, std::size_t{10}}) {
        beside.v[bad] = std::numeric_limits<double>::quiet_NaN();
    }
    alone.step(*kernel, celsius, dt_ms, false);
    beside.step(*kernel, celsius, dt_ms, false);
    for (std::size_t i = 0; i < alone.v.size(); ++i) {
        if (i == 1 || i == 10) {
            REQUIRE(std::isnan(beside.states[0][i]));
        } else {
            REQUIRE(beside.states[0][i] == alone.states[0][i]);
            REQUIRE(beside.states[2][i] == alone.states[2][i]);
            REQUIRE(beside.g[i] == alone.g[i]);
        }
    }
}

TEST_CASE("time, temperature, dt, tables of points and conditions are those of the reference", "[kinetics][lanes]")
{
    const auto info = make_mechanism(with_time_and_tables());
    const auto kernel = info->kernels->lane_kernel(by_formula());
    for (const auto& simd : base::simd_names()) {
        const test::UseSimd use(simd);
        INFO(simd);
        test::check_step(*info, *kernel, {}, dt_ms, 0.0);  // nothing in it is fused
        test::check_step(*info, *kernel, {}, 0.0, 0.0);
    }
}

TEST_CASE("programs of many registers have the bits of the reference", "[kinetics][lanes]")
{
    for (const int n : {5, 15, 30, 70, 300}) {
        const auto info = make_mechanism(with_many_registers(n));
        test::check_step(*info, *info->kernels->lane_kernel(by_formula()), {.n_rows = 70}, dt_ms,
                         test::tolerance_on(base::simd_name()));
    }
}

TEST_CASE("a mechanism that writes a concentration sees it in its currents", "[kinetics][lanes]")
{
    const auto info = make_mechanism(pool());
    const auto kernel = info->kernels->lane_kernel(by_formula());
    test::check_step(*info, *kernel, {}, dt_ms, 0.0);  // columns that are read stay apart from those that are written
    for (const bool gaps : {false, true}) {
        const test::LaneLayout layout{.n_rows = 21, .gaps = gaps};
        test::LaneColumns lanes(*info, layout);
        const test::LaneColumns before(*info, layout);
        auto reference = lanes.as_columns(celsius);
        lanes.ion_writes = lanes.ion_reads;
        lanes.writes_are_read = true;
        lanes.step(*kernel, celsius, dt_ms, false);
        reference.advance(dt_ms);
        reference.ion_reads = reference.ion_writes;
        const auto linear = reference.linearise();
        lanes.for_lanes([&](std::size_t k, std::size_t lane) {
            const std::size_t at = lanes.in_group(k, lane);
            const std::size_t own = test::LaneColumns::own(k, lane);
            const bool present = lanes.is_present(k, lane);
            REQUIRE(lanes.g[at] == before.g[at] + (present ? linear.g[own] : 0.0));
            REQUIRE(lanes.s[at] == before.s[at] + (present ? linear.s[own] : 0.0));
            for (std::size_t x = 0; x < 2; ++x) {
                REQUIRE(lanes.ion_writes[x][at] == (present ? reference.ion_writes[x][own] : before.ion_reads[x][at]));
            }
        });
    }
}

TEST_CASE("gates share tables by fours, the rest in smaller ones", "[kinetics][lanes]")
{
    const auto bytes = [](std::size_t n) {
        return make_mechanism(many_gates(n))->kernels->lane_kernel(by_table())->bytes();
    };
    REQUIRE(bytes(1) == bytes(2));
    REQUIRE(bytes(3) == 2 * bytes(2));
    REQUIRE(bytes(4) == bytes(3));
    REQUIRE(bytes(6) == bytes(4) + bytes(2));
    REQUIRE(bytes(9) == 2 * bytes(4) + bytes(1));
    for (const std::size_t n : {1U, 2U, 3U, 4U, 6U, 9U}) {
        const auto info = make_mechanism(many_gates(n));
        const auto kernel = info->kernels->lane_kernel(by_table());
        for (const auto& simd : base::simd_names()) {
            const test::UseSimd use(simd);
            // Nine factors below 2, each off by the bound; currents times 60 mV.
            test::check_step(*info, *kernel, {.low = -120.0, .high = 60.0}, dt_ms, 1e-4);
        }
    }
}

TEST_CASE("a gate whose formula jumps stays a formula, and its neighbours go into tables", "[kinetics][lanes]")
{
    Equations equations = many_gates(2);
    test::Formulas f(equations.graph);
    auto& system = std::get<OdeSystem>(equations.stages[0]);
    const auto jump = f.of(
        equations.graph.select(equations.graph.apply(Op::less, f.v(), f.number(-41.3)), f.number(0.2), f.number(0.9)));
    system.derivatives[1] = (jump - f.state(1)) / f.number(2.0);
    const auto info = make_mechanism(std::move(equations));
    const auto kernel = info->kernels->lane_kernel(by_table());
    REQUIRE(kernel->bytes() > 0);
    REQUIRE(kernel->table_error() <= 1e-7);
    test::check_step(*info, *kernel, {.low = -120.0, .high = 60.0}, dt_ms, 1e-4);
    test::LaneColumns lanes(*info, {.n_rows = 1, .gaps = false, .absent = false});
    auto reference = lanes.as_columns(celsius);
    for (std::size_t i = 0; i < base::lanes; ++i) {
        lanes.v[i] = reference.v[i] = i % 2 == 0 ? -41.3 : std::nextafter(-41.3, -100.0);
    }
    lanes.step(*kernel, celsius, dt_ms, false);
    reference.advance(dt_ms);
    for (std::size_t i = 0; i < base::lanes; ++i) {
        REQUIRE(lanes.states[1][i] == Approx(reference.states[1][i]).epsilon(1e-12));
    }
}

TEST_CASE("the shape of hh is seen through other names and another order, and not where something differs",
          "[kinetics][lanes][hh]")
{
    Equations swapped = test::hh_equations();
    std::swap(swapped.currents[0], swapped.currents[2]);
    const auto kernel = make_mechanism(std::move(swapped))->kernels->lane_kernel(by_table());
    REQUIRE(kernel->hh_shape() != nullptr);
    REQUIRE(kernel->hh_shape()->parameters[0].index == 0);
    REQUIRE(kernel->hh_shape()->parameters[3].index == 3);

    // All in one current; ena from the ion.
    Equations in_one = test::hh_equations();
    Graph& graph = in_one.graph;
    in_one.info.ions = {{"na", 1}};
    in_one.info.ion_reads = {{0, mechanisms::IonQuantity::reversal_mV}};
    Value sum = graph.constant(0.0);
    for (const Value current : in_one.currents) {
        const Value part = graph.substitute(current, [&](Input input) {
            return input == Input{InputKind::parameter, 3} ? graph.input(InputKind::ion, 0) : Value{};
        });
        sum = graph.is_constant(sum) ? part : graph.add(sum, part);
    }
    in_one.currents = {sum};
    in_one.info.currents = {{"i", ""}};
    const auto with_ion = make_mechanism(std::move(in_one))->kernels->lane_kernel(by_table());
    REQUIRE(with_ion->hh_shape() != nullptr);
    REQUIRE(with_ion->hh_shape()->parameters[3].is_ion_read);
    REQUIRE(with_ion->hh_shape()->parameters[3].index == 0);
    REQUIRE_FALSE(with_ion->hh_shape()->parameters[4].is_ion_read);

    const auto shape_of = [](Equations equations) {
        return make_mechanism(std::move(equations))->kernels->lane_kernel(by_table())->hh_shape() != nullptr;
    };
    REQUIRE(shape_of(test::hh_equations()));
    Equations scaled = test::hh_equations();
    scaled.currents[1] = scaled.graph.multiply(scaled.graph.constant(2.0), scaled.currents[1]);
    REQUIRE_FALSE(shape_of(std::move(scaled)));
    Equations two_leaks = test::hh_equations();
    two_leaks.currents.push_back(two_leaks.currents[2]);
    two_leaks.info.currents.push_back({"il2", ""});
    REQUIRE_FALSE(shape_of(std::move(two_leaks)));
    Equations fourth_state = test::hh_equations();
    fourth_state.info.states.push_back({"c", ""});
    fourth_state.initial.push_back(fourth_state.graph.constant(0.0));
    fourth_state.stages.push_back(
        std::vector<Update>{{3, fourth_state.graph.add(fourth_state.graph.input(InputKind::state, 3),
                                                       fourth_state.graph.input(InputKind::dt))}});
    REQUIRE_FALSE(shape_of(std::move(fourth_state)));
}
