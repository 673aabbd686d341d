#include "morphology/soma.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/index.hpp"
#include "morphology/frustum.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

// Closed: the ends are no farther apart than twice the longest step. Ring-like: it encloses at least a quarter of the
// area of the circle of its perimeter. Thin: radii well below the size of the ring.
bool is_contour(const SwcFile& file, const SomaFacts& facts)
{
    if (file.format != FileFormat::swc || facts.samples.size() < 4 || !facts.forks.empty()) {
        return false;
    }
    const auto point = [&](std::size_t i) { return file.samples[index(facts.samples[i])].point(); };
    double longest_step_um = 0.0;
    double largest_radius_um = point(0).radius_um;
    for (std::size_t i = 1; i < facts.samples.size(); ++i) {
        if (file.samples[index(facts.samples[i])].parent != facts.samples[i - 1]) {
            return false;
        }
        const double step_um = distance_between_um(point(i - 1), point(i));
        longest_step_um = std::max(longest_step_um, step_um);
        largest_radius_um = std::max(largest_radius_um, point(i).radius_um);
    }
    const double gap_um = distance_between_um(point(facts.samples.size() - 1), point(0));
    const EnclosedArea enclosed = enclosed_area(file, facts.samples);
    return gap_um <= 2.0 * longest_step_um && enclosed.roundness >= 0.25 &&
           largest_radius_um < 0.25 * enclosed.centre.radius_um;
}

SomaForm form_of(const SwcFile& file, const SomaFacts& facts, const std::vector<std::int32_t>& n_children)
{
    if (facts.samples.empty()) {
        return SomaForm::none;
    }
    if (facts.samples.size() == 1) {
        return SomaForm::point;
    }
    if (facts.length_um == 0.0) {
        return SomaForm::no_length;
    }
    const auto sample = [&](std::size_t i) -> const SwcSample& { return file.samples[index(facts.samples[i])]; };
    if (facts.samples.size() == 3 && sample(1).parent == facts.samples[0] && sample(2).parent == facts.samples[0] &&
        n_children[index(facts.samples[1])] == 0 && n_children[index(facts.samples[2])] == 0) {
        return is_three_point_sphere(sample(0).point(), sample(1).point(), sample(2).point())
                   ? SomaForm::three_point
                   : SomaForm::three_point_odd;
    }
    return is_contour(file, facts) ? SomaForm::contour : SomaForm::cylinders;
}

}  // namespace

// import3d read_swc.hoc, lines 190-210; radii are compared in its single precision.
bool is_three_point_sphere(const Point& centre, const Point& a, const Point& b)
{
    const auto radius = [](const Point& p) { return static_cast<float>(p.radius_um); };
    if (radius(a) != radius(centre) || radius(b) != radius(centre) || centre.radius_um <= 0.0) {
        return false;
    }
    const double away_um = distance_between_um(centre, a) + distance_between_um(centre, b);
    return std::abs(away_um / (2.0 * centre.radius_um) - 1.0) < 0.01;
}

SomaFacts describe_soma(const SwcFile& file)
{
    SomaFacts facts;
    std::vector<std::int32_t> n_children(file.samples.size(), 0);
    std::vector<std::int32_t> n_soma_children(file.samples.size(), 0);
    std::int32_t first = -1;
    for (const std::int32_t k : file.order) {
        const SwcSample& sample = file.samples[index(k)];
        const bool has_parent = sample.parent >= 0;
        if (has_parent) {
            ++n_children[index(sample.parent)];
        }
        if (sample.type != soma) {
            continue;
        }
        if (!has_parent || file.samples[index(sample.parent)].type != soma) {
            if (first >= 0) {
                facts.other_pieces.push_back(k);
                continue;
            }
            first = k;
            facts.is_root = !has_parent;
        } else {
            const SwcSample& parent = file.samples[index(sample.parent)];
            const double length_um = distance_between_um(parent.point(), sample.point());
            facts.length_um += length_um;
            facts.area_um2 += frustum_area_um2(length_um, parent.radius_um, sample.radius_um);
            if (++n_soma_children[index(sample.parent)] == 2 && sample.parent != first) {
                facts.forks.push_back(sample.parent);
            }
        }
        facts.samples.push_back(k);
    }
    facts.form = form_of(file, facts, n_children);
    return facts;
}

EnclosedArea enclosed_area(const SwcFile& file, const std::vector<std::int32_t>& ring)
{
    std::vector<Point> points;
    points.reserve(ring.size());
    for (const std::int32_t k : ring) {
        points.push_back(file.samples[index(k)].point());
    }
    return enclosed_area(points);
}

EnclosedArea enclosed_area(const std::vector<Point>& ring)
{
    EnclosedArea result;
    const auto n = static_cast<double>(ring.size());
    for (const Point& p : ring) {
        result.centre.x_um += p.x_um / n;
        result.centre.y_um += p.y_um / n;
        result.centre.z_um += p.z_um / n;
    }
    double perimeter_um = 0.0;
    double ax = 0.0;
    double ay = 0.0;
    double az = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        // Relative to the centre, so that an outline far from the origin loses no digits.
        const Point& p = ring[i];
        const Point& q = ring[(i + 1) % ring.size()];
        perimeter_um += distance_between_um(p, q);
        const double px = p.x_um - result.centre.x_um;
        const double py = p.y_um - result.centre.y_um;
        const double pz = p.z_um - result.centre.z_um;
        const double qx = q.x_um - result.centre.x_um;
        const double qy = q.y_um - result.centre.y_um;
        const double qz = q.z_um - result.centre.z_um;
        ax += 0.5 * (py * qz - pz * qy);
        ay += 0.5 * (pz * qx - px * qz);
        az += 0.5 * (px * qy - py * qx);
    }
    result.area_um2 = std::hypot(ax, ay, az);
    if (perimeter_um > 0.0) {
        result.roundness = 4.0 * std::numbers::pi * result.area_um2 / (perimeter_um * perimeter_um);
    }
    result.centre.radius_um = std::sqrt(result.area_um2 / std::numbers::pi);
    return result;
}

}  // namespace axolemma::morphology
