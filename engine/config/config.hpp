/// Reading configurations: YAML text to model::Model, with every mistake of the file reported at its place.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/model.hpp"

namespace axolemma::config {

/// One "path=value" laid over the file, as in --set run.dt="0.01 ms".
///
/// Path parts are keys, the index of a list entry (from 0), or the entry's name: cells.0.count, cells.axon.count,
/// cells.axon.channels.hh.parameters.gl. The value is YAML, so a list or a mapping in flow style works too.
struct Override {
    std::string path;
    std::string value;
    /// Splits at the first '='. Throws InputError when there is none or the path is empty.
    static Override parse(std::string_view argument);
    /// "--set path=value", the place named in messages.
    std::string text() const { return "--set " + path + "=" + value; }
};

struct ReadOptions {
    /// Waveform files are read and SWC files looked for. Without, paths are only resolved. Channel files are read always: names
    /// mean what they say.
    bool open_files = true;
};

/// Reads a configuration file. Throws InputError listing all errors (also when the file cannot be read).
model::Model read_model(const std::string& path, std::span<const Override> overrides = {},
                        const ReadOptions& options = {});
/// Reads a configuration from text; `name` stands in messages, and relative paths start from its folder.
model::Model parse_model(std::string_view text, const std::string& name, std::span<const Override> overrides = {},
                         const ReadOptions& options = {});

/// The JSON Schema (draft-07) of configuration files, for editors.
std::string json_schema();
/// The same of channel files in YAML.
std::string channel_json_schema();
/// The reference page of all keys, in Markdown.
std::string config_reference_markdown();

}  // namespace axolemma::config
