#include "support/synthetic_result.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "record/result_writer.hpp"

namespace axolemma::test {
namespace {

using namespace record;

constexpr double interval_ms = 0.05;
constexpr double rest_mV = -65.0;
constexpr double velocity_um_per_ms = 500.0;  // 0.5 m/s
constexpr double first_pulse_ms = 2.0;

/// Shape of an action potential as a function of the time since it arrived: fast rise to +40 mV, then a shallow
/// after-hyperpolarisation. Only its look matters.
double pulse_mV(double since_ms)
{
    const double spike = 105.0 * std::exp(-std::pow((since_ms - 0.6) / 0.35, 2));
    const double after = since_ms > 0 ? -12.0 * (since_ms / 2.0) * std::exp(1.0 - since_ms / 2.0) : 0.0;
    return rest_mV + spike + after * (since_ms > 1.0 ? 1.0 : std::max(since_ms, 0.0));
}

/// Voltage at a path distance; pulses start every `period_ms`.
double voltage_mV(double t_ms, double distance_um, double period_ms)
{
    const double since_first = t_ms - first_pulse_ms - distance_um / velocity_um_per_ms;
    const double since = since_first < 0 ? since_first : std::fmod(since_first, period_ms);
    return pulse_mV(since);
}

/// Adds an unbranched section as a line of points from `from` to `to` with `n` compartments; returns its index.
std::int32_t add_section(MorphologyTables& tables, const std::string& name, std::int32_t type, std::int32_t parent,
                         std::array<double, 4> from, std::array<double, 4> to, std::int32_t n)
{
    auto& sections = tables.sections;
    auto& parts = tables.compartments;
    const auto index = static_cast<std::int32_t>(sections.name.size());
    const double length = std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const auto p = static_cast<std::size_t>(parent);
    const double start = parent < 0 ? 0.0 : sections.distance_um[p] + sections.length_um[p];
    std::int32_t last = -1;  // compartment of the parent that this section hangs on
    for (std::size_t c = 0; c < parts.section.size(); ++c) {
        if (parts.section[c] == parent) last = static_cast<std::int32_t>(c);
    }
    constexpr std::int32_t n_points = 9;
    sections.name.push_back(name);
    sections.type.push_back(type);
    sections.parent.push_back(parent);
    sections.first_point.push_back(static_cast<std::int32_t>(tables.points_um.size()));
    sections.n_points.push_back(n_points);
    sections.parent_position.push_back(1.0);
    sections.length_um.push_back(length);
    sections.distance_um.push_back(start);
    for (std::int32_t k = 0; k < n_points; ++k) {
        const double x = static_cast<double>(k) / (n_points - 1);
        std::array<double, 4> point{};
        for (std::size_t d = 0; d < 4; ++d) point[d] = from[d] + x * (to[d] - from[d]);
        tables.points_um.push_back(point);
    }
    for (std::int32_t k = 0; k < n; ++k) {
        const double a = static_cast<double>(k) / n, b = static_cast<double>(k + 1) / n, middle = 0.5 * (a + b);
        parts.parent.push_back(k == 0 ? last : static_cast<std::int32_t>(parts.section.size()) - 1);
        parts.section.push_back(index);
        parts.from.push_back(a);
        parts.to.push_back(b);
        parts.area_um2.push_back(2 * std::numbers::pi * (from[3] + middle * (to[3] - from[3])) * length / n);
        parts.distance_um.push_back(start + middle * length);
    }
    return index;
}

MorphologyTables axon_tables()
{
    MorphologyTables tables;
    tables.source = "cable 2000 um long, 1 um thick";
    tables.soma_rule = "none";
    add_section(tables, "axon[0]", 2, -1, {0, 0, 0, 0.5}, {2000, 0, 0, 0.5}, 80);
    return tables;
}

MorphologyTables cell_tables()
{
    MorphologyTables tables;
    tables.count = 3;
    tables.source = "synthetic_cell.swc";
    tables.sha256 = "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184";
    tables.soma_rule = "one point";
    const auto soma = add_section(tables, "soma[0]", 1, -1, {0, -8, 0, 8}, {0, 8, 0, 8}, 1);
    const auto trunk = add_section(tables, "apic[0]", 4, soma, {0, 8, 0, 2}, {20, 180, 15, 1.4}, 8);
    const auto left = add_section(tables, "apic[1]", 4, trunk, {20, 180, 15, 1}, {-70, 300, 40, 0.5}, 8);
    const auto right = add_section(tables, "apic[2]", 4, trunk, {20, 180, 15, 1}, {100, 310, -30, 0.5}, 8);
    add_section(tables, "apic[3]", 4, right, {100, 310, -30, 0.5}, {90, 400, -60, 0.3}, 5);
    add_section(tables, "apic[4]", 4, right, {100, 310, -30, 0.5}, {170, 360, 0, 0.3}, 5);
    add_section(tables, "apic[5]", 4, left, {-70, 300, 40, 0.5}, {-150, 340, 70, 0.3}, 5);
    add_section(tables, "dend[0]", 3, soma, {0, 8, 0, 1}, {-120, -60, 30, 0.4}, 6);
    add_section(tables, "dend[1]", 3, soma, {0, 8, 0, 1}, {110, -70, -40, 0.4}, 6);
    const auto axon = add_section(tables, "axon[0]", 2, soma, {0, 8, 0, 0.8}, {5, -250, 10, 0.4}, 10);
    add_section(tables, "axon[1]", 2, axon, {5, -250, 10, 0.4}, {60, -420, 20, 0.3}, 8);
    return tables;
}

/// A report of every compartment of `cells`.
ReportDescription whole_tree(const MorphologyTables& tables, const std::string& population,
                             const std::vector<std::uint64_t>& cells)
{
    ReportDescription report;
    report.name = report.population = population;
    report.recording = "v_everywhere";
    report.quantity = "v";
    report.units = "mV";
    report.interval_ms = interval_ms;
    report.node_ids = cells;
    report.index_pointers = {0};
    const auto& parts = tables.compartments;
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        for (std::size_t c = 0; c < parts.section.size(); ++c) {
            report.element_ids.push_back(static_cast<std::uint32_t>(parts.section[c]));
            report.element_pos.push_back(static_cast<float>(0.5 * (parts.from[c] + parts.to[c])));
            report.distance_um.push_back(parts.distance_um[c]);
            report.node.push_back(static_cast<std::int32_t>(c));
            report.names.emplace_back();
        }
        report.index_pointers.push_back(report.element_ids.size());
    }
    return report;
}

/// A report at the places of `sites` of one cell.
ReportDescription at_sites(const SpikeSites& sites, const std::string& population, const std::string& recording,
                           const std::string& quantity, const std::string& units)
{
    ReportDescription report;
    report.name = population + "." + recording;
    report.population = population;
    report.recording = recording;
    report.quantity = quantity;
    report.units = units;
    report.interval_ms = interval_ms;
    report.node_ids = {0};
    report.index_pointers = {0, sites.name.size()};
    for (std::size_t k = 0; k < sites.name.size(); ++k) {
        report.element_ids.push_back(static_cast<std::uint32_t>(sites.section[k]));
        report.element_pos.push_back(static_cast<float>(sites.position[k]));
        report.distance_um.push_back(sites.distance_um[k]);
        report.node.push_back(-1);
        report.names.push_back(sites.name[k]);
    }
    return report;
}

SpikeSites sites_at(const MorphologyTables& tables, const std::vector<std::pair<std::int32_t, double>>& places)
{
    SpikeSites sites;
    for (const auto& [section, position] : places) {
        const auto s = static_cast<std::size_t>(section);
        std::string number = std::to_string(position);
        number.resize(number.find('.') + 3);
        sites.name.push_back(tables.sections.name[s] + "(" + number + ")");
        sites.section.push_back(section);
        sites.position.push_back(position);
        sites.distance_um.push_back(tables.sections.distance_um[s] + position * tables.sections.length_um[s]);
        sites.threshold_mV.push_back(0.0);
    }
    return sites;
}

/// Upward crossing of 0 mV, found by bisection on the rising flank.
double crossing_ms()
{
    double low = -1.0, high = 0.6;
    for (int k = 0; k < 60; ++k) (pulse_mV(0.5 * (low + high)) < 0 ? low : high) = 0.5 * (low + high);
    return low;
}

std::vector<Spike> spikes_of(const SpikeSites& sites, std::uint64_t cell, double period_ms, double duration_ms)
{
    std::vector<Spike> spikes;
    for (std::size_t k = 0; k < sites.name.size(); ++k) {
        const double first = first_pulse_ms + sites.distance_um[k] / velocity_um_per_ms + crossing_ms();
        for (double t = first; t < duration_ms; t += period_ms)
            spikes.push_back({t, cell, static_cast<std::int32_t>(k)});
    }
    return spikes;
}

double period_of(std::uint64_t cell)
{
    return 7.0 + 1.5 * static_cast<double>(cell);
}

FICurve f_i_curve()
{
    FICurve curve;
    curve.population = "cell";
    curve.stimulus = "step";
    curve.from_ms = 100;
    curve.to_ms = 1100;
    for (std::int64_t k = 0; k < 51; ++k) {
        const double amplitude = 0.01 * static_cast<double>(k);
        const double rate = amplitude < 0.06 ? 0.0 : std::round(50.0 + 120.0 * std::sqrt(amplitude - 0.06));
        curve.cell.push_back(k);
        curve.amplitude_nA.push_back(amplitude);
        curve.rate_Hz.push_back(rate);
        curve.n_spikes.push_back(static_cast<std::int64_t>(rate));
    }
    return curve;
}

Provenance facts()
{
    using namespace std::string_literals;
    return {{"title", "A travelling pulse, from formulas"s},
            {"config_path", "synthetic.yaml"s},
            {"config", "title: A travelling pulse, from formulas\nrun:\n  stop: 20 ms\n  dt: 0.05 ms  # <&>\n"s},
            {"version", "0.1.0"s},
            {"git", ""s},
            {"compiler", "none"s},
            {"flags", ""s},
            {"cpu", "none"s},
            {"hostname", ""s},
            {"started", "2000-01-01T00:00:00Z"s},
            {"command", "make_synthetic_result"s},
            {"method", "formula"s},
            {"dt_ms", interval_ms},
            {"temperature_degC", 6.3},
            {"seed", std::int64_t{1}},
            {"threads", std::int64_t{1}},
            {"n_cells", std::int64_t{4}},
            {"n_compartments", std::int64_t{290}},
            {"wall_s", 0.25},
            {"result_hash", "0123456789abcdef"s}};
}

void append_samples(ResultWriter& writer, StreamId stream, const ReportDescription& report, std::int64_t n_rows)
{
    std::vector<double> row(report.n_elements());
    for (std::int64_t step = 0; step < n_rows; ++step) {
        const double t_ms = static_cast<double>(step) * interval_ms;
        for (std::size_t c = 0; c + 1 < report.index_pointers.size(); ++c) {
            for (std::uint64_t e = report.index_pointers[c]; e < report.index_pointers[c + 1]; ++e) {
                const double v = voltage_mV(t_ms, report.distance_um[e], period_of(report.node_ids[c]));
                row[e] = report.quantity == "v" ? v : 1.0 / (1.0 + std::exp(-(v + 40.0) / 9.0));
            }
        }
        writer.append_rows(stream, row, 1);
    }
}

std::vector<ConductionVelocity> velocities(const SpikeSites& sites)
{
    std::vector<ConductionVelocity> rows;
    for (std::int32_t k = 0; k + 1 < static_cast<std::int32_t>(sites.name.size()); ++k) {
        const auto from = static_cast<std::size_t>(k);
        rows.push_back(
            {"axon", 0, k, k + 1, sites.distance_um[from + 1] - sites.distance_um[from], velocity_um_per_ms / 1000.0});
    }
    return rows;
}

}  // namespace

