/// Lays values of a sweep over the configuration and reads it, so that a path that does not exist or a value with the
/// wrong unit is told before anything runs, at its place.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "config/context.hpp"
#include "config/override.hpp"
#include "config/sweep.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::SweepMode;
using model::SweepParameter;
using model::SweepSpec;

/// Reading takes time: at most so many points, and so many nodes over all of them.
constexpr std::int64_t max_checked_points = 200;
constexpr std::int64_t max_checked_nodes = 1'000'000;

SourcePos value_pos(const SweepParameter& parameter, const std::string& text)
{
    if (const auto* listed = std::get_if<model::ListedValues>(&parameter.values)) {
        const auto at = std::find(listed->text.begin(), listed->text.end(), text);
        return listed->pos[static_cast<std::size_t>(at - listed->text.begin())];
    }
    const auto* spaced = std::get_if<model::SpacedValues>(&parameter.values);
    return spaced != nullptr ? spaced->pos : std::get<model::SampledValues>(parameter.values).pos;
}

/// Which points are read: in a grid every value beside the first ones of the other parameters; else from the first on.
std::vector<std::int64_t> points_to_check(const SweepSpec& sweep)
{
    std::vector<std::int64_t> points;
    if (sweep.mode != SweepMode::grid) {
        for (std::int64_t i = 0; i < std::min(sweep.n_points, max_checked_points); ++i) {
            points.push_back(i);
        }
        return points;
    }
    std::int64_t stride = 1;
    points.push_back(0);
    for (std::size_t p = sweep.parameters.size(); p-- > 0;) {
        const auto& values = sweep.parameters[p].values;
        const auto* listed = std::get_if<model::ListedValues>(&values);
        const std::int64_t size = listed != nullptr ? static_cast<std::int64_t>(listed->text.size())
                                                    : std::get<model::SpacedValues>(values).count;
        for (std::int64_t k = 1; k < size && static_cast<std::int64_t>(points.size()) < max_checked_points; ++k) {
            points.push_back(k * stride);
        }
        stride *= size;
    }
    return points;
}

class Checker {
public:
    Checker(Context& context, const NodePtr& root) : context_(context), root_(root), sweep_(*context.model.sweep)
    {
        const auto& stimuli = context.model.stimuli;
        reads_files_ = std::any_of(stimuli.begin(), stimuli.end(), [](const model::StimulusSpec& stimulus) {
            return std::holds_alternative<model::FileWave>(stimulus.waveform);
        });
    }

    void check()
    {
        std::int64_t nodes = 0;
        for (const std::int64_t point : points_to_check(sweep_)) {
            nodes += root_->n_nodes;
            if (nodes > max_checked_nodes && point > 0) {
                return;
            }
            check_point(point);
        }
    }

private:
    void check_point(std::int64_t point)
    {
        const auto values = point_values(sweep_, point);
        base::Diagnostics found;
        NodePtr tree = root_;
        places_.clear();
        for (std::size_t p = 0; p < values.size(); ++p) {
            const auto& parameter = sweep_.parameters[p];
            places_.push_back({parameter.pos, value_pos(parameter, values[p])});
            for (const auto& path : parameter.paths) {
                tree = set_value(tree, path, parameter.pos, values[p], places_.back().value, found);
            }
        }
        read_tree(*tree, context_.model.config_path, {context_.options.open_files && !reads_files_}, found);
        for (const auto& diagnostic : found.list()) {
            if (diagnostic.severity == base::Severity::error) {
                report(diagnostic, point, values);
            }
        }
    }

    void report(base::Diagnostic diagnostic, std::int64_t point, const std::vector<std::string>& values)
    {
        const bool at_its_place = std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
            const auto same_line = [&](const SourcePos& pos) {
                return pos.file == diagnostic.pos.file && pos.line == diagnostic.pos.line;
            };
            return same_line(place.path) || same_line(place.value);
        });
        if (!at_its_place) {
            const std::size_t p = varied(point);
            diagnostic.message =
                fmt::format("with {} = {}: {}", sweep_.parameters[p].name, values[p], diagnostic.message);
            diagnostic.hint = fmt::format("this is about {}", diagnostic.pos.text());
            diagnostic.pos = places_[p].value;
        }
        if (told_.insert({diagnostic.pos.text(), diagnostic.message}).second) {
            context_.out.append(std::move(diagnostic));
        }
    }

    /// In a grid, the parameter that has another value than its first at a point to check; else the first one.
    std::size_t varied(std::int64_t point) const
    {
        const auto first = point_values(sweep_, 0), here = point_values(sweep_, point);
        const auto [a, b] = std::mismatch(first.begin(), first.end(), here.begin());
        return a == first.end() || sweep_.mode != SweepMode::grid ? 0 : static_cast<std::size_t>(a - first.begin());
    }

    struct Place {
        SourcePos path, value;
    };
    Context& context_;
    const NodePtr& root_;
    const SweepSpec& sweep_;
    bool reads_files_;           ///< of waveforms, which may be long: not again for every point
    std::vector<Place> places_;  ///< per parameter, of the point being checked
    std::set<std::pair<std::string, std::string>> told_;
};

}  // namespace

void check_sweep(Context& context, const NodePtr& root)
{
    Checker(context, root).check();
}

}  // namespace axolemma::config
