#include "config/channel_files.hpp"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "config/channel_library.hpp"
#include "config/context.hpp"
#include "config/read_channel.hpp"
#include "kinetics/mechanism.hpp"
#include "kinetics/point_process.hpp"
#include "neuroml/channels.hpp"
#include "nmodl/lower.hpp"
#include "nmodl/parser.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;
namespace fs = std::filesystem;

enum class Language { none, yaml, nmodl, neuroml };

Language language_of(const std::string& path)
{
    std::string extension = fs::path(path).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".yaml" || extension == ".yml"  ? Language::yaml
           : extension == ".mod"                        ? Language::nmodl
           : extension == ".nml" || extension == ".xml" ? Language::neuroml
                                                        : Language::none;
}

constexpr std::string_view extensions_hint = "channel files end in .yaml, .mod (NMODL) or .nml (NeuroML)";

/// The file that INCLUDE names, beside the one that names it.
std::optional<std::string> read_include(const std::string& path, std::vector<std::string>& included)
{
    std::error_code status;
    if (!fs::is_regular_file(path, status)) {
        return std::nullopt;
    }
    included.push_back(path);
    return read_text(path);
}

void parse_nmodl(std::string_view text, const std::string& path, bool strict_units, ChannelFile& file)
{
    const auto include = [&](const std::string& name) { return read_include(name, file.included); };
    const nmodl::File parsed = nmodl::parse(text, path, include, file.findings);
    if (file.findings.has_errors()) {
        file.is_well_formed = false;
        return;
    }
    if (auto equations = nmodl::lower(parsed, {.strict_units = strict_units}, file.findings)) {
        file.equations.push_back(std::move(*equations));
    }
}

// ---- mechanisms, made once per text --------------------------------------------------------------------------------

/// What a file was made into: one of the two per mechanism.
struct Made {
    std::shared_ptr<const mechanisms::MechanismInfo> channel;
    std::shared_ptr<const mechanisms::SynapseInfo> synapse;

    const std::string& name() const { return channel != nullptr ? channel->name : synapse->name; }
    const SourcePos& pos() const { return channel != nullptr ? channel->pos : synapse->pos; }
};
struct MadeFile {
    std::vector<Made> mechanisms;
    std::vector<std::pair<std::string, std::string>> included;  ///< path and text
    base::Diagnostics findings;
};

bool is_unchanged(const MadeFile& file)
{
    return std::all_of(file.included.begin(), file.included.end(), [](const auto& include) {
        std::error_code status;
        return fs::is_regular_file(include.first, status) && read_text(include.first) == include.second;
    });
}

MadeFile make(ChannelFile file)
{
    MadeFile out{{}, {}, std::move(file.findings)};
    for (const std::string& path : file.included) {
        out.included.emplace_back(path, read_text(path));
    }
    for (kinetics::Equations& equations : file.equations) {
        Made made;
        if (equations.is_point) {
            made.synapse = kinetics::make_synapse(std::move(equations));
        } else {
            made.channel = kinetics::make_mechanism(std::move(equations));
        }
        out.mechanisms.push_back(std::move(made));
    }
    return out;
}

/// A file's mechanisms; the same ones when the same text is read again. Pointers stay good.
const MadeFile& made_of(std::string_view text, const std::string& path, bool strict_units)
{
    static std::mutex mutex;
    static std::multimap<std::string, MadeFile> known;
    const std::lock_guard<std::mutex> lock(mutex);
    const std::string key = fmt::format("{}\n{}\n{}", path, strict_units, text);
    const auto [begin, end] = known.equal_range(key);
    for (auto file = begin; file != end; ++file) {
        if (is_unchanged(file->second)) {
            return file->second;
        }
    }
    return known.emplace(key, make(parse_channel_file(text, path, strict_units)))->second;
}

/// Recordings `ca.inside` and the like are then those of the mechanism.
void warn_of_ion_names(const Made& made, base::Diagnostics& out)
{
    const std::string& name = made.name();
    const auto is_own = [&](const mechanisms::IonUse& ion) { return ion.name == name; };
    const bool is_ion =
        name == "na" || name == "k" || name == "ca" ||
        (made.channel != nullptr && std::any_of(made.channel->ions.begin(), made.channel->ions.end(), is_own));
    if (is_ion) {
        out.warning(made.pos(), fmt::format("'{}' is the name of an ion too", name),
                    fmt::format("what is recorded as {0}.<name> is the mechanism's where it has such a value", name));
    }
}

/// Says that a name is taken; true if it is.
bool refuse_taken(const mechanisms::Catalogue& catalogue, const Made& made, base::Diagnostics& out)
{
    const auto* channel = catalogue.find_channel(made.name());
    const auto* synapse = catalogue.find_synapse(made.name());
    if (channel == nullptr && synapse == nullptr) {
        return false;
    }
    const SourcePos& first = channel != nullptr ? channel->pos : synapse->pos;
    const std::string_view noun = channel != nullptr ? "channel" : "synapse";
    const bool is_same_kind = (channel != nullptr) == (made.channel != nullptr);
    if (first.file.empty() && is_same_kind) {
        out.warning(made.pos(), fmt::format("'{}' takes the place of the {} of the program", made.name(), noun),
                    "give it another name in its file to have both");
        return false;
    }
    if (first.file.empty()) {
        out.error(made.pos(), fmt::format("'{}' is the name of a {} of the program", made.name(), noun),
                  "give it another name in its file");
    } else {
        out.error(made.pos(), fmt::format("there are two mechanisms called '{}'", made.name()),
                  fmt::format("the first is at {}", first.text()));
    }
    return true;
}

