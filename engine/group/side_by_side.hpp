/// Packing of copies: eight cells of the same shape, one in each lane.
#pragma once

#include <span>

#include "group/packing.hpp"

namespace axolemma::group {

/// Are the trees a multiple of eight, and each eight of one shape? Cut chains are not.
bool can_lie_side_by_side(std::span<const TreeToPack> trees);

/// Depth first: what the last child hands over stays in the registers for its parent, what the others do goes through the
/// outbox as whole rows.
Packing pack_side_by_side(std::span<const TreeToPack> trees);

}  // namespace axolemma::group
