// Ions from the description of a model to its recordings.
#include <cmath>

#include "mechanisms/ions.hpp"
#include "support.hpp"
#include "support/catch.hpp"
#include "support/ion_channels.hpp"

using namespace axolemma;
using test::on_threads;

namespace {

const std::string two_cells = R"yaml(
axolemma: 1
temperature: 20 degC
cells:
  - name: cell
    count: 3
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 200 um, dend_diameter: 2 um}}
    discretisation: {max_length: 20 um}
    channels: [{channel: hh, region: soma}, {channel: pas, region: dend}]
stimuli:
  - {name: kick, cells: cell, at: soma, type: current_clamp, pulse: {delay: 1 ms, duration: 10 ms, amplitude: 1 nA}}
recordings:
  - {quantity: v, cells: cell, at: soma}
run: {stop: 10 ms, dt: 0.025 ms}
)yaml";

model::RegionRef region(const char* name)
{
    return {*morphology::region_of_name(name), name, {"test.yaml", 1, 1}};
}

model::Value number(double x)
{
    return {base::Expression::constant(x), {"test.yaml", 2, 2}};
}

/// The model of the text with channels that use ions painted on.
model::Model with_channels(const std::vector<std::pair<std::string, const char*>>& channels)
{
    auto model = config::parse_model(two_cells, "test.yaml", {});
    model.catalogue = test::with_ion_channels();
    std::int64_t line = 10;
    for (const auto& [channel, where] : channels) {
        model.cells[0].channels.push_back({channel, region(where), {}, {"test.yaml", line++, 3}});
    }
    return model;
}

const std::vector<std::pair<std::string, const char*>> all{{"ca_channel", "all"}, {"k_ca", "all"}, {"ca_pool", "soma"}};

void add_recording(model::Model& model, const std::string& quantity, const char* where)
{
    auto recording = model.recordings[0];
    recording.name = recording.quantity = quantity;
    recording.at.clear();
    recording.region = region(where);
    model.recordings.push_back(recording);
}

