#include "support.hpp"
#include "support/catch.hpp"

using axolemma::test::messages;

namespace {

/// Two populations; lines 1 to 10. What follows starts at line 11.
const std::string two =
    "axolemma: 1\n"
    "cells:\n"
    "  - name: axon\n"
    "    count: 3\n"
    "    morphology: {cable: {length: 100 um, diameter: 2 um}}\n"
    "    discretisation: {count: 5}\n"
    "    channels: [{channel: hh, region: {distance: [50 um, ~]}}, {channel: pas}]\n"
    "  - name: stick\n"
    "    morphology: {ball_and_stick: {soma_diameter: 20 um, dend_length: 500 um, dend_diameter: 2 um}}\n"
    "run: {stop: 1 ms, dt: 0.025 ms}\n";

/// One population whose cell has the lines given, from line 5 on.
std::string one(const std::string& lines)
{
    return "axolemma: 1\n"
           "run: {stop: 1 ms, dt: 0.025 ms}\n"
           "cells:\n"
           "  - name: axon\n" +
           lines;
}

const std::string cable = "    morphology: {cable: {length: 100 um, diameter: 2 um}}\n    discretisation: {count: 5}\n";

}  // namespace

TEST_CASE("a place that the cell lacks is named with what there is", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: {section: \"dend[3]\"}}]\n") ==
          "test.yaml:11:46: error: there is no section 'dend[3]' in this cell (population 'stick')\n"
          "  hint: did you mean 'dend[0]'? sections: soma[0], dend[0]\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: axon, at: {distance: 300 um}}]\n") ==
          "test.yaml:11:45: error: no place is at path distance 300 um from the soma (population 'axon')\n"
          "  hint: path distances in this cell run from 0 to 100 um\n");
    CHECK(messages(two + "recordings: [{quantity: spikes, cells: axon, at: {sample: 7}}]\n") ==
          "test.yaml:11:50: error: this cell was not read from an SWC file, so it has no samples (population 'axon')\n"
          "  hint: name a section and a position\n");
    CHECK(messages(two + "stimuli: [{name: kick, type: current_clamp, cells: stick, at: {section: axon}, pulse: "
                         "{duration: 1 ms, amplitude: 1 nA}}]\n") ==
          "test.yaml:11:63: error: there is no section 'axon' in this cell (population 'stick')\n"
          "  hint: sections: soma[0], dend[0]\n");
}

TEST_CASE("cells that are not there are told with how many there are", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: v, cells: axon, ids: [0, 3], at: {distance: 0 um}}]\n") ==
          "test.yaml:11:50: error: there is no cell 3: population 'axon' has 3 cells, 0 to 2\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, ids: \"1..5\", at: soma}]\n") ==
          "test.yaml:11:47: error: there is no cell 1: population 'stick' has one cell, number 0\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: axn, at: soma}]\n") ==
          "test.yaml:11:35: error: there is no population 'axn'\n"
          "  hint: did you mean 'axon'? populations are: axon, stick\n");
    CHECK(messages(two + "recordings: [{quantity: v, at: soma}]\n") ==
          "test.yaml:11:14: error: 'cells' must say which population is meant\n"
          "  hint: populations are: axon, stick\n");
    CHECK(messages(two + "stimuli: [{type: current_clamp, cells: stick, ids: [4], at: soma, pulse: {duration: 1 ms, "
                         "amplitude: 1 nA}}]\n") ==
          "test.yaml:11:53: error: there is no cell 4: population 'stick' has one cell, number 0\n");
}

TEST_CASE("a region without compartments is an error where it is painted and where it is recorded", "[run][errors]")
{
    CHECK(messages(one(cable + "    channels: [{channel: hh, region: soma}]\n")) ==
          "test.yaml:7:38: error: region 'soma' holds no compartment of 'axon'\n"
          "  hint: `axolemma morphology` lists the section types of a file; a compartment belongs to a region if its "
          "centre does\n");
    CHECK(messages(one(cable + "    membrane: [{cm: 1 uF/cm2}, {region: {distance: [1 mm, ~]}, cm: 2 uF/cm2}]\n")) ==
          "test.yaml:7:41: error: region '{distance: [1 mm, ~]}' holds no compartment of 'axon'\n"
          "  hint: `axolemma morphology` lists the section types of a file; a compartment belongs to a region if its "
          "centre does\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: axon, region: apic}]\n") ==
          "test.yaml:11:49: error: region 'apic' of 'axon' holds no compartment to record\n"
          "  hint: a compartment belongs to a region if its centre does\n");
    CHECK(messages(two + "recordings: [{quantity: hh.m, cells: axon, region: {distance: [~, 30 um]}}]\n") ==
          "test.yaml:11:52: error: region '{distance: [~, 30 um]}' of 'axon' holds no compartment with channel 'hh' to "
          "record\n");
}

