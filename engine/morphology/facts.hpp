/// What a file holds, line by line, before any soma rule: a segment joins a sample to its parent and has the sample's
/// type.
#pragma once

#include <cstdint>
#include <map>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

struct TypeFacts {
    std::int64_t n_samples = 0;
    double length_um = 0;  ///< of the segments whose distal sample is of this type
    double area_um2 = 0;   ///< their lateral area as truncated cones
};

struct FileFacts {
    std::map<std::int32_t, TypeFacts> by_type;
    std::int64_t n_tips = 0;                ///< samples without children
    std::int64_t n_soma_tips = 0;           ///< those of them that belong to the soma
    std::int64_t n_branch_points = 0;       ///< samples with two children or more, soma included
    std::int64_t largest_fan_out = 0;       ///< most children of one sample
    std::int64_t largest_branch_order = 0;  ///< most branch points strictly above one sample
    std::int64_t n_zero_length = 0;         ///< segments
    std::int64_t n_zero_radius = 0;         ///< samples
    double longest_path_um = 0;             ///< from the root
    double smallest_radius_um = 0, largest_radius_um = 0;
    Point low, high;  ///< corners of the box round all samples (their centres)
};

/// Linear in the samples.
FileFacts measure_file(const SwcFile& file);

}  // namespace axolemma::morphology
