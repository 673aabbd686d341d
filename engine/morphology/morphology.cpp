#include "morphology/morphology.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/index.hpp"
#include "morphology/frustum.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

double mix(double a, double b, double fraction)
{
    return a + fraction * (b - a);
}

Point mix(const Point& a, const Point& b, double fraction)
{
    return {mix(a.x_um, b.x_um, fraction), mix(a.y_um, b.y_um, fraction), mix(a.z_um, b.z_um, fraction),
            mix(a.radius_um, b.radius_um, fraction)};
}

}  // namespace

std::string section_base_name(std::int32_t type)
{
    switch (type) {
    case soma: return "soma";
    case axon: return "axon";
    case dend: return "dend";
    case apic: return "apic";
    default: break;
    }
    return type < 0 ? fmt::format("minus_{}", -static_cast<std::int64_t>(type)) : fmt::format("dend_{}", type);
}

double distance_between_um(const Point& a, const Point& b)
{
    return std::hypot(a.x_um - b.x_um, a.y_um - b.y_um, a.z_um - b.z_um);
}

std::size_t SampleIdHash::operator()(std::int64_t id) const noexcept
{
    // splitmix64 finaliser (Steele, Lea & Flood 2014)
    auto z = static_cast<std::uint64_t>(id) + 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return static_cast<std::size_t>(z ^ (z >> 31U));
}

Morphology::Morphology(std::vector<Section> sections, std::vector<Point> points)
    : sections_(std::move(sections)), points_(std::move(points))
{
    check_sections();
    index_children();
    integrate_sections();
    count_branch_orders();
    const auto is_soma = [](const Section& section) { return section.type == soma; };
    const auto found = std::find_if(sections_.begin(), sections_.end(), is_soma);
    soma_centre_ = found == sections_.end() ? Location{0, 0.0}
                                            : Location{static_cast<std::int32_t>(found - sections_.begin()), 0.5};
    if (!sections_.empty()) {
        measure_distances();
    }
}

void Morphology::check_sections() const
{
    [[maybe_unused]] std::int32_t next_point = 0;
    for (std::int32_t s = 0; s < n_sections(); ++s) {
        [[maybe_unused]] const Section& section = sections_[index(s)];
        assert(section.n_points >= 2 && "a section has at least two points");
        assert(section.first_point == next_point && "the points of the sections follow each other");
        assert(section.parent < s && (section.parent >= 0) == (s > 0) && "parents come first and there is one root");
        assert(section.parent_position >= 0.0 && section.parent_position <= 1.0 && "positions run from 0 to 1");
        next_point += section.n_points;
    }
    assert(index(next_point) == points_.size() && "every point belongs to a section");
}

void Morphology::index_children()
{
    child_start_.assign(sections_.size() + 1, 0);
    for (const Section& section : sections_) {
        if (section.parent >= 0) {
            ++child_start_[index(section.parent) + 1];
        }
    }
    for (std::size_t s = 0; s < sections_.size(); ++s) {
        child_start_[s + 1] += child_start_[s];
    }
    child_list_.resize(sections_.empty() ? 0 : sections_.size() - 1);
    std::vector<std::int32_t> next(child_start_.begin(), child_start_.end());
    by_name_.reserve(sections_.size());
    for (std::int32_t s = 0; s < n_sections(); ++s) {
        const Section& section = sections_[index(s)];
        if (section.parent >= 0) {
            child_list_[index(next[index(section.parent)]++)] = s;
        }
        by_name_.emplace(section.name, s);
    }
}

void Morphology::integrate_sections()
{
    arc_um_.assign(points_.size(), 0.0);
    area_um2_ = volume_um3_ = axial_per_um_ = arc_um_;
    n_blocked_.assign(points_.size(), 0);
    for (Section& section : sections_) {
        const std::size_t first = index(section.first_point);
        for (std::size_t i = first + 1; i < first + index(section.n_points); ++i) {
            const double length_um = distance_between_um(points_[i - 1], points_[i]);
            const double r0_um = points_[i - 1].radius_um;
            const double r1_um = points_[i].radius_um;
            const double axial_per_um = frustum_axial_per_um(length_um, r0_um, r1_um);
            const bool open = std::isfinite(axial_per_um);
            arc_um_[i] = arc_um_[i - 1] + length_um;
            area_um2_[i] = area_um2_[i - 1] + frustum_area_um2(length_um, r0_um, r1_um);
            volume_um3_[i] = volume_um3_[i - 1] + frustum_volume_um3(length_um, r0_um, r1_um);
            axial_per_um_[i] = axial_per_um_[i - 1] + (open ? axial_per_um : 0.0);
            n_blocked_[i] = n_blocked_[i - 1] + (open ? 0 : 1);
        }
        section.length_um = arc_um_[first + index(section.n_points) - 1];
    }
}

