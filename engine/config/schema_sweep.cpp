/// The table's part on sweeps.
#include "config/schema_ranges.hpp"

namespace axolemma::config {

const Object& sweep_object()
{
    static const Object object{
        .name = "sweep",
        .doc = "One run for every point of a set of values (docs/sweeps.md).",
        .fields =
            {
                {.key = "parameters",
                 .kind = Kind::object_list,
                 .doc = "What varies.",
                 .object = sweep_parameter_object},
                {.key = "csv",
                 .kind = Kind::path,
                 .doc = "Instead of parameters: a CSV file, relative to the configuration file, with a line of paths, "
                        "each as PATH or PATH [UNIT], and a line of values for every point.",
                 .example = "points.csv"},
                {.key = "mode",
                 .kind = Kind::choice,
                 .default_text = "grid",
                 .doc = "grid: every combination, the last parameter varying fastest; list: the first values together, "
                        "then the second ones, and so on; random: independent draws; sobol: a Sobol sequence, which "
                        "fills the box more evenly.",
                 .choices = {"grid", "list", "random", "sobol"}},
                {.key = "samples",
                 .kind = Kind::integer,
                 .range = {.low = 1.0, .high = 1e7},
                 .doc = "Number of points of random and sobol.",
                 .example = "64"},
                {.key = "keep",
                 .kind = Kind::choice,
                 .default_text = "table",
                 .doc = "table: one row of numbers per point; results: the result file of every point too.",
                 .choices = {"table", "results"}},
            },
        .exactly_one = {{{"parameters", "csv"}}}};
    return object;
}

const Object& sweep_parameter_object()
{
    static const Object object{
        .name = "sweep_parameter",
        .doc = "One value of the configuration, or several that are always equal, and what it goes through.",
        .fields =
            {
                {.key = "set",
                 .kind = Kind::texts,
                 .required = true,
                 .doc = "Path as in --set: keys, names or indices of list entries, joined by dots. Of a list of paths "
                        "all get the same value.",
                 .example = "stimuli.kick.pulse.amplitude"},
                {.key = "name",
                 .kind = Kind::identifier,
                 .doc = "Name of the column; default: the last part of the path, or more of it where that is not "
                        "enough to tell parameters apart.",
                 .example = "amplitude"},
                {.key = "values", .kind = Kind::any_list, .doc = "The values.", .example = "[0.1 nA, 0.2 nA]"},
                {.key = "range", .kind = Kind::object, .doc = "Evenly spaced values.", .object = sweep_range_object},
                {.key = "uniform",
                 .kind = Kind::object,
                 .doc = "For random and sobol: evenly distributed.",
                 .object = sweep_interval_object},
                {.key = "log_uniform",
                 .kind = Kind::object,
                 .doc = "For random and sobol: the logarithm is evenly distributed.",
                 .object = sweep_interval_object},
            },
        .exactly_one = {{{"values", "range", "uniform", "log_uniform"}}}};
    return object;
}

const Object& sweep_range_object()
{
    static const Object object{
        .name = "range",
        .doc = "Values from one end to the other, both included.",
        .fields = {
            {.key = "from", .kind = Kind::any_quantity, .required = true, .doc = "First.", .example = "0.1 nA"},
            {.key = "to", .kind = Kind::any_quantity, .required = true, .doc = "Last.", .example = "1 nA"},
            {.key = "count",
             .kind = Kind::integer,
             .range = {.low = 2.0, .high = 1e7},
             .required = true,
             .doc = "How many.",
             .example = "10"},
            {.key = "scale",
             .kind = Kind::choice,
             .default_text = "linear",
             .doc = "Equal differences, or equal ratios.",
             .choices = {"linear", "log"}},
        }};
    return object;
}

const Object& sweep_interval_object()
{
    static const Object object{
        .name = "interval",
        .doc = "Where values are drawn from.",
        .fields = {
            {.key = "from", .kind = Kind::any_quantity, .required = true, .doc = "Lower end.", .example = "0.1 nA"},
            {.key = "to", .kind = Kind::any_quantity, .required = true, .doc = "Upper end.", .example = "1 nA"},
        }};
    return object;
}

}  // namespace axolemma::config
