#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "record/result_reader.hpp"
#include "record/result_writer.hpp"
#include "record/row_stream.hpp"
#include "support/catch.hpp"
#include "support/synthetic_result.hpp"
#include "unit/record/scratch.hpp"

using namespace axolemma;
using namespace axolemma::record;
using test::Scratch;

namespace {

ReportDescription simple_report(const std::string& name, std::size_t n, Precision precision)
{
    ReportDescription report;
    report.name = name;
    report.population = "p";
    report.recording = "r";
    report.quantity = "v";
    report.units = "mV";
    report.node_ids = {0};
    report.index_pointers = {0, n};
    report.element_ids.assign(n, 0);
    report.element_pos.assign(n, 0.5f);
    report.distance_um.assign(n, 0.0);
    report.node.assign(n, -1);
    report.names.assign(n, "soma[0](0.5)");
    report.interval_ms = 0.025;
    report.precision = precision;
    return report;
}

double sample(std::uint64_t row, std::uint64_t column)
{
    return -65.0 + 40.0 * std::sin(0.001 * static_cast<double>(row) + 0.3 * static_cast<double>(column));
}

void append_formula(ResultWriter& writer, StreamId stream, std::uint64_t columns, std::uint64_t first, std::uint64_t n)
{
    std::vector<double> rows(n * columns);
    for (std::uint64_t k = 0; k < rows.size(); ++k) rows[k] = sample(first + k / columns, k % columns);
    writer.append_rows(stream, rows, n);
}

}  // namespace

TEST_CASE("a morphology is read back as it was written", "[record]")
{
    const Scratch scratch;
    MorphologyTables tables;
    tables.count = 7;
    tables.source = "größe.swc";
    tables.sha256 = "abc";
    tables.soma_rule = "one point";
    tables.sections = {{"soma[0]", "dend[0]"}, {1, 3}, {-1, 0}, {0, 2}, {2, 3}, {1.0, 0.5}, {20, 100}, {0, 10}};
    tables.points_um = {{0, 0, 0, 10}, {20, 0, 0, 10}, {10, 0, 0, 1}, {10, 50, 1, 0.5}, {10, 100, 2, 0.25}};
    tables.compartments = {{0, 1, 1}, {-1, 0, 1}, {0, 0, 0.5}, {1, 0.5, 1}, {1256.6, 200, 100}, {0, 35, 85}};
    {
        ResultWriter writer(scratch / "m.h5");
        writer.add_morphology("cells", tables);
        writer.finish(true);
    }
    const ResultReader reader(scratch / "m.h5");
    REQUIRE(reader.populations() == std::vector<std::string>{"cells"});
    const MorphologyTables back = reader.morphology("cells");
    CHECK(back.count == 7);
    CHECK(back.source == "größe.swc");
    CHECK(back.sha256 == "abc");
    CHECK(back.soma_rule == "one point");
    CHECK(back.sections.name == tables.sections.name);
    CHECK(back.sections.type == tables.sections.type);
    CHECK(back.sections.parent == tables.sections.parent);
    CHECK(back.sections.first_point == tables.sections.first_point);
    CHECK(back.sections.n_points == tables.sections.n_points);
    CHECK(back.sections.parent_position == tables.sections.parent_position);
    CHECK(back.sections.length_um == tables.sections.length_um);
    CHECK(back.sections.distance_um == tables.sections.distance_um);
    CHECK(back.points_um == tables.points_um);
    CHECK(back.compartments.section == tables.compartments.section);
    CHECK(back.compartments.parent == tables.compartments.parent);
    CHECK(back.compartments.from == tables.compartments.from);
    CHECK(back.compartments.to == tables.compartments.to);
    CHECK(back.compartments.area_um2 == tables.compartments.area_um2);
    CHECK(back.compartments.distance_um == tables.compartments.distance_um);
}

