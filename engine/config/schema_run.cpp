/// The table's part on what is done with the cells: stimuli, recordings, run, output, checkpoints and analysis.
#include "config/schema_ranges.hpp"

namespace axolemma::config {

const Object& stimulus_object()
{
    static const Object object{
        .name = "stimulus",
        .doc =
            "A clamp with exactly one waveform. Waveform values are currents (nA) for a current clamp, positive "
            "inwards "
            "(depolarising), and voltages (mV) for a voltage clamp, which lets go outside its waveform.",
        .fields =
            {
                {.key = "name",
                 .kind = Kind::identifier,
                 .doc = "Default: stimulus1, stimulus2, ...",
                 .example = "kick"},
                {.key = "type",
                 .kind = Kind::choice,
                 .required = true,
                 .doc = "What is clamped.",
                 .choices = {"current_clamp", "voltage_clamp"}},
                {.key = "series_resistance",
                 .kind = Kind::quantity,
                 .unit = "Mohm",
                 .default_text = "0 Mohm",
                 .range = not_negative,
                 .doc = "Of a voltage clamp; 0 is an ideal clamp."},
                {.key = "cells",
                 .kind = Kind::identifier,
                 .doc = "Population; may be left out when there is only one."},
                {.key = "ids",
                 .kind = Kind::ids,
                 .doc = "Cells of the population, counted from 0; default: all.",
                 .example = "[0, 3]"},
                {.key = "at",
                 .kind = Kind::place,
                 .required = true,
                 .doc = "Where; one clamp at each point.",
                 .example = "{section: \"dend[3]\", position: 0.5}"},
                {.key = "pulse", .kind = Kind::object, .doc = "One rectangle.", .object = pulse_object},
                {.key = "train",
                 .kind = Kind::object,
                 .doc = "Equal rectangles with a period.",
                 .object = train_object},
                {.key = "ramp", .kind = Kind::object, .doc = "A straight line.", .object = ramp_object},
                {.key = "sine", .kind = Kind::object, .doc = "A sine.", .object = sine_object},
                {.key = "steps", .kind = Kind::object, .doc = "Levels one after the other.", .object = steps_object},
                {.key = "file",
                 .kind = Kind::object,
                 .doc = "Straight lines between the points of a file.",
                 .object = wave_file_object},
            },
        .exactly_one = {{{"pulse", "train", "ramp", "sine", "steps", "file"}}}};
    return object;
}

namespace {

const Field delay{.key = "delay",
                  .kind = Kind::cell_value,
                  .unit = "ms",
                  .default_text = "0 ms",
                  .range = not_negative,
                  .doc = "Start."};
const Field duration{.key = "duration",
                     .kind = Kind::cell_value,
                     .unit = "ms",
                     .range = not_negative,
                     .required = true,
                     .doc = "Length in time.",
                     .example = "1 ms"};
const Field amplitude{.key = "amplitude",
                      .kind = Kind::cell_value,
                      .unit = "clamp",
                      .required = true,
                      .doc = "Value while it is on.",
                      .example = "0.1 nA"};

}  // namespace

const Object& pulse_object()
{
    static const Object object{
        .name = "pulse", .doc = "`amplitude` for `duration`, from `delay` on.", .fields = {delay, duration, amplitude}};
    return object;
}

const Object& train_object()
{
    static const Object object{.name = "train",
                               .doc = "`count` rectangles, one every `period`.",
                               .fields = {
                                   delay,
                                   duration,
                                   amplitude,
                                   {.key = "period",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .range = positive,
                                    .required = true,
                                    .doc = "From one start to the next; not shorter than `duration`.",
                                    .example = "10 ms"},
                                   {.key = "count",
                                    .kind = Kind::integer,
                                    .range = {.low = 1.0, .high = 1e9},
                                    .required = true,
                                    .doc = "Number of rectangles.",
                                    .example = "10"},
                               }};
    return object;
}

const Object& ramp_object()
{
    static const Object object{.name = "ramp",
                               .doc = "From `from` to `to` in `duration`.",
                               .fields = {
                                   delay,
                                   duration,
                                   {.key = "from",
                                    .kind = Kind::cell_value,
                                    .unit = "clamp",
                                    .required = true,
                                    .doc = "Value at the start.",
                                    .example = "0 nA"},
                                   {.key = "to",
                                    .kind = Kind::cell_value,
                                    .unit = "clamp",
                                    .required = true,
                                    .doc = "Value at the end.",
                                    .example = "1 nA"},
                               }};
    return object;
}

const Object& sine_object()
{
    static const Object object{.name = "sine",
                               .doc = "offset + amplitude sin(2 pi frequency (t - delay) + phase), for `duration`.",
                               .fields = {
                                   delay,
                                   duration,
                                   amplitude,
                                   {.key = "frequency",
                                    .kind = Kind::cell_value,
                                    .unit = "Hz",
                                    .range = not_negative,
                                    .required = true,
                                    .doc = "Frequency.",
                                    .example = "10 Hz"},
                                   {.key = "phase",
                                    .kind = Kind::cell_value,
                                    .unit = "rad",
                                    .default_text = "0 rad",
                                    .doc = "Phase at the start, in rad or deg."},
                                   {.key = "offset",
                                    .kind = Kind::cell_value,
                                    .unit = "clamp",
                                    .doc = "Added constant; default 0.",
                                    .example = "0 nA"},
                               }};
    return object;
}

const Object& steps_object()
{
    static const Object object{.name = "steps",
                               .doc = "Levels that follow each other without a gap.",
                               .fields = {
                                   delay,
                                   {.key = "levels",
                                    .kind = Kind::object_list,
                                    .required = true,
                                    .doc = "The levels, in order.",
                                    .example = "[{duration: 5 ms, level: -65 mV}]",
                                    .object = step_object},
                               }};
    return object;
}

const Object& step_object()
{
    static const Object object{.name = "step",
                               .doc = "One level.",
                               .fields = {
                                   duration,
                                   {.key = "level",
                                    .kind = Kind::cell_value,
                                    .unit = "clamp",
                                    .required = true,
                                    .doc = "Value while it lasts.",
                                    .example = "-65 mV"},
                               }};
    return object;
}

const Object& wave_file_object()
{
    static const Object object{
        .name = "file",
        .doc =
            "A text file with two columns, time in ms and value (nA or mV), separated by a comma or spaces; # starts a "
            "comment and one header line is allowed. Times must not decrease; equal times make a jump.",
        .fields = {
            {.key = "path",
             .kind = Kind::path,
             .required = true,
             .doc = "The file, relative to the configuration file.",
             .example = "noise.csv"},
            {.key = "delay",
             .kind = Kind::quantity,
             .unit = "ms",
             .default_text = "0 ms",
             .doc = "Added to every time."},
            {.key = "scale", .kind = Kind::number, .default_text = "1", .doc = "Factor on every value."},
        }};
    return object;
}

const Object& recording_object()
{
    static const Object object{
        .name = "recording",
        .doc =
            "One quantity over time, or the spikes, at places or in a region. Quantities: v (mV), i_ion (all ionic "
            "current, mA/cm2), CHANNEL.STATE and CHANNEL.CURRENT (such as hh.m and hh.ina), stimulus.NAME (nA), "
            "SYNAPSE.g (uS) and SYNAPSE.i (nA) by the name of a synapse, spikes. Stimuli and synapses have places of "
            "their own: every one of them on the cells is recorded.",
        .fields = {
            {.key = "name", .kind = Kind::identifier, .doc = "Default: the quantity.", .example = "v_dend"},
            {.key = "cells", .kind = Kind::identifier, .doc = "Population; may be left out when there is only one."},
            {.key = "ids",
             .kind = Kind::ids,
             .doc = "Cells of the population, counted from 0; default: all.",
             .example = "\"0..9\""},
            {.key = "quantity", .kind = Kind::text, .required = true, .doc = "What is recorded.", .example = "v"},
            {.key = "at", .kind = Kind::places, .doc = "A place or a list of places.", .example = "soma"},
            {.key = "region",
             .kind = Kind::region,
             .doc = "Every compartment of this region (not for spikes).",
             .example = "all"},
            {.key = "every",
             .kind = Kind::quantity,
             .unit = "ms",
             .range = positive,
             .doc = "Time between two rows, a whole number of steps; default: every step. Not for spikes.",
             .example = "0.1 ms"},
            {.key = "start",
             .kind = Kind::quantity,
             .unit = "ms",
             .default_text = "0 ms",
             .range = not_negative,
             .doc = "Time of the first row. Not for spikes."},
            {.key = "stop",
             .kind = Kind::quantity,
             .unit = "ms",
             .range = not_negative,
             .doc = "Time of the last row; default: the end of the run. Not for spikes.",
             .example = "50 ms"},
            {.key = "threshold",
             .kind = Kind::quantity,
             .unit = "mV",
             .default_text = "0 mV",
             .range = any_voltage,
             .doc = "A spike is an upward crossing of this voltage. For spikes only."},
        }};
    return object;
}

const Object& run_object()
{
    static const Object object{
        .name = "run",
        .doc = "How long and how finely to simulate.",
        .fields = {
            {.key = "stop",
             .kind = Kind::quantity,
             .unit = "ms",
             .range = positive,
             .required = true,
             .doc = "Simulated time.",
             .example = "100 ms"},
            {.key = "dt",
             .kind = Kind::quantity,
             .unit = "ms",
             .default_text = "0.025 ms",
             .range = positive,
             .doc = "Time step."},
            {.key = "method",
             .kind = Kind::choice,
             .default_text = "crank_nicolson",
             .doc = "crank_nicolson is of second order in dt, backward_euler of first.",
             .choices = {"backward_euler", "crank_nicolson"}},
            {.key = "seed",
             .kind = Kind::integer,
             .default_text = "1",
             .range = {.low = 0.0, .high = 9007199254740992.0},
             .doc = "Seed of uniform() and normal()."},
            {.key = "group_cells",
             .kind = Kind::integer,
             .range = {.low = 1.0, .high = 1e9},
             .doc = "Cells that are stepped together; results never depend on it. Default: chosen by the engine.",
             .example = "16"},
            {.key = "gate_evaluation",
             .kind = Kind::choice,
             .default_text = "tables",
             .doc = "How gates that depend on the voltage alone advance: from tables whose error is measured and "
                    "bounded, or "
                    "exact: by their formulas at every step.",
             .choices = {"tables", "exact"}},
            {.key = "gate_table_error",
             .kind = Kind::number,
             .default_text = "1e-7",
             .range = {.low = 1e-12, .high = 1e-3},
             .doc = "Bound of the largest error of a gate, in its steady state and in one step relative to its way, "
                    "that its "
                    "table may cause."},
            {.key = "kernel",
             .kind = Kind::choice,
             .default_text = "lanes",
             .doc = "lanes: the fast code; reference: the same equations node by node with exact gates, slow, for "
                    "checking.",
             .choices = {"lanes", "reference"}},
            {.key = "split_cables",
             .kind = Kind::choice,
             .default_text = "auto",
             .doc =
                 "Whether long unbranched cables are solved in pieces side by side, which changes results in the last "
                 "digits only. auto: in models of fewer than eight cells, where other cells cannot fill the vector "
                 "registers.",
             .choices = {"auto", "always", "never"}},
        }};
    return object;
}

const Object& output_object()
{
    static const Object object{
        .name = "output",
        .doc = "The result file (docs/output_format.md).",
        .fields = {
            {.key = "file",
             .kind = Kind::path,
             .doc = "HDF5 file, relative to the working directory; default: results/NAME.h5 for a configuration "
                    "NAME.yaml.",
             .example = "results/squid.h5"},
            {.key = "precision",
             .kind = Kind::choice,
             .default_text = "single",
             .doc =
                 "single: 32-bit numbers; full: 64-bit; compact: 32-bit rounded to 12 binary digits, for small files.",
             .choices = {"single", "full", "compact"}},
            {.key = "overwrite",
             .kind = Kind::boolean,
             .default_text = "true",
             .doc = "May an existing file be replaced?"},
        }};
    return object;
}

const Object& checkpoint_object()
{
    static const Object object{
        .name = "checkpoint",
        .doc =
            "When the state of a run is saved, so that a later run can go on from there; at least one of `every` and "
            "`every_model_time` must be given.",
        .fields = {
            {.key = "every",
             .kind = Kind::quantity,
             .unit = "s",
             .range = positive,
             .doc = "Time by the clock between two checkpoints.",
             .example = "10 min"},
            {.key = "every_model_time",
             .kind = Kind::quantity,
             .unit = "ms",
             .range = positive,
             .doc = "Simulated time between two checkpoints.",
             .example = "100 ms"},
            {.key = "file",
             .kind = Kind::path,
             .doc = "File, relative to the working directory; default: the result file's name with .checkpoint.",
             .example = "run.checkpoint"},
        }};
    return object;
}

const Object& analysis_object()
{
    static const Object object{.name = "analysis",
                               .doc = "Tables computed from the result.",
                               .fields = {
                                   {.key = "f_i_curve",
                                    .kind = Kind::object_or_list,
                                    .doc = "Firing rate over stimulus current.",
                                    .object = f_i_curve_object},
                               }};
    return object;
}

const Object& f_i_curve_object()
{
    static const Object object{
        .name = "f_i_curve",
        .doc = "Firing rate of every cell of a population over the current it gets.",
        .fields = {
            {.key = "cells", .kind = Kind::identifier, .doc = "Population; may be left out when there is only one."},
            {.key = "stimulus",
             .kind = Kind::identifier,
             .doc = "Current clamp; may be left out when there is only one."},
            {.key = "spikes",
             .kind = Kind::identifier,
             .doc = "Recording of spikes; may be left out when there is only one."},
            {.key = "from",
             .kind = Kind::quantity,
             .unit = "ms",
             .default_text = "0 ms",
             .range = not_negative,
             .doc = "Spikes before this time are not counted."},
            {.key = "to",
             .kind = Kind::quantity,
             .unit = "ms",
             .range = positive,
             .doc = "Spikes after this time are not counted; default: the end of the run.",
             .example = "1000 ms"},
            {.key = "file",
             .kind = Kind::path,
             .doc = "CSV file to write beside the result.",
             .example = "results/fi.csv"},
        }};
    return object;
}

}  // namespace axolemma::config
