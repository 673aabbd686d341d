/// One truncated cone between two traced points; radius is linear in arc length.
#pragma once

namespace axolemma::morphology {

/// Lateral area of a frustum of length l and end radii r0, r1.   [um2]
/// A zero-length frustum is an annulus: pi |r0^2 - r1^2|.
double frustum_area_um2(double length_um, double r0_um, double r1_um);
/// Volume.   [um3]
double frustum_volume_um3(double length_um, double r0_um, double r1_um);
/// Integral of ds / (pi r^2) along the axis = l / (pi r0 r1); times Ra it is the axial resistance.   [1/um]
double frustum_axial_per_um(double length_um, double r0_um, double r1_um);

}  // namespace axolemma::morphology
