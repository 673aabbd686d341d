#include "unit/report/cases.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "record/result_writer.hpp"

namespace axolemma::test {
namespace {

using namespace record;

constexpr double interval_ms = 0.05;

double pulse_mV(double since_ms)
{
    return -65.0 + 105.0 * std::exp(-std::pow((since_ms - 0.5) / 0.3, 2)) -
           (since_ms > 1.2 ? 10.0 * std::exp(-since_ms / 4.0) : 0.0);
}

/// Appends a straight section with `n` compartments and returns its index.
std::int32_t add_section(MorphologyTables& tables, const std::string& name, std::int32_t type, std::int32_t parent,
                         std::array<double, 4> from, std::array<double, 4> to, std::int32_t n)
{
    auto& sections = tables.sections;
    auto& parts = tables.compartments;
    const auto index = static_cast<std::int32_t>(sections.name.size());
    const double length = std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
    const auto p = static_cast<std::size_t>(parent);
    const double start = parent < 0 ? 0.0 : sections.distance_um[p] + sections.length_um[p];
    sections.name.push_back(name);
    sections.type.push_back(type);
    sections.parent.push_back(parent);
    sections.first_point.push_back(static_cast<std::int32_t>(tables.points_um.size()));
    sections.n_points.push_back(2);
    sections.parent_position.push_back(1.0);
    sections.length_um.push_back(length);
    sections.distance_um.push_back(start);
    tables.points_um.push_back(from);
    tables.points_um.push_back(to);
    for (std::int32_t k = 0; k < n; ++k) {
        parts.parent.push_back(static_cast<std::int32_t>(parts.section.size()) - 1);
        parts.section.push_back(index);
        parts.from.push_back(static_cast<double>(k) / n);
        parts.to.push_back(static_cast<double>(k + 1) / n);
        parts.area_um2.push_back(1.0);
        parts.distance_um.push_back(start + (k + 0.5) / n * length);
    }
    return index;
}

ReportDescription report_of(const std::string& name, const std::string& population, std::uint64_t n_cells)
{
    ReportDescription report;
    report.name = name;
    report.population = population;
    report.recording = "v";
    report.quantity = "v";
    report.units = "mV";
    report.interval_ms = interval_ms;
    for (std::uint64_t c = 0; c < n_cells; ++c) report.node_ids.push_back(c);
    report.index_pointers = {0};
    return report;
}

void add_place(ReportDescription& report, const std::string& name, double distance_um)
{
    report.element_ids.push_back(0);
    report.element_pos.push_back(0.5F);
    report.distance_um.push_back(distance_um);
    report.node.push_back(-1);
    report.names.push_back(name);
}

ReportDescription whole_tree(const MorphologyTables& tables, const std::string& population)
{
    ReportDescription report = report_of(population, population, 1);
    const auto& parts = tables.compartments;
    for (std::size_t c = 0; c < parts.section.size(); ++c) {
        report.element_ids.push_back(static_cast<std::uint32_t>(parts.section[c]));
        report.element_pos.push_back(static_cast<float>(0.5 * (parts.from[c] + parts.to[c])));
        report.distance_um.push_back(parts.distance_um[c]);
        report.node.push_back(static_cast<std::int32_t>(c));
        report.names.emplace_back();
    }
    report.index_pointers.push_back(report.n_elements());
    return report;
}

void append_travelling_pulse(ResultWriter& writer, const ReportDescription& report, double um_per_ms,
                             std::int64_t n_rows)
{
    const StreamId stream = writer.add_report(report);
    std::vector<double> row(report.n_elements());
    for (std::int64_t k = 0; k < n_rows; ++k) {
        for (std::size_t e = 0; e < row.size(); ++e) {
            row[e] = pulse_mV(static_cast<double>(k) * interval_ms - 1.0 - report.distance_um[e] / um_per_ms);
        }
        if (k == 3 && row.size() == 1000) {
            row[5] = std::numeric_limits<double>::quiet_NaN();
            row[6] = std::numeric_limits<double>::infinity();
        }
        writer.append_rows(stream, row, 1);
    }
}

}  // namespace

void write_patch_result(const std::string& path)
{
    ResultWriter writer(path);
    MorphologyTables tables;
    tables.source = "patch 20 um";
    add_section(tables, "soma[0]", 1, -1, {0, 0, 0, 10}, {20, 0, 0, 10}, 1);
    writer.add_morphology("patch", tables);
    ReportDescription report = report_of("patch", "patch", 1);
    add_place(report, "soma", 0);
    report.index_pointers.push_back(1);
    const StreamId voltage = writer.add_report(report);
    const StreamId current =
        writer.add_stimulus({"step", "current_clamp", "patch", "soma", "nA", 1, 0, interval_ms, 1000});
    for (int k = 0; k < 1000; ++k) {
        const double t = k * interval_ms;
        const std::array<double, 1> v{t < 5 ? -65.0 : pulse_mV(std::fmod(t - 5, 12.0) - 1.0)}, i{t < 5 ? 0.0 : 0.1};
        writer.append_rows(voltage, v, 1);
        writer.append_rows(current, i, 1);
    }
    writer.set_provenance({{"title", std::string("HH patch")}, {"stop_ms", 50.0}, {"dt_ms", interval_ms}});
    writer.finish(true);
}

void write_f_i_result(const std::string& path)
{
    ResultWriter writer(path);
    FICurve curve;
    curve.population = "patch";
    curve.stimulus = "step";
    curve.to_ms = 1000;
    for (std::int64_t k = 0; k < 60; ++k) {
        curve.amplitude_nA.push_back(0.005 * static_cast<double>(k));
        curve.rate_Hz.push_back(k == 7   ? std::numeric_limits<double>::quiet_NaN()
                                : k < 12 ? 0.0
                                         : 50.0 + std::sqrt(40.0 * static_cast<double>(k)));
        curve.n_spikes.push_back(static_cast<std::int64_t>(k));
        curve.cell.push_back(k);
    }
    writer.write_f_i_curve(curve);
    writer.set_provenance({{"title", std::string("HH patch: firing rate over current")}});
    writer.finish(true);
}

void write_population_result(const std::string& path, std::int64_t n_cells)
{
    ResultWriter writer(path);
    MorphologyTables tables;
    tables.count = n_cells;
    tables.source = "pyramidal.swc";
    tables.sha256 = std::string(64, 'a');
    const auto soma = add_section(tables, "soma[0]", 1, -1, {0, 0, 0, 8}, {0, 16, 0, 8}, 1);
    add_section(tables, "apic[0]", 4, soma, {0, 16, 0, 2}, {20, 300, 0, 1}, 3);
    add_section(tables, "axon[0]", 2, soma, {0, 0, 0, 1}, {0, -200, 0, 0.5}, 1);
    writer.add_morphology("pyramidal", tables);
    ReportDescription report = report_of("pyramidal", "pyramidal", static_cast<std::uint64_t>(n_cells));
    for (std::int64_t c = 0; c < n_cells; ++c) {
        add_place(report, "soma", 0);
        report.index_pointers.push_back(report.n_elements());
    }
    const StreamId voltage = writer.add_report(report);
    const SpikesId spikes = writer.add_spikes("pyramidal", {{"soma"}, {0}, {0.5}, {0}, {-20}});
    const auto period = [](std::int64_t c) { return 9.0 + 0.17 * static_cast<double>(c % 60); };
    std::vector<double> row(static_cast<std::size_t>(n_cells));
    for (int k = 0; k < 4000; ++k) {
        const double t = k * interval_ms;
        for (std::int64_t c = 0; c < n_cells; ++c)
            row[static_cast<std::size_t>(c)] =
                pulse_mV(std::fmod(t + 0.2 * static_cast<double>(c % 13), period(c)) - 1.0);
        writer.append_rows(voltage, row, 1);
    }
    std::vector<Spike> all;
    for (std::int64_t c = 0; c < n_cells; ++c) {
        for (double t = 1.0 + period(c) - 0.2 * static_cast<double>(c % 13); t < 200; t += period(c)) {
            all.push_back({t, static_cast<std::uint64_t>(c), 0});
        }
    }
    writer.append_spikes(spikes, all);
    writer.set_provenance({{"title", std::string("A population of pyramidal cells")},
                           {"n_cells", n_cells},
                           {"n_compartments", 5 * n_cells},
                           {"n_steps", std::int64_t{8000}},
                           {"wall_s", 1.5},
                           {"threads", std::int64_t{2}},
                           {"stop_ms", 200.0}});
    writer.finish(true);
}

void write_tree_result(const std::string& path, std::int32_t n_compartments, std::int64_t n_rows)
{
    MorphologyTables tables;
    tables.source = "big_tree.swc";
    std::mt19937_64 random(5);
    const auto uniform = [&random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
    struct Tip {
        std::int32_t section;
        std::array<double, 4> end;
        double angle, tilt;
        std::int32_t type;
    };
    std::vector<Tip> tips;
    const auto soma = add_section(tables, "soma[0]", 1, -1, {0, -9, 0, 9}, {0, 9, 0, 9}, 1);
    for (int k = 0; k < 7; ++k) {
        tips.push_back({soma,
                        {0, 0, 0, k == 0 ? 3.0 : 1.6},
                        k == 0 ? 1.57 : 3.3 + 0.5 * k,
                        uniform() - 0.5,
                        k == 0   ? 4
                        : k == 3 ? 2
                                 : 3});
    }
    std::size_t next = 0;
    while (static_cast<std::int32_t>(tables.compartments.section.size()) < n_compartments && next < tips.size()) {
        const Tip tip = tips[next++];
        const double length = 25 + 90 * uniform();
        std::array<double, 4> end = tip.end;
        end[0] += length * std::cos(tip.angle) * std::cos(tip.tilt);
        end[1] += length * std::sin(tip.angle) * std::cos(tip.tilt);
        end[2] += length * std::sin(tip.tilt);
        end[3] = std::max(0.2, 0.85 * tip.end[3]);
        const char* names[] = {"", "soma", "axon", "dend", "apic"};
        const auto s = add_section(tables, names[tip.type] + ("[" + std::to_string(next) + "]"), tip.type, tip.section,
                                   tip.end, end, static_cast<std::int32_t>(length / 10) + 1);
        const int n_children = uniform() < 0.72 ? 2 : 1;
        for (int k = 0; k < n_children; ++k) {
            const double turn = (k == 0 ? 0.45 : -0.45) * uniform();
            tips.push_back({s, end, tip.angle + (n_children == 1 ? 0.3 * (uniform() - 0.5) : turn),
                            0.7 * tip.tilt + 0.8 * (uniform() - 0.5), tip.type});
        }
    }
    ResultWriter writer(path);
    writer.add_morphology("cell", tables);
    append_travelling_pulse(writer, whole_tree(tables, "cell"), 400.0, n_rows);
    writer.set_provenance({{"title", std::string("A reconstruction-sized tree")}, {"temperature_degC", 37.0}});
    writer.finish(true);
}

void write_hostile_cable_result(const std::string& path, std::int64_t n_rows)
{
    MorphologyTables tables;
    tables.source = "cable 50 mm";
    add_section(tables, "axon[0]", 2, -1, {0, 0, 0, 250}, {50000, 0, 0, 250}, 1000);
    ResultWriter writer(path);
    writer.add_morphology("axon", tables);
    append_travelling_pulse(writer, whole_tree(tables, "axon"), 18730.0, n_rows);
    writer.write_conduction_velocity(std::array<ConductionVelocity, 1>{{{"axon", 0, 0, 1, 20000.0, 18.73}}});
    writer.set_provenance(
        {{"title", std::string("<script>alert('title')</script>")},
         {"config", std::string("# </script><script>alert(1)</script>\ntitle: \"{{main}} & <b>'x'</b>\"\n")},
         {"command", std::string("run \"<img src=http://example.org/x.png>\"")}});
    writer.finish(true);
}

}  // namespace axolemma::test
