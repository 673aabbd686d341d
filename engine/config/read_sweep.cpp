#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/sobol.hpp"
#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::SweepMode;
using model::SweepParameter;
using model::SweepSpec;

constexpr double max_points = 1e7;

/// A number with its unit at `key`, in `unit` where that is given. Sets `unit` where it is not.
std::optional<double> read_end(const MapReader& map, std::string_view key, std::optional<base::Unit>& unit)
{
    const auto reader = map.value(key);
    if (!reader) {
        return std::nullopt;
    }
    const auto text = reader->text();
    if (!text) {
        return std::nullopt;
    }
    try {
        if (unit) {
            return base::parse_quantity_in(*text, *unit, fmt::format("'{}'", key));
        }
        const auto quantity = base::parse_quantity(*text);
        unit = quantity.unit;
        return quantity.value;
    } catch (const base::UnitError& error) {
        reader->fail(error.message, error.hint);
    }
    return std::nullopt;
}

struct Ends {
    double from = 0, to = 0;
    base::Unit unit;  ///< of both
};

std::optional<Ends> read_ends(const MapReader& map)
{
    std::optional<base::Unit> unit;
    const auto from = read_end(map, "from", unit);
    if (!from) {
        return std::nullopt;
    }
    const auto to = read_end(map, "to", unit);
    return to ? std::optional<Ends>({*from, *to, *unit}) : std::nullopt;
}

class ParameterReader {
public:
    ParameterReader(Context& context, const Node& node)
        : context_(context), map_(node, sweep_parameter_object(), "this parameter", node.pos, context.out)
    {}

    /// Nothing after an error.
    std::optional<SweepParameter> read()
    {
        const auto errors_before = context_.out.n_errors();
        parameter_.pos = map_.value_pos("set");
        if (const Node* set = map_.find("set")) {
            read_paths(*set);
        }
        parameter_.name = map_.text_or("name");
        if (const Node* values = map_.find("values")) {
            read_values(*values);
        } else if (const Node* range = map_.find("range")) {
            read_range(*range);
        } else if (const Node* uniform = map_.find("uniform")) {
            read_interval(*uniform, "uniform", false);
        } else if (const Node* log_uniform = map_.find("log_uniform")) {
            read_interval(*log_uniform, "log_uniform", true);
        }
        return context_.out.n_errors() == errors_before ? std::optional(std::move(parameter_)) : std::nullopt;
    }

private:
    void read_paths(const Node& set)
    {
        std::vector<const Node*> items;
        if (set.kind == Node::Kind::sequence && !set.items.empty()) {
            for (const NodePtr& item : set.items) {
                items.push_back(item.get());
            }
        } else {
            items.push_back(&set);
        }
        for (const Node* item : items) {
            if (!item->is_scalar()) {
                context_.out.error(item->pos,
                                   fmt::format("'set' needs a path or a list of paths, not {}", describe(*item)),
                                   "for example set: stimuli.kick.pulse.amplitude");
                continue;
            }
            parameter_.paths.push_back(item->text);
        }
    }

    void read_values(const Node& values)
    {
        if (values.kind != Node::Kind::sequence || values.items.empty()) {
            map_.value("values")->fail_kind("a list of values");
            return;
        }
        model::ListedValues listed;
        for (const NodePtr& item : values.items) {
            if (item->kind == Node::Kind::null) {
                context_.out.error(item->pos, "this value is empty");
            }
            listed.text.push_back(exact_text(*item));
            listed.pos.push_back(item->pos);
        }
        parameter_.unit = common_unit(listed.text);
        parameter_.values = std::move(listed);
    }

    void read_range(const Node& node)
    {
        const MapReader range(node, sweep_range_object(), "'range'", map_.key_pos("range"), context_.out);
        const auto ends = read_ends(range);
        model::SpacedValues spaced;
        spaced.count = range.integer_or("count", 2);
        spaced.logarithmic = range.choice_or("scale") == 1;
        spaced.pos = map_.key_pos("range");
        if (ends) {
            spaced.from = ends->from;
            spaced.to = ends->to;
            parameter_.unit = unit_text(ends->unit);
            if (spaced.logarithmic) {
                check_logarithmic(range, *ends);
            }
        }
        parameter_.values = spaced;
    }

    void read_interval(const Node& node, std::string_view key, bool logarithmic)
    {
        const MapReader interval(node, sweep_interval_object(), fmt::format("'{}'", key), map_.key_pos(key),
                                 context_.out);
        if (const auto ends = read_ends(interval)) {
            parameter_.values = model::SampledValues{ends->from, ends->to, logarithmic, map_.key_pos(key)};
            parameter_.unit = unit_text(ends->unit);
            if (ends->from >= ends->to) {
                context_.out.error(interval.value_pos("to"),
                                   fmt::format("'to' is {}, which is not above 'from', {}", interval.find("to")->text,
                                               interval.find("from")->text));
            } else if (logarithmic) {
                check_logarithmic(interval, *ends);
            }
        }
    }

