#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "base/diagnostics.hpp"
#include "morphology/regions.hpp"

namespace axolemma::morphology {

namespace {

bool keeps(const std::optional<Region>& within, const Morphology& morphology, Location where)
{
    return !within || contains(*within, morphology, where);
}

std::vector<std::string> section_names(const Morphology& morphology)
{
    std::vector<std::string> names;
    for (const Section& section : morphology.sections()) {
        names.push_back(section.name);
    }
    return names;
}

ResolvedLocations at_section_position(const LocationRule& rule, const Morphology& morphology)
{
    ResolvedLocations result;
    if (!(rule.position >= 0.0 && rule.position <= 1.0)) {
        result.message = fmt::format("position {} on section '{}' is not between 0 and 1", rule.position, rule.section);
        result.hint = "0 is the start of a section (towards the root), 1 its end";
        return result;
    }
    std::int32_t found = morphology.find_section(rule.section);
    if (found < 0) {
        found = morphology.find_section(rule.section + "[0]");
    }
    if (found >= 0) {
        result.locations.push_back({found, rule.position});
        return result;
    }
    result.message = fmt::format("there is no section '{}' in this cell", rule.section);
    const std::vector<std::string> names = section_names(morphology);
    constexpr std::size_t most_shown = 8;
    result.hint = names.size() <= most_shown
                      ? base::name_hint(rule.section, names, "sections")
                      : fmt::format("{}it has {} sections, {} to {}", base::name_hint(rule.section, names, ""),
                                    names.size(), names.front(), names.back());
    return result;
}

ResolvedLocations all_tips(const LocationRule& rule, const Morphology& morphology)
{
    ResolvedLocations result;
    std::int64_t n_tips = 0;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const auto children = morphology.children(s);
        const bool ends_free = std::none_of(children.begin(), children.end(), [&](std::int32_t child) {
            return morphology.section(child).parent_position == 1.0;
        });
        if (!ends_free || morphology.section(s).type == soma) {
            continue;
        }
        ++n_tips;
        if (keeps(rule.within, morphology, {s, 1.0})) {
            result.locations.push_back({s, 1.0});
        }
    }
    if (result.locations.empty()) {
        result.message = n_tips == 0 ? "this cell has no tips: it is a soma without neurites"
                                     : fmt::format("none of the {} tips of this cell is in the region", n_tips);
    }
    return result;
}

// On one section the distance has at most two straight pieces: falling towards the place where the way to the soma
// leaves it, then rising.
void add_at_distance(const LocationRule& rule, const Morphology& morphology, std::int32_t s,
                     std::vector<Location>& found)
{
    const double length_um = morphology.section(s).length_um;
    if (length_um <= 0.0) {
        return;
    }
    const double start_um = morphology.distance_um({s, 0.0});
    const double end_um = morphology.distance_um({s, 1.0});
    const double turn = std::clamp(0.5 * (1.0 + (start_um - end_um) / length_um), 0.0, 1.0);
    const double turn_um = morphology.distance_um({s, turn});
    const double offset = (rule.distance_um - turn_um) / length_um;
    if (offset < 0.0) {
        return;
    }
    const bool is_root = morphology.section(s).parent < 0;
    const auto add = [&](double position) {
        if (keeps(rule.within, morphology, {s, position})) {
            found.push_back({s, position});
        }
    };
    if (turn > 0.0 && offset > 0.0 && turn - offset >= 0.0) {
        add(turn - offset);
    }
    // A place shared with the parent is named once, on the parent.
    const bool is_shared_start = turn + offset == 0.0 && !is_root;
    if (turn + offset <= 1.0 && !is_shared_start) {
        add(turn + offset);
    }
}

ResolvedLocations at_distance(const LocationRule& rule, const Morphology& morphology)
{
    ResolvedLocations result;
    double farthest_um = 0.0;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        farthest_um = std::max({farthest_um, morphology.distance_um({s, 0.0}), morphology.distance_um({s, 1.0})});
        add_at_distance(rule, morphology, s, result.locations);
    }
    if (result.locations.empty()) {
        result.message = fmt::format("no place{} is at path distance {:.6g} um from the soma",
                                     rule.within ? " of the region" : "", rule.distance_um);
        result.hint = fmt::format("path distances in this cell run from 0 to {:.6g} um", farthest_um);
    }
    return result;
}

double project(const Point& start, const Point& end, const Point& target)
{
    const double dx = end.x_um - start.x_um;
    const double dy = end.y_um - start.y_um;
    const double dz = end.z_um - start.z_um;
    const double squared = dx * dx + dy * dy + dz * dz;
    if (squared == 0.0) {
        return 0.0;
    }
    const double along =
        (target.x_um - start.x_um) * dx + (target.y_um - start.y_um) * dy + (target.z_um - start.z_um) * dz;
    return std::clamp(along / squared, 0.0, 1.0);
}

ResolvedLocations nearest_to(const LocationRule& rule, const Morphology& morphology)
{
    const Point target{rule.x_um, rule.y_um, rule.z_um, 0.0};
    Location best{0, 0.0};
    double best_um = std::numeric_limits<double>::infinity();
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const auto points = morphology.points(s);
        const double length_um = morphology.section(s).length_um;
        double arc_um = 0.0;
        for (std::size_t i = 1; i < points.size(); ++i) {
            const Point& a = points[i - 1];
            const Point& b = points[i];
            const double f = project(a, b, target);
            const Point foot{a.x_um + f * (b.x_um - a.x_um), a.y_um + f * (b.y_um - a.y_um),
                             a.z_um + f * (b.z_um - a.z_um), 0.0};
            const double segment_um = distance_between_um(a, b);
            const double away_um = distance_between_um(foot, target);
            if (away_um < best_um) {
                best_um = away_um;
                best = {s, length_um > 0.0 ? std::min(1.0, (arc_um + f * segment_um) / length_um) : 0.0};
            }
            arc_um += segment_um;
        }
    }
    return {{best}, {}, {}};
}

ResolvedLocations of_sample(const LocationRule& rule, const Morphology& morphology)
{
    const auto found = morphology.sample_locations.find(rule.sample);
    if (found != morphology.sample_locations.end()) {
        return {{found->second}, {}, {}};
    }
    if (morphology.sample_locations.empty()) {
        return {{}, "this cell was not read from an SWC file, so it has no samples", "name a section and a position"};
    }
    std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
    std::int64_t highest = std::numeric_limits<std::int64_t>::min();
    for (const auto& [id, where] : morphology.sample_locations) {
        lowest = std::min(lowest, id);
        highest = std::max(highest, id);
    }
    return {
        {},
        fmt::format("there is no sample {} in the SWC file", rule.sample),
        fmt::format("its {} sample ids lie between {} and {}", morphology.sample_locations.size(), lowest, highest)};
}

}  // namespace

ResolvedLocations resolve(const LocationRule& rule, const Morphology& morphology)
{
    if (morphology.n_sections() == 0) {
        return {{}, "this cell has no sections", {}};
    }
    switch (rule.kind) {
    case LocationRule::Kind::soma_centre: return {{morphology.soma_centre()}, {}, {}};
    case LocationRule::Kind::section_position: return at_section_position(rule, morphology);
    case LocationRule::Kind::tips: return all_tips(rule, morphology);
    case LocationRule::Kind::distance: return at_distance(rule, morphology);
    case LocationRule::Kind::nearest: return nearest_to(rule, morphology);
    case LocationRule::Kind::sample: return of_sample(rule, morphology);
    }
    return {};
}

}  // namespace axolemma::morphology
