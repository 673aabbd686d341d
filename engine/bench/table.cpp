/// Measurements as text and as JSON.
#include <fmt/format.h>

#include "base/simd.hpp"
#include "base/version.hpp"
#include "bench/bench.hpp"
#include "config/json_text.hpp"

namespace axolemma::bench {

namespace {

using config::Json;

Json whole(std::int64_t number)
{
    return Json::number(static_cast<double>(number));
}

Json seconds_json(const Seconds& seconds)
{
    return Json::object({{"cpu", Json::number(seconds.cpu)}, {"wall", Json::number(seconds.wall)}});
}

Json list_json(const std::vector<Seconds>& runs, double Seconds::*which)
{
    Json list = Json::array();
    for (const auto& run : runs) {
        list.add(Json::number(run.*which));
    }
    return list;
}

Json times_json(const Measurement& m, double Seconds::*which)
{
    const auto all = statistics(m.runs, which);
    return Json::object({{"median_s", Json::number(all.median)},
                         {"minimum_s", Json::number(all.least)},
                         {"median_ns", Json::number(m.ns(all.median))},
                         {"minimum_ns", Json::number(m.ns(all.least))},
                         {"runs_s", list_json(m.runs, which)}});
}

/// Rows of population, cell, site, number of spikes, first and last time in ms.
Json spikes_json(const Measurement& m)
{
    Json rows = Json::array();
    for (const auto& site : m.spikes) {
        rows.add(Json::array({whole(site.population), whole(site.cell), whole(site.site), whole(site.n),
                              Json::number(site.first_ms), Json::number(site.last_ms)}));
    }
    return Json::object({{"sites", whole(m.n_sites)},
                         {"total", whole(m.n_spikes())},
                         {"columns", Json::array({Json::text("population"), Json::text("cell"), Json::text("site"),
                                                  Json::text("n"), Json::text("first_ms"), Json::text("last_ms")})},
                         {"rows", rows}});
}

Json measurement_json(const Measurement& m)
{
    return Json::object({{"workload", Json::text(m.name)},
                         {"note", Json::text(m.note)},
                         {"method", Json::text(m.method)},
                         {"simd", Json::text(base::simd_name())},
                         {"dt_ms", Json::number(m.dt_ms)},
                         {"steps", whole(m.facts.n_steps)},
                         {"cells", whole(m.facts.n_cells)},
                         {"compartments", whole(m.facts.n_compartments)},
                         {"groups", whole(m.facts.n_groups)},
                         {"lane_fill", Json::number(m.facts.lane_fill)},
                         {"threads", whole(m.threads)},
                         {"read_s", seconds_json(m.read)},
                         {"setup_s", seconds_json(m.setup)},
                         {"cpu", times_json(m, &Seconds::cpu)},
                         {"wall", times_json(m, &Seconds::wall)},
                         {"counted_bytes_per_compartment", Json::number(m.counted_bytes_per_compartment())},
                         {"resident_bytes_per_compartment", Json::number(m.resident_bytes_per_compartment())},
                         {"result_hash", Json::text(fmt::format("{:016x}", m.result_hash))},
                         {"spikes", spikes_json(m)}});
}

/// "0.95", or "-" where cells are not packed into lanes.
std::string fill_text(double lane_fill)
{
    return lane_fill > 0.0 ? fmt::format("{:.2f}", lane_fill) : "-";
}

}  // namespace

std::string table_head()
{
    return fmt::format("{:32}{:^23}{:^16}{:^16}{:^15}\n", "", "", "ns CPU", "ns wall", "bytes") +
           fmt::format("{:<10} {:>5} {:>9} {:>6} {:>7} {:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>5} {:>6}  {}\n",
                       "workload", "cells", "comp.", "steps", "threads", "setup/s", "median", "min", "median", "min",
                       "counted", "RSS", "fill", "spikes", "result hash");
}

std::string table_row(const Measurement& m)
{
    const auto cpu = statistics(m.runs, &Seconds::cpu);
    const auto wall = statistics(m.runs, &Seconds::wall);
    std::string text = fmt::format(
        "{:<10} {:>5} {:>9} {:>6} {:>7} {:>8.4f} {:>7.2f} {:>7.2f} {:>7.2f} {:>7.2f} {:>7.0f} {:>7.0f} {:>5} {:>6}  "
        "{:016x}\n",
        m.name, m.facts.n_cells, m.facts.n_compartments, m.facts.n_steps, m.threads, m.setup.cpu, m.ns(cpu.median),
        m.ns(cpu.least), m.ns(wall.median), m.ns(wall.least), m.counted_bytes_per_compartment(),
        m.resident_bytes_per_compartment(), fill_text(m.facts.lane_fill), m.n_spikes(), m.result_hash);
    return m.note.empty() ? text : text + fmt::format("           {}\n", m.note);
}

std::string table_json(const std::vector<Measurement>& measurements)
{
    Json list = Json::array();
    for (const auto& measurement : measurements) {
        list.add(measurement_json(measurement));
    }
    return Json::object({{"program", Json::text(base::version_text())}, {"workloads", list}}).dump() + "\n";
}

}  // namespace axolemma::bench