    void check_logarithmic(const MapReader& map, const Ends& ends)
    {
        if (ends.from <= 0.0 || ends.to <= 0.0) {
            const auto* wrong = ends.from <= 0.0 ? "from" : "to";
            context_.out.error(map.value_pos(wrong),
                               fmt::format("'{}' is {}, and a logarithmic scale needs values greater than 0", wrong,
                                           map.find(wrong)->text));
        }
    }

    Context& context_;
    MapReader map_;
    SweepParameter parameter_;
};

/// Is one of two paths inside the other?
bool overlap(const std::string& a, const std::string& b)
{
    return a == b || a.starts_with(b + ".") || b.starts_with(a + ".");
}

void check_paths(Context& context, const SweepSpec& sweep)
{
    std::vector<std::pair<std::string, SourcePos>> seen;
    for (const auto& parameter : sweep.parameters) {
        for (const auto& path : parameter.paths) {
            const auto top = path.substr(0, path.find('.'));
            if (top == "sweep" || top == "output" || top == "checkpoint" || top == "analysis" || top == "axolemma") {
                context.out.error(parameter.pos, fmt::format("'{}' cannot be swept", path),
                                  "parameters are parts of the model: cells, stimuli, recordings, run, temperature");
            }
            const auto other = std::find_if(seen.begin(), seen.end(),
                                            [&](const auto& earlier) { return overlap(earlier.first, path); });
            if (other != seen.end()) {
                context.out.error(parameter.pos, fmt::format("'{}' is set twice", path),
                                  fmt::format("the first is '{}' at line {}", other->first, other->second.line));
            }
            seen.emplace_back(path, parameter.pos);
        }
    }
}

std::string last_parts(const std::string& path, int n)
{
    std::size_t start = std::string::npos;
    for (int k = 0; k < n && start != 0; ++k) {
        const std::size_t dot = path.rfind('.', start == std::string::npos ? start : start - 2);
        start = dot == std::string::npos ? 0 : dot + 1;
    }
    return path.substr(start);
}

/// Gives parameters without a name the shortest end of their path that no other has.
void name_parameters(Context& context, SweepSpec& sweep)
{
    std::map<std::string, const SweepParameter*> given;
    std::vector<SweepParameter*> unnamed;
    for (auto& parameter : sweep.parameters) {
        if (parameter.name.empty()) {
            unnamed.push_back(&parameter);
        } else if (const auto [first, is_new] = given.emplace(parameter.name, &parameter); !is_new) {
            context.out.error(parameter.pos, fmt::format("there are two parameters called '{}'", parameter.name),
                              fmt::format("the first is at line {}", first->second->pos.line));
        }
    }
    constexpr int most_parts = 20;  // as many as a path may have
    for (int parts = 1; parts <= most_parts && !unnamed.empty(); ++parts) {
        std::map<std::string, int> uses;
        for (const auto* parameter : unnamed) {
            ++uses[last_parts(parameter->paths.front(), parts)];
        }
        std::erase_if(unnamed, [&](SweepParameter* parameter) {
            const auto name = last_parts(parameter->paths.front(), parts);
            const bool unique = uses[name] == 1 && !given.contains(name);
            if (unique || parts == most_parts) {
                parameter->name = name;
                given.emplace(name, parameter);
            }
            return unique;
        });
    }
}

bool is_drawn(SweepMode mode)
{
    return mode == SweepMode::random || mode == SweepMode::sobol;
}

/// Do the kinds of values and the keys fit the mode? False after an error.
bool fits_mode(Context& context, const MapReader& map, const SweepSpec& sweep)
{
    const auto errors_before = context.out.n_errors();
    const auto mode = sweep_object().field("mode").choices[static_cast<std::size_t>(sweep.mode)];
    for (const auto& parameter : sweep.parameters) {
        const bool drawn = std::holds_alternative<model::SampledValues>(parameter.values);
        if (drawn != is_drawn(sweep.mode)) {
            context.out.error(parameter.pos,
                              fmt::format("'{}' has {}, which mode {} cannot use", parameter.name,
                                          drawn ? "an interval to draw from" : "values one by one", mode),
                              drawn ? "use values or range, or mode: random or sobol with samples"
                                    : "use uniform or log_uniform, or mode: grid or list");
        }
    }
    if (is_drawn(sweep.mode) && !map.has("samples")) {
        context.out.error(map.key_pos("mode"), fmt::format("mode {} needs the key 'samples'", mode),
                          "for example samples: 64");
    } else if (!is_drawn(sweep.mode) && map.has("samples")) {
        context.out.error(map.key_pos("samples"), "'samples' belongs to the modes random and sobol");
    }
    if (sweep.mode == SweepMode::sobol && sweep.parameters.size() > base::max_sobol_dimensions) {
        context.out.error(map.key_pos("mode"),
                          fmt::format("mode sobol can vary at most {} parameters", base::max_sobol_dimensions));
    }
    return context.out.n_errors() == errors_before;
}

