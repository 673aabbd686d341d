// NEURON's Import3d_Neurolucida3 and import3d_gui (8.2.2, 9.0.2), restated: every branch of the file is a section; it
// takes over the place of its parent's last point, but with its own first diameter, unless it starts there; and a
// branch that leaves the cell body starts at its own first point, wired to the middle of the soma.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/index.hpp"
#include "morphology/section_builder.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

bool same_place(const Point& a, const Point& b)
{
    return a.x_um == b.x_um && a.y_um == b.y_um && a.z_um == b.z_um;
}

class DrawnSections {
public:
    DrawnSections(const SwcFile& file, const WorkTree& tree) : file_(file), tree_(tree), builder_(tree.size()) {}

    Morphology build();

private:
    bool goes_on(std::int32_t k) const;
    void make_root(std::int32_t end);
    void make_section(std::int32_t first, std::int32_t end);
    std::vector<Point> points_of(std::int32_t first, std::int32_t end) const;
    std::vector<std::int32_t> nodes_of(std::int32_t first, std::int32_t end) const;

    const SwcFile& file_;
    const WorkTree& tree_;
    SectionBuilder builder_;
};

bool DrawnSections::goes_on(std::int32_t k) const
{
    return !file_.samples[index(tree_.sample[index(k)])].begins_branch && tree_.parent_of(k) == k - 1;
}

std::vector<std::int32_t> DrawnSections::nodes_of(std::int32_t first, std::int32_t end) const
{
    std::vector<std::int32_t> nodes(index(end - first));
    std::iota(nodes.begin(), nodes.end(), first);
    return nodes;
}

std::vector<Point> DrawnSections::points_of(std::int32_t first, std::int32_t end) const
{
    return {tree_.point.begin() + first, tree_.point.begin() + end};
}

void DrawnSections::make_root(std::int32_t end)
{
    if (end > 1) {
        builder_.put_nodes(builder_.add(tree_.type_of(0), {}, points_of(0, end)), 0, nodes_of(0, end));
        return;
    }
    if (!tree_.is_soma(0)) {
        builder_.put_node(0, {0, 0.0});
        return;
    }
    const Point centre = tree_.point_of(0);
    Point left = centre;
    Point right = centre;
    left.x_um -= centre.radius_um;
    right.x_um += centre.radius_um;
    builder_.add(soma, {}, {left, centre, right});
    builder_.put_node(0, {0, 0.5});
}

void DrawnSections::make_section(std::int32_t first, std::int32_t end)
{
    const std::int32_t above = tree_.parent_of(first);
    Location at = builder_.place_of(above);
    std::vector<Point> points = points_of(first, end);
    std::size_t at_point = 0;
    if (tree_.is_soma(above)) {
        at.position = 0.5;
    } else if (!same_place(tree_.point_of(above), points.front())) {
        Point start = tree_.point_of(above);
        start.radius_um = points.front().radius_um;
        points.insert(points.begin(), start);
        at_point = 1;
    }
    // What hangs on a branch without length hangs on its parent.
    if (points.size() == 1 || (points.size() == 2 && same_place(points[0], points[1]))) {
        for (const std::int32_t k : nodes_of(first, end)) {
            builder_.put_node(k, at);
        }
        return;
    }
    builder_.put_nodes(builder_.add(tree_.type_of(first), at, points), at_point, nodes_of(first, end));
}

Morphology DrawnSections::build()
{
    for (std::int32_t first = 0; first < tree_.size();) {
        std::int32_t end = first + 1;
        while (end < tree_.size() && goes_on(end)) {
            ++end;
        }
        if (first == 0) {
            make_root(end);
        } else {
            make_section(first, end);
        }
        first = end;
    }
    return builder_.build(file_, tree_);
}

}  // namespace

Morphology sections_as_drawn(const SwcFile& file, const WorkTree& tree)
{
    return DrawnSections(file, tree).build();
}

}  // namespace axolemma::morphology
