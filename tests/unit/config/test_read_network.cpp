#include <cmath>

#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::messages;
using test::parse;

namespace {

constexpr std::string_view network = R"yaml(axolemma: 1
cells:
  - name: E
    count: 100
    position: {x: "uniform(0 um, 500 um)", z: "1 mm * cell/count"}
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 500 um, dend_diameter: 2 um}}
    regions: {far: {type: dend, distance: [200 um, ~]}}
  - {name: I, count: 20, morphology: {patch: {area: 1000 um2}}}
synapses:
  - {name: exc, cells: E, type: exp_syn, region: far, parameters: {tau: "2 ms + distance/1 mm * 1 ms", e: 0 mV}}
  - {name: inh, cells: I, ids: ["0..4", 7], type: gaba, at: [soma, tips]}
generators:
  - {name: beat, regular: {start: 1 ms, interval: "10 ms + cell * 1 ms", count: 5, stop: 0.1 s}}
  - {name: noise, count: 100, poisson: {rate: 20 Hz, start: 5 ms, stop: 1 s}}
  - {name: once, times: 3 ms}
  - {name: thrice, times: [5 ms, 1 ms, 0.002 s]}
  - {name: played, count: 3, file: {path: spikes.csv}}
connections:
  - {from: noise, from_ids: "0..9", synapse: exc, to_ids: "10..19", rule: one_to_one, weight: 1 nS, delay: 1 ms}
  - {name: E_to_E, from: E, detect: {at: {section: "dend[0]", position: 1}, threshold: -20 mV}, synapse: exc,
     probability: "0.3*exp(-distance/100 um)", allow_self: true, weight: "uniform(0 nS, 1 nS)", delay: "1 ms + distance/(1 m/s)"}
  - {from: E, synapse: inh, in_degree: 80, weight: 2 nS, delay: 0.5 ms}
  - {from: E, synapse: exc, offset: 1, weight: 2 nS, delay: 0.5 ms}
  - {from: I, synapse: exc, rule: all_to_all, weight: 2 nS, delay: 0.5 ms}
  - {from: I, synapse: exc, pairs: pairs.csv}
  - {from: I, synapse: exc, edges: {file: edges.h5, population: i_to_e}}
gap_junctions:
  - {cells: I, ids: "0..9", at: soma, rule: all_to_all, conductance: 1 nS}
  - {name: mixed, cells: E, to_cells: I, to_ids: 3, at: {section: "dend[0]"}, to_at: soma, probability: 0.1, conductance: "1 nS * (1 + source)"}
recordings:
  - {quantity: exc.g}
  - {name: current, quantity: inh.i, every: 0.1 ms}
  - {quantity: inh.g, ids: 7}
run: {stop: 10 ms}
checkpoint: {every: 1.5 h, every_model_time: 1 s, file: run.checkpoint}
)yaml";

model::Model read_network()
{
    return config::parse_model(network, "configs/net.yaml", {}, {.open_files = false});
}

double at(const std::optional<model::Value>& value, const std::vector<double>& values)
{
    REQUIRE(value.has_value());
    return value->expression.evaluate(values, nullptr);
}

}  // namespace

TEST_CASE("positions and synapses reach the model", "[config][network]")
{
    const model::Model m = read_network();
    CHECK(m.cells[0].x_um->expression.uses_random());
    CHECK_FALSE(m.cells[0].y_um.has_value());
    CHECK(at(m.cells[0].z_um, {50.0, 100.0}) == 500.0);
    CHECK_FALSE(m.cells[1].x_um.has_value());

    REQUIRE(m.synapses.size() == 2);
    CHECK(m.synapses[0].name == "exc");
    CHECK(m.synapses[0].type == "exp_syn");
    CHECK(m.synapses[0].target.cells == "E");
    CHECK(m.synapses[0].region->region.distance_um->low == 200.0);
    REQUIRE(m.synapses[0].parameters.size() == 2);
    CHECK(at(m.synapses[0].parameters[0].value, {500.0, 0, 0, 0, 0, 0, 0, 1}) == 2.5);
    CHECK(m.synapses[1].type == "gaba");
    CHECK(m.synapses[1].at.size() == 2);
    CHECK_FALSE(m.synapses[1].region.has_value());
    CHECK(m.synapses[1].target.ids == std::vector<std::int64_t>{0, 1, 2, 3, 4, 7});
}

TEST_CASE("generators of every kind reach the model, and listed times are sorted", "[config][network]")
{
    const model::Model m = read_network();
    REQUIRE(m.generators.size() == 5);
    const auto& beat = std::get<model::RegularTrain>(m.generators[0].train);
    CHECK(m.generators[0].count == 1);
    CHECK(beat.start_ms.expression.value() == 1.0);
    CHECK(at(beat.interval_ms, {3.0, 1.0}) == 13.0);
    CHECK(beat.count == 5);
    CHECK(beat.stop_ms->expression.value() == 100.0);
    const auto& noise = std::get<model::PoissonTrain>(m.generators[1].train);
    CHECK(m.generators[1].count == 100);
    CHECK(noise.rate_Hz.expression.value() == 20.0);
    CHECK(noise.start_ms.expression.value() == 5.0);
    CHECK(noise.stop_ms->expression.value() == 1000.0);
    CHECK(std::get<model::ListedTrain>(m.generators[2].train).t_ms == std::vector<double>{3.0});
    CHECK(std::get<model::ListedTrain>(m.generators[3].train).t_ms == std::vector<double>{1.0, 2.0, 5.0});
    CHECK(std::get<model::FileTrain>(m.generators[4].train).path == "configs/spikes.csv");
}

