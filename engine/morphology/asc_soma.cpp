// NEURON's import3d_gui.hoc (contour2centroid, contourstack2centroid) and import3d_sec.hoc (contourcenter,
// approximate_contour_by_circle), versions 8.2.2 and 9.0.2, restated.

#include "morphology/asc_soma.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>

namespace axolemma::morphology {

namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

double dot(const Vector& a, const Vector& b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// y at `x`, between points whose abscissae ascend; beyond them the nearest y.
double interpolate(const std::vector<double>& xs, const std::vector<double>& ys, double x)
{
    if (x <= xs.front()) {
        return ys.front();
    }
    if (x >= xs.back()) {
        return ys.back();
    }
    const auto above = static_cast<std::size_t>(std::lower_bound(xs.begin(), xs.end(), x) - xs.begin());
    const double fraction = (x - xs[above - 1]) / (xs[above] - xs[above - 1]);
    return (1.0 - fraction) * ys[above - 1] + fraction * ys[above];
}

/// 101 points along the sides that were drawn, without the one that closes the outline. The way is measured in the xy
/// plane.
std::vector<Vector> spread_evenly(const Outline& outline)
{
    std::vector<double> way_um(1, 0.0);
    std::array<std::vector<double>, 3> given;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Point& p = outline[i];
        if (i > 0) {
            way_um.push_back(way_um.back() + std::hypot(p.x_um - outline[i - 1].x_um, p.y_um - outline[i - 1].y_um));
        }
        given[0].push_back(p.x_um);
        given[1].push_back(p.y_um);
        given[2].push_back(p.z_um);
    }
    constexpr std::size_t n_steps = 100;
    std::vector<Vector> points(n_steps + 1);
    for (std::size_t i = 0; i <= n_steps; ++i) {
        const double at_um = static_cast<double>(i) * (way_um.back() / static_cast<double>(n_steps));
        for (std::size_t axis = 0; axis < 3; ++axis) {
            points[i][axis] = interpolate(way_um, given[axis], at_um);
        }
    }
    return points;
}

Vector mean_of(const std::vector<Vector>& points)
{
    Vector mean{};
    for (const Vector& p : points) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            mean[axis] += p[axis];
        }
    }
    for (double& coordinate : mean) {
        coordinate /= static_cast<double>(points.size());
    }
    return mean;
}

void turn_to_zero(Matrix& m, Matrix& axes, std::size_t p, std::size_t q)
{
    if (m[p][q] == 0.0) {
        return;
    }
    const double theta = 0.5 * (m[q][q] - m[p][p]) / m[p][q];
    const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::hypot(theta, 1.0));
    const double c = 1.0 / std::hypot(t, 1.0);
    const double s = t * c;
    for (std::size_t k = 0; k < 3; ++k) {
        const double kp = m[k][p];
        const double kq = m[k][q];
        m[k][p] = c * kp - s * kq;
        m[k][q] = s * kp + c * kq;
    }
    for (std::size_t k = 0; k < 3; ++k) {
        const double pk = m[p][k];
        const double qk = m[q][k];
        m[p][k] = c * pk - s * qk;
        m[q][k] = s * pk + c * qk;
    }
    for (Vector& row : axes) {
        const double kp = row[p];
        row[p] = c * kp - s * row[q];
        row[q] = s * kp + c * row[q];
    }
}

/// Principal axes of the points round their middle, the longest first (Jacobi's rotations; quadratic convergence).
std::array<Vector, 3> principal_axes(const std::vector<Vector>& from_middle)
{
    Matrix m{};
    for (const Vector& p : from_middle) {
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                m[i][j] += p[i] * p[j];
            }
        }
    }
    Matrix axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    constexpr int n_sweeps = 30;
    for (int sweep = 0; sweep < n_sweeps; ++sweep) {
        turn_to_zero(m, axes, 0, 1);
        turn_to_zero(m, axes, 0, 2);
        turn_to_zero(m, axes, 1, 2);
    }
    std::array<std::size_t, 3> order{0, 1, 2};
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return m[a][a] > m[b][b]; });
    std::array<Vector, 3> sorted{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            sorted[i][k] = axes[k][order[i]];
        }
    }
    return sorted;
}

Vector major_axis(Vector axis)
{
    const auto smaller = [](double a, double b) { return std::abs(a) < std::abs(b); };
    if (*std::max_element(axis.begin(), axis.end(), smaller) < 0.0) {
        for (double& coordinate : axis) {
            coordinate = -coordinate;
        }
    }
    return axis;
}

/// The second axis laid into the xy plane; as it is where it stands upright.
Vector minor_axis(const Vector& axis)
{
    const double in_plane = std::hypot(axis[0], axis[1]);
    constexpr double upright = 1e-6;
    return in_plane < upright ? axis : Vector{axis[0] / in_plane, axis[1] / in_plane, 0.0};
}

