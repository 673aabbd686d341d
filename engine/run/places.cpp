#include "run/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/random.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;

std::vector<std::string> names_of(const std::vector<Population>& populations)
{
    std::vector<std::string> names;
    for (const auto& population : populations) {
        names.push_back(population.name());
    }
    return names;
}

/// Evaluates the numbers of one stimulus for one cell.
class Numbers {
public:
    Numbers(const model::StimulusSpec& stimulus, const CellOfPopulation& cell, std::uint64_t seed,
            Diagnostics& diagnostics)
        : stimulus_(stimulus),
          variables_{static_cast<double>(cell.index), static_cast<double>(cell.count)},
          stream_(stimulus.identity.value_or(model::StreamIdentity{stimulus.name, cell.gid - cell.index, seed})),
          gid_(stream_.first_cell + cell.index),
          diagnostics_(diagnostics)
    {}

    /// @param what  name of the number: part of the message, and of the place that random numbers belong to
    double operator()(const model::Value& value, std::string_view what) const
    {
        const base::CellStream stream(stream_.seed, gid_, fmt::format("stimuli/{}/{}", stream_.name, what));
        const double number = value.expression.evaluate(variables_, &stream);
        if (!std::isfinite(number)) {
            diagnostics_.error(value.pos, fmt::format("the {} for cell {:g} of stimulus '{}' is not a finite number",
                                                      what, variables_[0], stimulus_.name));
        }
        return number;
    }

    /// A time that must not be negative.
    double duration(const model::Value& value, std::string_view what) const
    {
        const double number = (*this)(value, what);
        if (number < 0.0) {
            diagnostics_.error(value.pos,
                               fmt::format("the {} for cell {:g} of stimulus '{}' is {:g} ms", what, variables_[0],
                                           stimulus_.name, number),
                               "times in a stimulus are 0 ms or more");
        }
        return number;
    }

    Diagnostics& diagnostics() const { return diagnostics_; }

private:
    const model::StimulusSpec& stimulus_;
    std::array<double, 2> variables_;
    model::StreamIdentity stream_;
    std::int64_t gid_;
    Diagnostics& diagnostics_;
};

using mechanisms::LinearPiece;
using mechanisms::Pieces;
using mechanisms::Sine;
using mechanisms::Waveform;

Waveform one_piece(double t0_ms, double duration_ms, double from, double to)
{
    Pieces pieces;
    if (duration_ms > 0.0) {
        pieces.list.push_back({t0_ms, t0_ms + duration_ms, from, to});
    }
    return Waveform(std::move(pieces));
}

Waveform make(const model::PulseWave& wave, const Numbers& number)
{
    const double level = number(wave.amplitude, "amplitude");
    return one_piece(number.duration(wave.delay_ms, "delay"), number.duration(wave.duration_ms, "duration"), level,
                     level);
}

Waveform make(const model::TrainWave& wave, const Numbers& number)
{
    const double delay_ms = number.duration(wave.delay_ms, "delay");
    const double duration_ms = number.duration(wave.duration_ms, "duration");
    const double level = number(wave.amplitude, "amplitude");
    Pieces pieces;
    pieces.list.push_back({delay_ms, delay_ms + duration_ms, level, level});
    pieces.period_ms = number.duration(wave.period_ms, "period");
    pieces.count = wave.count;
    if (wave.count > 1 && pieces.period_ms < duration_ms) {
        number.diagnostics().error(
            wave.period_ms.pos,
            fmt::format("the period of {:g} ms is shorter than the pulse of {:g} ms", pieces.period_ms, duration_ms),
            "pulses of a train must not overlap");
        return {};
    }
    return Waveform(std::move(pieces));
}

Waveform make(const model::RampWave& wave, const Numbers& number)
{
    return one_piece(number.duration(wave.delay_ms, "delay"), number.duration(wave.duration_ms, "duration"),
                     number(wave.from, "from"), number(wave.to, "to"));
}

