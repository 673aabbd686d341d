#include "cli/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/json_quoted.hpp"
#include "cli/progress.hpp"
#include "run/provenance.hpp"

namespace axolemma::cli {

namespace {

using base::json_quoted;
using run::Outcome;
using run::Simulation;

auto writer(std::string& text)
{
    return std::back_inserter(text);
}

double ns_per_compartment_step(const Simulation& simulation, const Outcome& outcome, double seconds)
{
    const auto work = static_cast<double>(simulation.facts().n_compartments) *
                      static_cast<double>(outcome.n_steps - outcome.first_step);
    return work > 0.0 ? 1e9 * seconds / work : 0.0;
}

struct Counts {
    std::int64_t total = 0, least = 0, most = 0, cells = 0;
    double first_ms = 0;
};

/// Spikes of one population at one site over its cells.
Counts count_spikes(const Outcome& outcome, std::size_t population, std::size_t site)
{
    Counts counts;
    for (const auto& source : outcome.sources) {
        if (static_cast<std::size_t>(source.population) != population ||
            static_cast<std::size_t>(source.site) != site) {
            continue;
        }
        counts.first_ms = counts.total == 0 || (source.n > 0 && source.first_ms < counts.first_ms) ? source.first_ms
                                                                                                   : counts.first_ms;
        counts.least = counts.cells == 0 ? source.n : std::min(counts.least, source.n);
        counts.most = std::max(counts.most, source.n);
        counts.total += source.n;
        ++counts.cells;
    }
    return counts;
}

std::string spikes_line(const Counts& counts, const std::string& place)
{
    if (counts.total == 0) {
        return fmt::format("  spikes at {}: none\n", place);
    }
    if (counts.cells == 1) {
        return fmt::format("  spikes at {}: {}, the first at {:.4f} ms\n", place, counts.total, counts.first_ms);
    }
    return fmt::format("  spikes at {}: {} in {} cells, {} to {} per cell (mean {:.3g}), the first at {:.4f} ms\n",
                       place, counts.total, counts.cells, counts.least, counts.most,
                       static_cast<double>(counts.total) / static_cast<double>(counts.cells), counts.first_ms);
}

void add_velocities(std::string& text, const Simulation& simulation, const Outcome& outcome, std::size_t p)
{
    const auto& sites = simulation.spike_sites()[p];
    double sum = 0.0;
    std::int64_t n = 0;
    std::int64_t listed = 0;
    for (const auto& row : outcome.conduction_velocities) {
        if (row.population != simulation.populations()[p].name()) {
            continue;
        }
        sum += row.velocity_m_per_s;
        ++n;
        if (row.cell == 0 && listed < 6) {
            ++listed;
            fmt::format_to(writer(text), "  conduction velocity: {:.4f} m/s from {} to {} ({:.5g} um)\n",
                           row.velocity_m_per_s, sites.name[static_cast<std::size_t>(row.from_site)],
                           sites.name[static_cast<std::size_t>(row.to_site)], row.distance_um);
        }
    }
    if (n > listed) {
        fmt::format_to(writer(text), "  conduction velocity: mean {:.4f} m/s over {} paths in all\n",
                       sum / static_cast<double>(n), n);
    }
}

void add_f_i(std::string& text, const Outcome& outcome, const std::string& population)
{
    for (const auto& curve : outcome.f_i_curves) {
        if (curve.population != population || curve.rate_Hz.empty()) {
            continue;
        }
        const double highest = *std::max_element(curve.rate_Hz.begin(), curve.rate_Hz.end());
        double onset_nA = NAN;
        for (std::size_t k = 0; k < curve.rate_Hz.size(); ++k) {
            if (curve.rate_Hz[k] > 0.0 && !(curve.amplitude_nA[k] >= onset_nA)) {
                onset_nA = curve.amplitude_nA[k];
            }
        }
        if (highest <= 0.0) {
            fmt::format_to(writer(text), "  f-I curve: {} currents, no repetitive firing\n", curve.rate_Hz.size());
            continue;
        }
        fmt::format_to(writer(text), "  f-I curve: {} currents, repetitive firing from {:.4g} nA, at most {:.4g} Hz\n",
                       curve.rate_Hz.size(), onset_nA, highest);
    }
}

}  // namespace

std::string plan_text(const Simulation& simulation)
{
    const auto& model = simulation.model();
    const auto& facts = simulation.facts();
    std::string text = model.title.empty() ? "" : model.title + "\n";
    for (const auto& population : simulation.populations()) {
        fmt::format_to(writer(text), "{}: {} cell{} of {} compartment{} in {} section{} ({})\n", population.name(),
                       population.count(), population.count() == 1 ? "" : "s", population.layout().n_compartments(),
                       population.layout().n_compartments() == 1 ? "" : "s", population.morphology().n_sections(),
                       population.morphology().n_sections() == 1 ? "" : "s", population.shape().source);
        if (!population.shape().soma_rule.empty()) {
            fmt::format_to(writer(text), "  soma: {}\n", population.shape().soma_rule);
        }
    }
    fmt::format_to(writer(text), "{} compartment{} in {} group{}, {} steps of {:g} ms ({}), {:g} degC\n",
                   facts.n_compartments, facts.n_compartments == 1 ? "" : "s", facts.n_groups,
                   facts.n_groups == 1 ? "" : "s", facts.n_steps, model.run.dt_ms, run::method_text(model.run.method),
                   model.temperature_degC);
    if (facts.n_synapses > 0) {
        fmt::format_to(writer(text), "{} synapse{}, {} connection{}{}\n", facts.n_synapses,
                       facts.n_synapses == 1 ? "" : "s", facts.n_connections, facts.n_connections == 1 ? "" : "s",
                       facts.min_delay_ms > 0.0 ? fmt::format(", shortest delay {:g} ms", facts.min_delay_ms) : "");
    }
    if (facts.n_gap_junctions > 0) {
        fmt::format_to(writer(text), "{} gap junction{}\n", facts.n_gap_junctions,
                       facts.n_gap_junctions == 1 ? "" : "s");
    }
    if (facts.n_ranks > 1) {
        fmt::format_to(writer(text), "{} ranks, at most {:.3g} MB on one\n", facts.n_ranks, facts.largest_memory_MB);
    }
    fmt::format_to(writer(text), "memory about {:.3g} MB; {} recorded column{}, {:.3g} MB before compression\n",
                   facts.memory_MB, facts.n_recorded, facts.n_recorded == 1 ? "" : "s", facts.output_MB);
    return text;
}

std::string plan_json(const Simulation& simulation, const run::Estimate& estimate)
{
    const auto& facts = simulation.facts();
    std::string text = "{\n  \"populations\": [";
    for (std::size_t p = 0; p < simulation.populations().size(); ++p) {
        const auto& population = simulation.populations()[p];
        fmt::format_to(
            writer(text),
            "{}\n    {{\"name\": {}, \"cells\": {}, \"sections\": {}, \"compartments\": {}, \"source\": {}}}",
            p == 0 ? "" : ",", json_quoted(population.name()), population.count(), population.morphology().n_sections(),
            population.layout().n_compartments(), json_quoted(population.shape().source));
    }
    fmt::format_to(
        writer(text),
        "\n  ],\n  \"cells\": {}, \"compartments\": {}, \"groups\": {}, \"steps\": {}, \"dt_ms\": {}, \"method\": {},\n"
        "  \"synapses\": {}, \"connections\": {}, \"gap_junctions\": {}, \"min_delay_ms\": {},\n"
        "  \"memory_MB\": {:.4g}, \"recorded_columns\": {}, \"output_MB\": {:.4g}{},\n",
        facts.n_cells, facts.n_compartments, facts.n_groups, facts.n_steps, simulation.model().run.dt_ms,
        json_quoted(run::method_text(simulation.model().run.method)), facts.n_synapses, facts.n_connections,
        facts.n_gap_junctions, facts.min_delay_ms, facts.memory_MB, facts.n_recorded, facts.output_MB,
        simulation.model().sweep ? fmt::format(", \"sweep_points\": {}", simulation.model().sweep->n_points) : "");
    fmt::format_to(
        writer(text),
        "  \"estimate\": {{\"ranks\": {}, \"threads\": {}, \"useful_threads\": {}, \"cpu_s\": {:.3g}, "
        "\"cpu_ms_per_ms\": {:.3g}, \"wall_s\": {:.3g}, \"imbalance\": {:.4g}, \"rank_memory_MB\": {:.4g}}}\n}}\n",
        estimate.ranks, estimate.threads, estimate.useful_threads, estimate.cpu_s, estimate.cpu_ms_per_ms,
        estimate.wall_s, estimate.imbalance, estimate.rank_memory_MB);
    return text;
}

std::string summary_text(const Simulation& simulation, const Outcome& outcome, const std::string& file)
{
    std::string text;
    for (std::size_t p = 0; p < simulation.populations().size(); ++p) {
        const auto& name = simulation.populations()[p].name();
        const auto& sites = simulation.spike_sites()[p];
        fmt::format_to(writer(text), "{}\n", name);
        for (const auto& resting : outcome.resting) {
            if (resting.population == name) {
                fmt::format_to(writer(text), "  resting voltage: {:.3f} mV\n", resting.voltage_mV);
            }
        }
        constexpr std::size_t listed = 8;
        for (std::size_t site = 0; site < std::min(listed, sites.name.size()); ++site) {
            text += spikes_line(count_spikes(outcome, p, site), sites.name[site]);
        }
        if (sites.name.size() > listed) {
            fmt::format_to(writer(text), "  ... and {} more places\n", sites.name.size() - listed);
        }
        add_velocities(text, simulation, outcome, p);
        add_f_i(text, outcome, name);
    }
    fmt::format_to(writer(text),
                   "{} steps of {:g} ms on {} compartment{} in {} on {}{} thread{}: {:.3g} ns per compartment and step "
                   "({:.3g} ns of CPU)\n",
                   outcome.n_steps - outcome.first_step, simulation.model().run.dt_ms,
                   simulation.facts().n_compartments, simulation.facts().n_compartments == 1 ? "" : "s",
                   duration_text(outcome.wall_s), outcome.ranks == 1 ? "" : fmt::format("{} ranks of ", outcome.ranks),
                   outcome.threads, outcome.threads == 1 ? "" : "s",
                   ns_per_compartment_step(simulation, outcome, outcome.wall_s),
                   ns_per_compartment_step(simulation, outcome, outcome.cpu_s));
    if (outcome.first_step > 0) {
        fmt::format_to(writer(text), "went on from the checkpoint at t = {:g} ms\n",
                       static_cast<double>(outcome.first_step) * simulation.model().run.dt_ms);
    }
    fmt::format_to(writer(text), "result hash: {}\n", run::hash_text(outcome.result_hash));
    fmt::format_to(writer(text), "results: {}\n", file);
    return text;
}

std::string summary_json(const Simulation& simulation, const Outcome& outcome, const std::string& file)
{
    std::string text = "{\n";
    fmt::format_to(writer(text), "  \"complete\": {},\n  \"results\": {},\n  \"result_hash\": {},\n", outcome.complete,
                   json_quoted(file), json_quoted(run::hash_text(outcome.result_hash)));
    fmt::format_to(
        writer(text), "  \"steps\": {}, \"compartments\": {}, \"cells\": {}, \"threads\": {}, \"ranks\": {},\n",
        outcome.n_steps, simulation.facts().n_compartments, simulation.facts().n_cells, outcome.threads, outcome.ranks);
    fmt::format_to(writer(text), "  \"first_step\": {}, \"exchanges\": {}, \"bytes_exchanged\": {},\n",
                   outcome.first_step, outcome.exchanges, outcome.bytes_exchanged);
    fmt::format_to(writer(text), "  \"wall_s\": {:.6g}, \"cpu_s\": {:.6g}, \"ns_per_compartment_step\": {:.6g},\n",
                   outcome.wall_s, outcome.cpu_s, ns_per_compartment_step(simulation, outcome, outcome.wall_s));
    text += "  \"spikes\": [";
    const char* separator = "\n    ";
    for (const auto& source : outcome.sources) {
        const auto p = static_cast<std::size_t>(source.population);
        fmt::format_to(writer(text),
                       "{}{{\"population\": {}, \"cell\": {}, \"site\": {}, \"n\": {}, \"first_ms\": {}}}", separator,
                       json_quoted(simulation.populations()[p].name()), source.cell,
                       json_quoted(simulation.spike_sites()[p].name[static_cast<std::size_t>(source.site)]), source.n,
                       source.n > 0 ? fmt::format("{}", source.first_ms) : "null");
        separator = ",\n    ";
    }
    text += "\n  ],\n  \"conduction_velocities\": [";
    separator = "\n    ";
    for (const auto& row : outcome.conduction_velocities) {
        fmt::format_to(writer(text),
                       "{}{{\"population\": {}, \"cell\": {}, \"from_site\": {}, \"to_site\": {}, \"distance_um\": {}, "
                       "\"velocity_m_per_s\": {}}}",
                       separator, json_quoted(row.population), row.cell, row.from_site, row.to_site, row.distance_um,
                       row.velocity_m_per_s);
        separator = ",\n    ";
    }
    text += "\n  ],\n  \"f_i_curves\": [";
    separator = "\n    ";
    for (const auto& curve : outcome.f_i_curves) {
        fmt::format_to(writer(text),
                       "{}{{\"population\": {}, \"stimulus\": {}, \"amplitude_nA\": [{}], \"rate_Hz\": [{}]}}",
                       separator, json_quoted(curve.population), json_quoted(curve.stimulus),
                       fmt::join(curve.amplitude_nA, ", "), fmt::join(curve.rate_Hz, ", "));
        separator = ",\n    ";
    }
    text += "\n  ],\n  \"resting_mV\": {";
    separator = "";
    for (const auto& resting : outcome.resting) {
        fmt::format_to(writer(text), "{}{}: {}", separator, json_quoted(resting.population), resting.voltage_mV);
        separator = ", ";
    }
    return text + "}\n}\n";
}

}  // namespace axolemma::cli
