#include "config/schema.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

namespace axolemma::config {

bool Range::is_all() const
{
    return std::isinf(low) && std::isinf(high);
}

std::string Range::text(std::string_view unit) const
{
    const std::string tail = unit.empty() || unit == "1" ? "" : fmt::format(" {}", unit);
    if (is_all()) {
        return {};
    }
    if (std::isinf(high)) {
        return fmt::format("{} {}{}", low_open ? "greater than" : "at least", low, tail);
    }
    if (std::isinf(low)) {
        return fmt::format("at most {}{}", high, tail);
    }
    return low_open ? fmt::format("greater than {} and at most {}{}", low, high, tail)
                    : fmt::format("from {} to {}{}", low, high, tail);
}

const Field* Object::find(std::string_view key) const
{
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
    return at == fields.end() ? nullptr : &*at;
}

const Field& Object::field(std::string_view key) const
{
    const Field* found = find(key);
    assert(found != nullptr && "the reader asks for a key that the schema table lacks");
    return *found;
}

std::vector<std::string> Object::keys() const
{
    std::vector<std::string> out;
    for (const Field& f : fields) {
        out.emplace_back(f.key);
    }
    return out;
}

const std::vector<const Object*>& all_objects()
{
    static const std::vector<const Object*> list = {&root_object(),        &cell_object(),
                                                    &position_object(),    &morphology_object(),
                                                    &axon_stub_object(),   &patch_object(),
                                                    &cable_object(),       &ball_and_stick_object(),
                                                    &binary_tree_object(), &discretisation_object(),
                                                    &membrane_object(),    &channel_object(),
                                                    &ion_object(),         &region_object(),
                                                    &place_object(),       &stimulus_object(),
                                                    &pulse_object(),       &train_object(),
                                                    &ramp_object(),        &sine_object(),
                                                    &steps_object(),       &step_object(),
                                                    &wave_file_object(),   &synapse_object(),
                                                    &generator_object(),   &regular_object(),
                                                    &poisson_object(),     &spike_file_object(),
                                                    &connection_object(),  &detect_object(),
                                                    &edges_object(),       &gap_junction_object(),
                                                    &recording_object(),   &run_object(),
                                                    &output_object(),      &checkpoint_object(),
                                                    &analysis_object(),    &f_i_curve_object(),
                                                    &sweep_object(),       &sweep_parameter_object(),
                                                    &sweep_range_object(), &sweep_interval_object()};
    return list;
}

const std::vector<std::string_view>& waveform_keys()
{
    static const std::vector<std::string_view> keys = stimulus_object().exactly_one.front().keys;
    return keys;
}

}  // namespace axolemma::config
