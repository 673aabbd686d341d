#include "morphology/axon_stub.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace axolemma::morphology {

namespace {

constexpr std::int32_t removed = -1;

/// New index of each section, or `removed`.
std::vector<std::int32_t> numbers_without_axon(const Morphology& morphology)
{
    std::vector<std::int32_t> number;
    std::int32_t next = 0;
    for (const auto& section : morphology.sections()) {
        const bool gone = section.type == axon ||
                          (section.parent >= 0 && number[static_cast<std::size_t>(section.parent)] == removed);
        number.push_back(gone ? removed : next++);
    }
    return number;
}

void add_stub(std::vector<Section>& sections, std::vector<Point>& points, Location at, Point start,
              const AxonStub& stub)
{
    start.radius_um = 0.5 * stub.diameter_um;
    for (std::int32_t k = 0; k < stub.sections; ++k) {
        Section section;
        section.name = fmt::format("{}[{}]", section_base_name(axon), k);
        section.type = axon;
        section.parent = k == 0 ? at.section : static_cast<std::int32_t>(sections.size()) - 1;
        section.parent_position = k == 0 ? at.position : 1.0;
        section.first_point = static_cast<std::int32_t>(points.size());
        section.n_points = 2;
        sections.push_back(std::move(section));
        points.push_back(start);
        start.y_um -= stub.length_um;
        points.push_back(start);
    }
}

}  // namespace

Morphology replace_axon(const Morphology& morphology, const AxonStub& stub)
{
    const auto number = numbers_without_axon(morphology);
    assert(number.front() != removed && "a root that is an axon cannot be replaced");
    std::vector<Section> sections;
    std::vector<Point> points;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        if (number[static_cast<std::size_t>(s)] == removed) {
            continue;
        }
        Section section = morphology.section(s);
        section.parent = section.parent < 0 ? -1 : number[static_cast<std::size_t>(section.parent)];
        section.first_point = static_cast<std::int32_t>(points.size());
        const auto own = morphology.points(s);
        points.insert(points.end(), own.begin(), own.end());
        sections.push_back(std::move(section));
    }
    const Location centre = morphology.soma_centre();
    const Location at{number[static_cast<std::size_t>(centre.section)], centre.position};
    add_stub(sections, points, at, morphology.at(centre), stub);
    Morphology result(std::move(sections), std::move(points));
    result.set_soma_centre(at);
    for (const auto& [id, where] : morphology.sample_locations) {
        if (const auto section = number[static_cast<std::size_t>(where.section)]; section != removed) {
            result.sample_locations.emplace(id, Location{section, where.position});
        }
    }
    return result;
}

}  // namespace axolemma::morphology