// A soma is one point of the tree: whatever leaves it shares one branch point, if at least two neurites do. Elsewhere
// the places are the ends of sections; what hangs on a section's start shares that section's own branch point.
void Morphology::count_branch_orders()
{
    std::vector<std::int32_t> at_start(sections_.size(), 0);
    std::vector<std::int32_t> at_end(sections_.size(), 0);
    std::int32_t from_soma = 0;
    for (const Section& section : sections_) {
        if (section.parent < 0) {
            continue;
        }
        const Section& parent = sections_[index(section.parent)];
        if (parent.type == soma) {
            from_soma += section.type != soma;
        } else if (section.parent_position == 0.0) {
            ++at_start[index(section.parent)];
        } else if (section.parent_position == 1.0) {
            ++at_end[index(section.parent)];
        }
    }
    for (std::size_t s = 0; s < sections_.size(); ++s) {
        Section& section = sections_[s];
        const bool starts_with_fork = section.type != soma && at_start[s] > 0;
        section.branch_order = starts_with_fork ? 1 : 0;
        if (section.parent < 0) {
            continue;
        }
        const Section& parent = sections_[index(section.parent)];
        if (parent.type == soma) {
            const bool leaves_fork = section.type != soma && from_soma > 1;
            section.branch_order += parent.branch_order + (leaves_fork ? 1 : 0);
        } else if (section.parent_position == 0.0) {
            section.branch_order += parent.branch_order;
        } else {
            const bool alone = section.parent_position == 1.0 && at_end[index(section.parent)] == 1;
            section.branch_order += parent.branch_order + (alone ? 0 : 1);
        }
    }
}

// Sections between the root and the soma centre are walked against their direction from where they are entered; all
// others start at a distance known from their parent.
void Morphology::measure_distances()
{
    entries_.clear();
    Entry entry{soma_centre_.section, soma_centre_.position, 0.0};
    while (true) {
        entries_.push_back(entry);
        const Section& section = sections_[index(entry.section)];
        if (section.parent < 0) {
            break;
        }
        entry = {section.parent, section.parent_position, entry.distance_um + entry.position * section.length_um};
    }
    std::reverse(entries_.begin(), entries_.end());
    std::size_t next_entry = 0;
    for (std::int32_t s = 0; s < n_sections(); ++s) {
        Section& section = sections_[index(s)];
        if (next_entry < entries_.size() && entries_[next_entry].section == s) {
            const Entry& on_path = entries_[next_entry++];
            section.distance_um = on_path.distance_um + on_path.position * section.length_um;
        } else {
            section.distance_um = distance_um({section.parent, section.parent_position});
        }
    }
}

const Morphology::Entry* Morphology::entry_of(std::int32_t section) const
{
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), section,
                                        [](const Entry& entry, std::int32_t s) { return entry.section < s; });
    return found != entries_.end() && found->section == section ? &*found : nullptr;
}

double Morphology::distance_um(Location where) const
{
    const Section& section = sections_[index(where.section)];
    if (const Entry* entry = entry_of(where.section)) {
        return entry->distance_um + std::abs(where.position - entry->position) * section.length_um;
    }
    return section.distance_um + where.position * section.length_um;
}

void Morphology::set_soma_centre(Location where)
{
    assert(where.section >= 0 && where.section < n_sections() && "the soma centre lies on a section");
    soma_centre_ = where;
    measure_distances();
}

bool Morphology::has_soma() const
{
    return std::any_of(sections_.begin(), sections_.end(), [](const Section& section) { return section.type == soma; });
}

std::span<const Point> Morphology::points(std::int32_t section) const
{
    const Section& s = sections_[index(section)];
    return std::span<const Point>(points_).subspan(index(s.first_point), index(s.n_points));
}

std::span<const std::int32_t> Morphology::children(std::int32_t section) const
{
    const std::size_t first = index(child_start_[index(section)]);
    return std::span<const std::int32_t>(child_list_).subspan(first, index(child_start_[index(section) + 1]) - first);
}

std::int32_t Morphology::find_section(std::string_view name) const
{
    const auto found = by_name_.find(std::string(name));
    return found == by_name_.end() ? -1 : found->second;
}

