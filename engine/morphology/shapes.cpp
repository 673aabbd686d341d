#include "morphology/shapes.hpp"

#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace axolemma::morphology {

namespace {

/// Collects sections of two points each.
class Cylinders {
public:
    std::int32_t add(std::string name, std::int32_t type, std::int32_t parent, const Point& start, const Point& end)
    {
        Section section;
        section.name = std::move(name);
        section.type = type;
        section.parent = parent;
        section.first_point = static_cast<std::int32_t>(points_.size());
        section.n_points = 2;
        sections_.push_back(std::move(section));
        points_.push_back(start);
        points_.push_back(end);
        return static_cast<std::int32_t>(sections_.size()) - 1;
    }
    const Point& end_of(std::int32_t section) const { return points_[2 * static_cast<std::size_t>(section) + 1]; }
    Morphology build() { return {std::move(sections_), std::move(points_)}; }

private:
    std::vector<Section> sections_;
    std::vector<Point> points_;
};

}  // namespace

Morphology make_patch(double length_um, double diameter_um)
{
    return make_cable(length_um, diameter_um, diameter_um, soma);
}

Morphology make_cable(double length_um, double diameter_start_um, double diameter_end_um, std::int32_t type)
{
    Cylinders shape;
    shape.add(section_base_name(type) + "[0]", type, -1, {0, 0, 0, 0.5 * diameter_start_um},
              {length_um, 0, 0, 0.5 * diameter_end_um});
    return shape.build();
}

Morphology make_ball_and_stick(double soma_diameter_um, double dend_length_um, double dend_diameter_um)
{
    Cylinders shape;
    const double r_um = 0.5 * soma_diameter_um;
    const std::int32_t ball = shape.add("soma[0]", soma, -1, {-r_um, 0, 0, r_um}, {r_um, 0, 0, r_um});
    shape.add("dend[0]", dend, ball, {r_um, 0, 0, 0.5 * dend_diameter_um},
              {r_um + dend_length_um, 0, 0, 0.5 * dend_diameter_um});
    return shape.build();
}

// Sections are numbered as in a heap: the children of s are 2s+1 and 2s+2. They fan out in the x-y plane, each level
// within half the angle of the one before, so that no two branches cross.
Morphology make_binary_tree(std::int32_t levels, double length_um, double diameter_um, double length_ratio,
                            double diameter_ratio)
{
    assert(levels >= 1 && levels <= 24 && "a binary tree has 1 to 24 levels");
    Cylinders shape;
    std::vector<double> angle{0.0};
    double spread = std::numbers::pi / 4.0;
    for (std::int32_t level = 0; level < levels; ++level) {
        const std::int32_t first = (1 << level) - 1;
        for (std::int32_t s = first; s < 2 * first + 1; ++s) {
            const std::int32_t parent = s == 0 ? -1 : (s - 1) / 2;
            if (s > 0) {
                angle.push_back(angle[static_cast<std::size_t>(parent)] + (s % 2 == 1 ? spread : -spread));
            }
            Point start = s == 0 ? Point{} : shape.end_of(parent);
            start.radius_um = 0.5 * diameter_um;
            const double direction = angle[static_cast<std::size_t>(s)];
            const Point end{start.x_um + length_um * std::cos(direction), start.y_um + length_um * std::sin(direction),
                            0.0, start.radius_um};
            shape.add(fmt::format("dend[{}]", s), dend, parent, start, end);
        }
        length_um *= length_ratio;
        diameter_um *= diameter_ratio;
        spread *= level == 0 ? 1.0 : 0.5;
    }
    return shape.build();
}

}  // namespace axolemma::morphology
