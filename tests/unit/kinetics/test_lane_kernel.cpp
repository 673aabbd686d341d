/// Lane kernels of equations, on every instruction set of this machine, against the reference kernels.
#include <cmath>

#include "kinetics/mechanism.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"
#include "unit/kinetics/channels.hpp"
#include "unit/kinetics/check_lanes.hpp"
#include "unit/kinetics/random_formula.hpp"

using namespace axolemma;
using namespace axolemma::kinetics;
using test::by_formula;
using test::celsius;
using test::check_step;
using test::dt_ms;
using test::tolerance_on;

namespace {

/// Updates and currents of random formulas.
std::shared_ptr<const mechanisms::MechanismInfo> random_mechanism(unsigned seed)
{
    Equations equations;
    equations.info.name = "random " + std::to_string(seed);
    for (int p = 0; p < 4; ++p) {
        equations.info.parameters.push_back({"p" + std::to_string(p), "1", 0.3 + p, 0.0, 10.0, ""});
    }
    equations.info.states = {{"x", ""}, {"y", ""}};
    equations.info.currents = {{"i", ""}, {"j", ""}};
    test::RandomFormula formula(equations.graph, seed);
    equations.initial = {formula.make(1), formula.make(1)};
    const auto updates = [&] { return std::vector<Update>{{0, formula.make(5)}, {1, formula.make(5)}}; };
    equations.stages = {updates(), updates()};
    equations.currents = {formula.make(5), formula.make(5)};
    return make_mechanism(std::move(equations));
}

}  // namespace

TEST_CASE("lane programs have the bits of the reference, and leave absent lanes alone", "[kinetics][lanes]")
{
    for (const auto& simd : base::simd_names()) {
        const test::UseSimd use(simd);
        for (unsigned seed = 0; seed < 60; ++seed) {
            const auto info = random_mechanism(seed);
            const auto kernel = info->kernels->lane_kernel(by_formula());
            INFO(simd);
            // Without FMA, what rounds differently may also fall on the other side of a condition.
            if (test::has_fma(simd)) {
                check_step(*info, *kernel, {}, dt_ms, 0.0, seed);
                check_step(*info, *kernel, {.n_rows = 5, .gaps = false, .absent = false}, dt_ms, 0.0, seed);
                check_step(*info, *kernel, {.n_rows = 16, .uniform = true}, dt_ms, 0.0, seed);
                check_step(*info, *kernel, {.n_rows = 1, .gaps = false}, 0.0, 0.0, seed);
            } else {
                test::LaneColumns lanes(*info, {}, seed);
                lanes.step(*kernel, celsius, dt_ms, true);
                lanes.for_lanes([&](std::size_t k, std::size_t lane) {
                    REQUIRE(std::isfinite(lanes.states[0][test::LaneColumns::own(k, lane)]));
                });
            }
        }
    }
}

TEST_CASE("published channels by formula are those of the reference", "[kinetics][lanes]")
{
    for (const auto& simd : base::simd_names()) {
        const test::UseSimd use(simd);
        for (auto make : {test::hh_equations, test::na_ts2_t, test::ca_hva, test::sk_e2, test::ca_dynamics}) {
            const auto info = make_mechanism(make());
            const auto kernel = info->kernels->lane_kernel(by_formula());
            INFO(simd);
            for (const bool uniform : {false, true}) {
                const test::LaneLayout layout{.uniform = uniform, .low = -120.0, .high = 60.0};
                check_step(*info, *kernel, layout, dt_ms, tolerance_on(simd));
                check_step(*info, *kernel, layout, 0.0, tolerance_on(simd));
            }
        }
    }
}

TEST_CASE("published channels by table are those of the reference but for the bound", "[kinetics][lanes]")
{
    auto options = by_formula();
    options.gate_table_bound = 1e-7;
    for (const auto& simd : base::simd_names()) {
        const test::UseSimd use(simd);
        for (auto make : {test::hh_equations, test::na_ts2_t, test::ca_hva}) {
            const auto info = make_mechanism(make());
            options.rate_values.emplace();
            const auto kernel = info->kernels->lane_kernel(options);
            INFO(simd << ", " << info->name);
            REQUIRE(kernel->bytes() > 0);
            REQUIRE(kernel->table_error() <= 1e-7);
            REQUIRE(kernel->table_error() > 1e-10);  // there is something to measure
            // Both a and b are off by the bound times 1 - a, a below 1; x goes up to 2, so that m^3 h is 8 at most.
            for (const double high : {60.0, 500.0}) {
                check_step(*info, *kernel, {.low = -120.0, .high = high}, dt_ms, 3e-6);
            }
        }
    }
}

TEST_CASE("tables go through a voltage at which rates are 0/0", "[kinetics][lanes]")
{
    auto options = by_formula();
    options.gate_table_bound = 1e-7;
    options.rate_values.emplace();
    const auto info = make_mechanism(test::na_ts2_t());
    const auto kernel = info->kernels->lane_kernel(options);
    test::LaneColumns lanes(*info, {.n_rows = 2, .gaps = false, .absent = false});
    for (std::size_t i = 0; i < lanes.v.size(); ++i) {
        lanes.v[i] = i < base::lanes ? -32.0 : -32.0 + 1e-4;
        for (auto& state : lanes.states) {
            state[i] = 0.5;
        }
    }
    lanes.step(*kernel, celsius, dt_ms, false);
    for (std::size_t i = 0; i < base::lanes; ++i) {
        REQUIRE(lanes.states[0][i] == Approx(lanes.states[0][i + base::lanes]).epsilon(1e-5));
    }
}

TEST_CASE("only what depends on the voltage alone goes into tables", "[kinetics][lanes]")
{
    auto options = by_formula();
    options.gate_table_bound = 1e-7;
    const auto sk = make_mechanism(test::sk_e2());
    options.rate_values.emplace();
    REQUIRE(sk->kernels->lane_kernel(options)->bytes() == 0);
    const auto na = make_mechanism(test::na_ts2_t());
    const auto one_table = na->kernels->lane_kernel(options)->bytes();
    REQUIRE(one_table > 0);
    REQUIRE(na->kernels->lane_kernel(by_formula())->bytes() == 0);
}

TEST_CASE("hh written as equations has the shape of hh, and its lanes do the same", "[kinetics][lanes][hh]")
{
    auto options = by_formula();
    REQUIRE(make_mechanism(test::hh_equations())->kernels->lane_kernel(options)->hh_shape() == nullptr);
    options.gate_table_bound = 1e-7;
    options.rate_values.emplace();
    const auto info = make_mechanism(test::hh_equations());
    const auto kernel = info->kernels->lane_kernel(options);
    REQUIRE(kernel->hh_shape() != nullptr);
    REQUIRE(kernel->hh_shape()->table != nullptr);
    for (std::size_t p = 0; p < 6; ++p) {
        REQUIRE_FALSE(kernel->hh_shape()->parameters[p].is_ion_read);
        REQUIRE(kernel->hh_shape()->parameters[p].index == p);
    }
    for (std::size_t s = 0; s < 3; ++s) {
        REQUIRE(kernel->hh_shape()->states[s] == s);
    }
    REQUIRE(make_mechanism(test::na_ts2_t())->kernels->lane_kernel(options)->hh_shape() == nullptr);
}
