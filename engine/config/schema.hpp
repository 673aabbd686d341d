/// The one table of what a configuration may contain. It drives the reader, the JSON Schema and the reference page.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace axolemma::config {

/// What stands behind a key.
enum class Kind {
    version,  ///< the number 1
    text,
    identifier,  ///< a name: letter or _, then letters, digits, _
    path,
    integer,  ///< whole number, no quotes
    number,   ///< plain number, no quotes; arithmetic such as 2^(-1/3) is allowed
    boolean,
    choice,
    quantity,          ///< number with unit, or arithmetic of such without variables
    place_value,       ///< quantity or expression of place_variables()
    cell_value,        ///< quantity or expression of cell_variables()
    connection_value,  ///< quantity or expression of connection_variables()
    quantities,        ///< list of quantities
    diameters,         ///< one length, or [start, end]
    interval,          ///< [low, high], either may be ~
    point,             ///< [x, y, z]
    type_name,         ///< SWC type: name or code
    any_quantity,      ///< number with any unit or none; no arithmetic
    any_list,          ///< list of anything
    texts,             ///< text or list of texts
    ids,               ///< integer, list of integers, "first..last"
    parameters,        ///< mapping of a channel's parameters
    region,            ///< name or mapping
    region_list,
    region_map,  ///< names to regions
    place,       ///< soma, tips or mapping
    places,      ///< place or list of places
    object,
    object_list,
    object_or_list,
    formula,            ///< of a channel: arithmetic with units of v, parameters, states, ions
    formula_or_object,  ///< such a formula, or a mapping
    object_map,         ///< mapping of names to mappings
    formula_map,        ///< mapping of names to formulas or mappings
    names,              ///< list of names, which may be empty
    shares              ///< a name, or a mapping of names to numbers
};

struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;  ///< low itself is not allowed

    bool contains(double x) const { return (low_open ? x > low : x >= low) && x <= high; }
    bool is_all() const;
    /// "greater than 0 um", "from 0 to 1", "at least 1"; empty when everything is allowed.
    std::string text(std::string_view unit) const;
};

struct Object;

struct Field {
    std::string_view key;
    Kind kind = Kind::text;
    std::string_view unit = "";          ///< of quantities; "clamp" = nA or mV, whatever the stimulus delivers
    std::string_view default_text = "";  ///< as it would be written; empty when there is none
    Range range = {};
    bool required = false;
    std::string_view doc = "";
    std::string_view example = "";
    std::string_view range_hint = "";            ///< what to do about a value outside the range
    std::vector<std::string_view> choices = {};  ///< of a choice; empty: the names of the channels
    const Object& (*object)() = nullptr;         ///< of object kinds
};

/// Keys of which exactly one must be given.
struct Alternatives {
    std::vector<std::string_view> keys;
};

struct Object {
    std::string_view name;
    std::string_view doc;
    std::vector<Field> fields;
    std::vector<Alternatives> exactly_one = {};

    const Field& field(std::string_view key) const;
    const Field* find(std::string_view key) const;
    std::vector<std::string> keys() const;
};

const Object& root_object();
const Object& cell_object();
const Object& morphology_object();
const Object& axon_stub_object();
const Object& patch_object();
const Object& cable_object();
const Object& ball_and_stick_object();
const Object& binary_tree_object();
const Object& discretisation_object();
const Object& membrane_object();
const Object& channel_object();
const Object& ion_object();
const Object& region_object();
const Object& place_object();
const Object& stimulus_object();
const Object& pulse_object();
const Object& train_object();
const Object& ramp_object();
const Object& sine_object();
const Object& steps_object();
const Object& step_object();
const Object& wave_file_object();
const Object& recording_object();
const Object& position_object();
const Object& synapse_object();
const Object& generator_object();
const Object& regular_object();
const Object& poisson_object();
const Object& spike_file_object();
const Object& connection_object();
const Object& detect_object();
const Object& edges_object();
const Object& gap_junction_object();
const Object& checkpoint_object();
const Object& run_object();
const Object& output_object();
const Object& analysis_object();
const Object& f_i_curve_object();
const Object& sweep_object();
const Object& sweep_parameter_object();
const Object& sweep_range_object();
const Object& sweep_interval_object();

// Of channel files (schema_channel.cpp).
const Object& channel_file_object();
const Object& channel_parameter_object();
const Object& channel_definition_object();
const Object& channel_gate_object();
const Object& channel_rate_object();
const Object& channel_q10_object();
const Object& channel_scheme_object();
const Object& channel_transition_object();
const Object& channel_state_object();
const Object& channel_current_object();
const Object& channel_ion_object();
const Object& channel_pool_object();
/// All objects of channel files, in the order of the reference page.
const std::vector<const Object*>& channel_file_objects();

/// All objects of configurations, in the order of the reference page.
const std::vector<const Object*>& all_objects();

/// The waveform keys of a stimulus.
const std::vector<std::string_view>& waveform_keys();

}  // namespace axolemma::config