TEST_CASE("samples come back bit for bit in full precision, whatever the block boundaries", "[record]")
{
    const Scratch scratch;
    const std::uint64_t columns = 7, n_rows = 12000;  // about three blocks
    {
        ResultWriter writer(scratch / "full.h5");
        const StreamId stream = writer.add_report(simple_report("p", columns, Precision::full));
        std::uint64_t row = 0;
        for (std::uint64_t n = 1; row < n_rows; n = n * 3 % 4099 + 1) {
            const std::uint64_t take = std::min(n, n_rows - row);
            append_formula(writer, stream, columns, row, take);
            row += take;
            if (n % 2 == 0) writer.flush();  // blocks that are saved unfinished and written again
        }
        writer.finish(true);
    }
    const ResultReader reader(scratch / "full.h5");
    const ReportInfo* report = reader.find_report("p");
    REQUIRE(report);
    CHECK(report->precision == Precision::full);
    CHECK(report->n_rows == n_rows);
    CHECK(report->stop_ms() == Approx(300.0).margin(1e-9));
    CHECK(report->time_ms(40) == 1.0);
    const Samples samples = reader.read_rows(*report);
    REQUIRE(samples.values.size() == n_rows * columns);
    std::uint64_t wrong = 0;
    for (std::uint64_t k = 0; k < samples.values.size(); ++k)
        wrong += samples.values[k] != sample(k / columns, k % columns);
    CHECK(wrong == 0);
}

TEST_CASE("a selection of rows and columns gives the same samples as reading everything", "[record]")
{
    const Scratch scratch;
    {
        ResultWriter writer(scratch / "s.h5");
        append_formula(writer, writer.add_report(simple_report("p", 5, Precision::full)), 5, 0, 101);
        writer.finish(true);
    }
    const ResultReader reader(scratch / "s.h5");
    const ReportInfo& report = reader.reports().at(0);
    Selection selection;
    selection.first_row = 3;
    selection.row_stride = 10;
    selection.first_column = 1;
    selection.column_stride = 2;
    const Samples samples = reader.read_rows(report, selection);
    REQUIRE(samples.n_rows == 10);
    REQUIRE(samples.n_columns == 2);
    for (std::uint64_t r = 0; r < 10; ++r) {
        for (std::uint64_t c = 0; c < 2; ++c) CHECK(samples.at(r, c) == sample(3 + 10 * r, 1 + 2 * c));
    }
    selection.first_row = 101;
    CHECK(reader.read_rows(report, selection).n_rows == 0);
    selection = {};
    selection.first_row = 99;
    selection.n_rows = 50;
    CHECK(reader.read_rows(report, selection).n_rows == 2);
}

