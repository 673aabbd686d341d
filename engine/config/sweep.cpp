#include "config/sweep.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "base/random.hpp"
#include "base/sobol.hpp"
#include "config/context.hpp"
#include "config/override.hpp"

namespace axolemma::config {

namespace {

using model::ListedValues;
using model::SampledValues;
using model::SpacedValues;
using model::SweepMode;
using model::SweepParameter;

std::string with_unit(double number, const std::string& unit)
{
    constexpr double largest_whole = 0x1p53;
    if (unit.empty() && number == std::round(number) && std::abs(number) <= largest_whole) {
        return fmt::format("{:.0f}", number);  // keys for whole numbers take no exponent
    }
    return unit.empty() ? fmt::format("{}", number) : fmt::format("{} {}", number, unit);
}

/// At `share` 0..1 of the way.
double between(double from, double to, double share, bool logarithmic)
{
    if (share <= 0.0 || share >= 1.0) {
        return share <= 0.0 ? from : to;
    }
    return logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share;
}

std::int64_t size_of(const SweepParameter& parameter)
{
    if (const auto* listed = std::get_if<ListedValues>(&parameter.values)) {
        return static_cast<std::int64_t>(listed->text.size());
    }
    const auto* spaced = std::get_if<SpacedValues>(&parameter.values);
    return spaced != nullptr ? spaced->count : 1;
}

/// The k-th of the values that are given.
std::string given_value(const SweepParameter& parameter, std::int64_t k)
{
    if (const auto* listed = std::get_if<ListedValues>(&parameter.values)) {
        return listed->text[static_cast<std::size_t>(k)];
    }
    const auto& spaced = std::get<SpacedValues>(parameter.values);
    const double share = static_cast<double>(k) / static_cast<double>(spaced.count - 1);
    return with_unit(between(spaced.from, spaced.to, share, spaced.logarithmic), parameter.unit);
}

std::string drawn_value(const SweepParameter& parameter, double share)
{
    const auto& sampled = std::get<SampledValues>(parameter.values);
    return with_unit(between(sampled.from, sampled.to, share, sampled.logarithmic), parameter.unit);
}

}  // namespace

std::vector<std::string> point_values(const model::SweepSpec& sweep, std::int64_t index)
{
    assert(index >= 0 && index < sweep.n_points && "the sweep has no such point");
    const std::size_t n = sweep.parameters.size();
    std::vector<std::string> values(n);
    switch (sweep.mode) {
    case SweepMode::grid:
        for (std::size_t p = n; p-- > 0;) {
            const std::int64_t size = size_of(sweep.parameters[p]);
            values[p] = given_value(sweep.parameters[p], index % size);
            index /= size;
        }
        break;
    case SweepMode::list:
        for (std::size_t p = 0; p < n; ++p) {
            values[p] = given_value(sweep.parameters[p], index);
        }
        break;
    case SweepMode::random:
        for (std::size_t p = 0; p < n; ++p) {
            const base::CellStream stream(sweep.seed, index, "sweep/" + sweep.parameters[p].name);
            values[p] = drawn_value(sweep.parameters[p], stream.uniform(0));
        }
        break;
    case SweepMode::sobol: {
        const auto shares = base::sobol_point(n, index);
        for (std::size_t p = 0; p < n; ++p) {
            values[p] = drawn_value(sweep.parameters[p], shares[p]);
        }
        break;
    }
    }
    return values;
}

std::vector<Override> point_overrides(const model::SweepSpec& sweep, std::int64_t index)
{
    const auto values = point_values(sweep, index);
    std::vector<Override> overrides;
    for (std::size_t p = 0; p < values.size(); ++p) {
        for (const auto& path : sweep.parameters[p].paths) {
            overrides.push_back({path, values[p]});
        }
    }
    return overrides;
}

Sweep::Sweep(std::string_view text, const std::string& name, std::span<const Override> overrides,
             const ReadOptions& options)
    : options_(options), base_(parse_model(text, name, overrides, options))
{
    if (!base_.sweep) {
        throw base::InputError({name, 0, 0}, "this configuration has no 'sweep'",
                               "add one (docs/sweeps.md), or use `axolemma run`");
    }
    base::Diagnostics out;
    tree_ = read_overridden(text, name, overrides, out);
    out.throw_if_errors();
}

Sweep Sweep::read(const std::string& path, std::span<const Override> overrides)
{
    return Sweep(read_text(path), path, overrides);
}

model::Model Sweep::point(std::int64_t index) const
{
    base::Diagnostics out;
    NodePtr tree = tree_;
    const auto overrides = point_overrides(spec(), index);
    for (const auto& override : overrides) {
        tree = apply_override(tree, override, out);
    }
    model::Model model = read_tree(*tree, base_.config_path, options_, out);
    in_order_of_text(out, base_.config_path).throw_if_errors();
    model.config_text = base_.config_text;
    model.overrides = base_.overrides;
    for (const auto& override : overrides) {
        model.overrides.push_back(override.path + "=" + override.value);
    }
    return model;
}

}  // namespace axolemma::config
