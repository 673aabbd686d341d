/// The shape of a neuron: unbranched sections of traced points, joined into a tree. Knows no physics.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace axolemma::morphology {

/// Section types that have a name. Any other integer >= 0 is kept as a tag.
enum Type : std::int32_t { undefined = 0, soma = 1, axon = 2, dend = 3, apic = 4, custom = 5 };

/// A traced point. Coordinates and radius in um.
struct Point {
    double x_um = 0, y_um = 0, z_um = 0, radius_um = 0;
};

/// An unbranched run of points from position 0 to position 1.
struct Section {
    std::string name;               ///< "soma[0]", "apic[12]"; numbered per type in file order
    std::int32_t type = undefined;  ///< SWC type code
    std::int32_t parent = -1;       ///< section it hangs on, always with a smaller index; -1 for the root
    double parent_position = 1.0;   ///< where on the parent its position 0 is attached, 0..1
    std::int32_t first_point = 0;   ///< into Morphology::points
    std::int32_t n_points = 0;      ///< >= 2
    std::int32_t branch_order = 0;  ///< branch points strictly above it
    double distance_um = 0;         ///< path distance of its position 0 from the soma centre (or from the root's start)
    double length_um = 0;
};

/// A place on the tree.
struct Location {
    std::int32_t section = 0;
    double position = 0.5;  ///< 0 = start (towards the root) .. 1 = end
    friend bool operator==(const Location&, const Location&) = default;
};

/// Section tree with the cumulated integrals along each section. Immutable after construction.
///
/// Positions are arc length / section length. Every query is O(log n) in the points of the section.
class Morphology {
public:
    Morphology() = default;
    /// @param sections parents before children; length, distance and branch order are filled in here
    Morphology(std::vector<Section> sections, std::vector<Point> points);

    std::int32_t n_sections() const { return static_cast<std::int32_t>(sections_.size()); }
    const Section& section(std::int32_t s) const { return sections_[static_cast<std::size_t>(s)]; }
    std::span<const Section> sections() const { return sections_; }
    std::span<const Point> points() const { return points_; }
    std::span<const Point> points(std::int32_t section) const;
    std::span<const std::int32_t> children(std::int32_t section) const;
    /// Section with this exact name, or -1.
    std::int32_t find_section(std::string_view name) const;

    // Integrals between two positions of a section, 0 <= from <= to <= 1.
    double area_um2(std::int32_t section, double from, double to) const;
    double volume_um3(std::int32_t section, double from, double to) const;
    double axial_per_um(std::int32_t section, double from, double to) const;  ///< of ds/(pi r^2)
    /// Interpolated point (coordinates and radius) at a position.
    Point at(Location where) const;
    double diameter_um(Location where) const { return 2.0 * at(where).radius_um; }
    /// Path distance from the soma centre (from the root's start if there is no soma).   [um]
    double distance_um(Location where) const;

    /// Where the soma centre is: (soma section, middle), or the root's start when there is no soma.
    Location soma_centre() const { return soma_centre_; }
    void set_soma_centre(Location where);
    bool has_soma() const;

    /// Samples of the file this came from: id -> location. Empty for shapes made without a file.
    std::unordered_map<std::int64_t, Location> sample_locations;

private:
    std::vector<Section> sections_;
    std::vector<Point> points_;
    std::vector<std::int32_t> child_list_, child_start_;
    std::vector<double> arc_um_, area_um2_, volume_um3_, axial_per_um_;  // cumulated, one per point
    std::unordered_map<std::string, std::int32_t> by_name_;
    Location soma_centre_;
};

}  // namespace axolemma::morphology