/// Points of a grid or a list.
double count_given(Context& context, const SweepSpec& sweep)
{
    double combinations = 1;
    std::int64_t length = -1;
    for (const auto& parameter : sweep.parameters) {
        const auto* listed = std::get_if<model::ListedValues>(&parameter.values);
        const std::int64_t size = listed != nullptr ? static_cast<std::int64_t>(listed->text.size())
                                                    : std::get<model::SpacedValues>(parameter.values).count;
        combinations *= static_cast<double>(size);
        if (sweep.mode == SweepMode::list && length >= 0 && size != length) {
            context.out.error(
                parameter.pos,
                fmt::format("'{}' has {} values and '{}' has {}", parameter.name, size, sweep.parameters[0].name,
                            length),
                "in mode: list all parameters have equally many values; mode: grid takes every combination");
        }
        length = length < 0 ? size : length;
    }
    return sweep.mode == SweepMode::list ? static_cast<double>(length) : combinations;
}

void count_points(Context& context, const MapReader& map, SweepSpec& sweep)
{
    if (!fits_mode(context, map, sweep)) {
        return;
    }
    const double n_points =
        is_drawn(sweep.mode) ? static_cast<double>(map.integer_or("samples", 0)) : count_given(context, sweep);
    if (n_points > max_points) {
        context.out.error(
            sweep.pos, fmt::format("this sweep has {:.0f} points; the most possible is {:.0f}", n_points, max_points));
    } else {
        sweep.n_points = static_cast<std::int64_t>(n_points);
    }
}

/// The parameters; false after an error.
bool read_parameters(Context& context, const MapReader& map, SweepSpec& sweep)
{
    const auto errors_before = context.out.n_errors();
    if (const Node* parameters = map.find("parameters")) {
        for_each_item(context, "parameters", *parameters, false, [&](const Node& item) {
            if (auto parameter = ParameterReader(context, item).read()) {
                sweep.parameters.push_back(std::move(*parameter));
            }
        });
        if (sweep.parameters.empty() && context.out.n_errors() == errors_before) {
            context.out.error(parameters->pos, "'parameters' is an empty list", "a sweep varies at least one value");
        }
    } else if (map.has("csv")) {
        for (const std::string_view key : {"mode", "samples"}) {
            if (map.has(key)) {
                context.out.error(map.key_pos(key), fmt::format("'{}' cannot be used with 'csv'", key),
                                  "each line of the file is a point");
            }
        }
        sweep.mode = SweepMode::list;
        sweep.csv = context.resolve(map.text_or("csv"));
        if (!sweep.csv.empty() && context.options.open_files) {
            read_sweep_csv(context, sweep.csv, map.value_pos("csv"), sweep);
        }
    }
    return context.out.n_errors() == errors_before;
}

}  // namespace

std::optional<base::Quantity> as_quantity(std::string_view text)
{
    try {
        return base::parse_quantity(text);
    } catch (const base::UnitError&) {
        return std::nullopt;
    }
}

std::string unit_text(const base::Unit& unit)
{
    return unit.text == "1" ? std::string{} : unit.text;
}

std::string common_unit(const std::vector<std::string>& texts)
{
    std::optional<base::Unit> unit;
    for (const auto& text : texts) {
        const auto quantity = as_quantity(text);
        if (!quantity || (unit && quantity->unit.dimension != unit->dimension)) {
            return {};
        }
        unit = unit ? unit : quantity->unit;
    }
    return unit ? unit_text(*unit) : std::string{};
}

void read_sweep(Context& context, const NodePtr& root)
{
    const auto* entry = root->find("sweep");
    if (entry->value->kind == Node::Kind::null) {
        return;  // the reader of the top level has reported it
    }
    const MapReader map(*entry->value, sweep_object(), "'sweep'", entry->key_pos, context.out);
    SweepSpec sweep;
    sweep.pos = entry->key_pos;
    sweep.mode = static_cast<SweepMode>(map.choice_or("mode"));
    sweep.keep = static_cast<model::SweepKeep>(map.choice_or("keep"));
    sweep.seed = context.model.run.seed;
    if (read_parameters(context, map, sweep)) {
        name_parameters(context, sweep);
        check_paths(context, sweep);
        if (sweep.csv.empty()) {
            count_points(context, map, sweep);
        }
    }
    context.model.sweep = std::move(sweep);
    if (!context.out.has_errors() && context.model.sweep->n_points > 0) {
        check_sweep(context, root);
    }
}

}  // namespace axolemma::config
