/// Compares lane kernels with reference kernels.
#pragma once

#include <bit>
#include <cmath>
#include <string>

#include "mechanisms/lane_block.hpp"
#include "support/catch.hpp"
#include "support/simd.hpp"
#include "unit/kinetics/lane_columns.hpp"

namespace axolemma::test {

inline constexpr double celsius = 16.3;
inline constexpr double dt_ms = 0.025;

inline bool same(double found, double wanted, double tolerance)
{
    return (std::isnan(found) && std::isnan(wanted)) ||
           std::bit_cast<std::uint64_t>(found) == std::bit_cast<std::uint64_t>(wanted) ||
           (tolerance > 0.0 && std::abs(found - wanted) <= tolerance * (1.0 + std::abs(wanted)));
}

/// Steps both forms of the mechanism and compares states, concentrations and sums of the lanes that are present; in others
/// sums and concentrations must not change.
/// @param tolerance  relative; 0: the same bits
inline void check_step(const mechanisms::MechanismInfo& info, const mechanisms::LaneKernel& kernel,
                       const LaneLayout& layout, double dt, double tolerance, unsigned seed = 1)
{
    LaneColumns lanes(info, layout, seed);
    const LaneColumns before(info, layout, seed);
    auto reference = lanes.as_columns(celsius);
    lanes.step(kernel, celsius, dt, true);
    reference.advance(dt);
    const auto linear = reference.linearise();
    lanes.for_lanes([&](std::size_t k, std::size_t lane) {
        const std::size_t own = LaneColumns::own(k, lane);
        const std::size_t at = lanes.in_group(k, lane);
        const bool present = lanes.is_present(k, lane);
        const auto check = [&](double found, double wanted, double tol) {
            INFO(info.name << ", row " << k << ", lane " << lane << ": " << found << " and not " << wanted);
            REQUIRE(same(found, wanted, tol));
        };
        const auto check_sum = [&](double found, double old, double added) {
            check(found, present ? old + added : old, present ? tolerance : 0.0);
        };
        check_sum(lanes.g[at], before.g[at], linear.g[own]);
        check_sum(lanes.s[at], before.s[at], linear.s[own]);
        for (std::size_t c = 0; c < info.currents.size(); ++c) {
            check_sum(lanes.current_g[c][at], before.current_g[c][at], linear.current_g[c][own]);
            check_sum(lanes.current_s[c][at], before.current_s[c][at], linear.current_s[c][own]);
        }
        for (std::size_t x = 0; x < info.states.size() && present; ++x) {
            check(lanes.states[x][own], reference.states[x][own], tolerance);
        }
        for (std::size_t x = 0; x < info.ion_writes.size(); ++x) {
            check(lanes.ion_writes[x][at],
                  present && dt != 0.0 ? reference.ion_writes[x][own] : before.ion_writes[x][at],
                  present ? tolerance : 0.0);
        }
    });
}

/// The same bits with FMA; without, what two roundings instead of one may change.
inline double tolerance_on(const std::string& simd)
{
    return has_fma(simd) ? 0.0 : 1e-8;
}

inline mechanisms::LaneOptions by_formula()
{
    mechanisms::LaneOptions options;
    options.temperature_degC = celsius;
    options.dt_ms = dt_ms;
    options.gate_table_bound = 0.0;
    return options;
}

}  // namespace axolemma::test
