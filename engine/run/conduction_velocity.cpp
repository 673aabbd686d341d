#include "run/conduction_velocity.hpp"

#include <algorithm>
#include <cmath>


namespace axolemma::run {

namespace {

/// Does the path from the root to `lower` pass `upper`?
bool on_path(const morphology::Morphology& morphology, morphology::Location upper, morphology::Location lower)
{
    if (upper.section == lower.section) {
        return upper.position <= lower.position;
    }
    for (std::int32_t s = lower.section; s >= 0;) {
        const auto& section = morphology.section(s);
        if (section.parent == upper.section) {
            return upper.position <= section.parent_position;
        }
        s = section.parent;
    }
    return false;
}

struct SitePair {
    std::int32_t upper, lower;
};

/// For every site its nearest site on the way to the root.
std::vector<SitePair> neighbours_on_paths(const morphology::Morphology& morphology, const record::SpikeSites& sites)
{
    std::vector<SitePair> pairs;
    const auto n = static_cast<std::int32_t>(sites.name.size());
    const auto where = [&](std::int32_t s) {
        const auto k = static_cast<std::size_t>(s);
        return morphology::Location{sites.section[k], sites.position[k]};
    };
    const auto distance = [&](std::int32_t s) { return sites.distance_um[static_cast<std::size_t>(s)]; };
    for (std::int32_t lower = 0; lower < n; ++lower) {
        std::int32_t best = -1;
        for (std::int32_t upper = 0; upper < n; ++upper) {
            const bool apart = distance(lower) > distance(upper);
            if (apart && on_path(morphology, where(upper), where(lower)) && (best < 0 || distance(upper) > distance(best))) {
                best = upper;
            }
        }
        if (best >= 0) {
            pairs.push_back({best, lower});
        }
    }
    return pairs;
}

}  // namespace

std::vector<record::ConductionVelocity> conduction_velocities(const std::vector<Population>& populations,
                                                              const std::vector<record::SpikeSites>& sites,
                                                              const std::vector<SourceSpikes>& sources)
{
    std::vector<record::ConductionVelocity> rows;
    std::vector<std::vector<SitePair>> pairs;
    for (std::size_t p = 0; p < populations.size(); ++p) {
        pairs.push_back(neighbours_on_paths(populations[p].morphology(), sites[p]));
    }
    for (std::size_t first = 0; first < sources.size();) {
        std::size_t last = first;
        while (last < sources.size() && sources[last].population == sources[first].population &&
               sources[last].cell == sources[first].cell) {
            ++last;
        }
        const auto p = static_cast<std::size_t>(sources[first].population);
        const auto spikes_at = [&](std::int32_t site) -> const SourceSpikes& {
            return *std::find_if(sources.begin() + static_cast<std::ptrdiff_t>(first), sources.begin() + static_cast<std::ptrdiff_t>(last),
                                 [&](const SourceSpikes& s) { return s.site == site; });
        };
        for (const auto& pair : pairs[p]) {
            const bool watched = last - first == sites[p].name.size();
            if (!watched || spikes_at(pair.upper).n == 0 || spikes_at(pair.lower).n == 0) {
                continue;
            }
            const double delay_ms = spikes_at(pair.lower).first_ms - spikes_at(pair.upper).first_ms;
            const double distance_um = sites[p].distance_um[static_cast<std::size_t>(pair.lower)] -
                                       sites[p].distance_um[static_cast<std::size_t>(pair.upper)];
            if (delay_ms != 0.0) {
                const bool outward = delay_ms > 0.0;
                rows.push_back({populations[p].name(), sources[first].cell, outward ? pair.upper : pair.lower,
                                outward ? pair.lower : pair.upper, distance_um, 1e-3 * distance_um / std::abs(delay_ms)});
            }
        }
        first = last;
    }
    return rows;
}

}  // namespace axolemma::run