/// One side of the outline: position on the major axis and distance from it, position ascending.
struct Side {
    std::vector<double> along_um, out_um;

    void append(double along, double out)
    {
        along_um.push_back(along);
        out_um.push_back(out);
    }
    /// From the far end back, leaves out what does not ascend.
    void make_ascend()
    {
        Side kept;
        for (std::size_t i = along_um.size(); i-- > 0;) {
            while (!kept.along_um.empty() && kept.along_um.back() <= along_um[i]) {
                kept.along_um.pop_back();
                kept.out_um.pop_back();
            }
            kept.append(along_um[i], out_um[i]);
        }
        std::reverse(kept.along_um.begin(), kept.along_um.end());
        std::reverse(kept.out_um.begin(), kept.out_um.end());
        *this = std::move(kept);
    }
};

/// The two sides from the smallest to the largest position: the one that is drawn from the end to the start of the axis,
/// turned round, and the other.
std::array<Side, 2> split_sides(const std::vector<double>& along_um, const std::vector<double>& out_um)
{
    const std::size_t n = along_um.size();
    const auto first = static_cast<std::size_t>(std::max_element(along_um.begin(), along_um.end()) - along_um.begin());
    const auto at = [&](std::size_t i) { return (first + i) % n; };
    std::size_t turn = 0;
    for (std::size_t i = 1; i < n; ++i) {
        turn = along_um[at(i)] < along_um[at(turn)] ? i : turn;
    }
    std::array<Side, 2> sides;
    for (std::size_t i = turn; i-- > 0;) {
        sides[0].append(along_um[at(i)], out_um[at(i)]);
    }
    for (std::size_t i = turn; i < n; ++i) {
        sides[1].append(along_um[at(i)], out_um[at(i)]);
    }
    return sides;
}

double closed_perimeter_um(const Outline& outline)
{
    double perimeter_um = 0.0;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        perimeter_um += distance_between_um(outline[i], outline[(i + 1) % outline.size()]);
    }
    return perimeter_um;
}

}  // namespace

Point middle_of(const Outline& outline)
{
    const Vector middle = mean_of(spread_evenly(outline));
    return {middle[0], middle[1], middle[2], 0.0};
}

std::vector<Point> cones_of_outline(const Outline& outline)
{
    std::vector<Vector> points = spread_evenly(outline);
    const Vector middle = mean_of(points);
    for (Vector& p : points) {
        p = {p[0] - middle[0], p[1] - middle[1], p[2] - middle[2]};
    }
    const auto axes = principal_axes(points);
    const Vector major = major_axis(axes[0]);
    const Vector minor = minor_axis(axes[1]);
    std::vector<double> along_um;
    std::vector<double> out_um;
    for (const Vector& p : points) {
        along_um.push_back(dot(p, major));
        out_um.push_back(dot(p, minor));
    }
    auto sides = split_sides(along_um, out_um);
    sides[0].make_ascend();
    sides[1].make_ascend();

    std::vector<double> all;
    std::merge(sides[0].along_um.begin(), sides[0].along_um.end(), sides[1].along_um.begin(), sides[1].along_um.end(),
               std::back_inserter(all));
    constexpr std::size_t n_cones = 20;
    const double start_um = all[1];
    const double step_um = (all[all.size() - 2] - start_um) / static_cast<double>(n_cones);
    std::vector<Point> cones;
    for (std::size_t i = 0; i <= n_cones; ++i) {
        const double at_um = start_um + static_cast<double>(i) * step_um;
        const double width_um = std::abs(interpolate(sides[0].along_um, sides[0].out_um, at_um) -
                                         interpolate(sides[1].along_um, sides[1].out_um, at_um));
        cones.push_back(
            {middle[0] + at_um * major[0], middle[1] + at_um * major[1], middle[2] + at_um * major[2], 0.5 * width_um});
    }
    // Ends of diameter 0 would let no current through.
    cones.front().radius_um = 0.5 * (cones[0].radius_um + cones[1].radius_um);
    cones.back().radius_um = 0.5 * (cones[n_cones].radius_um + cones[n_cones - 1].radius_um);
    return cones;
}

std::vector<Point> cones_of_stack(const std::vector<Outline>& outlines)
{
    std::vector<Point> cones;
    for (const Outline& outline : outlines) {
        const std::vector<Vector> points = spread_evenly(outline);
        const Vector middle = mean_of(points);
        double distance_um = 0.0;
        for (const Vector& p : points) {
            distance_um += std::hypot(p[0] - middle[0], p[1] - middle[1], p[2] - middle[2]);
        }
        const double diameter_um =
            distance_um / static_cast<double>(points.size()) + closed_perimeter_um(outline) / (2.0 * std::numbers::pi);
        cones.push_back({middle[0], middle[1], middle[2], 0.5 * diameter_um});
    }
    return cones;
}

}  // namespace axolemma::morphology
