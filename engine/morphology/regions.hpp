/// Naming parts of a tree: regions (sets of places with extent) and locations (points).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "morphology/morphology.hpp"

namespace axolemma::morphology {

/// A closed interval; the defaults leave it open on both sides.
struct Interval {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool contains(double x) const { return low <= x && x <= high; }
};

/// A place belongs to the region if all the conditions that are set hold there, and if it is in every one of `all_of`,
/// in at least one of `any_of` (when not empty), and in none of `none_of`. A Region with nothing set is the whole cell.
struct Region {
    std::optional<std::int32_t> type;
    std::optional<std::string> section;  ///< exact name ("apic[3]"), or "apic" for all of that name
    std::optional<Interval> distance_um;
    std::optional<Interval> diameter_um;
    std::optional<Interval> branch_order;
    std::vector<Region> all_of, any_of, none_of;
};

/// Does the place lie in the region?
bool contains(const Region& region, const Morphology& morphology, Location where);
/// Is this the section's name ("apic[3]"), or the name it shares with others of its type ("apic")?
bool has_section_name(const Section& section, std::string_view wanted);
/// The region of a type name: soma, axon, dend, apic, custom, undefined, all; nullopt if there is no such name.
std::optional<Region> region_of_name(std::string_view name);
/// Names accepted by region_of_name.
const std::vector<std::string>& region_names();

/// One way to name points. Exactly one of the alternatives is set.
struct LocationRule {
    enum class Kind { soma_centre, section_position, tips, distance, nearest, sample } kind = Kind::soma_centre;
    std::string section;                  ///< section_position
    double position = 0.5;                ///< section_position, 0..1
    double distance_um = 0.0;             ///< distance: every place at this path distance from the soma
    double x_um = 0, y_um = 0, z_um = 0;  ///< nearest: the place on a centre line nearest to this point
    std::int64_t sample = 0;              ///< sample: id in the SWC file
    std::optional<Region> within;         ///< tips and distance: keep only those in this region
};

/// Result of resolving a rule: the places, in section order, or a message (and hint) saying why there are none.
struct ResolvedLocations {
    std::vector<Location> locations;
    std::string message;
    std::string hint;
};

/// Finds the places that a rule names. Tips are the free ends (position 1) of sections without children at their end,
/// outside the soma. Linear in the number of sections (points for `nearest`).
ResolvedLocations resolve(const LocationRule& rule, const Morphology& morphology);

}  // namespace axolemma::morphology
