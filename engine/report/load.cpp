#include "report/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>
#include <sstream>

#include "report/encode.hpp"

namespace axolemma::report {
namespace {

/// As people write it: "Crank-Nicolson".
std::string method_in_words(const std::string& method)
{
    return method == "crank_nicolson" ? "Crank\u2013Nicolson" : method == "backward_euler" ? "backward Euler" : method;
}

using Attributes = std::map<std::string, std::string>;

std::string text_of(const Attributes& facts, const std::string& name)
{
    const auto found = facts.find(name);
    return found == facts.end() ? std::string{} : found->second;
}

double number_of(const Attributes& facts, const std::string& name)
{
    const std::string text = text_of(facts, name);
    double value = std::numeric_limits<double>::quiet_NaN();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string counted(double n, const char* one, const char* many)
{
    return pretty(n, 9) + " " + (n == 1.0 ? one : many);
}

void add_spike_facts(const Source& source, Content& content)
{
    for (const auto& spikes : source.spikes) {
        const auto tables = source.morphology.find(spikes.population);
        std::map<std::uint64_t, std::int64_t> counts;
        std::uint64_t n_cells =
            tables == source.morphology.end() ? 0 : static_cast<std::uint64_t>(tables->second.count);
        for (const record::Spike& spike : spikes.spikes) {
            n_cells = std::max(n_cells, spike.cell + 1);
            if (spike.site == 0) ++counts[spike.cell];
        }
        double total = 0;
        std::int64_t most = 0, least = counts.size() < n_cells ? 0 : std::numeric_limits<std::int64_t>::max();
        for (const auto& [cell, n] : counts) {
            total += static_cast<double>(n);
            most = std::max(most, n);
            least = std::min(least, n);
        }
        if (n_cells == 0) continue;
        std::string note = spikes.sites.name.empty() ? "" : "at " + spikes.sites.name.front();
        if (n_cells > 1)
            note += fmt::format("{}{} cells, {} to {} each", note.empty() ? "" : "; ",
                                pretty(static_cast<double>(n_cells), 9), least, most);
        const std::string label = source.many_populations ? "Spikes per cell, " + spikes.population : "Spikes per cell";
        content.facts.push_back({label, pretty(total / static_cast<double>(n_cells), 4), note});
    }
}

/// One fact per population: the longest distance between neighbouring spike sites of each cell, averaged over the cells.
void add_velocity_facts(const Source& source, Content& content)
{
    std::map<std::string, std::map<std::int64_t, record::ConductionVelocity>> longest;  // by population and cell
    for (const auto& row : source.result.conduction_velocity()) {
        if (!std::isfinite(row.velocity_m_per_s)) continue;
        const auto [place, is_new] = longest[row.population].emplace(row.cell, row);
        if (!is_new && row.distance_um > place->second.distance_um) place->second = row;
    }
    for (const auto& [population, cells] : longest) {
        double sum = 0;
        for (const auto& [cell, row] : cells) sum += row.velocity_m_per_s;
        const auto& first = cells.begin()->second;
        std::string note = fmt::format("over {} µm", pretty(first.distance_um));
        for (const auto& spikes : source.spikes) {
            const auto& names = spikes.sites.name;
            const auto from = static_cast<std::size_t>(first.from_site), to = static_cast<std::size_t>(first.to_site);
            if (spikes.population == population && from < names.size() && to < names.size()) {
                note += ", " + names[from] + " to " + names[to];
            }
        }
        if (cells.size() > 1) note += fmt::format("; mean of {} cells", cells.size());
        const std::string label =
            source.many_populations ? "Conduction velocity, " + population : "Conduction velocity";
        content.facts.push_back({label, pretty(sum / static_cast<double>(cells.size())) + " m/s", note});
    }
}

void add_run_facts(const Source& source, const Attributes& facts, Content& content)
{
    for (const auto& rest : source.result.resting()) {
        const std::string label = source.many_populations ? "Resting voltage, " + rest.population : "Resting voltage";
        content.facts.push_back({label, pretty(rest.voltage_mV) + " mV", ""});
    }
    if (const double t = number_of(facts, "temperature_degC"); std::isfinite(t)) {
        content.facts.push_back({"Temperature", pretty(t) + " °C", ""});
    }
    const double cells = number_of(facts, "n_cells"), parts = number_of(facts, "n_compartments");
    if (std::isfinite(cells)) {
        content.facts.push_back({"Model", counted(cells, "cell", "cells"),
                                 std::isfinite(parts) ? counted(parts, "compartment", "compartments") : ""});
    }
    const double dt = number_of(facts, "dt_ms"), stop = number_of(facts, "stop_ms");
    if (std::isfinite(stop)) {
        content.facts.push_back(
            {"Simulated time", pretty(stop, 6) + " ms", std::isfinite(dt) ? "time step " + pretty(dt) + " ms" : ""});
    }
    if (const std::string method = text_of(facts, "method"); !method.empty())
        content.facts.push_back({"Method", method_in_words(method), ""});
    const double wall = number_of(facts, "wall_s"), steps = number_of(facts, "n_steps");
    if (std::isfinite(wall)) {
        const double threads = number_of(facts, "threads");
        std::string note = std::isfinite(threads) ? "on " + counted(threads, "thread", "threads") : "";
        const double work = steps * parts;
        if (work > 0)
            note += fmt::format("{}{} ns per compartment-step", note.empty() ? "" : "; ", pretty(wall * 1e9 / work, 3));
        content.facts.push_back({"Wall time", pretty(wall, 3) + " s", note});
    }
}

void add_provenance(const Source& source, const Attributes& facts, Content& content)
{
    static const std::pair<const char*, const char*> shown[] = {{"version", "Axolemma version"},
                                                                {"git", "Source revision"},
                                                                {"config_path", "Configuration file"},
                                                                {"command", "Command"},
                                                                {"method", "Method"},
                                                                {"dt_ms", "Time step (ms)"},
                                                                {"stop_ms", "Stop (ms)"},
                                                                {"temperature_degC", "Temperature (°C)"},
                                                                {"seed", "Seed"},
                                                                {"threads", "Threads"},
                                                                {"n_cells", "Cells"},
                                                                {"n_compartments", "Compartments"},
                                                                {"n_steps", "Steps"},
                                                                {"wall_s", "Wall time (s)"},
                                                                {"started", "Started"},
                                                                {"hostname", "Computer"},
                                                                {"cpu", "Processor"},
                                                                {"compiler", "Compiler"},
                                                                {"flags", "Compiler flags"},
                                                                {"result_hash", "Result hash"}};
    for (const auto& [name, label] : shown) {
        if (const std::string text = text_of(facts, name); !text.empty()) content.provenance.emplace_back(label, text);
    }
    std::istringstream lines(text_of(facts, "inputs"));
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (line.empty()) continue;
        content.inputs.emplace_back(line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1));
    }
    for (const auto& [population, tables] : source.morphology) {
        std::string note = fmt::format(
            "{}; {}, {}", tables.source.empty() ? "shape without a name" : tables.source,
            counted(static_cast<double>(tables.sections.name.size()), "section", "sections"),
            counted(static_cast<double>(tables.compartments.section.size()), "compartment", "compartments"));
        if (!tables.soma_rule.empty() && tables.soma_rule != "none") note += "; soma: " + tables.soma_rule;
        content.populations.push_back({population, counted(static_cast<double>(tables.count), "cell", "cells"), note});
    }
}

void add_rasters(const Source& source, Content& content)
{
    for (const auto& spikes : source.spikes) {
        const auto tables = source.morphology.find(spikes.population);
        std::int64_t n_cells = tables == source.morphology.end() ? 1 : tables->second.count;
        for (const auto& spike : spikes.spikes) n_cells = std::max(n_cells, static_cast<std::int64_t>(spike.cell) + 1);
        if (spikes.spikes.empty() || (n_cells < 2 && !content.panels.empty())) continue;
        Raster raster;
        raster.title = spikes.population;
        raster.n_cells = n_cells;
        raster.site_names = spikes.sites.name;
        const std::size_t most = std::max<std::size_t>(1000, source.budget.spikes / 10 / source.spikes.size());
        raster.cell_stride = static_cast<std::int64_t>((spikes.spikes.size() + most - 1) / most);
        for (const auto& spike : spikes.spikes) {
            if (static_cast<std::int64_t>(spike.cell) % raster.cell_stride != 0) continue;
            raster.time_ms.push_back(static_cast<float>(spike.time_ms));
            raster.cell.push_back(static_cast<std::uint32_t>(spike.cell));
            raster.site.push_back(static_cast<std::uint16_t>(spike.site));
        }
        if (raster.cell_stride > 1) {
            content.thinned.push_back(
                fmt::format("Spikes of {}: one cell of every {}.", spikes.population, raster.cell_stride));
        }
        content.rasters.push_back(std::move(raster));
    }
}

void add_f_i_curves(const Source& source, Content& content)
{
    for (const auto& curve : source.result.f_i_curves()) {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < std::min(curve.amplitude_nA.size(), curve.rate_Hz.size()); ++i) {
            if (std::isfinite(curve.amplitude_nA[i])) order.push_back(i);
        }
        if (order.empty()) continue;
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return curve.amplitude_nA[a] < curve.amplitude_nA[b]; });
        FICurve out{curve.population, curve.stimulus, curve.from_ms, curve.to_ms, {}, {}};
        for (const std::size_t i : order) {
            out.amplitude_nA.push_back(curve.amplitude_nA[i]);
            out.rate_Hz.push_back(curve.rate_Hz[i]);
        }
        content.f_i_curves.push_back(std::move(out));
    }
}

