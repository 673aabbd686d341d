#include "run/analysis.hpp"

#include <algorithm>
#include <cmath>

#include "run/places.hpp"

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

double amplitude_of(const mechanisms::Waveform& waveform)
{
    double largest = 0.0;
    const double begin_ms = waveform.begin_ms();
    const double span_ms = waveform.end_ms() - begin_ms;
    constexpr int samples = 1000;
    for (int k = 0; k < samples; ++k) {
        const double value = waveform.value(begin_ms + span_ms * (k + 0.5) / samples);
        largest = std::abs(value) > std::abs(largest) ? value : largest;
    }
    return largest;
}

record::FICurve f_i_curve(const model::FICurveSpec& spec, const model::Model& model, const std::vector<Population>& populations,
                          const std::vector<SourceSpikes>& sources)
{
    record::FICurve curve;
    curve.population = spec.cells;
    curve.stimulus = spec.stimulus;
    curve.from_ms = spec.from_ms;
    curve.to_ms = spec.to_ms.value_or(model.run.stop_ms);
    const auto stimulus = std::find_if(model.stimuli.begin(), model.stimuli.end(),
                                       [&](const model::StimulusSpec& s) { return s.name == spec.stimulus; });
    base::Diagnostics ignored;  // the waveforms were made once before, when the cells were built
    for (const auto& source : sources) {
        const auto& population = populations[static_cast<std::size_t>(source.population)];
        if (population.name() != spec.cells || source.site != 0) {
            continue;
        }
        const CellOfPopulation cell{source.cell, population.count(), population.first_cell() + source.cell};
        const double span_ms = source.window_last_ms - source.window_first_ms;
        curve.cell.push_back(source.cell);
        curve.amplitude_nA.push_back(amplitude_of(make_waveform(*stimulus, cell, model.run.seed, ignored)));
        curve.n_spikes.push_back(source.n_window);
        curve.rate_Hz.push_back(source.n_window >= 2 ? 1e3 * static_cast<double>(source.n_window - 1) / span_ms : 0.0);
    }
    return curve;
}

}  // namespace axolemma::run