Morphology::Place Morphology::find_place(const Section& section, double position) const
{
    const std::size_t first = index(section.first_point);
    const std::size_t last = first + index(section.n_points) - 1;
    if (position <= 0.0) {
        return {first, 0.0};
    }
    if (position >= 1.0) {
        return {last, 0.0};
    }
    const double arc_um = position * section.length_um;
    const auto begin = arc_um_.begin();
    const auto after = std::upper_bound(begin + static_cast<std::ptrdiff_t>(first),
                                        begin + static_cast<std::ptrdiff_t>(last) + 1, arc_um);
    const auto point = static_cast<std::size_t>(after - begin) - 1;
    if (point >= last) {
        return {last, 0.0};
    }
    return {point, (arc_um - arc_um_[point]) / (arc_um_[point + 1] - arc_um_[point])};
}

double Morphology::cumulated(const std::vector<double>& sums, const Section& section, double position,
                             double (*of_frustum)(double, double, double)) const
{
    const Place place = find_place(section, position);
    if (place.fraction == 0.0) {
        return sums[place.point];
    }
    const Point& start = points_[place.point];
    const Point& end = points_[place.point + 1];
    const double length_um = place.fraction * (arc_um_[place.point + 1] - arc_um_[place.point]);
    return sums[place.point] +
           of_frustum(length_um, start.radius_um, mix(start.radius_um, end.radius_um, place.fraction));
}

double Morphology::area_um2(std::int32_t section, double from, double to) const
{
    const Section& s = sections_[index(section)];
    return cumulated(area_um2_, s, to, frustum_area_um2) - cumulated(area_um2_, s, from, frustum_area_um2);
}

double Morphology::volume_um3(std::int32_t section, double from, double to) const
{
    const Section& s = sections_[index(section)];
    return cumulated(volume_um3_, s, to, frustum_volume_um3) - cumulated(volume_um3_, s, from, frustum_volume_um3);
}

// The frustum that tapers to a point has an infinite integral, which cannot be cumulated and subtracted: whole segments
// are counted apart and the two cut ones are integrated between their own end radii.
double Morphology::axial_per_um(std::int32_t section, double from, double to) const
{
    const Section& s = sections_[index(section)];
    const Place a = find_place(s, from);
    const Place b = find_place(s, to);
    const auto piece = [&](std::size_t point, double f0, double f1) {
        if (f0 == f1) {
            return 0.0;
        }
        const double r0_um = points_[point].radius_um;
        const double r1_um = points_[point + 1].radius_um;
        return frustum_axial_per_um((f1 - f0) * (arc_um_[point + 1] - arc_um_[point]), mix(r0_um, r1_um, f0),
                                    mix(r0_um, r1_um, f1));
    };
    if (a.point == b.point) {
        return piece(a.point, a.fraction, b.fraction);
    }
    const std::size_t first_whole = a.fraction == 0.0 ? a.point : a.point + 1;
    if (n_blocked_[b.point] > n_blocked_[first_whole]) {
        return std::numeric_limits<double>::infinity();
    }
    const double head = a.fraction == 0.0 ? 0.0 : piece(a.point, a.fraction, 1.0);
    return head + (axial_per_um_[b.point] - axial_per_um_[first_whole]) + piece(b.point, 0.0, b.fraction);
}

Point Morphology::at(Location where) const
{
    const Place place = find_place(sections_[index(where.section)], where.position);
    if (place.fraction == 0.0) {
        return points_[place.point];
    }
    return mix(points_[place.point], points_[place.point + 1], place.fraction);
}

base::Diagnostics check_cable(const Morphology& morphology, const base::SourcePos& pos)
{
    constexpr std::int64_t most_listed = 10;
    base::Diagnostics found;
    std::int64_t n_found = 0;
    base::Diagnostic last;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const Section& section = morphology.section(s);
        const bool no_length = section.length_um == 0.0;
        if (!no_length && std::isfinite(morphology.axial_per_um(s, 0.0, 1.0))) {
            continue;
        }
        if (++n_found > most_listed) {
            ++last.repeats;
            continue;
        }
        if (n_found > 1) {
            found.append(last);
        }
        last = {base::Severity::error, pos, {}, {}, 0};
        if (no_length) {
            last.message =
                fmt::format("section '{}' has no length, so it cannot be cut into compartments", section.name);
            last.hint = "remove its samples from the file, or give a soma of one sample a radius (option min_radius)";
        } else {
            last.message = fmt::format("section '{}' has a point of radius 0, where its axial resistance is infinite",
                                       section.name);
            last.hint = "give a smallest radius with the option min_radius, for example min_radius: 0.1 um";
        }
    }
    if (n_found > 0) {
        found.append(last);
    }
    return found;
}

}  // namespace axolemma::morphology
