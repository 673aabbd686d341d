/// What a Neurolucida text draws, before anything is made of it: outlines of cell bodies, and trees of branches.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "morphology/swc.hpp"
#include "morphology/swc_findings.hpp"

namespace axolemma::morphology {

struct AscPoint {
    Point point;
    std::int64_t line = 0;
};

/// Points between two forks. Branches are in the order of the file, so that parents come before children.
struct AscBranch {
    std::int32_t type = undefined;
    std::int32_t parent = -1;  ///< branch, -1 for the stem of a tree
    std::int64_t line = 0;
    std::vector<AscPoint> points;  ///< may be empty
};

/// The outline of a cell body in one plane of the tracing.
struct AscOutline {
    std::int64_t line = 0;
    std::vector<AscPoint> points;
};

struct AscDrawing {
    std::vector<AscOutline> bodies;
    std::vector<AscBranch> branches;
    std::int64_t n_comment_lines = 0;
};

/// Reads the text. Options: scale, absolute_radius, min_radius_um (of branches).
///
/// Mistakes in points are collected in `findings`, with line and column; one in the brackets ends the reading at once:
/// InputError with all findings so far. Nothing recurses, whatever the depth of the brackets.
AscDrawing read_drawing(std::string_view text, const SwcOptions& options, Findings& findings);

}  // namespace axolemma::morphology