TEST_CASE("compact samples differ from the true ones by at most the stated rounding error", "[record]")
{
    const Scratch scratch;
    const std::uint64_t columns = 40, n_rows = 5000;
    {
        ResultWriter writer(scratch / "c.h5");
        append_formula(writer, writer.add_report(simple_report("p", columns, Precision::compact)), columns, 0, n_rows);
        writer.finish(true);
    }
    const ResultReader reader(scratch / "c.h5");
    const ReportInfo& report = reader.reports().at(0);
    CHECK(report.precision == Precision::compact);
    const Samples samples = reader.read_rows(report);
    double largest = 0;
    for (std::uint64_t k = 0; k < samples.values.size(); ++k) {
        largest = std::max(largest, std::abs(samples.values[k] - sample(k / columns, k % columns)));
    }
    CHECK(largest == report.rounding_error);
    CHECK(report.rounding_error > 0.0);
    CHECK(report.rounding_error <= 105.0 / 8192.0);  // half a unit of bit 12 of the largest |v|: 64..128 mV, 2^-13
    // 800 kB as 32-bit floats
    CHECK(std::filesystem::file_size(scratch / "c.h5") < 500'000);
}

TEST_CASE("a voltage that is not finite is kept as it is", "[record]")
{
    const Scratch scratch;
    const double inf = std::numeric_limits<double>::infinity();
    for (const Precision precision : {Precision::single, Precision::full, Precision::compact}) {
        {
            ResultWriter writer(scratch / "n.h5");
            const StreamId stream = writer.add_report(simple_report("p", 3, precision));
            const std::array<double, 3> row{std::nan(""), inf, -inf};
            writer.append_rows(stream, row, 1);
            writer.finish(true);
        }
        const ResultReader reader(scratch / "n.h5");
        const Samples samples = reader.read_rows(reader.reports().at(0));
        CHECK(std::isnan(samples.at(0, 0)));
        CHECK(samples.at(0, 1) == inf);
        CHECK(samples.at(0, 2) == -inf);
        CHECK(reader.reports().at(0).rounding_error == 0.0);
    }
}

TEST_CASE("spikes appended in any order are sorted by time, cell and site in a complete file", "[record]")
{
    const Scratch scratch;
    std::vector<Spike> expected;
    {
        ResultWriter writer(scratch / "spikes.h5");
        SpikeSites sites{{"a", "b"}, {0, 0}, {0.25, 0.75}, {10, 30}, {0, -20}};
        const SpikesId id = writer.add_spikes("p", sites);
        std::uint64_t state = 12345;
        for (int block = 0; block < 5; ++block) {
            std::vector<Spike> spikes;
            for (int k = 0; k < 5000; ++k) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                const auto draw = static_cast<double>(state >> 40);
                spikes.push_back(
                    {std::floor(draw / 1e4), (state >> 30) % 5, static_cast<std::int32_t>((state >> 20) % 2)});
            }
            expected.insert(expected.end(), spikes.begin(), spikes.end());
            writer.append_spikes(id, spikes);
        }
        writer.finish(true);
    }
    std::sort(expected.begin(), expected.end());
    const ResultReader reader(scratch / "spikes.h5");
    const std::vector<PopulationSpikes> all = reader.spikes();
    REQUIRE(all.size() == 1);
    CHECK(all[0].population == "p");
    CHECK(all[0].sites.name == std::vector<std::string>{"a", "b"});
    CHECK(all[0].sites.position == std::vector<double>{0.25, 0.75});
    CHECK(all[0].sites.distance_um == std::vector<double>{10, 30});
    CHECK(all[0].sites.threshold_mV == std::vector<double>{0, -20});
    CHECK(all[0].spikes == expected);
}

TEST_CASE("a population without spikes has an empty table, not a missing one", "[record]")
{
    const Scratch scratch;
    {
        ResultWriter writer(scratch / "none.h5");
        writer.add_spikes("quiet", {{"a"}, {0}, {0.5}, {0}, {0}});
        writer.finish(true);
    }
    const ResultReader reader(scratch / "none.h5");
    REQUIRE(reader.spikes().size() == 1);
    CHECK(reader.spikes()[0].spikes.empty());
}