TEST_CASE("connections by every rule reach the model", "[config][network]")
{
    const model::Model m = read_network();
    REQUIRE(m.connections.size() == 7);
    const model::ConnectionSpec& first = m.connections[0];
    CHECK(first.name == "connection1");
    CHECK(first.from == "noise");
    CHECK(first.from_ids.size() == 10);
    CHECK(first.to_ids.front() == 10);
    CHECK(std::holds_alternative<model::OneToOne>(first.rule));
    CHECK(first.weight_uS->expression.value() == 0.001);
    CHECK(first.delay_ms->expression.value() == 1.0);
    CHECK_FALSE(first.allow_self);
    CHECK_FALSE(first.detect_at.has_value());
    CHECK(first.threshold_mV == 0.0);

    const model::ConnectionSpec& random = m.connections[1];
    CHECK(random.name == "E_to_E");
    CHECK(random.allow_self);
    CHECK(random.detect_at->text == "dend[0](1)");
    CHECK(random.threshold_mV == -20.0);
    CHECK(at(std::get<model::WithProbability>(random.rule).probability, {100.0, 0.0, 0.0}) ==
          Approx(0.3 * std::exp(-1.0)).epsilon(1e-14));
    CHECK(random.weight_uS->expression.uses_random());
    CHECK(at(random.delay_ms, {500.0, 0.0, 0.0}) == Approx(1.5).epsilon(1e-14));

    CHECK(std::get<model::InDegree>(m.connections[2].rule).count == 80);
    CHECK(std::get<model::RingOffset>(m.connections[3].rule).offset == 1);
    CHECK(std::holds_alternative<model::AllToAll>(m.connections[4].rule));
    CHECK(std::get<model::ListedPairs>(m.connections[5].rule).path == "configs/pairs.csv");
    CHECK(std::get<model::SonataEdges>(m.connections[6].rule).path == "configs/edges.h5");
    CHECK(std::get<model::SonataEdges>(m.connections[6].rule).population == "i_to_e");
    CHECK_FALSE(m.connections[6].weight_uS.has_value());
    CHECK_FALSE(m.connections[6].delay_ms.has_value());
}

TEST_CASE("gap junctions take the other side from the first where it is not given", "[config][network]")
{
    const model::Model m = read_network();
    REQUIRE(m.gap_junctions.size() == 2);
    CHECK(m.gap_junctions[0].name == "gap_junction1");
    CHECK(m.gap_junctions[0].b.cells == "I");
    CHECK(m.gap_junctions[0].b.ids == m.gap_junctions[0].a.ids);
    CHECK(m.gap_junctions[0].at_b.text == "soma");
    const model::GapJunctionSpec& mixed = m.gap_junctions[1];
    CHECK(mixed.a.cells == "E");
    CHECK(mixed.a.ids.empty());
    CHECK(mixed.b.cells == "I");
    CHECK(mixed.b.ids == std::vector<std::int64_t>{3});
    CHECK(mixed.at_a.text == "dend[0](0.5)");
    CHECK(mixed.at_b.text == "soma");
    CHECK(at(mixed.conductance_uS, {0.0, 2.0, 0.0}) == Approx(0.003).epsilon(1e-14));
}

TEST_CASE("a recording of a synapse takes its cells from the synapse", "[config][network]")
{
    const model::Model m = read_network();
    REQUIRE(m.recordings.size() == 3);
    CHECK(m.recordings[0].name == "exc.g");
    CHECK(m.recordings[0].target.cells == "E");
    CHECK(m.recordings[0].at.empty());
    CHECK_FALSE(m.recordings[0].region.has_value());
    CHECK(m.recordings[1].name == "current");
    CHECK(m.recordings[1].quantity == "inh.i");
    CHECK(m.recordings[1].target.ids == m.synapses[1].target.ids);
    CHECK(m.recordings[1].every_ms == 0.1);
    CHECK(m.recordings[2].target.ids == std::vector<std::int64_t>{7});
}

TEST_CASE("the time between checkpoints may be in hours or minutes", "[config][network]")
{
    const model::Model m = read_network();
    CHECK(m.checkpoint.every_wall_s == 5400.0);
    CHECK(m.checkpoint.every_model_ms == 1000.0);
    CHECK(m.checkpoint.file == "run.checkpoint");
    CHECK(parse(test::minimal("checkpoint: {every: 10 min}\n")).checkpoint.every_wall_s == 600.0);
    CHECK_FALSE(parse(test::minimal()).checkpoint.every_wall_s.has_value());
}

TEST_CASE("synapses and connections can be overridden by name", "[config][network]")
{
    const std::string text = test::minimal(
        "synapses: [{name: exc, type: exp_syn, at: soma}]\n"
        "generators: [{name: in, times: [1 ms]}]\n"
        "connections: [{name: c, from: in, synapse: exc, rule: all_to_all, weight: 1 nS, delay: 1 ms}]\n");
    const model::Model m = parse(text, {"connections.c.weight=3 nS", "synapses.exc.type=ampa"});
    CHECK(m.connections[0].weight_uS->expression.value() == 0.003);
    CHECK(m.synapses[0].type == "ampa");
    CHECK(messages(text, {"connections.c.weight=3 mV"}) ==
          "--set connections.c.weight=3 mV: error: '3 mV' is a voltage; 'weight' needs a conductance\n"
          "  hint: use a unit such as uS\n");
}
