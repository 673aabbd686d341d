#include "morphology/regions.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace axolemma::morphology {

namespace {

struct RegionName {
    std::string_view name;
    std::optional<std::int32_t> type;
};

constexpr std::string_view whole_cell = "all";

const std::vector<RegionName>& named_regions()
{
    static const std::vector<RegionName> regions{
        {whole_cell, std::nullopt}, {"soma", soma},           {"axon", axon}, {"dend", dend}, {"apic", apic},
        {"custom", custom},         {"undefined", undefined},
    };
    return regions;
}

}  // namespace

bool has_section_name(const Section& section, std::string_view wanted)
{
    const std::string_view name = section.name;
    if (!name.starts_with(wanted)) {
        return false;
    }
    return name.size() == wanted.size() || name[wanted.size()] == '[';
}

bool contains(const Region& region, const Morphology& morphology, Location where)
{
    const Section& section = morphology.section(where.section);
    if (region.type && section.type != *region.type) {
        return false;
    }
    if (region.section && !has_section_name(section, *region.section)) {
        return false;
    }
    if (region.branch_order && !region.branch_order->contains(section.branch_order)) {
        return false;
    }
    if (region.distance_um && !region.distance_um->contains(morphology.distance_um(where))) {
        return false;
    }
    if (region.diameter_um && !region.diameter_um->contains(morphology.diameter_um(where))) {
        return false;
    }
    const auto holds_here = [&](const Region& part) { return contains(part, morphology, where); };
    return std::all_of(region.all_of.begin(), region.all_of.end(), holds_here) &&
           (region.any_of.empty() || std::any_of(region.any_of.begin(), region.any_of.end(), holds_here)) &&
           std::none_of(region.none_of.begin(), region.none_of.end(), holds_here);
}

std::optional<Region> region_of_name(std::string_view name)
{
    for (const RegionName& known : named_regions()) {
        if (known.name == name) {
            Region region;
            region.type = known.type;
            return region;
        }
    }
    return std::nullopt;
}

const std::vector<std::string>& region_names()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const RegionName& known : named_regions()) {
            list.emplace_back(known.name);
        }
        return list;
    }();
    return names;
}

}  // namespace axolemma::morphology
