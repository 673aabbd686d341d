/// The shape of a neuron: unbranched sections of traced points, joined into a tree. Knows no physics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::morphology {

/// Section types that have a name. Any other integer is kept as a tag.
enum Type : std::int32_t { undefined = 0, soma = 1, axon = 2, dend = 3, apic = 4, custom = 5 };

/// What sections of a type are called, as in NEURON: soma, axon, dend, apic; dend_5 for type 5; minus_1 for type -1.
std::string section_base_name(std::int32_t type);

/// A traced point. Coordinates and radius in um.
struct Point {
    double x_um = 0, y_um = 0, z_um = 0, radius_um = 0;
};

/// Straight distance between two points.   [um]
double distance_between_um(const Point& a, const Point& b);

/// An unbranched run of points from position 0 to position 1.
struct Section {
    std::string name;               ///< "soma[0]", "apic[12]"; numbered per type in file order
    std::int32_t type = undefined;  ///< SWC type code
    std::int32_t parent = -1;       ///< section it hangs on, always with a smaller index; -1 for the root
    double parent_position = 1.0;   ///< where on the parent its position 0 is attached, 0..1
    std::int32_t first_point = 0;   ///< into Morphology::points
    std::int32_t n_points = 0;      ///< >= 2
    std::int32_t branch_order = 0;  ///< branch points between the root and it; a soma is one point
    double distance_um = 0;         ///< path distance of its position 0 from the soma centre (or from the root's start)
    double length_um = 0;           ///< its first point need not touch the parent: the gap is a wire of length 0
};

/// A place on the tree.
struct Location {
    std::int32_t section = 0;
    double position = 0.5;  ///< 0 = start (towards the root) .. 1 = end
    friend bool operator==(const Location&, const Location&) = default;
};

/// Spreads sample ids over the table whatever their pattern, so that a file cannot be built to make look-ups slow.
struct SampleIdHash {
    std::size_t operator()(std::int64_t id) const noexcept;
};
using SampleLocations = std::unordered_map<std::int64_t, Location, SampleIdHash>;

/// Section tree with the cumulated integrals along each section. Immutable after construction.
///
/// Positions are arc length / section length. Every query is O(log n) in the points of the section.
class Morphology {
public:
    Morphology() = default;
    /// @param sections parents before children, the first is the root; each names its points. Length, distance and
    /// branch
    ///                 order are filled in here.
    /// @param points   of all sections, in section order
    Morphology(std::vector<Section> sections, std::vector<Point> points);

    std::int32_t n_sections() const { return static_cast<std::int32_t>(sections_.size()); }
    const Section& section(std::int32_t s) const { return sections_[static_cast<std::size_t>(s)]; }
    std::span<const Section> sections() const { return sections_; }
    std::span<const Point> points() const { return points_; }
    std::span<const Point> points(std::int32_t section) const;
    std::span<const std::int32_t> children(std::int32_t section) const;
    /// Section with this exact name, or -1.
    std::int32_t find_section(std::string_view name) const;

    // Integrals between two positions of a section, 0 <= from <= to <= 1. They add up over adjoining intervals: the
    // annulus of a step in radius belongs to the interval that ends there.
    double area_um2(std::int32_t section, double from, double to) const;
    double volume_um3(std::int32_t section, double from, double to) const;
    /// Of ds/(pi r^2); infinite where the interval reaches a point of radius 0.   [1/um]
    double axial_per_um(std::int32_t section, double from, double to) const;
    /// Interpolated point (coordinates and radius) at a position; after the step where the radius jumps.
    Point at(Location where) const;
    double diameter_um(Location where) const { return 2.0 * at(where).radius_um; }
    /// Path distance from the soma centre (from the root's start if there is no soma).   [um]
    double distance_um(Location where) const;

    /// Where the soma centre is: (first soma section, middle), or the root's start when there is no soma.
    Location soma_centre() const { return soma_centre_; }
    /// Moves the place from which distances count, and recomputes them.
    void set_soma_centre(Location where);
    bool has_soma() const;

    /// Samples of the file this came from: id -> location. Empty for shapes made without a file.
    SampleLocations sample_locations;

private:
    /// A section on the way from the soma centre to the root: it is entered at `position`, at path distance
    /// `distance_um`.
    struct Entry {
        std::int32_t section;
        double position, distance_um;
    };
    /// A position within a section: on the segment that starts at point `point`, at `fraction` of its length.
    struct Place {
        std::size_t point;
        double fraction;
    };

    void check_sections() const;
    void index_children();
    void integrate_sections();
    void count_branch_orders();
    void measure_distances();
    const Entry* entry_of(std::int32_t section) const;
    Place find_place(const Section& section, double position) const;
    double cumulated(const std::vector<double>& sums, const Section& section, double position,
                     double (*of_frustum)(double, double, double)) const;

    std::vector<Section> sections_;
    std::vector<Point> points_;
    std::vector<std::int32_t> child_list_, child_start_;
    std::vector<double> arc_um_, area_um2_, volume_um3_, axial_per_um_;  // cumulated in each section, one per point
    std::vector<std::int32_t> n_blocked_;  // cumulated: segments whose axial integral is infinite (left out of the sum)
    std::unordered_map<std::string, std::int32_t> by_name_;
    std::vector<Entry> entries_;  // ascending by section
    Location soma_centre_;
};

/// Can current flow along every section? Errors, at `pos`, for sections without length and for radii so small (0) that
/// the axial resistance is infinite; the hint names the option `min_radius`. To be called before a cable is built.
base::Diagnostics check_cable(const Morphology& morphology, const base::SourcePos& pos);

}  // namespace axolemma::morphology
