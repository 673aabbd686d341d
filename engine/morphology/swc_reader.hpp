/// The steps of reading an SWC file, in order; parse_swc strings them together, and parse_asc those after the text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "morphology/swc.hpp"
#include "morphology/swc_findings.hpp"

namespace axolemma::morphology {

/// Throws InputError for a scale or smallest radius that makes no sense.
void check_options(const SwcOptions& options, const std::string& name);
/// Throws InputError for more samples than can be numbered.
void check_count(const SwcFile& file);

/// Data lines that could not be read. Their ids exist all the same, so that naming them as parent is no further
/// mistake.
struct UnreadLines {
    std::int64_t n = 0;
    std::vector<std::int64_t> ids;
    bool all_ids_known = true;  ///< false: the id itself of some line could not be read
};

/// Text -> samples (parents still as ids). Lines that cannot be read are reported and left out.
UnreadLines read_lines(std::string_view text, const SwcOptions& options, SwcFile& file, Findings& findings);

/// Ids -> parent indices and depth-first order; unique ids, one root, no cycle, nothing missing.
void link_samples(const SwcOptions& options, const UnreadLines& unread, SwcFile& file, Findings& findings);

/// Depth-first order of a forest given by parent indices (-1 for roots): parents before children, siblings by index.
/// Samples that no root reaches (cycles) are left out.
std::vector<std::int32_t> depth_first_order(const std::vector<std::int32_t>& parents);

/// What is legal but suspicious in a tree: zero radii and lengths, odd somas, wrong units; and what makes it no cell:
/// a soma in pieces, no cable at all.
void check_cell(const SwcFile& file, Findings& findings);

}  // namespace axolemma::morphology
