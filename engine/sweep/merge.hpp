/// Several points of a sweep as one model, so that their cells fill the lanes and groups together.
#pragma once

#include <span>

#include "model/model.hpp"

namespace axolemma::sweep {

/// What a sweep runs of a point: no analysis, no checkpoints, no result file of its own; long cables are cut only where the
/// configuration says so, because that must not depend on how many points run together.
model::Model prepared(model::Model point);

/// Can two prepared points run as one model? They step alike, list equally many cells, stimuli and recordings, and no cell
/// of either is joined to another.
bool can_merge(const model::Model& a, const model::Model& b);

/// One model of points that can all be merged with the first, point after point: of n points with r recordings, recording j
/// of point k is k * r + j, and so for cells, stimuli and spikes. Every number is the same as in a run of the point alone.
model::Model merge(std::span<const model::Model> points);

}  // namespace axolemma::sweep
