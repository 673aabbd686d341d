#include "morphology/section_builder.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace axolemma::morphology {

std::int32_t SectionBuilder::add(std::int32_t type, Location at, const std::vector<Point>& points)
{
    Section section;
    section.name = fmt::format("{}[{}]", section_base_name(type), n_of_type_[type]++);
    section.type = type;
    section.parent = sections_.empty() ? -1 : at.section;
    section.parent_position = sections_.empty() ? 0.0 : at.position;
    section.first_point = static_cast<std::int32_t>(points_.size());
    section.n_points = static_cast<std::int32_t>(points.size());
    points_.insert(points_.end(), points.begin(), points.end());
    sections_.push_back(std::move(section));
    return static_cast<std::int32_t>(sections_.size()) - 1;
}

void SectionBuilder::put_nodes(std::int32_t section, std::size_t at_point, std::span<const std::int32_t> nodes)
{
    const Section& s = sections_[static_cast<std::size_t>(section)];
    const auto n_points = static_cast<std::size_t>(s.n_points);
    const std::span<const Point> points =
        std::span<const Point>(points_).subspan(static_cast<std::size_t>(s.first_point));
    double length_um = 0.0;
    for (std::size_t i = 1; i < n_points; ++i) {
        length_um += distance_between_um(points[i - 1], points[i]);
    }
    double arc_um = 0.0;
    for (std::size_t i = 0; i < n_points; ++i) {
        arc_um += i == 0 ? 0.0 : distance_between_um(points[i - 1], points[i]);
        if (i < at_point || i >= at_point + nodes.size()) {
            continue;
        }
        // The ends are exactly 0 and 1, also in a section without length.
        const double position = i == 0 ? 0.0 : i + 1 == n_points ? 1.0 : length_um > 0.0 ? arc_um / length_um : 0.0;
        put_node(nodes[i - at_point], {section, std::min(position, 1.0)});
    }
}

Morphology SectionBuilder::build(const SwcFile& file, const WorkTree& tree)
{
    Morphology morphology(std::move(sections_), std::move(points_));
    morphology.sample_locations.reserve(file.samples.size());
    for (std::int32_t k = 0; k < tree.size(); ++k) {
        const SwcSample& sample = file.samples[static_cast<std::size_t>(tree.sample[static_cast<std::size_t>(k)])];
        morphology.sample_locations.emplace(sample.id, place_of(k));
    }
    // Soma samples that were drawn together into one point are not in the tree.
    if (morphology.sample_locations.size() < file.samples.size()) {
        for (const SwcSample& sample : file.samples) {
            morphology.sample_locations.emplace(sample.id, morphology.soma_centre());
        }
    }
    return morphology;
}

}  // namespace axolemma::morphology
