#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/load.hpp"

namespace axolemma::report {
namespace {

using Point = std::array<double, 4>;

Point mix(const Point& a, const Point& b, double w)
{
    Point out{};
    for (std::size_t k = 0; k < 4; ++k) out[k] = a[k] + w * (b[k] - a[k]);
    return out;
}

/// Distance of `p` from the segment a..b, and how far its radius is from the interpolated one, whichever is larger.
double deviation(const Point& p, const Point& a, const Point& b)
{
    double along = 0, square = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        along += (p[k] - a[k]) * (b[k] - a[k]);
        square += (b[k] - a[k]) * (b[k] - a[k]);
    }
    const Point foot = mix(a, b, square > 0 ? std::clamp(along / square, 0.0, 1.0) : 0.0);
    return std::max(std::hypot(p[0] - foot[0], p[1] - foot[1], p[2] - foot[2]), std::abs(p[3] - foot[3]));
}

struct Node {
    Point point;
    double position;  ///< 0..1
    bool must_stay;   ///< end of a compartment
};

/// Traced points and compartment ends of a section in order.
std::vector<Node> nodes_of(const record::MorphologyTables& tables, std::size_t section, const std::vector<double>& cuts)
{
    const auto first = static_cast<std::size_t>(tables.sections.first_point[section]);
    const auto n = static_cast<std::size_t>(tables.sections.n_points[section]);
    std::vector<double> arc(n, 0.0);
    for (std::size_t i = 1; i < n; ++i) {
        const Point &a = tables.points_um[first + i - 1], &b = tables.points_um[first + i];
        arc[i] = arc[i - 1] + std::hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    }
    const double length = n > 0 && arc.back() > 0 ? arc.back() : 1.0;
    std::vector<Node> nodes;
    std::size_t cut = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double position = arc[i] / length;
        while (i > 0 && cut < cuts.size() && cuts[cut] < position - 1e-9) {
            const double from = arc[i - 1] / length;
            if (cuts[cut] > from + 1e-9) {
                const double w = (cuts[cut] - from) / (position - from);
                nodes.push_back(
                    {mix(tables.points_um[first + i - 1], tables.points_um[first + i], w), cuts[cut], true});
            } else if (!nodes.empty()) {
                nodes.back().must_stay = true;
            }
            ++cut;
        }
        nodes.push_back({tables.points_um[first + i], position, i == 0 || i + 1 == n});
    }
    return nodes;
}

/// Drops traced points inside a compartment that lie within `tolerance_um` of the line past them.
std::vector<Node> simplify(const std::vector<Node>& nodes, double tolerance_um)
{
    std::vector<Node> kept;
    std::size_t last = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        bool needed = nodes[i].must_stay || i + 1 == nodes.size() || kept.empty();
        for (std::size_t j = last + 1; !needed && j <= i; ++j) {
            needed = deviation(nodes[j].point, nodes[last].point, nodes[i + 1].point) > tolerance_um;
        }
        if (!needed) continue;
        kept.push_back(nodes[i]);
        last = i;
    }
    return kept;
}

/// Compartments of each section in the order of their positions; a section without any gets an empty list.
std::vector<std::vector<std::uint32_t>> compartments_by_section(const record::MorphologyTables& tables)
{
    std::vector<std::vector<std::uint32_t>> lists(tables.sections.name.size());
    for (std::size_t c = 0; c < tables.compartments.section.size(); ++c) {
        lists[static_cast<std::size_t>(tables.compartments.section[c])].push_back(static_cast<std::uint32_t>(c));
    }
    for (auto& list : lists) {
        std::sort(list.begin(), list.end(),
                  [&](auto a, auto b) { return tables.compartments.from[a] < tables.compartments.from[b]; });
    }
    return lists;
}

double tolerance_of(const record::MorphologyTables& tables)
{
    double low[3] = {1e300, 1e300, 1e300}, high[3] = {-1e300, -1e300, -1e300};
    for (const Point& p : tables.points_um) {
        for (std::size_t k = 0; k < 3; ++k) {
            low[k] = std::min(low[k], p[k]);
            high[k] = std::max(high[k], p[k]);
        }
    }
    return tables.points_um.empty() ? 0.0 : std::hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 4000.0;
}

}  // namespace

Shape make_shape(const record::MorphologyTables& tables, std::size_t merge, std::vector<std::uint32_t>& element_of)
{
    Shape shape;
    shape.source = tables.source;
    shape.section_names = tables.sections.name;
    element_of.assign(tables.compartments.section.size(), 0);
    const auto lists = compartments_by_section(tables);
    const double tolerance = tolerance_of(tables);
    for (std::size_t s = 0; s < lists.size(); ++s) {
        const auto first_element = static_cast<std::uint32_t>(shape.n_elements());
        const std::size_t n = std::max<std::size_t>(1, (lists[s].size() + merge - 1) / merge);
        std::vector<double> ends;  // position at which each element stops
        for (std::size_t e = 0; e < n; ++e) {
            const std::size_t begin = e * merge, end = std::min(lists[s].size(), begin + merge);
            shape.element_section.push_back(static_cast<std::uint32_t>(s));
            shape.element_type.push_back(static_cast<std::uint8_t>(std::clamp(tables.sections.type[s], 0, 255)));
            double distance = tables.sections.distance_um[s] + 0.5 * tables.sections.length_um[s];
            if (begin < end) distance = tables.compartments.distance_um[lists[s][(begin + end) / 2]];
            shape.element_distance_um.push_back(static_cast<float>(distance));
            ends.push_back(e + 1 < n ? tables.compartments.to[lists[s][end - 1]] : 2.0);
            for (std::size_t i = begin; i < end; ++i)
                element_of[lists[s][i]] = first_element + static_cast<std::uint32_t>(e);
        }
        const std::vector<double> cuts(ends.begin(), ends.end() - 1);
        const auto nodes = simplify(nodes_of(tables, s, cuts), tolerance);
        if (nodes.size() < 2) continue;
        shape.chain_start.push_back(static_cast<std::uint32_t>(shape.nodes_um.size()));
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            std::array<float, 4> node{};
            for (std::size_t k = 0; k < 4; ++k) node[k] = static_cast<float>(nodes[i].point[k]);
            shape.nodes_um.push_back(node);
            const double middle = i + 1 < nodes.size() ? 0.5 * (nodes[i].position + nodes[i + 1].position) : 1.0;
            const auto e = std::upper_bound(ends.begin(), ends.end() - 1, middle) - ends.begin();
            shape.edge_element.push_back(first_element + static_cast<std::uint32_t>(e));
        }
    }
    shape.chain_start.push_back(static_cast<std::uint32_t>(shape.nodes_um.size()));
    return shape;
}

}  // namespace axolemma::report
