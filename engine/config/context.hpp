/// What the parts of the reader share.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "config/config.hpp"
#include "config/reader.hpp"
#include "mechanisms/mechanism.hpp"
#include "model/model.hpp"
#include "model/variables.hpp"

namespace axolemma::config {

/// Regions that a population names, in the order of definition.
using NamedRegions = std::vector<std::pair<std::string, morphology::Region>>;

constexpr std::size_t max_shown_errors = 100;

/// What ids count: the cells of a population, or generators.
struct Numbered {
    std::string title;      ///< for messages: "population 'E'"
    std::string_view item;  ///< "cell" or "generator"
    std::int64_t count = 0;

    bool has(std::int64_t id) const { return id >= 0 && id < count; }
    /// "there is no cell 7: population 'E' has 3 cells, 0 to 2"
    std::string absence(std::int64_t id) const;
};
Numbered numbered(const model::CellSpec& cells);
Numbered numbered(const model::GeneratorSpec& generators);

struct Context {
    base::Diagnostics& out;
    model::Model& model;
    std::string folder;  ///< of the configuration file; relative paths start here
    ReadOptions options;
    std::map<std::string, NamedRegions, std::less<>> regions = {};           ///< per population
    std::map<std::string, std::size_t, std::less<>> cell_index = {};         ///< of a population, by name
    std::map<std::string, std::size_t, std::less<>> stimulus_index = {};     ///< by name
    std::map<std::string, std::size_t, std::less<>> synapse_index = {};      ///< by name
    std::map<std::string, std::size_t, std::less<>> generator_index = {};    ///< by name
    std::map<std::string, base::SourcePos, std::less<>> recording_pos = {};  ///< by population.name, spikes included

    /// The path as the program can open it.
    std::string resolve(const std::string& path) const;
    const NamedRegions& regions_of(const std::string& population) const;
    const model::CellSpec* find_cells(std::string_view name) const;
    const model::StimulusSpec* find_stimulus(std::string_view name) const;
    const model::SynapseSpec* find_synapse(std::string_view name) const;
    const model::GeneratorSpec* find_generators(std::string_view name) const;
    std::vector<std::string> population_names() const;
    std::vector<std::string> synapse_names() const;
    /// So many errors that reading on helps nobody.
    bool is_hopeless() const { return out.list().size() > 2 * max_shown_errors; }
};

/// The whole text of a file, or an InputError that says why not.
std::string read_text(const std::string& path);
/// The tree of a text with overrides laid over it. Throws InputError when the text is no tree at all.
NodePtr read_overridden(std::string_view text, const std::string& name, std::span<const Override> overrides,
                        base::Diagnostics& out);
/// Everything but the sweep, the text and the overrides.
model::Model read_tree(const Node& tree, const std::string& name, const ReadOptions& options, base::Diagnostics& out);
/// The findings of the configuration `name` from top to bottom, then those of other files; at most max_shown_errors.
base::Diagnostics in_order_of_text(const base::Diagnostics& found, const std::string& name);

/// Adds the sweep of the configuration `root` to context.model, which has been read.
void read_sweep(Context& context, const NodePtr& root);
/// Reads the configuration with values of the sweep laid over it, and reports what is wrong then at the value.
void check_sweep(Context& context, const NodePtr& root);
/// Parameters from a table of points; false after an error.
bool read_sweep_csv(Context& context, const std::string& path, const base::SourcePos& asked_at,
                    model::SweepSpec& sweep);

/// A number with its unit, when that is all the text is.
std::optional<base::Quantity> as_quantity(std::string_view text);
/// The text of a unit as it stands behind a number; empty for plain numbers.
std::string unit_text(const base::Unit& unit);
/// The unit of all these texts, when each is a number and their dimensions agree; else empty.
std::string common_unit(const std::vector<std::string>& texts);

// One function per part; each adds to context.model and reports to context.out.
void read_cells(Context& context, const Node& list);
void read_stimuli(Context& context, const Node& list);
void read_synapses(Context& context, const Node& list);
void read_generators(Context& context, const Node& list);
void read_connections(Context& context, const Node& list);
void read_gap_junctions(Context& context, const Node& list);
void read_recordings(Context& context, const Node& list);
void read_analysis(Context& context, const Node& node, const base::SourcePos& pos);

/// Calls `read` for every mapping of a value that is a list (or, with `single`, one mapping).
template <class Read>
void for_each_item(Context& context, std::string_view key, const Node& node, bool single, Read read)
{
    if (node.kind == Node::Kind::sequence) {
        for (const NodePtr& item : node.items) {
            if (context.is_hopeless()) {
                return;
            }
            read(*item);
        }
    } else if (single && node.kind == Node::Kind::mapping) {
        read(node);
    } else {
        context.out.error(
            node.pos,
            "'" + std::string(key) + "' needs a list" + (single ? " or a mapping" : "") + ", not " + describe(node),
            "start each entry with '- '");
    }
}

// Places and regions (read_places.cpp). On a problem the result is still usable and the error is in context.out.
model::RegionRef read_region(Context& context, const NamedRegions& named, const Field& field, const Node& node);
/// The region of `key`, or the whole cell when the key is absent.
model::RegionRef region_or_all(Context& context, const NamedRegions& named, const MapReader& map, std::string_view key);
NamedRegions read_region_map(Context& context, const Node& node);
model::LocationRef read_place(Context& context, const NamedRegions& named, const Node& node);
std::vector<model::LocationRef> read_places(Context& context, const NamedRegions& named, const Node& node);
/// A population and its ids, by the keys that name them.
model::CellSelection read_selection(Context& context, const MapReader& map, std::string_view cells_key = "cells",
                                    std::string_view ids_key = "ids");
/// The ids of a key in ascending order, checked; empty when the key is absent.
std::vector<std::int64_t> read_ids(Context& context, const MapReader& map, std::string_view key,
                                   const Numbered& numbered);

/// Who has the parameters: "channel" or "synapse", and its name.
struct Mechanism {
    std::string_view noun, name;
    std::span<const mechanisms::ParameterInfo> parameters;
};
/// A mapping of parameters, whose values are expressions of place_variables().
std::vector<model::ParameterSetting> read_parameters(Context& context, const Mechanism& mechanism, const Node& node);

/// Says, at the name, that another of `plural` has it already.
void refuse_second(Context& context, const MapReader& map, std::string_view plural, const std::string& name,
                   const base::SourcePos& first);

/// Reads the points of a waveform file into `wave`; problems go to `out` with lines of that file.
void read_wave_file(const std::string& path, const base::SourcePos& asked_at, model::FileWave& wave,
                    base::Diagnostics& out);
/// Reads the file of spikes `train.path`, and sorts them by generator and time.
void read_spike_file(const base::SourcePos& asked_at, const Numbered& generators, model::FileTrain& train,
                     base::Diagnostics& out);
/// What a file of pairs may hold.
struct PairsFile {
    Numbered source, target;
    bool has_values = true;  ///< weights and delays too
};
/// Reads the file of pairs `pairs.path`; without pairs after an error.
void read_pairs_file(const base::SourcePos& asked_at, const PairsFile& file, model::ListedPairs& pairs,
                     base::Diagnostics& out);

}  // namespace axolemma::config
