#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "config/schema.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace axolemma;
using test::minimal;
using test::parse;

namespace {

constexpr std::string_view full_example = R"yaml(# yaml-language-server: $schema=schema.json
axolemma: 1
title: Everything at once
temperature: 18.5 degC
cells:
  - name: axon
    count: 10
    morphology:
      cable: {length: 60 mm, diameter: [476 um, 0.4 mm], type: dend}
    discretisation: {max_length: 200 um, count: 3, d_lambda: 0.05, frequency: 1 kHz}
    membrane:
      - {cm: 1 uF/cm2, Ra: 35.4 ohm*cm, v_init: -65 mV}
      - {region: distal, cm: "0.01 F/m2 * (1 + distance/1 mm)"}
    channels:
      - channel: hh
        parameters: {gnabar: 120 mS/cm2, gl: "0.3 mS/cm2 * exp(-distance/300 um)"}
      - {channel: pas, region: {type: 7, none_of: [distal]}}
    regions:
      distal: {type: apic, distance: [300 um, ~], branch_order: [1, 3]}
      far: {all_of: [distal, {diameter: [~, 1 um]}]}
  - name: neuron
    morphology: {file: ../morphologies/pyramidal.swc, soma: neuron, fragments: keep_largest, min_radius: 50 nm, scale: 0.001}
stimuli:
  - name: kick
    type: current_clamp
    cells: axon
    ids: [3, 0]
    at: {section: "cable[0]", position: 0}
    pulse: {delay: 1 ms, duration: 1 ms, amplitude: "20 uA * (cell + 1) / count"}
  - {type: voltage_clamp, cells: neuron, at: soma, series_resistance: 1 Mohm,
     steps: {levels: [{duration: 5 ms, level: -65 mV}, {duration: 1 ms, level: 0 mV}]}}
  - {type: current_clamp, cells: neuron, at: {nearest: [1 um, 2 um, 3 um]}, file: {path: noise.csv, scale: 2}}
  - {type: current_clamp, cells: neuron, at: {sample: 211},
     sine: {duration: 1 s, amplitude: 1 nA, frequency: 10 Hz, phase: 90 deg}}
recordings:
  - {name: v, cells: axon, ids: "2..4", quantity: v, at: [{section: "cable[0]", position: 0.5}, tips, {distance: 300 um, region: distal}]}
  - {cells: axon, quantity: hh.m, region: all, every: 0.1 ms, start: 1 ms, stop: 5 ms}
  - {quantity: stimulus.kick}
  - {quantity: spikes, cells: neuron, at: {tips: apic}, threshold: -10 mV}
  - {quantity: spikes, name: axon_spikes, cells: axon, at: tips}
run: {stop: 0.02 s, dt: 10 us, method: backward_euler, seed: 42, group_cells: 16}
output: {file: results/x.h5, precision: compact, overwrite: false}
analysis:
  f_i_curve: {cells: axon, from: 5 ms, file: fi.csv}
)yaml";

}  // namespace

