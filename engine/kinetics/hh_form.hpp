/// Finds the squid axon's membrane in equations, whatever its names.
#pragma once

#include <array>
#include <optional>

#include "kinetics/compiled.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::kinetics {

/// What plays the parts of i = gna m^3 h (v - ena) + gk n^4 (v - ek) + gl (v - el).
struct HhForm {
    std::array<mechanisms::LaneKernel::HhShape::Column, 6> parameters;  ///< gna, gk, gl, ena, ek, el
    std::array<std::size_t, 3> states;                                  ///< m, h, n
};

/// Nothing if the currents are others, or are written so differently that this is not seen, or if anything else happens in a
/// step than that these three states advance.
std::optional<HhForm> find_hh_form(const CompiledEquations& compiled);

}  // namespace axolemma::kinetics
