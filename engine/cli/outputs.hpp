/// Files a run is about to write: none of them may be one it reads, and a place that cannot be written is found at once.
#pragma once

#include <string>
#include <vector>

#include "run/simulation.hpp"

namespace axolemma::cli {

/// Throws base::InputError when an output would replace an input or another output.
/// @param config  configuration file
void check_outputs(const run::Simulation& simulation, const std::string& config);

/// Where the state of a run is saved.
std::string checkpoint_path(const model::Model& model);

/// Are these the same file, however the paths are written?
bool same_file(const std::string& a, const std::string& b);

/// Makes the folders that a file is to lie in. Throws base::EngineError.
void create_folders_above(const std::string& path);

/// A text file that appears under its name only when it is whole.
class TextFile {
public:
    /// Creates `path` + ".partial" and the folders above it. Throws base::EngineError.
    explicit TextFile(std::string path);
    /// Removes the partial file if commit() was not reached.
    ~TextFile();
    TextFile(TextFile&& other) noexcept;
    TextFile& operator=(TextFile&&) = delete;

    /// Writes the text and gives the file its name. Throws base::EngineError.
    void commit(const std::string& text);

private:
    std::string path_;  ///< empty when done or moved from
};

/// Tables of the f-I curves, opened before the run and written after it.
class FITables {
public:
    explicit FITables(const run::Simulation& simulation);
    void write(const run::Outcome& outcome);

private:
    struct Table {
        std::size_t curve;
        TextFile file;
    };
    std::vector<Table> tables_;
};

}  // namespace axolemma::cli