TEST_CASE("every part of a configuration reaches the model, in the model's units", "[config]")
{
    const model::Model m = config::parse_model(full_example, "configs/test.yaml", {}, {.open_files = false});
    CHECK(m.title == "Everything at once");
    CHECK(m.temperature_degC == 18.5);
    REQUIRE(m.cells.size() == 2);

    const model::CellSpec& axon = m.cells[0];
    CHECK(axon.count == 10);
    const auto& cable = std::get<model::CableShape>(axon.morphology.shape);
    CHECK(cable.length_um == 60000.0);
    CHECK(cable.diameter_start_um == 476.0);
    CHECK(cable.diameter_end_um == 400.0);
    CHECK(cable.type == morphology::dend);
    CHECK(axon.discretisation.max_length_um == 200.0);
    CHECK(axon.discretisation.count == 3);
    CHECK(axon.discretisation.d_lambda == 0.05);
    CHECK(axon.discretisation.d_lambda_frequency_Hz == 1000.0);
    REQUIRE(axon.membrane.size() == 3);  // the defaults come first
    CHECK(axon.membrane[1].ra_ohm_cm->expression.value() == 35.4);
    CHECK(axon.membrane[2].region.text == "distal");
    CHECK_FALSE(axon.membrane[2].v_init_mV.has_value());
    REQUIRE(axon.channels.size() == 2);
    CHECK(axon.channels[0].parameters[0].value.expression.value() == 0.12);
    CHECK_FALSE(axon.channels[0].parameters[1].value.expression.is_constant());
    CHECK(axon.channels[1].region.region.type == 7);
    CHECK(axon.channels[1].region.region.none_of.at(0).distance_um->low == 300.0);
    CHECK(std::isinf(axon.channels[1].region.region.none_of.at(0).distance_um->high));
    CHECK(axon.channels[1].region.text == "{type: 7, none_of: [distal]}");

    const auto& swc = std::get<model::SwcShape>(m.cells[1].morphology.shape);
    CHECK(swc.path == "morphologies/pyramidal.swc");
    CHECK(swc.soma_rule == morphology::SomaRule::neuron);
    CHECK(swc.options.fragments == morphology::SwcOptions::Fragments::keep_largest);
    CHECK(swc.options.min_radius_um == 0.05);
    CHECK(swc.options.scale == 0.001);
    CHECK(m.cells[1].discretisation.d_lambda == 0.1);

    REQUIRE(m.stimuli.size() == 4);
    CHECK(m.stimuli[0].target.ids == std::vector<std::int64_t>{0, 3});
    CHECK(m.stimuli[0].at.rule.kind == morphology::LocationRule::Kind::section_position);
    CHECK(m.stimuli[0].at.rule.position == 0.0);
    const auto& pulse = std::get<model::PulseWave>(m.stimuli[0].waveform);
    const std::vector<double> cell_and_count = {3.0, 10.0};
    CHECK(pulse.amplitude.expression.evaluate(cell_and_count, nullptr) == 8000.0);  // nA
    CHECK(m.stimuli[1].name == "stimulus2");
    CHECK(m.stimuli[1].series_resistance_Mohm == 1.0);
    CHECK(std::get<model::StepsWave>(m.stimuli[1].waveform).steps.at(0).level.expression.value() == -65.0);
    CHECK(m.stimuli[2].at.rule.y_um == 2.0);
    CHECK(std::get<model::FileWave>(m.stimuli[2].waveform).path == "configs/noise.csv");
    CHECK(std::get<model::SineWave>(m.stimuli[3].waveform).phase_rad.expression.value() ==
          Approx(std::numbers::pi / 2).epsilon(1e-15));
    CHECK(std::get<model::SineWave>(m.stimuli[3].waveform).offset.expression.value() == 0.0);

    REQUIRE(m.recordings.size() == 3);
    CHECK(m.recordings[0].target.ids == std::vector<std::int64_t>{2, 3, 4});
    REQUIRE(m.recordings[0].at.size() == 3);
    CHECK(m.recordings[0].at[2].rule.within->distance_um->low == 300.0);
    CHECK(m.recordings[1].name == "hh.m");
    CHECK(m.recordings[1].every_ms == 0.1);
    CHECK(m.recordings[1].stop_ms == 5.0);
    CHECK(m.recordings[2].target.cells == "axon");
    REQUIRE(m.spikes.size() == 2);
    CHECK(m.spikes[0].threshold_mV == -10.0);
    CHECK(m.spikes[0].at.at(0).rule.within->type == morphology::apic);

    CHECK(m.run.stop_ms == 20.0);
    CHECK(m.run.dt_ms == 0.01);
    CHECK(m.run.method == model::Method::backward_euler);
    CHECK(m.run.seed == 42);
    CHECK(m.run.group_cells == 16);
    CHECK(m.output.file == "results/x.h5");
    CHECK(m.output.precision == model::Precision::compact);
    CHECK_FALSE(m.output.overwrite);
    REQUIRE(m.f_i_curves.size() == 1);
    CHECK(m.f_i_curves[0].stimulus == "kick");
    CHECK(m.f_i_curves[0].spikes == "axon_spikes");
    CHECK(m.f_i_curves[0].file == "fi.csv");
    CHECK(m.config_text == full_example);
}

TEST_CASE("what is left out has the documented default", "[config]")
{
    const model::Model m = parse(minimal());
    CHECK(m.temperature_degC == 6.3);
    CHECK(m.run.dt_ms == 0.025);
    CHECK(m.run.method == model::Method::crank_nicolson);
    CHECK(m.run.seed == 1);
    CHECK_FALSE(m.run.group_cells.has_value());
    CHECK(m.output.file == "results/test.h5");
    CHECK(m.output.precision == model::Precision::single);
    CHECK(m.output.overwrite);
    REQUIRE(m.cells.at(0).membrane.size() == 1);
    CHECK(m.cells[0].membrane[0].cm_uF_per_cm2->expression.value() == 1.0);
    CHECK(m.cells[0].membrane[0].ra_ohm_cm->expression.value() == 35.4);
    CHECK(m.cells[0].membrane[0].v_init_mV->expression.value() == -65.0);
    const auto& patch = std::get<model::PatchShape>(m.cells[0].morphology.shape);
    CHECK(std::numbers::pi * patch.length_um * patch.diameter_um == Approx(1000.0).epsilon(1e-15));
}

