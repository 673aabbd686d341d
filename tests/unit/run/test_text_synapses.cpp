// Synapses of text in whole simulations, beside the engine's own.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "support.hpp"
#include "support/catch.hpp"
#include "support/text_synapses.hpp"

using namespace axolemma;
using test::simulate;

namespace {

using Kinds = std::map<std::string, std::shared_ptr<const mechanisms::SynapseInfo>>;

/// A simulation in which the synapses of these names are of other kinds, and `quantities` of reports are replaced.
run::Simulation build_with(const std::string& text, const Kinds& kinds, const std::vector<std::string>& sets = {},
                           const std::map<std::string, std::string>& quantities = {})
{
    std::vector<config::Override> overrides;
    for (const auto& set : sets) {
        overrides.push_back(config::Override::parse(set));
    }
    auto model = config::parse_model(text, "test.yaml", overrides);
    for (auto& synapse : model.synapses) {
        const auto kind = kinds.find(synapse.name);
        if (kind != kinds.end()) {
            if (model.catalogue.find_synapse(kind->second->name) == nullptr) {
                model.catalogue.add(kind->second);
            }
            synapse.type = kind->second->name;
        }
    }
    for (auto& record : model.recordings) {
        const auto other = quantities.find(record.quantity);
        record.quantity = other == quantities.end() ? record.quantity : other->second;
    }
    return run::Simulation(std::move(model));
}

/// One cell with two synapses that get spikes at times between the steps.
const std::string one_cell = R"yaml(
axolemma: 1
cells:
  - name: cell
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 200 um, dend_diameter: 2 um}}
    discretisation: {max_length: 20 um}
    channels: [{channel: pas, parameters: {g: 0.1 mS/cm2, e: -65 mV}}]
synapses:
  - {name: fast, cells: cell, type: exp_syn, at: {section: dend, position: 0.7}, parameters: {tau: 1.7 ms, e: 0 mV}}
  - {name: slow, cells: cell, type: exp2_syn, at: soma, parameters: {tau1: 0.7 ms, tau2: 6 ms, e: -20 mV}}
generators:
  - {name: beat, regular: {start: 1.013 ms, interval: 3.071 ms}}
connections:
  - {from: beat, synapse: fast, rule: all_to_all, weight: 2 nS, delay: 0.1 ms}
  - {from: beat, synapse: slow, rule: all_to_all, weight: 1 nS, delay: 0.7 ms}
recordings:
  - {quantity: v, cells: cell, at: soma, every: 0.8 ms}
  - {quantity: fast.i, every: 0.8 ms}
run: {stop: 16 ms, dt: 0.1 ms}
)yaml";

double peak_scale(double rise_ms, double decay_ms)
{
    const double peak_ms = rise_ms * decay_ms / (decay_ms - rise_ms) * std::log(decay_ms / rise_ms);
    return 1.0 / (std::exp(-peak_ms / decay_ms) - std::exp(-peak_ms / rise_ms));
}

std::shared_ptr<const mechanisms::SynapseInfo> scaled_exp2_syn()
{
    auto kind = std::make_shared<mechanisms::SynapseInfo>(*test::text_exp2_syn());
    kind->parameters[static_cast<std::size_t>(kind->parameter_index("factor"))].default_value = peak_scale(0.7, 6.0);
    return kind;
}

/// Every kind of synapse there is on cells that spike, with connections between cells and from generators.
const std::string network = R"yaml(
axolemma: 1
cells:
  - name: E
    count: 13
    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 150 um, dend_diameter: 2 um}}
    discretisation: {max_length: 30 um}
    channels: [{channel: hh, region: soma}, {channel: pas, region: dend}]
synapses:
  - {name: own, cells: E, type: ampa, region: dend}
  - {name: plastic, cells: E, type: exp_syn, region: dend}
  - {name: pulse, cells: E, type: exp_syn, at: soma}
  - {name: watcher, cells: E, type: exp_syn, at: soma, ids: "0..7"}
  - {name: decay, cells: E, type: exp_syn, at: {section: dend, position: 0.5}, parameters: {tau: "2 ms + 0.1 ms*cell"}}
generators:
  - {name: noise, count: 13, poisson: {rate: 400 Hz}}
