/// Trees made by hand for tests: sections of two points, and the resistor network they stand for.
#pragma once

#include <cassert>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "discretise/cable.hpp"

namespace axolemma::test {

/// Collects cylinders (or cones) into a morphology.
class TreeMaker {
public:
    std::int32_t add(std::int32_t parent, double parent_position, double length_um, double r0_um, double r1_um)
    {
        morphology::Section section;
        section.name = "dend[" + std::to_string(sections_.size()) + "]";
        section.type = morphology::dend;
        section.parent = parent;
        section.parent_position = parent_position;
        section.first_point = static_cast<std::int32_t>(points_.size());
        section.n_points = 2;
        const double y_um = 100.0 * static_cast<double>(sections_.size());
        points_.push_back({0, y_um, 0, r0_um});
        points_.push_back({length_um, y_um, 0, r1_um});
        sections_.push_back(section);
        return static_cast<std::int32_t>(sections_.size()) - 1;
    }
    std::int32_t add(std::int32_t parent, double parent_position, double length_um, double radius_um)
    {
        return add(parent, parent_position, length_um, radius_um, radius_um);
    }
    morphology::Morphology make() const { return {sections_, points_}; }

private:
    std::vector<morphology::Section> sections_;
    std::vector<morphology::Point> points_;
};

using Matrix = std::vector<std::vector<double>>;

/// Solves a x = b by elimination with row exchange.
inline std::vector<double> solve_dense(Matrix a, std::vector<double> b)
{
    const std::size_t n = b.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t best = k;
        for (std::size_t i = k + 1; i < n; ++i) {
            best = std::abs(a[i][k]) > std::abs(a[best][k]) ? i : best;
        }
        std::swap(a[k], a[best]);
        std::swap(b[k], b[best]);
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = a[i][k] / a[k][k];
            for (std::size_t j = k; j < n; ++j) {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) {
            b[k] -= a[k][j] * b[j];
        }
        b[k] /= a[k][k];
    }
    return b;
}

/// Conductance matrix of a discretised tree with a leak to ground at every node.   [uS]
inline Matrix tree_matrix(const discretise::Layout& layout, const discretise::Cable& cable,
                          const std::vector<double>& leak_uS)
{
    const auto n = static_cast<std::size_t>(layout.n_nodes());
    Matrix a(n, std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) {
        a[i][i] += leak_uS[i];
        if (layout.parent[i] >= 0) {
            const auto p = static_cast<std::size_t>(layout.parent[i]);
            const double g = cable.axial_uS[i];
            a[i][i] += g;
            a[p][p] += g;
            a[i][p] -= g;
            a[p][i] -= g;
        }
    }
    return a;
}

}  // namespace axolemma::test