void set_time_axis(const Source& source, Content& content)
{
    double start = std::numeric_limits<double>::infinity(), stop = -start;
    const auto include = [&](double from, double to) {
        if (!std::isfinite(from) || !std::isfinite(to)) return;
        start = std::min(start, from);
        stop = std::max(stop, to);
    };
    for (const auto& report : source.result.reports()) {
        if (report.n_rows > 0) include(report.start_ms, report.time_ms(report.n_rows - 1));
    }
    for (const auto& spikes : source.spikes) {
        if (!spikes.spikes.empty()) include(0.0, spikes.spikes.back().time_ms);
    }
    for (const auto& stimulus : source.result.stimuli()) {
        if (stimulus.n_rows == 0) continue;
        include(stimulus.start_ms, stimulus.start_ms + static_cast<double>(stimulus.n_rows - 1) * stimulus.interval_ms);
    }
    if (!(start < stop)) {
        start = std::isfinite(start) ? start : 0.0;
        stop = start + 1.0;
    }
    content.start_ms = start;
    content.stop_ms = stop;
}

}  // namespace

Budget budget_of(const Options& options)
{
    const double raw = (options.size_MB - 0.25) * 1e6 * 0.7;  // base64 takes 4/3; the figures and the script the rest
    const auto part = [raw](double share) { return static_cast<std::size_t>(raw * share); };
    return {part(0.32), part(0.24), part(0.28), part(0.08)};
}

