#include "sweep/point_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "run/conduction_velocity.hpp"
#include "run/places.hpp"

namespace axolemma::sweep {

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// A place as part of a column's name: letters, digits and . ( ) [ ] - stay, everything between becomes one _.
std::string column_part(std::string text)
{
    constexpr std::string_view known = " from the soma";  // "1000 um from the soma": all distances are
    if (text.ends_with(known)) {
        text.resize(text.size() - known.size());
    }
    std::string out;
    for (const char c : text) {
        const bool keep = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                          std::string_view(".()[]-").find(c) != std::string_view::npos;
        if (keep) {
            out += c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    while (out.ends_with('_')) {
        out.pop_back();
    }
    return out;
}

/// Makes the names different from each other.
void tell_apart(std::vector<std::string>& names)
{
    std::set<std::string> seen;
    for (auto& name : names) {
        const auto plain = name;
        for (int k = 2; !seen.insert(name).second; ++k) {
            name = fmt::format("{}_{}", plain, k);
        }
    }
}

std::string joined(const std::string& a, const std::string& b)
{
    return a.empty() || b.empty() ? a + b : a + "." + b;
}

void add_column(PointResult& result, const std::string& name, const std::string& unit, double value)
{
    result.columns.push_back({name, unit});
    result.values.push_back(value);
}

/// What tells the elements of a recording apart: the place, and the cell where there is more than one.
std::vector<std::string> element_names(const record::ReportDescription& report)
{
    std::vector<std::string> names;
    const std::size_t n = std::min(report.n_elements(), max_places_per_recording);
    const std::size_t n_cells = report.node_ids.size();
    const std::size_t per_cell = report.n_elements() / n_cells;
    for (std::size_t k = 0; k < n; ++k) {
        auto name = per_cell > 1 ? column_part(report.names[k]) : std::string{};
        if (n_cells > 1) {
            name = joined(name, fmt::format("cell{}", report.node_ids[k / per_cell]));
        }
        names.push_back(std::move(name));
    }
    tell_apart(names);
    return names;
}

}  // namespace

PointSummary::PointSummary(const run::Simulation& simulation, std::size_t point, std::size_t n_points)
    : simulation_(&simulation),
      n_populations_(simulation.populations().size() / n_points),
      first_population_(point * n_populations_),
      first_report_(point * (simulation.reports().size() / n_points)),
      n_reports_(simulation.reports().size() / n_points),
      first_spec_(point * (simulation.model().spikes.size() / n_points)),
      n_specs_(simulation.model().spikes.size() / n_points),
      first_stimulus_(point * (simulation.model().stimuli.size() / n_points)),
      n_stimuli_(simulation.model().stimuli.size() / n_points),
      row_hashes_(n_reports_),
      spike_hashes_(n_populations_)
{
    for (std::size_t p = 0; p < n_populations_; ++p) {
        const auto& spec = simulation.populations()[first_population_ + p].spec();
        population_names_.push_back(spec.identity ? spec.identity->name : spec.name);
    }
    find_first_stimulus();
    for (std::size_t r = 0; r < n_reports_; ++r) {
        add_trace(simulation.reports()[first_report_ + r]);
    }
    add_sites();
}

std::string PointSummary::prefix_of(std::size_t population) const
{
    return n_populations_ > 1 ? population_names_[population] : std::string{};
}

void PointSummary::find_first_stimulus()
{
    base::Diagnostics ignored;  // the simulation has been built, so there are none
    const auto& model = simulation_->model();
    first_stimulus_ms_ = simulation_->facts().first_event_ms;  // points with generators run alone
    for (std::size_t k = first_stimulus_; k < first_stimulus_ + n_stimuli_; ++k) {
        const auto& stimulus = model.stimuli[k];
        const auto selected = run::select(stimulus.target, simulation_->populations(), ignored);
        const auto& population = simulation_->populations()[static_cast<std::size_t>(selected.population)];
        for (const std::int64_t cell : selected.cells) {
            const run::CellOfPopulation number{cell, population.count(), population.first_cell() + cell};
            const auto waveform = run::make_waveform(stimulus, number, model.run.seed, ignored);
            first_stimulus_ms_ = std::min(first_stimulus_ms_, waveform.begin_ms());
        }
    }
}

void PointSummary::add_trace(const record::ReportDescription& report)
{
    const auto& populations = simulation_->populations();
    std::size_t population = first_population_;
    while (populations[population].name() != report.population) {
        ++population;
    }
    population -= first_population_;
    Trace trace;
    trace.n_elements = report.n_elements();
    trace.start_ms = report.start_ms;
    trace.interval_ms = report.interval_ms;
    if (report.quantity == "v" && report.name == report.population) {
        trace.resting_of = static_cast<std::int32_t>(population);
    }
    const bool at_places = report.quantity == "v" && report.node.front() < 0;
    if (at_places) {
        for (const auto& name : element_names(report)) {
            trace.name.push_back(joined(joined(prefix_of(population), report.recording), name));
        }
        const std::size_t n = trace.name.size();
        trace.low_mV.assign(n, std::numeric_limits<double>::infinity());
        trace.high_mV.assign(n, -std::numeric_limits<double>::infinity());
        trace.last_mV.assign(n, no_number);
        trace.high_at_ms.assign(n, no_number);
    }
    traces_.push_back(std::move(trace));
}

void PointSummary::add_sites()
{
    base::Diagnostics ignored;
    sites_.resize(n_populations_);
    const auto& model = simulation_->model();
    for (std::size_t k = first_spec_; k < first_spec_ + n_specs_; ++k) {
        const auto& spec = model.spikes[k];
        const auto selected = run::select(spec.target, simulation_->populations(), ignored);
        const auto& population = simulation_->populations()[static_cast<std::size_t>(selected.population)];
        const std::size_t p = static_cast<std::size_t>(selected.population) - first_population_;
        std::size_t n_sites = 0;
        for (const auto& at : spec.at) {
            n_sites += run::locate(at, population, ignored).size();
        }
        const auto& table = simulation_->spike_sites()[first_population_ + p];
        std::vector<std::string> names;
        for (std::size_t s = 0; s < n_sites; ++s) {
            names.push_back(n_sites > 1 ? column_part(table.name[sites_[p].size() + s]) : std::string{});
        }
        tell_apart(names);
        for (std::size_t s = 0; s < n_sites; ++s) {
            Site site;
            site.n_cells = static_cast<double>(selected.cells.size());
            if (s < max_places_per_recording) {
                site.name = joined(joined(prefix_of(p), spec.name), names[s]);
            }
            sites_[p].push_back(std::move(site));
        }
    }
}

void PointSummary::rows(std::size_t report, std::span<const double> rows, std::size_t n_rows)
{
    row_hashes_[report].add(rows);
    auto& trace = traces_[report];
    for (std::size_t row = 0; row < n_rows; ++row) {
        const double t_ms = trace.start_ms + static_cast<double>(trace.n_rows++) * trace.interval_ms;
        const auto values = rows.subspan(row * trace.n_elements, trace.n_elements);
        if (trace.resting_of >= 0 && t_ms < first_stimulus_ms_) {
            trace.resting_mV = values.front();
        }
        for (std::size_t k = 0; k < trace.name.size(); ++k) {
            trace.last_mV[k] = values[k];
            trace.low_mV[k] = std::min(trace.low_mV[k], values[k]);
            if (values[k] > trace.high_mV[k]) {
                trace.high_mV[k] = values[k];
                trace.high_at_ms[k] = t_ms;
            }
        }
    }
}

void PointSummary::spikes(std::size_t population, std::span<const record::Spike> spikes)
{
    auto& hash = spike_hashes_[population];
    for (const auto& spike : spikes) {
        hash.add(spike.time_ms);
        hash.add(spike.cell);
        hash.add(static_cast<std::uint64_t>(spike.site));
        auto& site = sites_[population][static_cast<std::size_t>(spike.site)];
        site.first_ms = site.n == 0 ? spike.time_ms : site.first_ms;
        site.last_ms = spike.time_ms;
        ++site.n;
    }
}

/// Velocities between neighbouring places, averaged over the cells that have one; negative when the spike travels towards
/// the soma.
void PointSummary::add_velocities(const run::Outcome& outcome, PointResult& result) const
{
    for (std::size_t p = 0; p < n_populations_; ++p) {
        const auto& population = simulation_->populations()[first_population_ + p];
        const auto& table = simulation_->spike_sites()[first_population_ + p];
        std::vector<morphology::Location> places;
        std::vector<std::string> names;
        for (std::size_t s = 0; s < table.name.size(); ++s) {
            places.push_back({table.section[s], table.position[s]});
            names.push_back(column_part(table.name[s]));
        }
        tell_apart(names);
        std::size_t n_columns = 0;
        for (const auto& pair : run::neighbouring_sites(population.morphology(), places)) {
            if (n_columns++ >= max_places_per_recording) {
                break;
            }
            double sum = 0;
            std::int64_t n = 0;
            for (const auto& velocity : outcome.conduction_velocities) {
                const bool outward = velocity.from_site == pair.inner && velocity.to_site == pair.outer;
                const bool inward = velocity.from_site == pair.outer && velocity.to_site == pair.inner;
                if (velocity.population == population.name() && (outward || inward)) {
                    sum += outward ? velocity.velocity_m_per_s : -velocity.velocity_m_per_s;
                    ++n;
                }
            }
            const auto name = joined(joined(prefix_of(p), "velocity"),
                                     fmt::format("{}.{}", names[static_cast<std::size_t>(pair.inner)],
                                                 names[static_cast<std::size_t>(pair.outer)]));
            add_column(result, name, "m/s", n > 0 ? sum / static_cast<double>(n) : no_number);
        }
    }
}

PointResult PointSummary::finish(const run::Outcome& outcome) const
{
    PointResult result;
    const double stop_s = 1e-3 * simulation_->model().run.stop_ms;
    for (const auto& sites : sites_) {
        for (const auto& site : sites) {
            if (site.name.empty()) {
                continue;
            }
            add_column(result, site.name + ".n", "", static_cast<double>(site.n));
            add_column(result, site.name + ".first", "ms", site.first_ms);
            add_column(result, site.name + ".last", "ms", site.last_ms);
            add_column(result, site.name + ".rate", "Hz", static_cast<double>(site.n) / (site.n_cells * stop_s));
        }
    }
    add_velocities(outcome, result);
    for (const auto& trace : traces_) {
        if (trace.resting_of >= 0) {
            add_column(result, joined(prefix_of(static_cast<std::size_t>(trace.resting_of)), "resting"), "mV",
                       trace.resting_mV);
        }
    }
    for (const auto& trace : traces_) {
        for (std::size_t k = 0; k < trace.name.size(); ++k) {
            add_column(result, trace.name[k] + ".min", "mV", trace.low_mV[k]);
            add_column(result, trace.name[k] + ".max", "mV", trace.high_mV[k]);
            add_column(result, trace.name[k] + ".final", "mV", trace.last_mV[k]);
            add_column(result, trace.name[k] + ".time_of_max", "ms", trace.high_at_ms[k]);
        }
    }
    base::Hash64 hash;
    for (const auto* parts : {&row_hashes_, &spike_hashes_}) {
        for (const auto& part : *parts) {
            hash.add(part.value());
        }
    }
    result.hash = hash.value();
    return result;
}

SummarySink::SummarySink(const run::Simulation& simulation, std::size_t n_points)
    : n_reports_(simulation.reports().size() / n_points), n_populations_(simulation.populations().size() / n_points)
{
    points_.reserve(n_points);
    for (std::size_t k = 0; k < n_points; ++k) {
        points_.emplace_back(simulation, k, n_points);
    }
}

void SummarySink::rows(std::size_t report, std::span<const double> rows, std::size_t n_rows)
{
    points_[report / n_reports_].rows(report % n_reports_, rows, n_rows);
}

void SummarySink::spikes(std::size_t population, std::span<const record::Spike> spikes)
{
    points_[population / n_populations_].spikes(population % n_populations_, spikes);
}

std::vector<PointResult> SummarySink::finish(const run::Outcome& outcome) const
{
    std::vector<PointResult> results;
    results.reserve(points_.size());
    for (const auto& point : points_) {
        results.push_back(point.finish(outcome));
    }
    return results;
}

}  // namespace axolemma::sweep
