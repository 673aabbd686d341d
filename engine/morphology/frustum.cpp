#include "morphology/frustum.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace axolemma::morphology {

double frustum_area_um2(double length_um, double r0_um, double r1_um)
{
    return std::numbers::pi * (r0_um + r1_um) * std::hypot(length_um, r0_um - r1_um);
}

double frustum_volume_um3(double length_um, double r0_um, double r1_um)
{
    return std::numbers::pi / 3.0 * length_um * (r0_um * r0_um + r0_um * r1_um + r1_um * r1_um);
}

double frustum_axial_per_um(double length_um, double r0_um, double r1_um)
{
    if (length_um == 0.0) {
        return 0.0;  // also where a radius is 0: there is no way to go
    }
    const double section_um2 = std::numbers::pi * r0_um * r1_um;
    return section_um2 > 0.0 ? length_um / section_um2 : std::numeric_limits<double>::infinity();
}

}  // namespace axolemma::morphology