TEST_CASE("a channel is recorded only where it is", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: hh.ina, cells: axon, at: {section: axon, position: 0.2}}]\n") ==
          "test.yaml:11:14: error: 'hh.ina' cannot be recorded at axon[0](0.2) of 'axon': there is no channel 'hh'\n"
          "  hint: paint the channel there under 'channels', or record elsewhere\n");
    CHECK(messages(two + "recordings: [{quantity: hh.m, cells: stick, at: soma}]\n") ==
          "test.yaml:11:25: error: unknown quantity 'hh.m'\n"
          "  hint: the channel 'hh' is nowhere in population 'stick'\n");
    CHECK(messages(two + "recordings: [{quantity: hh.m, cells: axon, at: {section: axon, position: 0.9}}]\n") ==
          "accepted");
}

TEST_CASE("an unknown quantity, state or stimulus is told with what there is", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: voltage, cells: axon, at: soma}]\n") ==
          "test.yaml:11:25: error: unknown quantity 'voltage'\n"
          "  hint: quantities of 'axon' are: v, i_ion, spikes, hh.m, hh.h, hh.n, hh.ina, hh.ik, hh.il, pas.i\n");
    CHECK(messages(two + "recordings: [{quantity: kv.m, cells: axon, at: soma}]\n") ==
          "test.yaml:11:25: error: unknown quantity 'kv.m'\n"
          "  hint: quantities of 'axon' are: v, i_ion, spikes, hh.m, hh.h, hh.n, hh.ina, hh.ik, hh.il, pas.i\n");
    CHECK(messages(two + "recordings: [{quantity: hh.k, cells: axon, at: soma}]\n") ==
          "test.yaml:11:25: error: unknown quantity 'hh.k'\n"
          "  hint: did you mean 'hh.m'? quantities of 'axon' are: v, i_ion, spikes, hh.m, hh.h, hh.n, hh.ina, hh.ik, "
          "hh.il, pas.i\n");
    CHECK(messages(two + "recordings: [{quantity: stimulus.kik}]\nstimuli: [{name: kick, type: current_clamp, cells: "
                         "axon, at: {distance: 0 um}, "
                         "pulse: {duration: 1 ms, amplitude: 1 nA}}]\n") ==
          "test.yaml:11:14: error: 'cells' must say which population is meant\n"
          "  hint: populations are: axon, stick\n");
}

TEST_CASE("times that are not whole steps are told with the nearest that are", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, every: 0.03 ms}]\n") ==
          "test.yaml:11:59: error: 'every' is 0.03 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: rows are taken at steps\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, every: 0.01 ms}]\n") ==
          "test.yaml:11:59: error: 'every' is 0.01 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: rows are taken at steps\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, start: 0.03 ms}]\n") ==
          "test.yaml:11:14: error: 'start' is 0.03 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: use 0.025 ms, or change dt\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, start: 2 ms}]\n") ==
          "test.yaml:11:59: error: 'start' is 2 ms, after the end of the run at 1 ms\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, start: 0.5 ms, stop: 0.25 ms}]\n") ==
          "test.yaml:11:73: error: 'stop' is 0.25 ms, before 'start' at 0.5 ms\n");
    CHECK(messages(two, {"run.stop=1.01 ms"}) ==
          "test.yaml:10:1: error: 'stop' is 1.01 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: use stop: 1 ms, or change dt\n");
    CHECK(messages(two, {"run.stop=0.001 ms"}) ==
          "test.yaml:10:23: error: 'dt' is 0.025 ms, longer than the whole run of 0.001 ms\n");
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, every: 1e300 ms}]\n") ==
          "test.yaml:11:14: error: 'every' is 1e+300 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: use 1e+300 ms, or change dt\n");
    // Decimal times that are whole steps but for rounding are fine.
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma, every: 0.3 ms}]\n", {"run.dt=0.1 ms"}) ==
          "accepted");
    CHECK(messages(two, {"run.dt=0.01 ms", "run.stop=123456.78 ms"}) == "accepted");
}

TEST_CASE("two recordings may not have the same name", "[run][errors]")
{
    CHECK(messages(two + "recordings: [{quantity: v, cells: stick, at: soma}, {quantity: i_ion, cells: axon, at: "
                         "{distance: 50 um}}, "
                         "{name: i_ion, quantity: hh.ik, cells: axon, at: {distance: 90 um}}]\n") ==
          "test.yaml:11:115: error: there are two recordings called 'i_ion'\n"
          "  hint: the first is at line 11; give this one a 'name' of its own\n");
}

