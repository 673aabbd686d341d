/// The table's part on cells: shape, compartments, membrane, channels, regions and places.
#include "config/schema_ranges.hpp"

namespace axolemma::config {

const Object& root_object()
{
    static const Object object{
        .name = "configuration",
        .doc = "The whole file: one model and how to run it.",
        .fields = {
            {.key = "axolemma",
             .kind = Kind::version,
             .required = true,
             .doc = "Version of this format.",
             .example = "1"},
            {.key = "title",
             .kind = Kind::text,
             .doc = "One line that says what this is; shown in summaries and reports."},
            {.key = "temperature",
             .kind = Kind::quantity,
             .unit = "degC",
             .default_text = "6.3 degC",
             .range = {.low = -10.0, .high = 100.0},
             .doc = "Temperature of all cells; the rates of channels scale with their Q10.",
             .example = "18.5 degC"},
            {.key = "channel_files",
             .kind = Kind::texts,
             .doc =
                 "Files with channels and synapses that this model may name beside those of the program: .yaml, .mod "
                 "(NMODL), .nml (NeuroML); a folder stands for all of them in it, and names may hold * and ?.",
             .example = "[channels/na.yaml, mod]"},
            {.key = "strict_units",
             .kind = Kind::boolean,
             .default_text = "false",
             .doc = "Units in a .mod file that do not fit together are errors, not warnings."},
            {.key = "cells",
             .kind = Kind::object_list,
             .required = true,
             .doc = "Populations of cells.",
             .object = cell_object},
            {.key = "stimuli",
             .kind = Kind::object_list,
             .doc = "Current and voltage clamps.",
             .object = stimulus_object},
            {.key = "synapses", .kind = Kind::object_list, .doc = "Synapses on the cells.", .object = synapse_object},
            {.key = "generators",
             .kind = Kind::object_list,
             .doc = "Artificial sources of spikes.",
             .object = generator_object},
            {.key = "connections",
             .kind = Kind::object_list,
             .doc = "Which spikes reach which synapses.",
             .object = connection_object},
            {.key = "gap_junctions",
             .kind = Kind::object_list,
             .doc = "Conductances between cells.",
             .object = gap_junction_object},
            {.key = "recordings",
             .kind = Kind::object_list,
             .doc = "What is written to the result file.",
             .object = recording_object},
            {.key = "run",
             .kind = Kind::object,
             .required = true,
             .doc = "Duration, time step and method.",
             .object = run_object},
            {.key = "output", .kind = Kind::object, .doc = "The result file.", .object = output_object},
            {.key = "checkpoint",
             .kind = Kind::object,
             .doc = "When the state of the run is saved, to go on from there.",
             .object = checkpoint_object},
            {.key = "analysis",
             .kind = Kind::object,
             .doc = "Tables computed from the result.",
             .object = analysis_object},
            {.key = "sweep",
             .kind = Kind::object,
             .doc = "Parameters to vary; `axolemma sweep` runs every point, `axolemma run` the values above.",
             .object = sweep_object},
        }};
    return object;
}

const Object& cell_object()
{
    static const Object object{
        .name = "cell",
        .doc =
            "A population: `count` cells with the same morphology. Values may differ from cell to cell through "
            "expressions of `cell`, `count`, uniform() and normal().",
        .fields = {
            {.key = "name",
             .kind = Kind::identifier,
             .required = true,
             .doc = "Name of the population.",
             .example = "axon"},
            {.key = "count",
             .kind = Kind::integer,
             .default_text = "1",
             .range = {.low = 1.0, .high = 1e9},
             .doc = "Number of cells."},
            {.key = "morphology",
             .kind = Kind::object,
             .required = true,
             .doc = "The shape of the cells.",
             .object = morphology_object},
            {.key = "discretisation",
             .kind = Kind::object,
             .doc = "How sections are cut into compartments; without it d_lambda: 0.1.",
             .object = discretisation_object},
            {.key = "membrane",
             .kind = Kind::object_or_list,
             .doc = "Passive properties; later entries override earlier ones where their regions overlap.",
             .object = membrane_object},
            {.key = "channels",
             .kind = Kind::object_list,
             .doc = "Channels in the membrane; a later entry with the same channel replaces an earlier one where they "
                    "overlap.",
             .object = channel_object},
            {.key = "ions",
             .kind = Kind::object_list,
             .doc = "Values of the ions that channels use; later entries override earlier ones where they overlap.",
             .object = ion_object},
            {.key = "regions",
             .kind = Kind::region_map,
             .doc = "Names for regions of this population, for `region:` here and in recordings.",
             .example = "{distal: {type: apic, distance: [300 um, ~]}}"},
            {.key = "position",
             .kind = Kind::object,
             .doc = "Where each cell is, for connections that depend on the distance between cells; the shape does not "
                    "move. Default: all at the origin.",
             .object = position_object},
        }};
    return object;
}

const Object& morphology_object()
{
    static const Object object{
        .name = "morphology",
        .doc =
            "The shape of a cell: an SWC or Neurolucida file, or a simple shape. The keys soma, fragments, "
            "absolute_radius, scale, min_radius and axon_stub belong to `file`.",
        .fields =
            {
                {.key = "file",
                 .kind = Kind::path,
                 .doc = "SWC file, or Neurolucida file (its name ends in .asc), relative to the configuration file.",
                 .example = "../morphologies/pyramidal.swc"},
                {.key = "soma",
                 .kind = Kind::choice,
                 .default_text = "auto",
                 .doc = "How soma samples become sections. For Neurolucida files, auto, neuron and cylinders do what "
                        "NEURON's "
                        "Import3d does; there is no arbor.",
                 .choices = {"auto", "sphere", "cylinders", "contour", "neuron", "arbor"}},
                {.key = "fragments",
                 .kind = Kind::choice,
                 .default_text = "reject",
                 .doc = "What to do with a file that holds several trees.",
                 .choices = {"reject", "keep_soma_tree", "keep_largest"}},
                {.key = "absolute_radius",
                 .kind = Kind::boolean,
                 .default_text = "false",
                 .doc = "Take the absolute value of negative radii."},
                {.key = "scale",
                 .kind = Kind::number,
                 .default_text = "1",
                 .range = positive,
                 .doc = "Factor on coordinates and radii (0.001 for a file in nm)."},
                {.key = "min_radius",
                 .kind = Kind::quantity,
                 .unit = "um",
                 .default_text = "0 um",
                 .range = not_negative,
                 .doc = "Smaller radii, 0 included, are raised to this."},
                {.key = "axon_stub",
                 .kind = Kind::object,
                 .doc = "A short cable in place of the axon of the file, at the centre of the soma.",
                 .object = axon_stub_object},
                {.key = "patch",
                 .kind = Kind::object,
                 .doc = "One isopotential cylinder, section soma[0].",
                 .object = patch_object},
                {.key = "cable",
                 .kind = Kind::object,
                 .doc = "One unbranched cylinder or cone; its section is named after its type, axon[0].",
                 .object = cable_object},
                {.key = "ball_and_stick",
                 .kind = Kind::object,
                 .doc = "A soma, soma[0], and one dendrite, dend[0].",
                 .object = ball_and_stick_object},
                {.key = "binary_tree",
                 .kind = Kind::object,
                 .doc = "A binary tree of cylinders.",
                 .object = binary_tree_object},
            },
        .exactly_one = {{{"file", "patch", "cable", "ball_and_stick", "binary_tree"}}}};
    return object;
}

const Object& axon_stub_object()
{
    static const Object object{.name = "axon_stub",
                               .doc = "Cylinders one behind the other, the first at the centre of the soma.",
                               .fields = {
                                   {.key = "sections",
                                    .kind = Kind::integer,
                                    .default_text = "2",
                                    .range = {.low = 1.0, .high = 1000.0},
                                    .doc = "How many."},
                                   {.key = "length",
                                    .kind = Kind::quantity,
                                    .unit = "um",
                                    .default_text = "30 um",
                                    .range = positive,
                                    .doc = "Length of each."},
                                   {.key = "diameter",
                                    .kind = Kind::quantity,
                                    .unit = "um",
                                    .default_text = "1 um",
                                    .range = positive,
                                    .doc = "Diameter of each."},
                               }};
    return object;
}

const Object& patch_object()
{
    static const Object object{.name = "patch",
                               .doc = "Either `area` (length and diameter are then equal) or `length` and `diameter`.",
                               .fields =
                                   {
                                       {.key = "area",
                                        .kind = Kind::quantity,
                                        .unit = "um2",
                                        .range = positive,
                                        .doc = "Membrane area.",
                                        .example = "1000 um2"},
                                       {.key = "length",
                                        .kind = Kind::quantity,
                                        .unit = "um",
                                        .range = positive,
                                        .doc = "Length of the cylinder.",
                                        .example = "17.84 um"},
                                       {.key = "diameter",
                                        .kind = Kind::quantity,
                                        .unit = "um",
                                        .range = positive,
                                        .doc = "Diameter of the cylinder.",
                                        .example = "17.84 um"},
                                   },
                               .exactly_one = {{{"area", "length"}}}};
    return object;
}

const Object& cable_object()
{
    static const Object object{
        .name = "cable",
        .doc = "An unbranched cable along x.",
        .fields = {
            {.key = "length",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Length.",
             .example = "60 mm"},
            {.key = "diameter",
             .kind = Kind::diameters,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Diameter, or [start, end] for a cone.",
             .example = "476 um"},
            {.key = "type", .kind = Kind::type_name, .default_text = "axon", .doc = "Section type."},
        }};
    return object;
}

const Object& ball_and_stick_object()
{
    static const Object object{
        .name = "ball_and_stick",
        .doc = "A soma whose length equals its diameter, and an unbranched dendrite attached to its end.",
        .fields = {
            {.key = "soma_diameter",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Diameter and length of the soma.",
             .example = "20 um"},
            {.key = "dend_length",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Length of the dendrite.",
             .example = "500 um"},
            {.key = "dend_diameter",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Diameter of the dendrite.",
             .example = "2 um"},
        }};
    return object;
}

const Object& binary_tree_object()
{
    static const Object object{
        .name = "binary_tree",
        .doc =
            "A symmetric tree: level k has 2^k cylinders. With diameter_ratio 2^(-2/3) = 0.63 it is Rall's equivalent "
            "cylinder.",
        .fields = {
            {.key = "levels",
             .kind = Kind::integer,
             .range = {.low = 1.0, .high = 20.0},
             .required = true,
             .doc = "Number of levels.",
             .example = "10"},
            {.key = "length",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Length of the root section.",
             .example = "32 um"},
            {.key = "diameter",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .required = true,
             .doc = "Diameter of the root section.",
             .example = "16 um"},
            {.key = "length_ratio",
             .kind = Kind::number,
             .default_text = "1",
             .range = positive,
             .doc = "Length of a child over that of its parent.",
             .example = "2^(-1/3)"},
            {.key = "diameter_ratio",
             .kind = Kind::number,
             .default_text = "1",
             .range = positive,
             .doc = "Diameter of a child over that of its parent.",
             .example = "2^(-2/3)"},
        }};
    return object;
}

const Object& discretisation_object()
{
    static const Object object{
        .name = "discretisation",
        .doc =
            "Rules for the number of compartments of a section; of the rules given, the one that asks for most wins.",
        .fields = {
            {.key = "max_length",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .doc = "Longest compartment allowed.",
             .example = "20 um"},
            {.key = "count",
             .kind = Kind::integer,
             .range = {.low = 1.0, .high = 1e7},
             .doc = "Compartments per section.",
             .example = "1"},
            {.key = "odd_length",
             .kind = Kind::quantity,
             .unit = "um",
             .range = positive,
             .doc =
                 "1 + 2 floor(L / odd_length) compartments in a section of length L: the rule nseg = 1 + 2*int(L/40) "
                 "of many published models.",
             .example = "40 um"},
            {.key = "d_lambda",
             .kind = Kind::number,
             .range = {.low = 1e-4, .high = 10.0},
             .doc = "Longest compartment as a fraction of the AC length constant (Hines & Carnevale 2001).",
             .example = "0.1"},
            {.key = "frequency",
             .kind = Kind::quantity,
             .unit = "Hz",
             .default_text = "100 Hz",
             .range = positive,
             .doc = "Frequency of the AC length constant."},
        }};
    return object;
}

const Object& membrane_object()
{
    static const Object object{.name = "membrane",
                               .doc = "Passive properties of a region.",
                               .fields = {
                                   {.key = "region", .kind = Kind::region, .default_text = "all", .doc = "Where."},
                                   {.key = "cm",
                                    .kind = Kind::place_value,
                                    .unit = "uF/cm2",
                                    .default_text = "1 uF/cm2",
                                    .range = positive,
                                    .doc = "Membrane capacitance."},
                                   {.key = "Ra",
                                    .kind = Kind::place_value,
                                    .unit = "ohm*cm",
                                    .default_text = "35.4 ohm*cm",
                                    .range = positive,
                                    .doc = "Axial resistivity."},
                                   {.key = "v_init",
                                    .kind = Kind::place_value,
                                    .unit = "mV",
                                    .default_text = "-65 mV",
                                    .range = any_voltage,
                                    .doc = "Voltage at time 0."},
                               }};
    return object;
}

const Object& channel_object()
{
    static const Object object{
        .name = "channel",
        .doc = "A channel painted on a region. `axolemma channels` lists the channels and their parameters.",
        .fields = {
            {.key = "channel",
             .kind = Kind::identifier,
             .required = true,
             .doc = "Name of the channel: of the program, of its library, or of one of the `channel_files`.",
             .example = "hh"},
            {.key = "region", .kind = Kind::region, .default_text = "all", .doc = "Where."},
            {.key = "parameters",
             .kind = Kind::parameters,
             .doc = "Parameters that differ from the channel's defaults.",
             .example = "{gl: \"0.3 mS/cm2 * exp(-distance/300 um)\"}"},
        }};
    return object;
}

const Object& ion_object()
{
    static const Object object{
        .name = "ion",
        .doc =
            "An ion in a region, where channels use it. Constant, unless a channel sets a concentration: then that "
            "changes "
            "from the value given here, and the reversal potential follows it. Defaults: reversal 50 mV for na, -77 mV "
            "for "
            "k, 132.458 mV for ca, 0 mV for others; inside 10, 54.4, 5e-5 and 1 mM, outside 140, 2.5, 2 and 1 mM. "
            "Where a "
            "channel reads a concentration and no reversal potential is given, it follows from the concentrations.",
        .fields = {
            {.key = "ion", .kind = Kind::identifier, .required = true, .doc = "Name of the ion.", .example = "ca"},
            {.key = "region", .kind = Kind::region, .default_text = "all", .doc = "Where."},
            {.key = "reversal",
             .kind = Kind::place_value,
             .unit = "mV",
             .range = any_voltage,
             .doc = "Reversal potential, or the word nernst: by the concentrations at the start of the run.",
             .example = "132 mV"},
            {.key = "inside",
             .kind = Kind::place_value,
             .unit = "mM",
             .range = positive,
             .doc = "Concentration inside the cell.",
             .example = "5e-5 mM"},
            {.key = "outside",
             .kind = Kind::place_value,
             .unit = "mM",
             .range = positive,
             .doc = "Concentration outside the cell.",
             .example = "2 mM"},
        }};
    return object;
}

const Object& region_object()
{
    static const Object object{
        .name = "region",
        .doc =
            "A part of a cell. As a name: soma, axon, dend, apic, custom, undefined, all, or a region named under "
            "`regions`. As a mapping: the places where all the conditions given hold.",
        .fields = {
            {.key = "type",
             .kind = Kind::type_name,
             .doc = "Section type: a name or an SWC type code.",
             .example = "apic"},
            {.key = "section",
             .kind = Kind::text,
             .doc = "One section, or all sections of that name.",
             .example = "apic[3]"},
            {.key = "distance",
             .kind = Kind::interval,
             .unit = "um",
             .doc = "Path distance from the soma, ends included.",
             .example = "[100 um, ~]"},
            {.key = "diameter",
             .kind = Kind::interval,
             .unit = "um",
             .doc = "Local diameter, ends included.",
             .example = "[~, 1 um]"},
            {.key = "branch_order",
             .kind = Kind::interval,
             .unit = "1",
             .doc = "Branch points above the section.",
             .example = "[1, 3]"},
            {.key = "all_of",
             .kind = Kind::region_list,
             .doc = "In every one of these regions.",
             .example = "[distal, apic]"},
            {.key = "any_of",
             .kind = Kind::region_list,
             .doc = "In at least one of these regions.",
             .example = "[dend, apic]"},
            {.key = "none_of", .kind = Kind::region_list, .doc = "In none of these regions.", .example = "[soma]"},
        }};
    return object;
}

const Object& place_object()
{
    static const Object object{
        .name = "place",
        .doc =
            "One or more points of a cell. As a word: soma (its centre) or tips (every end). As a mapping: one of the "
            "following.",
        .fields =
            {
                {.key = "section",
                 .kind = Kind::text,
                 .doc = "A section by name; with `position`.",
                 .example = "apic[3]"},
                {.key = "position",
                 .kind = Kind::number,
                 .default_text = "0.5",
                 .range = fraction,
                 .doc = "With `section`: where along it, 0 = start to 1 = end."},
                {.key = "sample",
                 .kind = Kind::integer,
                 .range = not_negative,
                 .doc =
                     "A sample of the SWC file, by its id; of a Neurolucida file, by its number (docs/morphology.md).",
                 .example = "211"},
                {.key = "distance",
                 .kind = Kind::quantity,
                 .unit = "um",
                 .range = not_negative,
                 .doc = "Every point at this path distance from the soma.",
                 .example = "300 um"},
                {.key = "region",
                 .kind = Kind::region,
                 .doc = "With `distance`: only points in this region.",
                 .example = "apic"},
                {.key = "tips", .kind = Kind::region, .doc = "The ends that lie in this region.", .example = "apic"},
                {.key = "nearest",
                 .kind = Kind::point,
                 .unit = "um",
                 .doc = "The point of the cell nearest to [x, y, z].",
                 .example = "[10 um, 200 um, 0 um]"},
            },
        .exactly_one = {{{"section", "sample", "distance", "tips", "nearest"}}}};
    return object;
}

}  // namespace axolemma::config
