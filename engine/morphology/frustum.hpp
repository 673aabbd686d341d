/// One truncated cone between two traced points; the radius is linear along its axis.
#pragma once

namespace axolemma::morphology {

/// Lateral area, pi (r0 + r1) sqrt(l^2 + (r0 - r1)^2), of a frustum of length l >= 0 and end radii r0, r1 >= 0.   [um2]
/// A frustum of length zero is an annulus: pi |r0^2 - r1^2|.
double frustum_area_um2(double length_um, double r0_um, double r1_um);

/// Volume, pi l (r0^2 + r0 r1 + r1^2) / 3.   [um3]
double frustum_volume_um3(double length_um, double r0_um, double r1_um);

/// Integral of ds / (pi r^2) along the axis = l / (pi r0 r1); times Ra it is the axial resistance.   [1/um]
/// Infinite when the frustum tapers to a point; 0 when its length is 0.
double frustum_axial_per_um(double length_um, double r0_um, double r1_um);

}  // namespace axolemma::morphology