double Source::threshold_mV(const std::string& population) const
{
    for (const auto& s : spikes) {
        if (s.population == population && !s.sites.threshold_mV.empty()) return s.sites.threshold_mV.front();
    }
    return 0.0;
}

std::string Source::place(const record::ReportInfo& report, std::size_t column) const
{
    if (column < report.names.size() && !report.names[column].empty()) return report.names[column];
    const auto tables = morphology.find(report.population);
    const double position = static_cast<double>(report.element_pos[column]);
    if (tables == morphology.end() || report.element_ids[column] >= tables->second.sections.name.size()) {
        return "section " + std::to_string(report.element_ids[column]) + fmt::format("({:.2f})", position);
    }
    return tables->second.sections.name[report.element_ids[column]] + fmt::format("({:.2f})", position);
}

Columns columns_of_cell(const record::ReportInfo& report, std::size_t cell)
{
    if (cell + 1 >= report.index_pointers.size()) return {};
    const auto n = report.n_elements();
    return {std::min<std::size_t>(report.index_pointers[cell], n),
            std::min<std::size_t>(report.index_pointers[cell + 1], n)};
}

bool is_compartment(const record::ReportInfo& report, std::size_t column)
{
    return report.node[column] >= 0 && report.names[column].empty();
}

std::vector<std::size_t> longest_path(const record::ReportInfo& report, Columns cell,
                                      const record::MorphologyTables* morphology)
{
    if (cell.first >= cell.last || report.distance_um.size() < cell.last) return {};
    std::size_t tip = cell.first;
    for (std::size_t c = cell.first; c < cell.last; ++c) {
        if (report.distance_um[c] > report.distance_um[tip]) tip = c;
    }
    std::map<std::uint32_t, double> reach{
        {report.element_ids[tip], static_cast<double>(report.element_pos[tip])}};  // section, up to
    if (morphology != nullptr) {
        const auto& sections = morphology->sections;
        std::uint32_t s = report.element_ids[tip];
        while (s < sections.parent.size() && sections.parent[s] >= 0 && reach.size() <= sections.parent.size()) {
            const double attached = sections.parent_position[s];
            s = static_cast<std::uint32_t>(sections.parent[s]);
            reach[s] = attached;
        }
    }
    std::vector<std::size_t> path;
    for (std::size_t c = cell.first; c < cell.last; ++c) {
        const auto found = reach.find(report.element_ids[c]);
        if (found != reach.end() && static_cast<double>(report.element_pos[c]) <= found->second + 1e-6)
            path.push_back(c);
    }
    std::stable_sort(path.begin(), path.end(),
                     [&](auto a, auto b) { return report.distance_um[a] < report.distance_um[b]; });
    path.erase(std::unique(path.begin(), path.end(),
                           [&](auto a, auto b) { return report.distance_um[a] == report.distance_um[b]; }),
               path.end());
    return path;
}

