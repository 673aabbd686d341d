#include "run/conduction_velocity.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "base/index.hpp"

namespace axolemma::run {

namespace {

using morphology::Location;
using morphology::Morphology;

constexpr std::int32_t none = -1;

using base::index;

/// One name for each point of the tree: the start of a section is the place where it is attached.
Location unique_location(const Morphology& morphology, Location where)
{
    while (where.position == 0.0 && morphology.section(where.section).parent >= 0) {
        const auto& section = morphology.section(where.section);
        where = {section.parent, section.parent_position};
    }
    return where;
}

/// The tree seen from the soma centre, and the places on it. Linear in sections and places but for one sort.
class PathsToCentre {
public:
    PathsToCentre(const Morphology& morphology, const std::vector<Location>& places)
        : morphology_(morphology), centre_(unique_location(morphology, morphology.soma_centre()))
    {
        sort(places);
        lead_to_centre();
        look_ahead();
    }

    std::vector<NeighbouringSites> neighbours() const
    {
        std::vector<NeighbouringSites> pairs;
        std::vector<const Place*> innermost;
        for (const Place& place : places_) {
            if (const Place* inner = next_place(place)) {
                pairs.push_back({inner->site, place.site, from_centre_um(place) - from_centre_um(*inner)});
            } else {
                innermost.push_back(&place);
            }
        }
        std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.outer < b.outer; });
        if (innermost.size() == 2 && across_centre(*innermost[0], *innermost[1])) {
            const auto [first, second] = std::minmax(innermost[0]->site, innermost[1]->site);
            pairs.push_back({first, second, from_centre_um(*innermost[0]) + from_centre_um(*innermost[1])});
        }
        return pairs;
    }

private:
    struct Place {
        Location where;
        std::int32_t site;
    };
    /// How the path to the centre leaves a section.
    struct Way {
        double exit = 0;               ///< position where it leaves
        Location next{none, 0.0};      ///< where it goes on; section -1: at the centre
        double arrival = 0;            ///< position in the centre's section where it gets there
        const Place* ahead = nullptr;  ///< nearest place from `next` on
    };

    void sort(const std::vector<Location>& places)
    {
        const auto key = [](const Place& p) { return std::tuple(p.where.section, p.where.position, p.site); };
        for (std::size_t k = 0; k < places.size(); ++k) {
            places_.push_back({unique_location(morphology_, places[k]), static_cast<std::int32_t>(k)});
        }
        std::sort(places_.begin(), places_.end(), [&](const Place& a, const Place& b) { return key(a) < key(b); });
        const auto same = [](const Place& a, const Place& b) { return a.where == b.where; };
        places_.erase(std::unique(places_.begin(), places_.end(), same), places_.end());
    }

    /// Fills in the ways, and the order in which every section comes after the one its path goes on to.
    void lead_to_centre()
    {
        way_.resize(index(morphology_.n_sections()));
        std::vector<bool> led(way_.size(), false);
        const auto add = [&](std::int32_t section, double exit, Location next) {
            way_[index(section)] = {exit, next, 0.0, nullptr};
            led[index(section)] = true;
            order_.push_back(section);
        };
        add(centre_.section, centre_.position, {none, 0.0});
        for (std::int32_t s = centre_.section; morphology_.section(s).parent >= 0; s = morphology_.section(s).parent) {
            add(morphology_.section(s).parent, morphology_.section(s).parent_position, {s, 0.0});
        }
        for (std::int32_t s = 0; s < morphology_.n_sections(); ++s) {
            if (!led[index(s)]) {
                add(s, 0.0, {morphology_.section(s).parent, morphology_.section(s).parent_position});
            }
        }
    }

    void look_ahead()
    {
        for (const std::int32_t s : order_) {
            Way& way = way_[index(s)];
            if (way.next.section == none) {
                continue;
            }
            const Way& next = way_[index(way.next.section)];
            way.arrival = way.next.section == centre_.section ? way.next.position : next.arrival;
            const Place* here = nearest_in_section(way.next, true);
            way.ahead = here != nullptr ? here : next.ahead;
        }
    }