connections:
  - {name: a, from: noise, synapse: own, rule: one_to_one, weight: 8 nS, delay: 0 ms}
  - {name: b, from: E, synapse: plastic, in_degree: 4, weight: "uniform(1 nS, 4 nS)", delay: "uniform(0.4 ms, 2 ms)", detect: {threshold: -20 mV}}
  - {name: c, from: noise, synapse: plastic, offset: 1, weight: 3 nS, delay: 0.3 ms}
  - {name: d, from: E, synapse: pulse, offset: 2, weight: 2 nS, delay: 0.7 ms, detect: {threshold: -20 mV}}
  - {name: e, from: noise, synapse: pulse, rule: one_to_one, weight: 1 nS, delay: 0.1 ms}
  - {name: f, from: noise, synapse: decay, rule: one_to_one, weight: 2 nS, delay: 0.1 ms}
recordings:
  - {quantity: v, cells: E, at: soma, every: 0.5 ms}
  - {quantity: plastic.g, cells: E, every: 0.25 ms}
  - {quantity: watcher.g, every: 1 ms}
  - {quantity: spikes, cells: E, at: soma, threshold: -20 mV}
run: {stop: 20 ms, dt: 0.025 ms}
)yaml";

run::Simulation build_network(const std::vector<std::string>& sets = {})
{
    return build_with(network,
                      {{"plastic", test::text_plastic()},
                       {"pulse", test::text_pulse()},
                       {"watcher", test::text_watcher()},
                       {"decay", test::text_exp_syn()}},
                      sets, {{"watcher.g", "watcher.count"}});
}

}  // namespace

TEST_CASE("exp_syn and exp2_syn as equations approach the engine's own with order 2", "[run][synapse]")
{
    std::vector<double> distances_mV;
    for (const std::string dt : {"0.2 ms", "0.1 ms", "0.05 ms", "0.025 ms"}) {
        auto text =
            build_with(one_cell, {{"fast", test::text_exp_syn()}, {"slow", scaled_exp2_syn()}}, {"run.dt=" + dt});
        const auto of_text = simulate(text);
        const auto own = simulate(one_cell, {"run.dt=" + dt});
        double distance = 0.0;
        for (std::size_t k = 0; k < own.sink.samples(0).size(); ++k) {
            distance = std::max(distance, std::fabs(own.sink.samples(0)[k] - of_text.sink.samples(0)[k]));
        }
        distances_mV.push_back(distance);
        // The states decay exactly in both, so that currents differ as voltages do.
        for (std::size_t k = 0; k < own.sink.samples(1).size(); ++k) {
            CHECK(of_text.sink.samples(1)[k] == Approx(own.sink.samples(1)[k]).margin(0.005 * distance + 1e-12));
        }
    }
    for (std::size_t k = 1; k < distances_mV.size(); ++k) {
        INFO(distances_mV[k - 1] << " mV, then " << distances_mV[k] << " mV");
        CHECK(std::log2(distances_mV[k - 1] / distances_mV[k]) == Approx(2.0).margin(0.3));
    }
    CHECK(distances_mV.back() < 1e-3);
    CHECK(distances_mV.back() > 0.0);
}

TEST_CASE("connections with numbers of their own and events to oneself act as in NEURON", "[run][synapse][validation]")
{
    // NEURON 9.0.2, CVode with rtol = atol = 1e-10 (its own error is about 3e-5 mV), the same equations as POINT_PROCESS with
    // NET_RECEIVE (weight, R, u, tlast) and with net_send: membrane potential at 2, 4, ... 16 ms, and the conductance of the
    // plastic synapse.
    constexpr double v_mV[] = {-63.122182915, -56.677384926, -47.586526796, -43.111147491,
                               -42.686578561, -49.738529705, -44.252222535, -50.277650148};
    constexpr double g_uS[] = {2.976141594016e-04, 1.569158427997e-03, 1.127772546376e-03, 1.004215758060e-03,
                               5.155815614749e-04, 1.344355092930e-03, 8.910213852622e-04, 4.574656327394e-04};
    const std::string patch = R"yaml(
axolemma: 1
cells:
  - name: cell
    morphology: {patch: {area: 1000 um2}}
    membrane: {cm: 1 uF/cm2, v_init: -65 mV}
    channels: [{channel: pas, parameters: {g: 0.1 mS/cm2, e: -65 mV}}]
synapses:
  - {name: plastic, cells: cell, type: exp_syn, at: soma}
  - {name: pulse, cells: cell, type: exp_syn, at: soma, parameters: {e: -80 mV}}
generators:
  - {name: A, times: [1.013 ms, 4.217 ms, 7.421 ms, 10.625 ms, 13.829 ms]}
  - {name: B, times: [2.5 ms, 2.9 ms, 11.3 ms]}
  - {name: C, times: [3.13 ms, 5 ms, 9.7 ms, 15.02 ms]}
connections:
  - {from: A, synapse: plastic, rule: all_to_all, weight: 2 nS, delay: 0.1 ms}
  - {from: B, synapse: plastic, rule: all_to_all, weight: 4 nS, delay: 0.3 ms}
  - {from: C, synapse: pulse, rule: all_to_all, weight: 3 nS, delay: 0.2 ms}
recordings:
  - {quantity: v, cells: cell, at: soma, every: 2 ms}
  - {quantity: plastic.g, every: 2 ms}
run: {stop: 16 ms, dt: 0.1 ms}
)yaml";
    std::vector<double> errors_mV;
    for (const std::string dt : {"0.1 ms", "0.05 ms", "0.025 ms"}) {
        auto simulation =
            build_with(patch, {{"plastic", test::text_plastic()}, {"pulse", test::text_pulse()}}, {"run.dt=" + dt});
        const auto result = simulate(simulation);
        double error_mV = 0.0;
        for (std::size_t k = 0; k < std::size(v_mV); ++k) {
            error_mV = std::max(error_mV, std::fabs(result.sink.samples(0)[k + 1] - v_mV[k]));
            CHECK(result.sink.samples(1)[k + 1] == Approx(g_uS[k]).epsilon(1e-7));  // exact here, whatever dt is
        }
        errors_mV.push_back(error_mV);
    }
    for (std::size_t k = 1; k < errors_mV.size(); ++k) {
        INFO(errors_mV[k - 1] << " mV, then " << errors_mV[k] << " mV");
        CHECK(errors_mV[k - 1] / errors_mV[k] > 3.0);
    }
    CHECK(errors_mV.back() < 3e-4);
}