void for_each_row(const record::ResultReader& result, const record::ReportInfo& report, Columns columns,
                  const std::function<void(std::uint64_t row, std::span<const double> values)>& use)
{
    constexpr std::uint64_t values_per_block = 2'000'000;  // 16 MB
    record::Selection selection;
    selection.first_column = columns.first;
    selection.n_columns = columns.last - columns.first;
    if (selection.n_columns == 0) return;
    selection.n_rows = std::max<std::uint64_t>(1, values_per_block / selection.n_columns);
    for (; selection.first_row < report.n_rows; selection.first_row += selection.n_rows) {
        const record::Samples block = result.read_rows(report, selection);
        for (std::uint64_t r = 0; r < block.n_rows; ++r) {
            use(selection.first_row + r, std::span(block.values).subspan(r * block.n_columns, block.n_columns));
        }
    }
}

Content load(const record::ResultReader& result, const Options& options)
{
    Source source{result, options, budget_of(options), {}, result.spikes(), false};
    std::set<std::string> populations;
    for (const std::string& name : result.populations()) {
        source.morphology.emplace(name, result.morphology(name));
        populations.insert(name);
    }
    for (const auto& report : result.reports()) populations.insert(report.population);
    source.many_populations = populations.size() > 1;

    Content content;
    const Attributes facts = result.provenance();
    content.file_name = std::filesystem::path(result.path()).filename().string();
    content.title = !options.title.empty() ? options.title : text_of(facts, "title");
    if (content.title.empty()) content.title = content.file_name;
    content.config_text = text_of(facts, "config");
    set_time_axis(source, content);
    content.complete = result.complete();
    if (!content.complete) {
        const double stop = number_of(facts, "stop_ms");
        content.incomplete_note =
            fmt::format("The run did not reach its end; the samples end at {} ms{}.", pretty(content.stop_ms, 6),
                        std::isfinite(stop) ? " of " + pretty(stop, 6) + " ms" : "");
    }
    add_spike_facts(source, content);
    add_velocity_facts(source, content);
    add_run_facts(source, facts, content);
    load_panels(source, content);
    load_space(source, content);
    add_rasters(source, content);
    add_f_i_curves(source, content);
    add_provenance(source, facts, content);
    return content;
}

}  // namespace axolemma::report
