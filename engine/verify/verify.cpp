#include "verify/verify.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <utility>

#include "verify/cases.hpp"

namespace axolemma::verify {

bool Check::passed() const
{
    if (!skipped.empty()) {
        return true;
    }
    const bool small = measured <= bound;  // false for NaN
    return small && (!order || (order->observed >= order->low && order->observed <= order->high));
}

void Findings::error(std::string what, double measured, double bound, std::string unit)
{
    checks_.push_back({std::move(what), measured, bound, std::move(unit), std::nullopt, {}});
}

void Findings::convergence(std::string what, const std::vector<double>& steps, const std::vector<double>& errors,
                           double bound, std::string unit, double low, double high)
{
    const std::size_t n = errors.size();
    assert(n >= 2 && steps.size() == n && "an order needs errors at two steps");
    const double observed = std::log(errors[n - 2] / errors[n - 1]) / std::log(steps[n - 2] / steps[n - 1]);
    checks_.push_back({std::move(what), errors.back(), bound, std::move(unit), Order{observed, low, high}, {}});
}

void Findings::holds(std::string what, bool is_so)
{
    checks_.push_back({std::move(what), is_so ? 0.0 : 1.0, 0.0, "", std::nullopt, {}});
}

void Findings::skip(std::string what, std::string why)
{
    checks_.push_back({std::move(what), 0.0, 0.0, "", std::nullopt, std::move(why)});
}

const Case* find_case(std::string_view name)
{
    const auto found = std::find_if(cases().begin(), cases().end(), [&](const Case& one) { return one.name == name; });
    return found == cases().end() ? nullptr : &*found;
}

bool CaseResult::passed() const
{
    return failure.empty() &&
           std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed(); });
}

bool CaseResult::skipped() const
{
    return failure.empty() &&
           std::all_of(checks.begin(), checks.end(), [](const Check& check) { return !check.skipped.empty(); });
}

CaseResult run_case(const Case& which, const Settings& settings)
{
    const auto start = std::chrono::steady_clock::now();
    CaseResult result{which.name, which.truth, {}, {}, 0.0};
    Findings findings;
    try {
        which.run(settings, findings);
    } catch (const std::exception& error) {
        result.failure = error.what();
    }
    result.checks = findings.checks();
    if (result.checks.empty() && result.failure.empty()) {
        result.failure = "the case checked nothing";
    }
    result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

const std::vector<Case>& cases()
{
    static const std::vector<Case> list{
        {"rc_patch", "closed forms of the two schemes and of C dV/dt = -g (V - E) + I", rc_patch},
        {"hines", "LU decomposition of the dense matrix (Eigen)", hines},
        {"sealed_cable", "Rall 1969: steady state cosh((l - x)/lambda) and eigenfunction series", sealed_cable},
        {"tapered_cable", "steady state of a cone in modified Bessel functions", tapered_cable},
        {"passive_trees", "matrix exponential of the tree assembled again from its shape (Eigen)", passive_trees},
        {"rallpack1", "exact series of the cable (Bhalla, Bilitch & Bower 1992 for the benchmark)", rallpack1},
        {"rallpack2", "exact series of the equivalent cylinder (Rall 1962)", rallpack2},
        {"rallpack3", "own limit dt -> 0; semi-discrete solution by an adaptive integrator of order 2..5", rallpack3},
        {"hh_patch", "Runge-Kutta integration of Hodgkin & Huxley 1952; adaptive integration (order 8)", hh_patch},
        {"hh_f_i_curve", "rates from an adaptive integration (order 8)", hh_f_i_curve},
        {"squid_axon", "travelling wave of Hodgkin & Huxley 1952, found by shooting", squid_axon},
        {"squid_axon_scaling", "travelling wave over temperature; velocity as sqrt(d / Ra)", squid_axon_scaling},
        {"swc_cell", "adaptive integration of the same compartments of a reconstructed cell", swc_cell},
        {"voltage_clamp", "Hodgkin-Huxley currents at a held voltage; stiff integration of clamp and patch",
         voltage_clamp},
        {"synapse_patch", "the definition of each conductance; Runge-Kutta integration of a patch with one event",
         synapse_patch},
        {"synapses_on_cable", "adaptive integration of a soma and a dendrite with two synapses", synapses_on_cable},
        {"gap_junctions", "exponentials of two coupled patches; integration of two squid patches (order 8)",
         gap_junctions},
        {"ring_of_patches",
         "spikes of two squid patches that excite each other, located in their integration (order 8)", ring_of_patches},
        {"same_bits", "the same run with other threads, groups, instruction sets and kernels", same_bits},
    };
    return list;
}

}  // namespace axolemma::verify