std::string library_path(std::string_view name)
{
    return fmt::format("channels/{}.yaml", name);
}

const LibraryFile* find_in_library(std::string_view name)
{
    const std::vector<LibraryFile>& files = library_files();
    const auto at =
        std::find_if(files.begin(), files.end(), [&](const LibraryFile& file) { return file.name == name; });
    return at == files.end() ? nullptr : &*at;
}

/// Adds the library's mechanism of this name, if there is one.
void add_from_library(mechanisms::Catalogue& catalogue, std::string_view name)
{
    const LibraryFile* const file = find_in_library(name);
    if (file == nullptr) {
        return;
    }
    for (const Made& made : made_of(file->text, library_path(name), true).mechanisms) {
        if (made.channel != nullptr) {
            catalogue.add(made.channel);
        } else {
            catalogue.add(made.synapse);
        }
    }
}

// ---- paths ---------------------------------------------------------------------------------------------------------

std::vector<std::string> files_in(const std::string& folder)
{
    std::vector<std::string> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file() && language_of(entry.path().string()) != Language::none) {
            files.push_back(entry.path().string());
        }
    }
    return files;
}

std::vector<std::string> files_like(const std::string& pattern)
{
    std::vector<std::string> files;
    glob_t found{};
    if (glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
        files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
    return files;
}

}  // namespace

ChannelFile parse_channel_file(std::string_view text, const std::string& path, bool strict_units)
{
    ChannelFile file;
    switch (language_of(path)) {
    case Language::yaml:
        if (auto equations = parse_channel(text, path, file.findings)) {
            file.equations.push_back(std::move(*equations));
        }
        break;
    case Language::nmodl: parse_nmodl(text, path, strict_units, file); break;
    case Language::neuroml: file.equations = neuroml::read_channels(text, path, file.findings); break;
    case Language::none:
        file.findings.error({path, 0, 0}, "this is no channel file by its name", std::string(extensions_hint));
    }
    if (file.findings.has_errors()) {
        file.equations.clear();
    }
    return file;
}

ChannelFile read_channel_file(const std::string& path, bool strict_units)
{
    return parse_channel_file(read_text(path), path, strict_units);
}

ChannelFile read_library_channel(std::string_view name)
{
    const LibraryFile* const file = find_in_library(name);
    return file == nullptr ? ChannelFile{} : parse_channel_file(file->text, library_path(name), true);
}

bool is_in_library(std::string_view name)
{
    return find_in_library(name) != nullptr;
}

std::vector<std::string> library_names()
{
    std::vector<std::string> names;
    for (const LibraryFile& file : library_files()) {
        names.emplace_back(file.name);
    }
    return names;
}

std::vector<std::string> expand_channel_path(const std::string& path, const SourcePos& asked_at, base::Diagnostics& out)
{
    std::error_code status;
    std::vector<std::string> files;
    if (fs::is_directory(path, status)) {
        files = files_in(path);
    } else if (fs::exists(path, status)) {
        return {path};
    } else if (path.find_first_of("*?[") != std::string::npos) {
        files = files_like(path);
    } else {
        out.error(asked_at, fmt::format("there is no file '{}'", path), "paths are relative to the configuration file");
        return {};
    }
    if (files.empty()) {
        out.error(asked_at, fmt::format("'{}' stands for no channel file", path), std::string(extensions_hint));
    }
    std::sort(files.begin(), files.end());
    return files;
}

void add_channel_file(mechanisms::Catalogue& catalogue, const std::string& path, bool strict_units,
                      std::vector<std::string>& files_read, base::Diagnostics& out)
{
    const MadeFile* file = nullptr;
    try {
        file = &made_of(read_text(path), path, strict_units);
    } catch (const base::InputError& error) {
        out.append(error.diagnostics());
        return;
    }
    files_read.push_back(path);
    for (const auto& include : file->included) {
        files_read.push_back(include.first);
    }
    out.append(file->findings);
    for (const Made& made : file->mechanisms) {
        warn_of_ion_names(made, out);
        if (refuse_taken(catalogue, made, out)) {
            continue;
        }
        if (made.channel != nullptr) {
            catalogue.add(made.channel);
        } else {
            catalogue.add(made.synapse);
        }
    }
}

const mechanisms::MechanismInfo* find_channel(mechanisms::Catalogue& catalogue, std::string_view name)
{
    if (catalogue.find_channel(name) == nullptr && catalogue.find_synapse(name) == nullptr) {
        add_from_library(catalogue, name);
    }
    return catalogue.find_channel(name);
}

const mechanisms::SynapseInfo* find_synapse(mechanisms::Catalogue& catalogue, std::string_view name)
{
    if (catalogue.find_channel(name) == nullptr && catalogue.find_synapse(name) == nullptr) {
        add_from_library(catalogue, name);
    }
    return catalogue.find_synapse(name);
}

}  // namespace axolemma::config
