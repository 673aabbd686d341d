/// What must hold for everything that a reader of morphologies accepts, whatever the bytes.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "morphology/doctor.hpp"
#include "morphology/regions.hpp"
#include "morphology/swc.hpp"

namespace axolemma::morphology::fuzz {

inline void require(bool holds, const char* claim)
{
    if (!holds) {
        std::fprintf(stderr, "broken: %s\n", claim);
        std::abort();
    }
}

// The options go with the length of the input, so that a plain file is a seed.
inline SwcOptions choose_options(std::size_t size)
{
    SwcOptions options;
    const std::size_t choice = size % 6;
    options.fragments = choice == 3   ? SwcOptions::Fragments::keep_soma_tree
                        : choice == 4 ? SwcOptions::Fragments::keep_largest
                                      : SwcOptions::Fragments::reject;
    options.absolute_radius = choice == 2 || choice == 4;
    options.scale = choice == 5 ? 0.001 : 1.0;
    options.min_radius_um = choice == 1 ? 0.1 : 0.0;
    return options;
}

inline void check_section(const Morphology& cell, std::int32_t s)
{
    const Section& section = cell.section(s);
    require(section.parent < s && (section.parent >= 0 || s == 0), "parents come first");
    require(section.parent_position >= 0.0 && section.parent_position <= 1.0, "positions lie between 0 and 1");
    require(std::isfinite(section.length_um) && section.length_um >= 0.0, "lengths are finite");
    require(std::isfinite(section.distance_um) && section.distance_um >= 0.0, "distances are finite");
    const double area_um2 = cell.area_um2(s, 0.0, 1.0);
    require(std::isfinite(area_um2) && area_um2 >= 0.0, "areas are finite");
    const double halves_um2 = cell.area_um2(s, 0.0, 0.3) + cell.area_um2(s, 0.3, 1.0);
    require(std::abs(halves_um2 - area_um2) <= 1e-9 * area_um2, "areas add up");
    require(std::isfinite(cell.volume_um3(s, 0.0, 1.0)), "volumes are finite");
    require(!std::isnan(cell.axial_per_um(s, 0.1, 0.9)), "the axial integral is a number or infinite");
    require(std::isfinite(cell.at({s, 0.7}).radius_um), "radii are finite");
    require(cell.find_section(section.name) == s, "names are unique");
}

inline void check_locations(const Morphology& cell)
{
    for (const auto& [id, where] : cell.sample_locations) {
        require(where.section >= 0 && where.section < cell.n_sections(), "samples lie on sections");
        require(where.position >= 0.0 && where.position <= 1.0, "samples lie between 0 and 1");
    }
    LocationRule rule;
    for (const auto kind : {LocationRule::Kind::soma_centre, LocationRule::Kind::tips, LocationRule::Kind::distance,
                            LocationRule::Kind::nearest, LocationRule::Kind::sample}) {
        rule.kind = kind;
        rule.distance_um = 10.0;
        rule.sample = 1;
        const ResolvedLocations found = resolve(rule, cell);
        require(found.locations.empty() != found.message.empty(), "places or a reason");
        for (const Location& where : found.locations) {
            require(where.position >= 0.0 && where.position <= 1.0, "places lie between 0 and 1");
        }
    }
}

inline void try_rule(const SwcFile& file, SomaRule rule)
{
    try {
        const BuiltMorphology built = build_morphology(file, rule);
        require(built.morphology.sample_locations.size() == file.samples.size(), "no sample is lost");
        require(built.morphology.n_sections() > 0, "a cell has sections");
        for (std::int32_t s = 0; s < built.morphology.n_sections(); ++s) {
            check_section(built.morphology, s);
        }
        check_locations(built.morphology);
        require(check_cable(built.morphology, {"cell", 0, 0}).list().size() <= 10, "messages are few");
        require(!doctor_text(file, built).empty() && !doctor_json(file, built).empty(), "the doctor reports");
    } catch (const base::InputError&) {
        require(rule != SomaRule::automatic && rule != SomaRule::neuron,
                "auto and neuron take every file that was read");
    }
}

/// Reads the bytes with `parse` and holds everything that comes of them against what must be.
template <class Parse>
void try_bytes(const std::uint8_t* data, std::size_t size, Parse&& parse)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const SwcFile file = parse(text, choose_options(size));
        require(file.order.size() == file.samples.size(), "the order holds every sample");
        for (const SomaRule rule : {SomaRule::automatic, SomaRule::sphere, SomaRule::cylinders, SomaRule::contour,
                                    SomaRule::neuron, SomaRule::arbor}) {
            try_rule(file, rule);
        }
    } catch (const base::InputError&) {
    }
}

}  // namespace axolemma::morphology::fuzz