    /// Nearest place in the section of `from`, between `from` and where the path to the centre leaves the section.
    const Place* nearest_in_section(Location from, bool with_from) const
    {
        const double exit = way_[index(from.section)].exit;
        const auto before = [](const Place& p, const Location& l) {
            return std::tie(p.where.section, p.where.position) < std::tie(l.section, l.position);
        };
        auto found = std::lower_bound(places_.begin(), places_.end(), from, before);
        const bool at_from = found != places_.end() && found->where == from;
        if (at_from && with_from) {
            return &*found;
        }
        if (exit < from.position) {
            if (found == places_.begin()) {
                return nullptr;
            }
            --found;
            return found->where.section == from.section && found->where.position >= exit ? &*found : nullptr;
        }
        found += at_from ? 1 : 0;
        const bool on_path =
            found != places_.end() && found->where.section == from.section && found->where.position <= exit;
        return on_path ? &*found : nullptr;
    }

    const Place* next_place(const Place& place) const
    {
        const Place* here = nearest_in_section(place.where, false);
        return here != nullptr ? here : way_[index(place.where.section)].ahead;
    }

    double from_centre_um(const Place& place) const { return morphology_.distance_um(place.where); }

    /// Do the paths of these two reach the centre from opposite ends of its section?
    bool across_centre(const Place& a, const Place& b) const
    {
        const auto side = [&](const Place& p) {
            const bool inside = p.where.section == centre_.section;
            return (inside ? p.where.position : way_[index(p.where.section)].arrival) - centre_.position;
        };
        return (side(a) < 0.0 && side(b) > 0.0) || (side(a) > 0.0 && side(b) < 0.0);
    }

    const Morphology& morphology_;
    Location centre_;
    std::vector<Place> places_;  // ascending by section and position
    std::vector<Way> way_;       // one per section
    std::vector<std::int32_t> order_;
};

/// Pairs of one cell's spike sites, by position in `cell`.
std::vector<NeighbouringSites> neighbours_of(const Population& population, const record::SpikeSites& sites,
                                             std::span<const SourceSpikes> cell)
{
    std::vector<Location> places;
    for (const SourceSpikes& source : cell) {
        places.push_back({sites.section[index(source.site)], sites.position[index(source.site)]});
    }
    return neighbouring_sites(population.morphology(), places);
}

bool same_sites(std::span<const SourceSpikes> a, std::span<const SourceSpikes> b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SourceSpikes& x, const SourceSpikes& y) {
        return x.population == y.population && x.site == y.site;
    });
}

}  // namespace

std::vector<NeighbouringSites> neighbouring_sites(const Morphology& morphology, const std::vector<Location>& places)
{
    return places.size() < 2 ? std::vector<NeighbouringSites>{} : PathsToCentre(morphology, places).neighbours();
}

std::vector<record::ConductionVelocity> conduction_velocities(const std::vector<Population>& populations,
                                                              const std::vector<record::SpikeSites>& sites,
                                                              const std::vector<SourceSpikes>& sources)
{
    std::vector<record::ConductionVelocity> rows;
    std::vector<NeighbouringSites> pairs;
    std::span<const SourceSpikes> cell, pairs_of;
    for (std::size_t first = 0; first < sources.size(); first += cell.size()) {
        const auto other = [&](const SourceSpikes& s) {
            return s.population != sources[first].population || s.cell != sources[first].cell;
        };
        const auto begin = sources.begin() + static_cast<std::ptrdiff_t>(first);
        cell = {begin, std::find_if(begin, sources.end(), other)};
        const Population& population = populations[index(cell[0].population)];
        if (!same_sites(cell, pairs_of)) {
            pairs = neighbours_of(population, sites[index(cell[0].population)], cell);
            pairs_of = cell;
        }
        for (const auto& pair : pairs) {
            const SourceSpikes& inner = cell[index(pair.inner)];
            const SourceSpikes& outer = cell[index(pair.outer)];
            if (inner.n == 0 || outer.n == 0 || inner.first_ms == outer.first_ms) {
                continue;
            }
            const bool outward = inner.first_ms < outer.first_ms;
            rows.push_back({population.name(), cell[0].cell, outward ? inner.site : outer.site,
                            outward ? outer.site : inner.site, pair.distance_um,
                            1e-3 * pair.distance_um / std::abs(outer.first_ms - inner.first_ms)});
        }
    }
    return rows;
}

}  // namespace axolemma::run