TEST_CASE("synapses of text have the same bits on any number of threads and in any groups", "[run][synapse][same bits]")
{
    for (const std::string method : {"run.method=crank_nicolson", "run.method=backward_euler"}) {
        auto alone = build_network({method});
        const auto one = simulate(alone);
        CHECK(one.sink.sorted_spikes(0).size() > 20);
        const auto& counts = one.sink.samples(2);
        CHECK(*std::max_element(counts.begin(), counts.end()) >= 2.0);  // watchers saw spikes
        for (const std::string cells : {"1", "3", "8", "1000"}) {
            INFO(method << ", " << cells << " cells per group");
            auto other = build_network({method, "run.group_cells=" + cells});
            CHECK(simulate(other, test::on_threads(2)).outcome.result_hash == one.outcome.result_hash);
        }
    }
}

TEST_CASE("a run with synapses of text goes on from a checkpoint, events to themselves on their way",
          "[run][synapse][same bits]")
{
    const auto path =
        (std::filesystem::temp_directory_path() / ("axolemma_text_" + std::to_string(getpid()) + ".checkpoint"))
            .string();
    auto uninterrupted = build_network();
    const auto whole = simulate(uninterrupted).outcome.result_hash;
    for (const std::int64_t stop_at : {20, 161, 300, 555}) {
        auto first = build_network();
        run::RunOptions stopped;
        stopped.checkpoint.path = path;
        stopped.checkpoint.every_steps = 1;
        std::int64_t reached = 0;
        stopped.progress = [&](std::int64_t done, std::int64_t) { reached = done; };
        stopped.stop_requested = [&] { return reached >= stop_at; };
        const auto part = simulate(first, stopped);
        REQUIRE_FALSE(part.outcome.complete);
        REQUIRE(part.outcome.checkpointed);
        auto second = build_network();
        run::RunOptions resumed;
        resumed.threads = 2;
        resumed.resume_from = path;
        const auto rest = simulate(second, resumed);
        CHECK(rest.outcome.complete);
        CHECK(rest.outcome.first_step == part.outcome.n_steps);
        CHECK(rest.outcome.result_hash == whole);
    }
    std::filesystem::remove(path);
}

TEST_CASE("a synapse that cannot go on stops the run with its name, place and time", "[run][synapse][failure]")
{
    test::PointMaker maker("swamped", "sends itself events that never arrive");
    const auto count = maker.state("count");
    maker.current("i", 0.0 * count);
    maker.on_event(count, count + 1.0);
    maker.send_to_itself(maker.number(1.0), maker.number(1000.0), 1.0);
    const auto kind = maker.synapse();
    for (const std::string cells : {"1", "1000"}) {
        auto simulation = build_with(
            one_cell, {{"fast", kind}},
            {"run.group_cells=" + cells, "generators.beat.regular.interval=0.1 ms", "synapses.fast.parameters={}"},
            {{"fast.i", "fast.count"}});
        const auto result = simulate(simulation);
        CHECK_FALSE(result.outcome.complete);
        // One connection: ten places. The spike that arrives at 1.113 ms is the first, that at 2.113 ms one too many.
        CHECK(result.outcome.failure ==
              "the synapse 'fast' (swamped) cannot go on at t = 2.113 ms in cell 0 of 'cell', dend[0](0.7): more "
              "events to "
              "itself are on their way than it has room for; what was recorded before is saved");
        CHECK(result.outcome.n_steps == 21);
        CHECK(result.sink.samples(1).back() == 5.0);  // at 1.6 ms, the last row before
    }
}