TEST_CASE("provenance keeps texts and numbers, however long, and takes the last value", "[record]")
{
    const Scratch scratch;
    const std::string config(300'000, 'x');
    std::vector<std::string> inputs(10'000, "cell.swc 0123");
    {
        ResultWriter writer(scratch / "p.h5");
        writer.set_provenance(
            {{"config", config}, {"dt_ms", 0.025}, {"seed", std::int64_t{42}}, {"wall_s", std::int64_t{0}}});
        writer.set_provenance({{"wall_s", 1.5}, {"title", std::string("µm ≠ mm")}});
        writer.set_provenance_inputs(inputs);
        writer.finish(true);
    }
    const auto facts = ResultReader(scratch / "p.h5").provenance();
    CHECK(facts.at("config") == config);
    CHECK(facts.at("dt_ms") == "0.025");
    CHECK(facts.at("seed") == "42");
    CHECK(facts.at("wall_s") == "1.5");
    CHECK(facts.at("title") == "µm ≠ mm");
    CHECK(std::count(facts.at("inputs").begin(), facts.at("inputs").end(), '\n') == 9'999);
    CHECK(facts.size() == 6);
}

TEST_CASE("everything in the synthetic result is found by the reader", "[record]")
{
    const Scratch scratch;
    CHECK(test::write_synthetic_result(scratch / "all.h5") == scratch / "all.h5");
    CHECK_FALSE(std::filesystem::exists(scratch / "all.h5.partial"));
    const ResultReader reader(scratch / "all.h5");
    CHECK(reader.complete());
    CHECK(reader.warnings().empty());
    CHECK(reader.populations() == std::vector<std::string>{"axon", "cell"});
    REQUIRE(reader.reports().size() == 4);
    const ReportInfo* cells = reader.find_report("cell");
    REQUIRE(cells);
    CHECK(cells->node_ids == std::vector<std::uint64_t>{0, 1, 2});
    CHECK(cells->index_pointers == std::vector<std::uint64_t>{0, 70, 140, 210});
    CHECK(cells->node[71] == 1);
    CHECK(reader.find_report("cell.m")->quantity == "hh.m");
    CHECK(reader.find_report("cell.m")->units == "1");
    CHECK(reader.find_report("cell.m")->names[0] == "soma[0](0.50)");
    CHECK(reader.find_report("absent") == nullptr);
    REQUIRE(reader.stimuli().size() == 2);
    const StimulusInfo step = reader.stimuli()[1];
    CHECK(step.name == "step");
    CHECK(step.place == "soma[0](0.50)");
    CHECK(step.units == "nA");
    CHECK(step.n_cells == 3);
    CHECK(reader.read_stimulus(step).at(399, 2) == 0.3);
    REQUIRE(reader.conduction_velocity().size() == 2);
    CHECK(reader.conduction_velocity()[1].from_site == 1);
    CHECK(reader.conduction_velocity()[1].distance_um == Approx(500));
    CHECK(reader.conduction_velocity()[1].velocity_m_per_s == 0.5);
    REQUIRE(reader.f_i_curves().size() == 1);
    CHECK(reader.f_i_curves()[0].amplitude_nA.size() == 51);
    CHECK(reader.f_i_curves()[0].to_ms == 1100);
    CHECK(reader.resting().at(1).voltage_mV == -65);
    CHECK(reader.provenance().at("method") == "formula");
}

TEST_CASE("a chunk holds about 256 kB and a block stays below 32 MB", "[record]")
{
    for (const std::uint64_t columns : {1u, 3u, 80u, 1000u, 5000u, 70'000u, 1'000'000u, 3'000'000u}) {
        for (const std::size_t bytes : {4u, 8u}) {
            const ChunkShape chunk = choose_chunk(columns, bytes, 0);
            CAPTURE(columns, bytes, chunk.rows, chunk.columns);
            CHECK(chunk.rows * chunk.columns * bytes <= 256 * 1024);
            CHECK(chunk.rows * columns * bytes <= 32 * 1024 * 1024);
            CHECK(chunk.columns >= 1);
            CHECK(chunk.columns <= columns);
            CHECK((chunk.rows == 4096 || chunk.rows * chunk.columns * bytes > 100 * 1024));
        }
    }
    CHECK(choose_chunk(3, 4, 100).rows == 100);
}

TEST_CASE("rounding to 12 mantissa bits is to nearest, ties to even", "[record]")
{
    const double step = std::ldexp(1.0, -12);  // between neighbours in 1..2
    CHECK(round_compact(1.0) == 1.0f);
    CHECK(round_compact(1.0 + 0.49 * step) == 1.0f);
    CHECK(round_compact(1.0 + 0.51 * step) == static_cast<float>(1.0 + step));
    CHECK(round_compact(1.0 + 0.5 * step) == 1.0f);
    CHECK(round_compact(1.0 + 1.5 * step) == static_cast<float>(1.0 + 2 * step));
    CHECK(round_compact(-65.0) == -65.0f);
    CHECK(round_compact(0.0) == 0.0f);
    for (double value = 1e-3; value < 1e3; value *= 1.0137) {
        CHECK(std::abs(static_cast<double>(round_compact(value)) - value) <= std::ldexp(value, -13) * (1 + 1e-3));
    }
}