TEST_CASE("items know the line and column where they were written", "[config]")
{
    const model::Model m = config::parse_model(full_example, "a.yaml", {}, {.open_files = false});
    CHECK(m.cells[0].morphology.pos.text() == "a.yaml:8:5");
    CHECK(m.cells[0].channels[0].parameters[1].value.pos.text() == "a.yaml:16:46");
    CHECK(m.stimuli[0].at.pos.text() == "a.yaml:28:9");
    CHECK(m.run.pos.text() == "a.yaml:41:1");
}

TEST_CASE("the words of the schema stand for the enumerators of the same order", "[config]")
{
    const auto words = [](const config::Object& object, std::string_view key) {
        const auto& choices = object.field(key).choices;
        return std::vector<std::string>(choices.begin(), choices.end());
    };
    CHECK(words(config::morphology_object(), "soma") == morphology::soma_rule_names());
    for (std::size_t k = 0; k < morphology::soma_rule_names().size(); ++k) {
        const model::Model m =
            parse("axolemma: 1\ncells: [{name: a, morphology: {file: a.swc, soma: " + morphology::soma_rule_names()[k] +
                  "}}]\n"
                  "run: {stop: 1 ms}\n");
        CHECK(std::get<model::SwcShape>(m.cells.at(0).morphology.shape).soma_rule ==
              static_cast<morphology::SomaRule>(k));
    }
    CHECK(words(config::run_object(), "method") == std::vector<std::string>{"backward_euler", "crank_nicolson"});
    CHECK(static_cast<int>(model::Method::crank_nicolson) == 1);
    CHECK(words(config::output_object(), "precision") == std::vector<std::string>{"single", "full", "compact"});
    CHECK(static_cast<int>(model::Precision::full) == 1);
    CHECK(static_cast<int>(model::Precision::compact) == 2);
    CHECK(words(config::stimulus_object(), "type") == std::vector<std::string>{"current_clamp", "voltage_clamp"});
    CHECK(static_cast<int>(model::StimulusSpec::Kind::voltage_clamp) == 1);
    CHECK(static_cast<int>(morphology::SwcOptions::Fragments::keep_largest) == 2);
}

TEST_CASE("every shipped configuration is accepted", "[config]")
{
    int n_files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(AXOLEMMA_SOURCE_DIR) + "/configs")) {
        if (entry.path().extension() == ".yaml") {
            INFO(entry.path().string());
            CHECK_NOTHROW(config::read_model(entry.path().string()));
            ++n_files;
        }
    }
    CHECK(n_files > 0);
}

TEST_CASE("a file with very many errors shows the first hundred", "[config]")
{
    std::string text = test::minimal("recordings:\n");
    for (int k = 0; k < 130; ++k) {
        text += "  - {quantity: v, at: soma, nme: x" + std::to_string(k) + "}\n";
    }
    const std::string all = test::messages(text);
    CHECK(all.find("test.yaml:8:29: error: unknown key 'nme' in this recording") != std::string::npos);
    CHECK(all.ends_with("test.yaml: error: there are more errors; only the first 100 are shown\n"));
    CHECK(std::count(all.begin(), all.end(), '\n') == 201);  // each of the 100 has a hint
}

TEST_CASE("a folder, a missing file and an unreadable one are told apart", "[config]")
{
    const auto message = [](const std::string& path) -> std::string {
        try {
            config::read_model(path);
        } catch (const base::InputError& error) {
            return error.what();
        }
        return "accepted";
    };
    const std::string folder = std::string(AXOLEMMA_SOURCE_DIR) + "/tests";
    CHECK(message(folder) ==
          folder + ": error: this is a folder, not a file\n  hint: name a configuration file inside it\n");
    CHECK(message("no/such.yaml") ==
          "no/such.yaml: error: there is no such file\n  hint: is the path right, seen from the working directory?\n");
}
