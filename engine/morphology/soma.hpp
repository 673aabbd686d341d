/// What the soma samples of a file look like (docs/morphology.md shows each form).
#pragma once

#include <cstdint>
#include <vector>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

enum class SomaForm {
    none,             ///< no sample of type 1
    point,            ///< one sample: a sphere
    three_point,      ///< NeuroMorpho's form of a sphere: a centre and two samples one radius away on either side
    three_point_odd,  ///< a centre and two samples, but not one radius away or with other radii
    contour,          ///< an outline: thin samples in a closed ring
    no_length,        ///< several samples at one place
    cylinders,        ///< stacked cylinders (truncated cones), branched or not
};

struct SomaFacts {
    SomaForm form = SomaForm::none;
    std::vector<std::int32_t> samples;       ///< indices of the piece nearest the root, depth first
    std::vector<std::int32_t> other_pieces;  ///< first sample of every further piece
    std::vector<std::int32_t> forks;         ///< soma samples below the first with more than one soma child
    bool is_root = true;                     ///< the first sample is the root of the file
    double length_um = 0;                    ///< of the segments between soma samples
    double area_um2 = 0;
};

/// Linear in the samples of the file.
SomaFacts describe_soma(const SwcFile& file);

/// NeuroMorpho's three-point form, by NEURON's test: equal radii, and the outer points together two radii away within
/// 1 %.
bool is_three_point_sphere(const Point& centre, const Point& a, const Point& b);

/// The area that an outline encloses, and its middle. For points p_i in a ring: |sum p_i x p_(i+1)| / 2, which for a
/// flat outline is its area whatever its orientation in space.
struct EnclosedArea {
    double area_um2 = 0;
    double roundness = 0;  ///< area / area of the circle of its perimeter: 1 for a circle, 0 for samples on a line
    Point centre;          ///< mean of the outline's points; its radius is that of the disk of the same area
};
EnclosedArea enclosed_area(const std::vector<Point>& ring);
EnclosedArea enclosed_area(const SwcFile& file, const std::vector<std::int32_t>& ring);

}  // namespace axolemma::morphology