Waveform make(const model::SineWave& wave, const Numbers& number)
{
    Sine sine;
    sine.t0_ms = number.duration(wave.delay_ms, "delay");
    sine.t1_ms = sine.t0_ms + number.duration(wave.duration_ms, "duration");
    sine.amplitude = number(wave.amplitude, "amplitude");
    sine.frequency_Hz = number(wave.frequency_Hz, "frequency");
    sine.phase_rad = number(wave.phase_rad, "phase");
    sine.offset = number(wave.offset, "offset");
    return Waveform(sine);
}

Waveform make(const model::StepsWave& wave, const Numbers& number)
{
    Pieces pieces;
    double t_ms = number.duration(wave.delay_ms, "delay");
    int k = 1;
    for (const auto& step : wave.steps) {
        const double end_ms = t_ms + number.duration(step.duration_ms, fmt::format("duration of step {}", k));
        const double level = number(step.level, fmt::format("level of step {}", k));
        ++k;
        if (end_ms > t_ms) {
            pieces.list.push_back({t_ms, end_ms, level, level});
        }
        t_ms = end_ms;
    }
    return Waveform(std::move(pieces));
}

Waveform make(const model::FileWave& wave, const Numbers& /*number*/)
{
    Pieces pieces;
    for (std::size_t i = 1; i < wave.t_ms.size(); ++i) {
        if (wave.t_ms[i] > wave.t_ms[i - 1]) {  // two points at one time make a jump
            pieces.list.push_back({wave.delay_ms + wave.t_ms[i - 1], wave.delay_ms + wave.t_ms[i],
                                   wave.scale * wave.value[i - 1], wave.scale * wave.value[i]});
        }
    }
    return Waveform(std::move(pieces));
}

}  // namespace

Selected select(const model::CellSelection& selection, const std::vector<Population>& populations,
                Diagnostics& diagnostics)
{
    Selected selected;
    if (selection.cells.empty() && populations.size() == 1) {
        selected.population = 0;
    }
    for (std::size_t p = 0; p < populations.size(); ++p) {
        if (populations[p].name() == selection.cells) {
            selected.population = static_cast<std::int32_t>(p);
        }
    }
    if (!selected.ok()) {
        const auto names = names_of(populations);
        if (selection.cells.empty()) {
            diagnostics.error(selection.pos, "'cells' is missing, and there is more than one population",
                              base::name_hint("", names, "populations"));
        } else {
            diagnostics.error(selection.pos, fmt::format("there are no cells named '{}'", selection.cells),
                              base::name_hint(selection.cells, names, "populations"));
        }
        return selected;
    }
    const std::int64_t count = populations[static_cast<std::size_t>(selected.population)].count();
    if (selection.ids.empty()) {
        selected.cells.resize(static_cast<std::size_t>(count));
        std::iota(selected.cells.begin(), selected.cells.end(), std::int64_t{0});
        return selected;
    }
    selected.cells = selection.ids;
    std::sort(selected.cells.begin(), selected.cells.end());
    selected.cells.erase(std::unique(selected.cells.begin(), selected.cells.end()), selected.cells.end());
    for (const std::int64_t id : {selected.cells.front(), selected.cells.back()}) {
        if (id < 0 || id >= count) {
            diagnostics.error(
                selection.pos,
                fmt::format("there is no cell {} in '{}'", id,
                            populations[static_cast<std::size_t>(selected.population)].name()),
                fmt::format("it has {} cell{}, numbered from 0 to {}", count, count == 1 ? "" : "s", count - 1));
            selected.population = -1;
            return selected;
        }
    }
    return selected;
}

std::vector<morphology::Location> locate(const model::LocationRef& where, const Population& population,
                                         Diagnostics& diagnostics)
{
    auto resolved = morphology::resolve(where.rule, population.morphology());
    if (resolved.locations.empty()) {
        diagnostics.error(where.pos, fmt::format("{} (population '{}')", resolved.message, population.name()),
                          resolved.hint);
    }
    return std::move(resolved.locations);
}

Waveform make_waveform(const model::StimulusSpec& stimulus, const CellOfPopulation& cell, std::uint64_t seed,
                       Diagnostics& diagnostics)
{
    const Numbers number(stimulus, cell, seed, diagnostics);
    return std::visit([&](const auto& wave) { return make(wave, number); }, stimulus.waveform);
}

}  // namespace axolemma::run