TEST_CASE("a parameter out of its range is told with the place and the cell", "[run][errors]")
{
    CHECK(
        messages(one(
            cable + "    channels: [{channel: hh, parameters: {gnabar: 0.12 S/cm2 - distance * 0.002 S/cm2/um}}]\n")) ==
        "test.yaml:7:51: error: 'gnabar' of channel 'hh' is -0.02 S/cm2 at axon[0](0.7) of cell 0 of 'axon'\n"
        "  hint: allowed are 0 to 1000 S/cm2\n");
    CHECK(messages(one("    count: 4\n" + cable +
                       "    channels: [{channel: hh, parameters: {el: \"-54.3 mV - 200 mV * cell\"}}]\n")) ==
          "test.yaml:8:47: error: 'el' of channel 'hh' is -654.3 mV at axon[0](0.1) of cell 3 of 'axon'\n"
          "  hint: allowed are -500 to 500 mV\n");
    CHECK(messages(one(cable + "    membrane: {cm: 1 uF/cm2 - distance * 0.0125 uF/cm2/um}\n")) ==
          "test.yaml:7:20: error: cm is -0.125 at axon[0](0.9) of cell 0 of 'axon'\n"
          "  hint: it must be greater than 0 everywhere\n");
    CHECK(messages(one(cable + "    membrane: {Ra: 35 ohm*cm / (distance/1 um - 50)}\n")) ==
          "test.yaml:7:20: error: Ra is inf at axon[0](0.5) of cell 0 of 'axon'\n"
          "  hint: it must be greater than 0 everywhere\n");
    CHECK(messages(one(cable + "    membrane: {v_init: -65 mV / (position - 0.5)}\n")) ==
          "test.yaml:7:24: error: v_init is -inf at axon[0](0.5) of cell 0 of 'axon'\n"
          "  hint: it must be a finite voltage\n");
}

TEST_CASE("too many compartments are refused before memory is asked for", "[run][errors]")
{
    CHECK(messages(one(
              "    morphology: {cable: {length: 1 m, diameter: 2 um}}\n    discretisation: {max_length: 0.1 nm}\n")) ==
          "test.yaml:6:5: error: 'axon' would have more than 1e9 compartments per cell\n"
          "  hint: make max_length or d_lambda larger\n");
}

TEST_CASE("a stimulus with impossible times is told with the cell", "[run][errors]")
{
    CHECK(messages(two + "stimuli: [{name: kick, type: current_clamp, cells: axon, at: {distance: 0 um}, "
                         "pulse: {delay: 1 ms - cell * 1 ms, duration: 1 ms, amplitude: 1 nA}}]\n") ==
          "test.yaml:11:95: error: the delay for cell 2 of stimulus 'kick' is -1 ms\n"
          "  hint: times in a stimulus are 0 ms or more\n");
    CHECK(messages(two + "stimuli: [{name: kick, type: current_clamp, cells: stick, at: soma, "
                         "train: {duration: 3 ms, period: 2 ms, count: 2, amplitude: 1 nA}}]\n") ==
          "test.yaml:11:101: error: 'period' is 2 ms, shorter than 'duration', 3 ms\n"
          "  hint: pulses of a train must not overlap\n");
    CHECK(messages(two + "stimuli: [{name: kick, type: current_clamp, cells: axon, at: {distance: 0 um}, "
                         "pulse: {duration: 1 ms, amplitude: 1 nA / (cell - 1)}}]\n") ==
          "test.yaml:11:115: error: the amplitude for cell 1 of stimulus 'kick' is not a finite number\n");
}

TEST_CASE("errors of one configuration come all at once", "[run][errors]")
{
    CHECK(messages(two + "recordings:\n"
                         "  - {quantity: v, cells: axon, at: {distance: 300 um}}\n"
                         "  - {quantity: v, cells: stick, at: soma, every: 0.03 ms}\n"
                         "stimuli:\n"
                         "  - {type: current_clamp, cells: stick, ids: [4], at: soma, pulse: {duration: 1 ms, "
                         "amplitude: 1 nA}}\n") ==
          "test.yaml:13:50: error: 'every' is 0.03 ms, which is not a whole number of steps of 0.025 ms\n"
          "  hint: rows are taken at steps\n"
          "test.yaml:15:47: error: there is no cell 4: population 'stick' has one cell, number 0\n");
}

TEST_CASE("two ideal clamps of one compartment may not overlap, and those that begin after the end of the run do not",
          "[run][errors]")
{
    const auto clamps = [](const std::string& delay) {
        const auto one =
            "{type: voltage_clamp, at: soma, pulse: {delay: " + delay + ", duration: 1 ms, amplitude: 0 mV}}";
        return messages("axolemma: 1\ncells: [{name: cell, morphology: {patch: {area: 1000 um2}}}]\nstimuli: [" + one +
                        ", " + one + "]\nrun: {stop: 5 ms}\n");
    };
    CHECK_THAT(clamps("2 ms"), Catch::Matchers::ContainsSubstring("hold the same compartment at the same time"));
    CHECK(clamps("7 ms") == "accepted");
    CHECK(clamps("1e30 ms") == "accepted");
}
