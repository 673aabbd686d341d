#include "run/f_i_curve.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/places.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;

std::int32_t find_population(const model::FICurveSpec& spec, const std::vector<Population>& populations,
                             Diagnostics& diagnostics)
{
    std::vector<std::string> names;
    for (const auto& population : populations) {
        names.push_back(population.name());
    }
    const auto found = std::find(names.begin(), names.end(), spec.cells);
    if (found == names.end()) {
        diagnostics.error(spec.pos, fmt::format("there are no cells named '{}'", spec.cells),
                          base::name_hint(spec.cells, names, "populations"));
        return -1;
    }
    return static_cast<std::int32_t>(found - names.begin());
}

/// First site of the spike recording that the curve names (of the first one on its cells when it names none), or -1.
std::int32_t find_site(const model::FICurveSpec& spec, const model::Model& model, std::int32_t population,
                       const Recordings& recordings, Diagnostics& diagnostics)
{
    std::vector<std::string> names;
    for (std::size_t k = 0; k < model.spikes.size() && k < recordings.first_sites.size(); ++k) {
        if (recordings.first_sites[k].population == population) {
            names.push_back(model.spikes[k].name);
            if (spec.spikes.empty() || spec.spikes == names.back()) {
                return recordings.first_sites[k].site;
            }
        }
    }
    if (names.empty()) {
        diagnostics.error(spec.pos, fmt::format("the f-I curve of '{}' needs its spikes", spec.cells),
                          "add a recording with quantity: spikes on these cells");
    } else {
        diagnostics.error(spec.pos, fmt::format("'{}' has no recording of spikes named '{}'", spec.cells, spec.spikes),
                          base::name_hint(spec.spikes, names, "recordings of spikes"));
    }
    return -1;
}

/// Largest magnitude that the stimulus takes in every cell.
std::vector<double> amplitudes(const model::FICurveSpec& spec, const model::Model& model,
                               const std::vector<Population>& populations, std::int32_t p, Diagnostics& diagnostics)
{
    std::vector<std::string> names;
    for (const auto& stimulus : model.stimuli) {
        names.push_back(stimulus.name);
    }
    const auto found = std::find(names.begin(), names.end(), spec.stimulus);
    if (found == names.end()) {
        diagnostics.error(spec.pos, fmt::format("there is no stimulus named '{}'", spec.stimulus),
                          base::name_hint(spec.stimulus, names, "stimuli"));
        return {};
    }
    const auto& stimulus = model.stimuli[static_cast<std::size_t>(found - names.begin())];
    const auto& population = populations[static_cast<std::size_t>(p)];
    Diagnostics reported_with_the_stimulus;
    const auto selected = select(stimulus.target, populations, reported_with_the_stimulus);
    std::vector<double> result(static_cast<std::size_t>(population.count()), 0.0);
    if (selected.ok() && selected.population != p) {
        diagnostics.error(spec.pos,
                          fmt::format("stimulus '{}' acts on other cells than '{}'", spec.stimulus, spec.cells),
                          "an f-I curve needs the stimulus that drives its cells");
    } else if (selected.ok()) {
        for (const std::int64_t cell : selected.cells) {
            const CellOfPopulation number{cell, population.count(), population.first_cell() + cell};
            result[static_cast<std::size_t>(cell)] =
                make_waveform(stimulus, number, model.run.seed, reported_with_the_stimulus).peak();
        }
    }
    return result;
}

}  // namespace

std::vector<FICurvePlan> plan_f_i_curves(const model::Model& model, const std::vector<Population>& populations,
                                         const Recordings& recordings, Diagnostics& diagnostics)
{
    std::vector<FICurvePlan> plans;
    for (const auto& spec : model.f_i_curves) {
        const std::int32_t population = find_population(spec, populations, diagnostics);
        if (population < 0) {
            continue;
        }
        const std::int32_t site = find_site(spec, model, population, recordings, diagnostics);
        auto amplitude_nA = amplitudes(spec, model, populations, population, diagnostics);
        if (site >= 0 && !amplitude_nA.empty()) {
            plans.push_back({&spec, population, site, std::move(amplitude_nA), {}});
            for (const auto& source : recordings.sources) {
                if (source.population == population && source.site == site) {
                    plans.back().cells.push_back(source.cell);
                }
            }
        }
    }
    return plans;
}

FICounter::FICounter(const FICurvePlan& plan, double stop_ms)
    : plan_(&plan), to_ms_(plan.spec->to_ms.value_or(stop_ms)), windows_(plan.amplitude_nA.size())
{}

void FICounter::add(const Source& source, double t_ms)
{
    const bool mine = source.population == plan_->population && source.site == plan_->site;
    if (mine && t_ms >= plan_->spec->from_ms && t_ms <= to_ms_) {
        auto& window = windows_[static_cast<std::size_t>(source.cell)];
        window.first_ms = window.n == 0 ? t_ms : window.first_ms;
        window.last_ms = t_ms;
        ++window.n;
    }
}

record::FICurve FICounter::curve() const
{
    record::FICurve curve;
    curve.population = plan_->spec->cells;
    curve.stimulus = plan_->spec->stimulus;
    curve.from_ms = plan_->spec->from_ms;
    curve.to_ms = to_ms_;
    for (const std::int64_t cell : plan_->cells) {
        const auto& window = windows_[static_cast<std::size_t>(cell)];
        curve.cell.push_back(cell);
        curve.amplitude_nA.push_back(plan_->amplitude_nA[static_cast<std::size_t>(cell)]);
        curve.n_spikes.push_back(window.n);
        const double span_ms = window.last_ms - window.first_ms;
        curve.rate_Hz.push_back(window.n >= 2 ? 1e3 * static_cast<double>(window.n - 1) / span_ms : 0.0);
    }
    return curve;
}

}  // namespace axolemma::run
