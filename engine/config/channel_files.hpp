/// Files with channels and synapses, in YAML, NMODL or NeuroML, and the catalogue that a model's names are looked up in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "kinetics/equations.hpp"
#include "mechanisms/catalogue.hpp"

namespace axolemma::config {

/// What a file holds.
struct ChannelFile {
    std::vector<kinetics::Equations> equations;
    std::vector<std::string> included;  ///< further files that were read for it
    base::Diagnostics findings;         ///< errors, and warnings about units
    bool is_well_formed = true;         ///< is its text in the language? If not, the errors are about that
};

/// Reads a file by its extension: .yaml or .yml, .mod, .nml or .xml. Nothing of a file with errors.
/// @param strict_units  units of a .mod file that do not fit together are errors
ChannelFile read_channel_file(const std::string& path, bool strict_units);
/// The same for a text that is there already; INCLUDE is looked for beside `path`.
ChannelFile parse_channel_file(std::string_view text, const std::string& path, bool strict_units);

/// The library's channel of this name.
ChannelFile read_library_channel(std::string_view name);
bool is_in_library(std::string_view name);
std::vector<std::string> library_names();

/// The files that a path stands for: itself, all channel files of a folder, or those that fit a pattern with * or ?, sorted
/// by name. Reports, at `asked_at`, that there are none.
std::vector<std::string> expand_channel_path(const std::string& path, const base::SourcePos& asked_at,
                                             base::Diagnostics& out);

/// Adds what a file holds to a catalogue. Reports names that the catalogue has already. Mechanisms are made once per text,
/// however often it is read.
void add_channel_file(mechanisms::Catalogue& catalogue, const std::string& path, bool strict_units,
                      std::vector<std::string>& files_read, base::Diagnostics& out);
/// The channel of this name in the catalogue, to which that of the library is added if need be; nullptr if there is none.
const mechanisms::MechanismInfo* find_channel(mechanisms::Catalogue& catalogue, std::string_view name);
/// The same for a synapse.
const mechanisms::SynapseInfo* find_synapse(mechanisms::Catalogue& catalogue, std::string_view name);

}  // namespace axolemma::config
