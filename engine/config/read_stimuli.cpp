#include <fmt/format.h>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
using model::StimulusSpec;
using model::Value;

/// Reads the numbers of one waveform; `unit` is that of what the clamp delivers.
class WaveReader {
public:
    WaveReader(Context& context, const Node& node, const Object& object, std::string_view key, const SourcePos& pos,
               std::string_view unit)
        : context_(context), map_(node, object, fmt::format("'{}'", key), pos, context.out), unit_(unit)
    {}

    model::Waveform read(std::string_view key)
    {
        if (key == "pulse") {
            return model::PulseWave{value("delay"), value("duration"), value("amplitude")};
        }
        if (key == "train") {
            return read_train();
        }
        if (key == "ramp") {
            return model::RampWave{value("delay"), value("duration"), value("from"), value("to")};
        }
        if (key == "sine") {
            return model::SineWave{value("delay"),     value("duration"), value("amplitude"),
                                   value("frequency"), value("phase"),    value("offset")};
        }
        return key == "steps" ? read_steps() : read_file();
    }

private:
    Value value(std::string_view key) const { return value_of(map_, key); }

    Value value_of(const MapReader& map, std::string_view key) const
    {
        const bool delivered = map.object().field(key).unit == "clamp";
        return map.expression(key, model::cell_variables(), delivered ? unit_ : std::string_view{});
    }

    model::Waveform read_train() const
    {
        model::TrainWave out{value("delay"), value("duration"), value("amplitude"), value("period"),
                             map_.integer_or("count", 1)};
        const bool known = map_.has("period") && map_.has("duration") && out.period_ms.expression.is_constant() &&
                           out.duration_ms.expression.is_constant();
        if (known && out.period_ms.expression.value() > 0.0 &&
            out.period_ms.expression.value() < out.duration_ms.expression.value()) {
            context_.out.error(map_.value_pos("period"),
                               fmt::format("'period' is {}, shorter than 'duration', {}",
                                           out.period_ms.expression.text(), out.duration_ms.expression.text()),
                               "pulses of a train must not overlap");
        }
        return out;
    }

    model::Waveform read_steps() const
    {
        model::StepsWave out{value("delay"), {}};
        if (const Node* levels = map_.find("levels")) {
            for_each_item(context_, "levels", *levels, false, [&](const Node& item) {
                const MapReader step(item, step_object(), "this level", item.pos, context_.out);
                out.steps.push_back({value_of(step, "duration"), value_of(step, "level")});
            });
            if (levels->kind == Node::Kind::sequence && levels->items.empty()) {
                context_.out.error(levels->pos, "'levels' is an empty list", "as in [{duration: 5 ms, level: -65 mV}]");
            }
        }
        return out;
    }

    model::Waveform read_file() const
    {
        model::FileWave out;
        out.path = context_.resolve(map_.text_or("path"));
        out.delay_ms = map_.quantity_or("delay");
        out.scale = map_.number_or("scale", 1.0);
        if (const auto path = map_.value("path"); path && !out.path.empty() && context_.options.open_files) {
            read_wave_file(out.path, map_.value_pos("path"), out, context_.out);
        }
        return out;
    }

    Context& context_;
    MapReader map_;
    std::string unit_;
};

const Object& waveform_object(std::string_view key)
{
    return stimulus_object().field(key).object();
}

void read_waveform(Context& context, const MapReader& map, StimulusSpec& stimulus)
{
    const std::string_view unit = stimulus.kind == StimulusSpec::Kind::current_clamp ? "nA" : "mV";
    for (const std::string_view key : waveform_keys()) {
        if (const Node* node = map.find(key)) {
            stimulus.waveform = WaveReader(context, *node, waveform_object(key), key, map.key_pos(key), unit).read(key);
            return;
        }
    }
}

void read_stimulus(Context& context, const Node& node)
{
    const MapReader map(node, stimulus_object(), "this stimulus", node.pos, context.out);
    StimulusSpec stimulus;
    stimulus.pos = node.pos;
    stimulus.name = map.text_or("name", fmt::format("stimulus{}", context.model.stimuli.size() + 1));
    if (const StimulusSpec* first = context.find_stimulus(stimulus.name)) {
        refuse_second(context, map, "stimuli", stimulus.name, first->pos);
    }
    if (const std::optional<ValueReader> type = map.value("type")) {
        stimulus.kind = static_cast<StimulusSpec::Kind>(type->choice().value_or(0));
    }
    stimulus.series_resistance_Mohm = map.quantity_or("series_resistance");
    if (map.has("series_resistance") && stimulus.kind != StimulusSpec::Kind::voltage_clamp) {
        context.out.error(map.key_pos("series_resistance"), "'series_resistance' belongs to a voltage clamp",
                          "write type: voltage_clamp, or leave it out");
    }
    stimulus.target = read_selection(context, map);
    if (const Node* at = map.find("at")) {
        stimulus.at = read_place(context, context.regions_of(stimulus.target.cells), *at);
    }
    read_waveform(context, map, stimulus);
    context.stimulus_index.emplace(stimulus.name, context.model.stimuli.size());
    context.model.stimuli.push_back(std::move(stimulus));
}

}  // namespace

void read_stimuli(Context& context, const Node& list)
{
    for_each_item(context, "stimuli", list, false, [&](const Node& item) { read_stimulus(context, item); });
}

}  // namespace axolemma::config
