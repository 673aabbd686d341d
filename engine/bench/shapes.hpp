/// Shapes of the benchmark's cells as SWC text, to be read with the soma rule `neuron`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace axolemma::bench {

/// A soma of 20 um x 20 um and at its end a binary tree of cylinders: a stem and six generations of forks, 127 sections
/// of 80 um; the stem is 4 um wide, and every fork makes the branches thinner by 2^(-2/3).
/// @param soma_sections  sections of equal length that the soma is cut into, 1..5
std::string forked_cell_swc(int soma_sections);

/// A random tree with a soma; the same for the same arguments on every machine.
/// @param number      which one
/// @param n_sections  about how many sections it has
std::string random_tree_swc(std::int64_t number, int n_sections);

/// A new folder for temporary files that is gone, with everything in it, when the object is.
class ScratchFolder {
public:
    /// Throws base::EngineError where none can be made.
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    /// Writes a file and returns its path. Throws base::EngineError.
    std::string write(const std::string& name, const std::string& text) const;

private:
    std::filesystem::path path_;
};

}  // namespace axolemma::bench
