/// A folder of SWC files: which of them can be simulated as they are, and how big they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "morphology/morphology.hpp"

namespace axolemma::bench {

/// A shape file that was read without an error.
struct Reconstruction {
    std::string path;
    morphology::Morphology morphology;
    double longest_path_um = 0, largest_radius_um = 0;
    std::int32_t n_compartments = 0;  ///< at d_lambda 0.1, 100 Hz, cm 1 uF/cm2, Ra 100 ohm cm
};

struct Collection {
    std::vector<Reconstruction> usable;  ///< by file name
    std::int32_t n_refused = 0;          ///< files with errors: left out
    std::int32_t n_small = 0;            ///< files with fewer compartments than asked for: left out
    std::int32_t n_out_of_scale = 0;     ///< files whose numbers are nm or pixels, by their size: left out
};

/// Reads every *.swc of a folder with the soma rule `auto`.
/// @param least  compartments below which a file is left out
/// Throws base::InputError when the folder is not there or holds no usable file.
Collection read_collection(const std::string& folder, std::int32_t least);
/// One file; throws base::InputError when it cannot be simulated.
Reconstruction read_reconstruction(const std::string& path);

/// Compartments of a shape by the d_lambda rule (100 Hz, cm 1 uF/cm2, Ra 100 ohm cm).
std::int32_t count_at(const morphology::Morphology& morphology, double d_lambda);
/// The coarsest of 0.1 0.8^k, k = 0, 1, 2, ... that gives at least so many compartments.
double d_lambda_for(const morphology::Morphology& morphology, std::int32_t least);

}  // namespace axolemma::bench
