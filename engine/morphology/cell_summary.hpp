/// Sums over the sections of a built cell, for the doctor.
#pragma once

#include <cstdint>
#include <map>

#include "morphology/swc.hpp"

namespace axolemma::morphology {

struct SectionSums {
    std::int64_t n_sections = 0;
    double length_um = 0, area_um2 = 0, volume_um3 = 0;
};

struct CellSummary {
    std::int64_t n_samples = 0;
    std::map<std::int32_t, SectionSums> by_type;
    SectionSums all;
    double longest_path_um = 0;  ///< from the soma centre (the root's start without a soma)
};

CellSummary summarise_cell(const SwcFile& file, const Morphology& morphology);

}  // namespace axolemma::morphology
