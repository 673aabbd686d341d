/// Simple shapes without a file.
#pragma once

#include <cstdint>

#include "morphology/morphology.hpp"

namespace axolemma::morphology {

// All lengths and diameters are in um and must be > 0; the configuration reader checks that before calling.

/// One isopotential patch: a cylinder section "soma[0]" of type soma.
Morphology make_patch(double length_um, double diameter_um);

/// An unbranched cylinder or cone along x: one section "axon[0]" (named after `type`); the start is at the origin.
Morphology make_cable(double length_um, double diameter_start_um, double diameter_end_um, std::int32_t type = axon);

/// A soma cylinder ("soma[0]", length = diameter) and one dendrite ("dend[0]") attached to its end.
Morphology make_ball_and_stick(double soma_diameter_um, double dend_length_um, double dend_diameter_um);

/// Symmetric binary tree of cylinders of type dend: level k = 0..levels-1 has 2^k sections, numbered level by level.
///
/// With diameter_ratio = 2^(-2/3) and length_ratio = 2^(-1/3) it is electrically one cylinder (Rall 1962; Rallpack 2).
/// @param levels 1..24; 24 levels are 16 777 215 sections
/// @param length_ratio, diameter_ratio child / parent, > 0
Morphology make_binary_tree(std::int32_t levels, double length_um, double diameter_um, double length_ratio,
                            double diameter_ratio);

}  // namespace axolemma::morphology
