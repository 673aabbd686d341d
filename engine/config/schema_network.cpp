/// The table's part on what joins cells: positions, synapses, generators, connections and gap junctions.
#include "config/schema_ranges.hpp"

namespace axolemma::config {

namespace {

const Field rule{.key = "rule",
                 .kind = Kind::choice,
                 .doc = "all_to_all: every pair; one_to_one: the first source to the first target, and so on.",
                 .choices = {"all_to_all", "one_to_one"}};
const Field offset{.key = "offset",
                   .kind = Kind::integer,
                   .range = {.low = -1e9, .high = 1e9},
                   .doc = "Source i to target i + offset, counted around: 1 makes a ring.",
                   .example = "1"};
const Field probability{.key = "probability",
                        .kind = Kind::connection_value,
                        .unit = "1",
                        .range = fraction,
                        .doc = "Each pair with this probability.",
                        .example = "\"0.3 * exp(-distance/100 um)\""};

}  // namespace

const Object& position_object()
{
    const auto coordinate = [](std::string_view key) {
        return Field{.key = key,
                     .kind = Kind::cell_value,
                     .unit = "um",
                     .default_text = "0 um",
                     .doc = "Coordinate.",
                     .example = "\"uniform(0 um, 500 um)\""};
    };
    static const Object object{.name = "position",
                               .doc = "The position of each cell of a population.",
                               .fields = {coordinate("x"), coordinate("y"), coordinate("z")}};
    return object;
}

const Object& synapse_object()
{
    static const Object object{
        .name = "synapse",
        .doc =
            "A synapse on every selected cell: one instance at each place of `at`, or one in every compartment of "
            "`region`. Of several instances on a cell, each connection reaches one, drawn at random: of `region` in "
            "proportion to membrane area, of `at` with equal chances.",
        .fields =
            {
                {.key = "name",
                 .kind = Kind::identifier,
                 .required = true,
                 .doc = "Name of the synapse.",
                 .example = "exc"},
                {.key = "cells",
                 .kind = Kind::identifier,
                 .doc = "Population; may be left out when there is only one."},
                {.key = "ids",
                 .kind = Kind::ids,
                 .doc = "Cells of the population, counted from 0; default: all.",
                 .example = "\"0..9\""},
                {.key = "type",
                 .kind = Kind::identifier,
                 .required = true,
                 .doc = "Kind of the synapse: one of the program's own, whose parameters are listed below, or one of "
                        "the `channel_files`.",
                 .example = "exp2_syn"},
                {.key = "at", .kind = Kind::places, .doc = "A place or a list of places.", .example = "soma"},
                {.key = "region", .kind = Kind::region, .doc = "Every compartment of this region.", .example = "dend"},
                {.key = "parameters",
                 .kind = Kind::parameters,
                 .doc = "Parameters that differ from the defaults of the type.",
                 .example = "{tau: 2 ms, e: 0 mV}"},
            },
        .exactly_one = {{{"at", "region"}}}};
    return object;
}

const Object& generator_object()
{
    static const Object object{
        .name = "generator",
        .doc = "Artificial sources of spikes. In expressions, `cell` is the index of the generator.",
        .fields =
            {
                {.key = "name",
                 .kind = Kind::identifier,
                 .required = true,
                 .doc = "Name of the generators; no population may have it.",
                 .example = "noise"},
                {.key = "count",
                 .kind = Kind::integer,
                 .default_text = "1",
                 .range = {.low = 1.0, .high = 1e9},
                 .doc = "Number of generators."},
                {.key = "regular",
                 .kind = Kind::object,
                 .doc = "Spikes with equal intervals.",
                 .object = regular_object},
                {.key = "poisson", .kind = Kind::object, .doc = "Poisson trains.", .object = poisson_object},
                {.key = "times",
                 .kind = Kind::quantities,
                 .unit = "ms",
                 .range = not_negative,
                 .doc = "The times of the spikes, the same for every generator.",
                 .example = "[1 ms, 5 ms]"},
                {.key = "file",
                 .kind = Kind::object,
                 .doc = "The times of the spikes from a file.",
                 .object = spike_file_object},
            },
        .exactly_one = {{{"regular", "poisson", "times", "file"}}}};
    return object;
}

const Object& regular_object()
{
    static const Object object{.name = "regular",
                               .doc = "A spike at `start` and one after every `interval`.",
                               .fields = {
                                   {.key = "start",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .default_text = "0 ms",
                                    .range = not_negative,
                                    .doc = "Time of the first spike."},
                                   {.key = "interval",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .range = positive,
                                    .required = true,
                                    .doc = "From one spike to the next.",
                                    .example = "10 ms"},
                                   {.key = "count",
                                    .kind = Kind::integer,
                                    .range = {.low = 1.0, .high = 1e9},
                                    .doc = "Number of spikes; default: no limit.",
                                    .example = "5"},
                                   {.key = "stop",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .range = not_negative,
                                    .doc = "No spike after this time; default: the end of the run.",
                                    .example = "100 ms"},
                               }};
    return object;
}

const Object& poisson_object()
{
    static const Object object{.name = "poisson",
                               .doc = "Spikes at random times, independent of each other and of other generators.",
                               .fields = {
                                   {.key = "rate",
                                    .kind = Kind::cell_value,
                                    .unit = "Hz",
                                    .range = not_negative,
                                    .required = true,
                                    .doc = "Mean number of spikes per time.",
                                    .example = "20 Hz"},
                                   {.key = "start",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .default_text = "0 ms",
                                    .range = not_negative,
                                    .doc = "No spike before this time."},
                                   {.key = "stop",
                                    .kind = Kind::cell_value,
                                    .unit = "ms",
                                    .range = not_negative,
                                    .doc = "No spike after this time; default: the end of the run.",
                                    .example = "1000 ms"},
                               }};
    return object;
}

const Object& spike_file_object()
{
    static const Object object{
        .name = "spike_file",
        .doc =
            "A text file with two columns, index of the generator (from 0) and time in ms, separated by a comma or "
            "spaces, in any order of rows; # starts a comment and one header line is allowed.",
        .fields = {
            {.key = "path",
             .kind = Kind::path,
             .required = true,
             .doc = "The file, relative to the configuration file.",
             .example = "spikes.csv"},
        }};
    return object;
}

const Object& connection_object()
{
    static const Object object{
        .name = "connection",
        .doc =
            "Spikes of `from` reach the synapse `synapse` on the cells that carry it. A connection may use the "
            "distance "
            "between the positions of two cells.",
        .fields =
            {
                {.key = "name",
                 .kind = Kind::identifier,
                 .doc = "Default: connection1, connection2, ...",
                 .example = "E_to_E"},
                {.key = "from",
                 .kind = Kind::identifier,
                 .required = true,
                 .doc = "Population or generators whose spikes are sent.",
                 .example = "E"},
                {.key = "from_ids",
                 .kind = Kind::ids,
                 .doc = "Sources, counted from 0; default: all.",
                 .example = "\"0..9\""},
                {.key = "detect",
                 .kind = Kind::object,
                 .doc = "Where and when a cell has a spike; not for generators.",
                 .object = detect_object},
                {.key = "synapse",
                 .kind = Kind::identifier,
                 .required = true,
                 .doc = "Name of the synapse; it says which cells are the targets.",
                 .example = "exc"},
                {.key = "to_ids",
                 .kind = Kind::ids,
                 .doc = "Target cells, counted from 0; default: all that carry the synapse.",
                 .example = "\"0..9\""},
                rule,
                offset,
                probability,
                {.key = "in_degree",
                 .kind = Kind::integer,
                 .range = {.low = 1.0, .high = 1e7},
                 .doc = "Each target gets this many sources, drawn with replacement.",
                 .example = "80"},
                {.key = "pairs",
                 .kind = Kind::path,
                 .doc = "Text file with one pair per row. Its first line names the columns: source, target and, where "
                        "wanted, weight_uS and delay_ms.",
                 .example = "pairs.csv"},
                {.key = "edges", .kind = Kind::object, .doc = "The edges of a SONATA file.", .object = edges_object},
                {.key = "allow_self",
                 .kind = Kind::boolean,
                 .default_text = "false",
                 .doc = "May a cell be its own source?"},
                {.key = "weight",
                 .kind = Kind::connection_value,
                 .unit = "uS",
                 .range = not_negative,
                 .doc = "Conductance that a spike adds; a synapse inhibits by its reversal potential, not by a "
                        "negative weight. May be left out where the pairs or edges have it.",
                 .example = "0.001 uS",
                 .range_hint = "a synapse inhibits by its reversal potential: parameters: {e: -80 mV}"},
                {.key = "delay",
                 .kind = Kind::connection_value,
                 .unit = "ms",
                 .range = not_negative,
                 .doc = "From a spike to its effect. May be left out where the pairs or edges have it.",
                 .example = "1 ms"},
            },
        .exactly_one = {{{"rule", "offset", "probability", "in_degree", "pairs", "edges"}}}};
    return object;
}

const Object& detect_object()
{
    static const Object object{
        .name = "detect",
        .doc = "A cell has a spike when the voltage at a place crosses a threshold upwards.",
        .fields = {
            {.key = "at",
             .kind = Kind::place,
             .doc = "The place; default: the soma, or the middle of the root section of a cell without one.",
             .example = "soma"},
            {.key = "threshold",
             .kind = Kind::quantity,
             .unit = "mV",
             .default_text = "0 mV",
             .range = any_voltage,
             .doc = "The voltage."},
        }};
    return object;
}

const Object& edges_object()
{
    static const Object object{
        .name = "edges",
        .doc =
            "Connections from a SONATA file of edges. `syn_weight` (uS) and `delay` (ms) are taken where the file has "
            "them, else `weight` and `delay` of the connection.",
        .fields = {
            {.key = "file",
             .kind = Kind::path,
             .required = true,
             .doc = "The file, relative to the configuration file.",
             .example = "edges.h5"},
            {.key = "population",
             .kind = Kind::text,
             .doc = "Population of edges; may be left out when the file has only one.",
             .example = "e_to_e"},
        }};
    return object;
}

const Object& gap_junction_object()
{
    static const Object object{
        .name = "gap_junction",
        .doc =
            "Conductances between two cells. In a population joined with itself each pair of cells counts once, and "
            "no cell is joined to itself.",
        .fields =
            {
                {.key = "name",
                 .kind = Kind::identifier,
                 .doc = "Default: gap_junction1, gap_junction2, ...",
                 .example = "gaps"},
                {.key = "cells",
                 .kind = Kind::identifier,
                 .doc = "Population; may be left out when there is only one."},
                {.key = "ids",
                 .kind = Kind::ids,
                 .doc = "Cells of the population, counted from 0; default: all.",
                 .example = "\"0..9\""},
                {.key = "to_cells", .kind = Kind::identifier, .doc = "The other population; default: the same."},
                {.key = "to_ids",
                 .kind = Kind::ids,
                 .doc = "Cells of the other population; default: all, or `ids` when `to_cells` is not given either.",
                 .example = "\"10..19\""},
                {.key = "at",
                 .kind = Kind::place,
                 .required = true,
                 .doc = "The place in a cell of `cells`.",
                 .example = "soma"},
                {.key = "to_at", .kind = Kind::place, .doc = "The place in a cell of `to_cells`; default: as `at`."},
                rule,
                offset,
                probability,
                {.key = "pairs",
                 .kind = Kind::path,
                 .doc = "Text file with one pair per row; its first line names the columns: source (of `cells`) and "
                        "target (of `to_cells`).",
                 .example = "pairs.csv"},
                {.key = "conductance",
                 .kind = Kind::connection_value,
                 .unit = "uS",
                 .range = positive,
                 .required = true,
                 .doc = "Conductance of each gap junction.",
                 .example = "0.001 uS"},
            },
        .exactly_one = {{{"rule", "offset", "probability", "pairs"}}}};
    return object;
}

}  // namespace axolemma::config
