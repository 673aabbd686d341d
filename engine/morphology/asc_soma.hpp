/// From the outlines of a cell body to a stack of truncated cones, as NEURON's Import3d makes it.
#pragma once

#include <vector>

#include "morphology/morphology.hpp"

namespace axolemma::morphology {

using Outline = std::vector<Point>;

/// The middle of an outline: the mean of 101 points, equally spaced along its drawn sides.
Point middle_of(const Outline& outline);

/// One outline: 21 points on its longest principal axis, each as wide as the outline is there.
/// @param outline three points or more that enclose an area
std::vector<Point> cones_of_outline(const Outline& outline);

/// One outline per plane: a point in the middle of each, of its mean radius. The diameter is the mean distance from the
/// middle plus perimeter / (2 pi).
std::vector<Point> cones_of_stack(const std::vector<Outline>& outlines);

}  // namespace axolemma::morphology