TEST_CASE("what a synapse of text does not have cannot be recorded", "[run][synapse]")
{
    try {
        build_with(one_cell, {{"fast", test::text_exp_syn()}}, {}, {{"fast.i", "fast.tau"}});
        FAIL("accepted");
    } catch (const base::InputError& error) {
        CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring("has nothing called 'tau' to record"));
        CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring("it has fast.g, fast.i"));
    }
}

TEST_CASE("calcium that flows in through a synapse of an NMODL file reaches a pool as in NEURON",
          "[run][synapse][validation]")
{
    const auto folder = std::filesystem::temp_directory_path() / ("axolemma_calcium_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "influx.mod") << R"(
NEURON { POINT_PROCESS Influx USEION ca READ eca WRITE ica NONSPECIFIC_CURRENT i RANGE tau, part }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 20 (ms) part = 0.1 }
ASSIGNED { v (mV) i (nA) ica (nA) eca (mV) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = (1 - part)*g*v
    ica = part*g*(v - eca)
}
DERIVATIVE decay { g' = -g/tau }
NET_RECEIVE (weight (uS)) { g = g + weight }
)";
    std::ofstream(folder / "shell.mod") << R"(
NEURON { SUFFIX shell USEION ca READ ica, cai WRITE cai }
UNITS { (mA) = (milliamp) (um) = (micron) (mM) = (milli/liter) FARADAY = (faraday) (coulomb) }
PARAMETER { depth = 0.1 (um) tau = 50 (ms) rest = 5e-5 (mM) }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = rest }
BREAKPOINT { SOLVE decay METHOD cnexp }
DERIVATIVE decay { cai' = -(10000)*ica/(2*FARADAY*depth) - (cai - rest)/tau }
)";
    const std::string text = R"yaml(
axolemma: 1
channel_files: [influx.mod, shell.mod]
cells:
  - name: cell
    count: 3
    morphology: {patch: {area: 1000 um2}}
    membrane: {cm: 1 uF/cm2, v_init: -65 mV}
    channels: [{channel: pas, parameters: {g: 0.1 mS/cm2, e: -65 mV}}, {channel: shell}]
synapses:
  - {name: open, cells: cell, type: Influx, at: soma}
generators:
  - {name: B, times: [2.5 ms, 2.9 ms, 11.3 ms]}
connections:
  - {from: B, synapse: open, rule: all_to_all, weight: 2 nS, delay: 0.3 ms}
recordings:
  - {quantity: ca.inside, cells: cell, ids: [0], at: soma, every: 4 ms}
  - {quantity: open.ica, ids: [0], every: 4 ms}
run: {stop: 16 ms, dt: 0.025 ms}
)yaml";
    // NEURON 9.0.2, CVode with rtol 1e-10, the same two files: cai at 4, 8, 12 and 16 ms.
    constexpr double cai_mM[] = {2.876957652e-03, 9.124302929e-03, 1.300863873e-02, 1.755597424e-02};
    std::vector<double> errors;
    for (const std::string dt : {"0.025 ms", "0.0125 ms"}) {
        const auto run_with = [&](const std::string& cells) {
            const std::vector<config::Override> sets{config::Override::parse("run.dt=" + dt),
                                                     config::Override::parse("run.group_cells=" + cells)};
            run::Simulation simulation(config::parse_model(text, (folder / "test.yaml").string(), sets));
            return simulate(simulation);
        };
        const auto result = run_with("1");
        CHECK(run_with("1000").outcome.result_hash == result.outcome.result_hash);
        double error = 0.0;
        for (std::size_t k = 0; k < std::size(cai_mM); ++k) {
            error = std::max(error, std::fabs(result.sink.samples(0)[k + 1] / cai_mM[k] - 1.0));
            CHECK(result.sink.samples(1)[k + 1] < 0.0);
        }
        errors.push_back(error);
    }
    // Synapses see an ion, and the pool the current, as the step before left them: order 1.
    CHECK(errors[0] / errors[1] > 1.8);
    CHECK(errors[1] < 4e-3);
    std::filesystem::remove_all(folder);
}
