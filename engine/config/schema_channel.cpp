/// The table's part on channel files.
#include "config/schema_ranges.hpp"

namespace axolemma::config {

namespace {

const Field about{.key = "about", .kind = Kind::text, .doc = "What it is, in a few words."};

Field rate(std::string_view key, std::string_view unit, std::string_view doc, std::string_view example)
{
    return {.key = key,
            .kind = Kind::formula_or_object,
            .unit = unit,
            .doc = doc,
            .example = example,
            .object = channel_rate_object};
}

Field formula(std::string_view key, std::string_view unit, std::string_view doc, std::string_view example = "")
{
    return {.key = key, .kind = Kind::formula, .unit = unit, .doc = doc, .example = example};
}

Field required(Field field)
{
    field.required = true;
    return field;
}

const Field q10{.key = "q10",
                .kind = Kind::formula_or_object,
                .unit = "1",
                .doc =
                    "Factor on the rates: {factor: 3, at: 6.3 degC} or a formula. Of the file: for all its gates and "
                    "its scheme.",
                .example = "{factor: 2.3, at: 21 degC}",
                .object = channel_q10_object};

}  // namespace

const Object& channel_file_object()
{
    static const Object object{
        .name = "channel_file",
        .doc =
            "The whole file: one channel, ion pool or synapse. Formulas are arithmetic with units of `v` (mV), "
            "`temperature` (degC), `temperature_K`, `diameter` and `area` of the compartment, `faraday`, "
            "`gas_constant`, parameters, definitions, states, and of the ions: `cai` and `cao` (mM), `eca` (mV) and "
            "`ica` (mA/cm2), likewise for na, k, cl, mg and those under `ions`.",
        .fields =
            {
                {.key = "channel",
                 .kind = Kind::identifier,
                 .doc = "Name of the channel or pool, by which cells call it.",
                 .example = "na_t"},
                {.key = "synapse", .kind = Kind::identifier, .doc = "Name of the synapse.", .example = "depressing"},
                about,
                {.key = "source", .kind = Kind::text, .doc = "Where the equations come from: paper and figure."},
                {.key = "parameters",
                 .kind = Kind::formula_map,
                 .doc = "Names to default values with units, or to mappings that say more.",
                 .example = "{gbar: 0.1 S/cm2}",
                 .object = channel_parameter_object},
                {.key = "define",
                 .kind = Kind::formula_map,
                 .doc = "Names to formulas that those below may use; each has the unit that its formula gives.",
                 .example = "{shifted: v - vshift}",
                 .object = channel_definition_object},
                q10,
                {.key = "gates", .kind = Kind::object_map, .doc = "Names to gates.", .object = channel_gate_object},
                {.key = "scheme",
                 .kind = Kind::object,
                 .doc = "A kinetic (Markov) scheme.",
                 .object = channel_scheme_object},
                {.key = "states",
                 .kind = Kind::object_map,
                 .doc = "Names to quantities with a differential equation of their own.",
                 .object = channel_state_object},
                {.key = "current",
                 .kind = Kind::formula_or_object,
                 .unit = "mA/cm2",
                 .doc = "The current, positive outwards: a mapping, or a formula (nA in a synapse).",
                 .example = "{ion: na, conductance: gbar}",
                 .object = channel_current_object},
                {.key = "currents",
                 .kind = Kind::formula_map,
                 .unit = "mA/cm2",
                 .doc = "Several currents, by name.",
                 .object = channel_current_object},
                {.key = "ions",
                 .kind = Kind::object_map,
                 .doc = "Names to ions other than na, k, ca, cl, mg, and to concentrations that this mechanism sets.",
                 .object = channel_ion_object},
                {.key = "pool",
                 .kind = Kind::object,
                 .doc = "A shell under the membrane that the ion's current fills.",
                 .object = channel_pool_object},
                {.key = "on_event",
                 .kind = Kind::formula_map,
                 .doc = "Of a synapse: names of states to their values after an event, of which `weight` (uS) is one.",
                 .example = "{g: g + weight}",
                 .object = channel_definition_object},
            },
        .exactly_one = {{{"channel", "synapse"}}}};
    return object;
}

const Object& channel_parameter_object()
{
    static const Object object{.name = "channel_parameter",
                               .doc = "A number that cells may set, and may set differently from place to place.",
                               .fields = {
                                   {.key = "default",
                                    .kind = Kind::any_quantity,
                                    .required = true,
                                    .doc = "Value with its unit.",
                                    .example = "0.1 S/cm2"},
                                   about,
                                   {.key = "range",
                                    .kind = Kind::interval,
                                    .unit = "1",
                                    .doc = "Allowed values [low, high], in the unit of the default; ~ leaves a side "
                                           "open. Without: any; conductances at least 0.",
                                    .example = "[0 S/cm2, 10 S/cm2]"},
                               }};
    return object;
}

const Object& channel_definition_object()
{
    static const Object object{
        .name = "channel_definition",
        .doc = "A value by name.",
        .fields = {required({.key = "value", .kind = Kind::formula, .doc = "The formula."}), about}};
    return object;
}

const Object& channel_gate_object()
{
    static const Object object{
        .name = "channel_gate",
        .doc =
            "A gate x between 0 and 1: x' = alpha (1 - x) - beta x, or x' = (inf - x)/tau. Given beside alpha and "
            "beta, "
            "`inf` replaces alpha/(alpha + beta) and `tau` replaces 1/(alpha + beta). The gate starts at inf.",
        .fields = {
            about,
            {.key = "power",
             .kind = Kind::integer,
             .default_text = "1",
             .range = {.low = 0.0, .high = 12.0},
             .doc = "Exponent of the gate in the conductance."},
            rate("alpha", "1/ms", "Opening rate.", "{form: exp_linear, rate: 1 /ms, midpoint: -40 mV, scale: 10 mV}"),
            rate("beta", "1/ms", "Closing rate.", "{form: exponential, rate: 4 /ms, midpoint: -65 mV, scale: -18 mV}"),
            rate("inf", "1", "Steady state.", "{form: sigmoid, midpoint: -40 mV, scale: 5 mV}"),
            rate("tau", "ms", "Time constant.", "1 ms + 20 ms/cosh((v + 40 mV)/15 mV)"),
            q10,
            {.key = "instantaneous",
             .kind = Kind::boolean,
             .default_text = "false",
             .doc = "The gate is at its steady state always."},
        }};
    return object;
}

const Object& channel_rate_object()
{
    static const Object object{
        .name = "channel_rate",
        .doc =
            "A standard form of x = (v - midpoint)/scale: exponential is rate exp(x), sigmoid rate/(1 + exp(-x)), "
            "exp_linear rate x/(1 - exp(-x)), which is `rate` at the midpoint.",
        .fields = {
            {.key = "form",
             .kind = Kind::choice,
             .required = true,
             .doc = "The form.",
             .choices = {"exponential", "sigmoid", "exp_linear"}},
            formula("rate", "",
                    "Value at the midpoint (twice it for a sigmoid); for `inf` it may be left out and is 1.", "1 /ms"),
            required(formula("midpoint", "mV", "Voltage at which x is 0.", "-40 mV")),
            required(
                formula("scale", "mV", "Voltage over which x grows by 1; negative for a falling sigmoid.", "10 mV")),
        }};
    return object;
}

const Object& channel_q10_object()
{
    static const Object object{
        .name = "channel_q10",
        .doc = "Rates are multiplied by factor^((temperature - at)/10 K).",
        .fields = {
            required(formula("factor", "1", "Factor for 10 K.", "3")),
            required(formula("at", "degC", "Temperature at which rates are as written.", "21 degC")),
        }};
    return object;
}

const Object& channel_scheme_object()
{
    static const Object object{
        .name = "channel_scheme",
        .doc = "States of a channel and the rates between them. The scheme starts in its steady state.",
        .fields = {
            {.key = "states",
             .kind = Kind::texts,
             .required = true,
             .doc = "Names of the states.",
             .example = "[C1, C2, O]"},
            {.key = "transitions",
             .kind = Kind::object_list,
             .required = true,
             .doc = "Which states go over into each other.",
             .object = channel_transition_object},
            {.key = "open",
             .kind = Kind::shares,
             .required = true,
             .doc = "The state that conducts, or names to shares of the full conductance.",
             .example = "{O1: 1, O2: 0.5}"},
            q10,
        }};
    return object;
}

const Object& channel_transition_object()
{
    static const Object object{
        .name = "channel_transition",
        .doc = "Two states and the rates between them.",
        .fields = {
            {.key = "from", .kind = Kind::identifier, .required = true, .doc = "A state.", .example = "C1"},
            {.key = "to", .kind = Kind::identifier, .required = true, .doc = "Another state.", .example = "O"},
            required(rate("forward", "1/ms", "Rate from `from` to `to`.", "2 /ms * exp(v/25 mV)")),
            required(rate("backward", "1/ms", "Rate from `to` to `from`.", "0.1 /ms")),
        }};
    return object;
}

const Object& channel_state_object()
{
    static const Object object{
        .name = "channel_state",
        .doc = "A quantity that follows a differential equation.",
        .fields = {
            about,
            {.key = "unit", .kind = Kind::text, .default_text = "1", .doc = "Its unit.", .example = "mM"},
            required(formula("derivative", "", "Its rate of change.", "-x/20 ms")),
            formula("initial", "", "Its value at the beginning; default 0.", "0.1"),
        }};
    return object;
}

const Object& channel_current_object()
{
    static const Object object{
        .name = "channel_current",
        .doc =
            "A current, positive outwards. It is the product of the gates with their powers, the open share of the "
            "scheme, and conductance (v - reversal), or the current of a constant field with this permeability.",
        .fields =
            {
                {.key = "ion",
                 .kind = Kind::identifier,
                 .doc = "The ion that carries it; without, the current is nonspecific.",
                 .example = "na"},
                about,
                formula("conductance", "S/cm2", "Maximal conductance (uS in a synapse).", "gbar"),
                formula("permeability", "cm/s", "Maximal permeability (Goldman, Hodgkin, Katz).", "pbar"),
                formula("value", "mA/cm2", "The current itself, as a formula with everything in it.",
                        "gbar * m^3 * h * (v - ena)"),
                formula("reversal", "mV", "Reversal potential; default: that of the ion.", "-45 mV"),
                {.key = "gates",
                 .kind = Kind::names,
                 .doc = "Gates that it is multiplied by; default: all. With several currents it must be given.",
                 .example = "[m, h]"},
            },
        .exactly_one = {{{"conductance", "permeability", "value"}}}};
    return object;
}

const Object& channel_ion_object()
{
    static const Object object{
        .name = "channel_ion",
        .doc = "An ion and the concentrations that this mechanism sets.",
        .fields = {
            {.key = "valence",
             .kind = Kind::integer,
             .range = {.low = -4.0, .high = 4.0},
             .doc = "Charge number; known of na, k, ca, cl, mg.",
             .example = "1"},
            formula("inside", "mM", "Concentration inside, of the states after a step.", "cai_shell"),
            formula("outside", "mM", "Concentration outside, of the states after a step."),
        }};
    return object;
}

const Object& channel_pool_object()
{
    static const Object object{
        .name = "channel_pool",
        .doc = "c' = -free_share i/(z F depth) - (c - minimum)/decay, with the ion's whole current i and valence z.",
        .fields = {
            {.key = "ion", .kind = Kind::identifier, .required = true, .doc = "The ion.", .example = "ca"},
            required(formula("depth", "um", "Depth of the shell.", "0.1 um")),
            {.key = "free_share",
             .kind = Kind::formula,
             .unit = "1",
             .default_text = "1",
             .doc = "Share of what flows in that no buffer binds.",
             .example = "0.05"},
            required(formula("decay", "ms", "Time constant of removal.", "80 ms")),
            required(formula("minimum", "mM", "Concentration at rest, without current.", "1e-4 mM")),
            formula("initial", "mM", "Concentration at the beginning; default: minimum.", "1e-4 mM"),
            {.key = "inward_only",
             .kind = Kind::boolean,
             .default_text = "false",
             .doc = "Outward current takes nothing out of the shell."},
        }};
    return object;
}

const std::vector<const Object*>& channel_file_objects()
{
    static const std::vector<const Object*> list = {
        &channel_file_object(),    &channel_parameter_object(),  &channel_definition_object(),
        &channel_gate_object(),    &channel_rate_object(),       &channel_q10_object(),
        &channel_scheme_object(),  &channel_transition_object(), &channel_state_object(),
        &channel_current_object(), &channel_ion_object(),        &channel_pool_object()};
    return list;
}

}  // namespace axolemma::config
