/// Simple shapes without a file.
#pragma once

#include "morphology/morphology.hpp"

namespace axolemma::morphology {

/// One isopotential patch: a cylinder section "soma[0]" of type soma.
Morphology make_patch(double length_um, double diameter_um);
/// An unbranched cylinder or cone along x: one section "cable[0]" of type `type`; the start is at the origin.
Morphology make_cable(double length_um, double diameter_start_um, double diameter_end_um, std::int32_t type = axon);
/// A soma cylinder ("soma[0]", length = diameter) and one dendrite ("dend[0]") attached to its end.
Morphology make_ball_and_stick(double soma_diameter_um, double dend_length_um, double dend_diameter_um);

}  // namespace axolemma::morphology
