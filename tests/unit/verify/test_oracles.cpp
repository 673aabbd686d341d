#include <cmath>

#include "support/catch.hpp"
#include "verify/exact_cable.hpp"
#include "verify/hh_patch_solution.hpp"
#include "verify/passive_tree.hpp"
#include "verify/squid_equations.hpp"
#include "verify/travelling_wave.hpp"

using namespace axolemma;
using namespace axolemma::verify;

TEST_CASE("the step response starts at 0 and ends in the steady state", "[verify]")
{
    const Cylinder cable{1000.0, 1.0, 100.0, 1.0, 2.5e-5};
    CHECK(cable.lambda_um() == Approx(1000.0).epsilon(1e-12));
    CHECK(cable.tau_ms() == Approx(40.0).epsilon(1e-12));
    for (const double x_um : {0.0, 300.0, 1000.0}) {
        CHECK(step_response_mV(cable, 0.1, x_um, 0.0) == 0.0);
        CHECK(step_response_mV(cable, 0.1, x_um, 4000.0) == Approx(steady_mV(cable, 0.1, x_um)).epsilon(1e-12));
    }
    // At first nothing of the far end is felt: the semi-infinite cable, i R erf(sqrt(t / tau)).
    CHECK(step_response_mV(cable, 0.1, 0.0, 0.5) ==
          Approx(0.1 * cable.infinite_resistance_Mohm() * std::erf(std::sqrt(0.5 / 40.0))).epsilon(1e-10));
}

TEST_CASE("a cone that hardly tapers is a cylinder", "[verify]")
{
    const Cylinder cylinder{500.0, 2.0, 150.0, 1.0, 5e-5};
    const Cone cone{500.0, 2.0, 2.02, 150.0, 5e-5};
    for (const double x_um : {0.0, 250.0, 500.0}) {
        CHECK(steady_mV(cone, 0.1, x_um) == Approx(steady_mV(cylinder, 0.1, x_um)).epsilon(0.02));
    }
}

TEST_CASE("a tree of one compartment relaxes with its own time constant", "[verify]")
{
    PassiveTree tree;
    tree.morphology = {{[] {
                           morphology::Section section;
                           section.name = "soma[0]";
                           section.n_points = 2;
                           return section;
                       }()},
                       {{0, 0, 0, 5.0}, {10, 0, 0, 5.0}}};
    tree.counts = {1};
    tree.cm_uF_per_cm2 = {1.0};
    tree.ra_ohm_cm = {100.0};
    tree.g_S_per_cm2 = {1e-4};
    tree.e_mV = {-70.0};
    tree.v_init_mV = {-50.0};
    tree.places = {{0, 0.5}, {0, 1.0}};
    const PassiveTreeSolution solution(tree);
    CHECK(solution.fastest_per_ms() == Approx(0.1).epsilon(1e-12));
    for (const double v_mV : solution.exact_mV(10.0)) {
        CHECK(v_mV == Approx(-70.0 + 20.0 * std::exp(-1.0)).epsilon(1e-12));
    }
    CHECK(solution.backward_euler_mV(1.0, 2).front() == Approx(-70.0 + 20.0 / 1.21).epsilon(1e-12));
    CHECK(solution.crank_nicolson_mV(2.0, 2, 1).front() ==
          Approx(-70.0 + 20.0 * (2.0 / 1.21 - 1.0 / 1.2) * (0.9 / 1.1)).epsilon(1e-12));
}

TEST_CASE("the squid equations rest where they should", "[verify]")
{
    const auto at_65 = squid_at_rest(-65.0);
    CHECK(at_65[1] == Approx(0.05293248525725).epsilon(1e-12));
    CHECK(at_65[2] == Approx(0.59612075350846).epsilon(1e-12));
    CHECK(at_65[3] == Approx(0.31767691406070).epsilon(1e-12));
    CHECK(std::abs(squid_current_uA_per_cm2(squid_at_rest(hh_rest_mV))) < 1e-10);
    // The linoid rates have no gap where their formula is 0/0.
    CHECK(squid_at_rest(-40.0)[1] ==
          Approx(0.5 * (squid_at_rest(-40.001)[1] + squid_at_rest(-39.999)[1])).epsilon(1e-7));
}

TEST_CASE("the patch without a current stays at its rest", "[verify]")
{
    const auto solution = solve_patch({hh_rest_mV, 0.0, 0.0, 0.0, 20.0}, 0.5);
    REQUIRE(solution.v_mV.size() == 41);
    CHECK(solution.spikes_ms.empty());
    CHECK(std::abs(solution.v_mV.back() - hh_rest_mV) < 1e-9);
}

TEST_CASE("the travelling wave of 18.5 degC moves with 18.7302 m/s", "[verify]")
{
    const double k_per_ms = travelling_wave_K_per_ms(18.5);
    CHECK(k_per_ms == Approx(10.43617).epsilon(1e-6));
    CHECK(wave_velocity_m_per_s(k_per_ms, 476.0, 35.4, 1.0) == Approx(18.7302).epsilon(1e-6));
}
