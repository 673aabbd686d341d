/// What the parts of the reader share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/reader.hpp"
#include "model/model.hpp"
#include "model/variables.hpp"

namespace axolemma::config {

/// Regions that a population names, in the order of definition.
using NamedRegions = std::vector<std::pair<std::string, morphology::Region>>;

constexpr std::size_t max_shown_errors = 100;

struct Context {
    base::Diagnostics& out;
    model::Model& model;
    std::string folder;  ///< of the configuration file; relative paths start here
    ReadOptions options;
    std::map<std::string, NamedRegions, std::less<>> regions = {};           ///< per population
    std::map<std::string, std::size_t, std::less<>> cell_index = {};         ///< of a population, by name
    std::map<std::string, std::size_t, std::less<>> stimulus_index = {};     ///< by name
    std::map<std::string, base::SourcePos, std::less<>> recording_pos = {};  ///< by population.name, spikes included

    /// The path as the program can open it.
    std::string resolve(const std::string& path) const;
    const NamedRegions& regions_of(const std::string& population) const;
    const model::CellSpec* find_cells(std::string_view name) const;
    const model::StimulusSpec* find_stimulus(std::string_view name) const;
    std::vector<std::string> population_names() const;
    /// So many errors that reading on helps nobody.
    bool is_hopeless() const { return out.list().size() > 2 * max_shown_errors; }
};

// One function per part; each adds to context.model and reports to context.out.
void read_cells(Context& context, const Node& list);
void read_stimuli(Context& context, const Node& list);
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
/// `cells` and `ids` of a stimulus or recording.
model::CellSelection read_selection(Context& context, const MapReader& map);

/// Reads the points of a waveform file into `wave`; problems go to `out` with lines of that file.
void read_wave_file(const std::string& path, const base::SourcePos& asked_at, model::FileWave& wave,
                    base::Diagnostics& out);

}  // namespace axolemma::config