std::string write_synthetic_result(const std::string& path, double duration_ms, bool complete)
{
    const MorphologyTables axon = axon_tables(), cell = cell_tables();
    const SpikeSites axon_sites = sites_at(axon, {{0, 0.25}, {0, 0.5}, {0, 0.75}});
    const SpikeSites cell_sites = sites_at(cell, {{0, 0.5}, {10, 1.0}});
    const auto n_rows = std::llround(duration_ms / interval_ms);
    const auto rows_expected = static_cast<std::uint64_t>(n_rows);

    ResultWriter writer(path);
    writer.add_morphology("axon", axon);
    writer.add_morphology("cell", cell);
    std::vector<ReportDescription> reports{whole_tree(axon, "axon", {0}), whole_tree(cell, "cell", {0, 1, 2}),
                                           at_sites(axon_sites, "axon", "v_points", "v", "mV"),
                                           at_sites(cell_sites, "cell", "m", "hh.m", "1")};
    reports[1].precision = Precision::compact;
    std::vector<StreamId> streams;
    for (ReportDescription& report : reports) {
        report.expected_rows = rows_expected;
        streams.push_back(writer.add_report(report));
    }
    const StreamId pulse = writer.add_stimulus(
        {"start", "current_clamp", "axon", "axon[0](0.00)", "nA", 1, 0, interval_ms, rows_expected});
    const StreamId step =
        writer.add_stimulus({"step", "current_clamp", "cell", "soma[0](0.50)", "nA", 3, 0, interval_ms, rows_expected});
    const SpikesId axon_spikes = writer.add_spikes("axon", axon_sites);
    const SpikesId cell_spikes = writer.add_spikes("cell", cell_sites);
    writer.set_provenance(facts());
    writer.set_provenance({{"stop_ms", duration_ms}, {"n_steps", static_cast<std::int64_t>(n_rows)}});
    const std::array<std::string, 1> inputs{cell.source + " " + cell.sha256};
    writer.set_provenance_inputs(inputs);

    for (std::size_t r = 0; r < reports.size(); ++r) append_samples(writer, streams[r], reports[r], n_rows);
    for (std::int64_t k = 0; k < n_rows; ++k) {
        const double t_ms = static_cast<double>(k) * interval_ms;
        const std::array<double, 1> current{t_ms >= 1 && t_ms < 2 ? 0.5 : 0.0};
        const std::array<double, 3> currents{t_ms < 1 ? 0 : 0.1, t_ms < 1 ? 0 : 0.2, t_ms < 1 ? 0 : 0.3};
        writer.append_rows(pulse, current, 1);
        writer.append_rows(step, currents, 1);
    }
    writer.append_spikes(axon_spikes, spikes_of(axon_sites, 0, period_of(0), duration_ms));
    for (std::uint64_t c = 0; c < 3; ++c) {
        writer.append_spikes(cell_spikes, spikes_of(cell_sites, c, period_of(c), duration_ms));
    }
    writer.write_conduction_velocity(velocities(axon_sites));
    writer.write_f_i_curve(f_i_curve());
    const std::array<RestingVoltage, 2> resting{{{"axon", rest_mV}, {"cell", rest_mV}}};
    writer.write_resting(resting);
    return writer.finish(complete);
}

}  // namespace axolemma::test