std::string messages(model::Model model)
{
    try {
        run::Simulation simulation(std::move(model));
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

void check_says(const model::Model& model, const std::string& text)
{
    const auto said = messages(model);
    INFO(said);
    CHECK(said.find(text) != std::string::npos);
}

}  // namespace

TEST_CASE("ions are recorded with the mechanisms' own numbers at the same instant", "[run][ions]")
{
    for (const auto method : {model::Method::backward_euler, model::Method::crank_nicolson}) {
        auto model = with_channels(all);
        model.run.method = method;
        model.output.precision = model::Precision::full;
        for (const char* quantity :
             {"ca.inside", "ca_pool.c", "ca.reversal", "ca.current", "ca_channel.ica", "ca_channel.g", "k.outside"}) {
            add_recording(model, quantity, "soma");
        }
        add_recording(model, "ca.reversal", "dend");
        model.recordings.back().name = "far";
        add_recording(model, "v", "soma");
        model.recordings.back().name = "v_soma";
        run::Simulation simulation(std::move(model));
        const auto result = test::simulate(simulation, on_threads(1));
        const std::size_t last = 400;  // steps
        const auto column = [&](std::size_t report, std::size_t row) {
            const auto& samples = result.sink.samples(report);
            return samples[row * (samples.size() / (last + 1))];
        };
        // In the one compartment of the soma, where the electrode of the first recording is too.
        const auto v_mV = [&](std::size_t row) { return column(9, row); };
        for (const std::size_t row : {std::size_t{0}, last / 3, last / 2, last}) {
            const double inside = column(1, row);
            CHECK(inside == column(2, row));
            CHECK(column(3, row) == Approx(mechanisms::nernst_mV(inside, 2.0, 2, 20.0)).epsilon(1e-13));
            CHECK(column(4, row) == column(5, row));
            CHECK(column(5, row) == Approx(column(6, row) * (v_mV(row) - column(3, row))).epsilon(1e-12));
            CHECK(column(7, row) == 2.5);
            CHECK(column(8, row) == Approx(mechanisms::nernst_mV(5e-5, 2.0, 2, 20.0)).epsilon(1e-13));
        }
        CHECK(column(1, last) > 1e-3);
    }
}

TEST_CASE(
    "values of ions are those of the last entry that covers a place, and a number for the reversal potential holds",
    "[run][ions]")
{
    auto model = with_channels({{"ca_channel", "all"}, {"k_ca", "dend"}});
    model.cells[0].ions.push_back({"ca", region("all"), number(100.0), {}, number(1.5), false, {}});
    model.cells[0].ions.push_back({"ca", region("dend"), {}, number(1e-4), {}, true, {}});
    add_recording(model, "ca.reversal", "soma");
    add_recording(model, "ca.reversal", "dend");
    model.recordings.back().name = "far";
    run::Simulation simulation(std::move(model));
    const auto result = test::simulate(simulation, on_threads(1));
    CHECK(result.sink.samples(1).back() == 100.0);
    CHECK(result.sink.samples(2).back() == Approx(mechanisms::nernst_mV(1e-4, 1.5, 2, 20.0)).epsilon(1e-13));
}

TEST_CASE("ions that do not fit together are refused with the places of both", "[run][ions]")
{
    auto model = with_channels(all);
    auto second = std::make_shared<mechanisms::MechanismInfo>(*model.catalogue.find_channel("ca_pool"));
    second->name = "other_pool";
    model.catalogue.add(std::shared_ptr<const mechanisms::MechanismInfo>(second));
    model.cells[0].channels.push_back({"other_pool", region("all"), {}, {"test.yaml", 30, 3}});
    check_says(model,
               "test.yaml:30:3: error: the channels 'ca_pool' and 'other_pool' both set the "
               "concentration of 'ca' inside the cell at soma[0](0.5) of 'cell'\n"
               "  hint: 'ca_pool' is painted at test.yaml:12:3; only one of them may be there");

    auto charged = with_channels(all);
    auto third = std::make_shared<mechanisms::MechanismInfo>(*charged.catalogue.find_channel("ca_channel"));
    third->name = "odd";
    third->ions[0].valence = 3;
    charged.catalogue.add(std::shared_ptr<const mechanisms::MechanismInfo>(third));
    charged.cells[0].channels.push_back({"odd", region("all"), {}, {"test.yaml", 40, 3}});
    check_says(charged,
               "test.yaml:40:3: error: the channels 'ca_channel' and 'odd' disagree about the charge of "
               "the ion 'ca': 2 and 3");

    auto nowhere = with_channels({{"ca_channel", "soma"}});
    nowhere.cells[0].ions.push_back({"ca", region("dend"), number(100.0), {}, {}, false, {"test.yaml", 50, 3}});
    check_says(nowhere, "test.yaml:50:3: error: no channel in region 'dend' of 'cell' uses the ion 'ca'");

    auto empty = with_channels(all);
    empty.cells[0].ions.push_back({"ca", region("all"), {}, number(-1.0), {}, false, {"test.yaml", 60, 3}});
    check_says(empty, "'inside' of ion 'ca' is -1 mM at soma[0](0.5) of cell 0 of 'cell'");

    auto dark = with_channels({{"ca_channel", "soma"}});
    add_recording(dark, "ca.inside", "dend");
    check_says(dark, "holds no compartment with ion 'ca' to record");
}

TEST_CASE("paintings of one channel with different rate parameters have tables of their own, and equal ones share them",
          "[run][ions]")
{
    auto model = with_channels({});
    auto channel = std::make_shared<mechanisms::MechanismInfo>(*model.catalogue.find_channel("pas"));
    channel->name = "leak";
    channel->rate_parameters = {1};
    model.catalogue.add(std::shared_ptr<const mechanisms::MechanismInfo>(channel));
    const auto paint = [&](const char* where, std::vector<model::ParameterSetting> settings) {
        model.cells[0].channels.push_back({"leak", region(where), std::move(settings), {}});
    };
    paint("dend", {{"e", number(-60.0), {}}});
    paint("soma", {{"g", number(1e-4), {}}});
    base::Diagnostics diagnostics;
    run::ShapeCache shapes;
    const run::Population population(model.cells[0], model.catalogue, 20.0, 1, 0, shapes, diagnostics);
    REQUIRE(population.painted().size() == 4);  // hh, pas, leak twice
    CHECK(population.painted()[2].rate_values == std::vector<double>{-70.0});
    CHECK(population.painted()[3].rate_values == std::vector<double>{-60.0});
    CHECK(population.has_channel("leak", 0));
    CHECK(population.has_channel("leak", 3));
}

TEST_CASE("parameters that follow from the shape are filled in", "[run][ions]")
{
    auto model = with_channels({});
    auto channel = std::make_shared<mechanisms::MechanismInfo>(*model.catalogue.find_channel("pas"));
    channel->name = "shaped";
    channel->parameters[0].from = mechanisms::ParameterInfo::From::diameter_um;
    channel->parameters[1].from = mechanisms::ParameterInfo::From::area_um2;
    model.catalogue.add(std::shared_ptr<const mechanisms::MechanismInfo>(channel));
    model.cells[0].channels.push_back({"shaped", region("soma"), {}, {}});
    base::Diagnostics diagnostics;
    run::ShapeCache shapes;
    const run::Population population(model.cells[0], model.catalogue, 20.0, 1, 0, shapes, diagnostics);
    const auto cell = population.make_cell(0);
    const auto& placed = cell.mechanisms.back();
    REQUIRE(placed.info->name == "shaped");
    CHECK(placed.parameters[0][0] == population.layout().diameter_um[0]);
    CHECK(placed.parameters[1][0] == population.layout().area_um2[0]);
}
