#include <algorithm>
#include <cmath>
#include <string>

#include "record/result_writer.hpp"
#include "report/load.hpp"
#include "support/catch.hpp"
#include "support/synthetic_result.hpp"
#include "unit/record/scratch.hpp"
#include "unit/report/cases.hpp"

using namespace axolemma;
using namespace axolemma::report;

namespace {

// Tests run at the same time as processes of their own: each has its own folder.
std::string file(const std::string& name)
{
    static const test::Scratch scratch;
    return scratch / name;
}

double largest(const Quantised& samples)
{
    double most = -1e300;
    for (std::size_t i = 0; i < samples.step.size(); ++i) most = std::max(most, samples.value(i));
    return most;
}

}  // namespace

TEST_CASE("arrival times and velocity along the longest path are those of the pulse", "[report]")
{
    test::write_synthetic_result(file("content.h5"));
    const record::ResultReader result(file("content.h5"));
    const Content content = load(result, {});
    REQUIRE(content.space_times.size() == 2);
    const SpaceTime& axon = content.space_times.front();
    CHECK(axon.distance_um.size() == 80);
    CHECK(std::is_sorted(axon.distance_um.begin(), axon.distance_um.end()));
    // The pulse travels at 500 um/ms; samples are 0.05 ms apart and a crossing is interpolated between two of them.
    for (std::size_t i = 0; i < axon.distance_um.size(); ++i) {
        const double since_first = static_cast<double>(axon.arrival_ms[i] - axon.arrival_ms[0]);
        CHECK(since_first == Approx((axon.distance_um[i] - axon.distance_um[0]) / 500.0).margin(0.01));
    }
    CHECK(axon.velocity_m_per_s == Approx(0.5));
    CHECK(axon.from_file);
    // No velocity is reported for the cell: fitted.
    CHECK(content.space_times.back().velocity_m_per_s == Approx(0.5).epsilon(0.01));
    CHECK_FALSE(content.space_times.back().from_file);
    CHECK(content.space_times.back().path == "Longest recorded path of cell 0 of cell: soma[0](0.50) to axon[1](0.94)");
}

TEST_CASE("a spike of a single sample survives the thinning of a long trace", "[report]")
{
    record::ResultWriter writer(file("long.h5"));
    record::ReportDescription description;
    description.name = description.population = "patch";
    description.quantity = "v";
    description.units = "mV";
    description.interval_ms = 0.01;
    description.node_ids = {0};
    description.index_pointers = {0, 1};
    description.element_ids = {0};
    description.element_pos = {0.5F};
    description.distance_um = {0};
    description.node = {-1};
    description.names = {"soma"};
    const auto stream = writer.add_report(description);
    std::vector<double> samples(400000, -65.0);
    samples[123457] = 40.0;
    samples[200000] = std::numeric_limits<double>::quiet_NaN();
    writer.append_rows(stream, samples, samples.size());
    writer.finish(true);
    Options small;
    small.size_MB = 0.5;
    const record::ResultReader result(file("long.h5"));
    const Content content = load(result, small);
    REQUIRE(content.panels.size() == 1);
    const Line& line = content.panels[0].lines.at(0);
    CHECK(line.samples.step.size() < 60000);
    CHECK(largest(line.samples) == Approx(40.0).margin(0.01));
    const auto peak = std::max_element(line.samples.step.begin(), line.samples.step.end()) - line.samples.step.begin();
    CHECK(line.start_ms + static_cast<double>(peak) * line.interval_ms == Approx(1234.57).margin(2 * line.interval_ms));
    REQUIRE(content.thinned.size() == 1);
    CHECK(content.thinned[0] ==
          "Traces of patch: smallest and largest of every 29 samples (0.01 ms apart), so that no spike is lost.");
}

TEST_CASE("a movie keeps one value per compartment and the range of the samples", "[report]")
{
    test::write_synthetic_result(file("content.h5"));
    const record::ResultReader result(file("content.h5"));
    const Content content = load(result, {});
    REQUIRE(content.shapes.size() == 2);
    const Shape& cell = content.shapes.back();
    CHECK(cell.title == "cell, cell 0 of 3");
    CHECK(cell.n_elements() == 70);
    CHECK(cell.frames.size() == cell.frame_ms.size() * cell.n_elements());
    CHECK(cell.low < -70.0);
    CHECK(cell.high > 30.0);
    CHECK(*std::min_element(cell.frames.begin(), cell.frames.end()) == 1);
    CHECK(*std::max_element(cell.frames.begin(), cell.frames.end()) == 255);
    CHECK(cell.chain_start.size() == 11 + 1);
    CHECK(cell.chain_start.back() == cell.nodes_um.size());
    for (const std::uint32_t element : cell.edge_element) CHECK(element < cell.n_elements());
}

TEST_CASE("merged compartments keep the tree and cover every compartment", "[report]")
{
    test::write_tree_result(file("tree.h5"), 500, 4);
    const auto tables = record::ResultReader(file("tree.h5")).morphology("cell");
    std::vector<std::uint32_t> element_of;
    const Shape whole = make_shape(tables, 1, element_of);
    CHECK(whole.n_elements() == tables.compartments.section.size());
    const Shape merged = make_shape(tables, 3, element_of);
    CHECK(merged.n_elements() < whole.n_elements() / 2);
    CHECK(merged.chain_start.size() == whole.chain_start.size());
    for (std::size_t c = 0; c < element_of.size(); ++c) {
        CHECK(merged.element_section[element_of[c]] == static_cast<std::uint32_t>(tables.compartments.section[c]));
    }
}

TEST_CASE("a population shows some cells and all spikes", "[report]")
{
    test::write_population_result(file("population.h5"), 100);
    const record::ResultReader result(file("population.h5"));
    Options options;
    options.max_lines = 10;
    const Content content = load(result, options);
    REQUIRE(content.panels.size() == 1);
    CHECK(content.panels[0].lines.size() == 10);
    CHECK(content.panels[0].lines[3].shown);
    CHECK_FALSE(content.panels[0].lines[4].shown);
    CHECK(content.panels[0].lines[3].label == "cell 3 · soma");
    REQUIRE(content.rasters.size() == 1);
    CHECK(content.rasters[0].n_cells == 100);
    CHECK(content.rasters[0].time_ms.size() == result.spikes()[0].spikes.size());
    CHECK(content.thinned == std::vector<std::string>{"Traces of pyramidal: the first 10 of 100 cells."});
    CHECK(content.space_times.empty());
    CHECK(content.facts[0].label == "Spikes per cell");
    CHECK(content.facts[0].note == "at soma; 100 cells, 10 to 22 each");
}
