/// The last act of packing: rows were counted in the order of elimination, numbered they are from the root.
#pragma once

#include "group/packing.hpp"

namespace axolemma::group {

/// Slot that a packer notes down before it is known how many rows there will be: `row` counts rows of its kind.
inline std::int32_t counted_slot(std::int32_t row, std::int32_t lane, bool membrane)
{
    const std::int32_t slot = row * lanes + lane;
    return membrane ? slot : -1 - slot;
}

/// Turns counted slots of nodes, and counted first rows of operations, into those that Packing promises.
inline void number_from_root(Packing& packing)
{
    const std::int32_t last = packing.n_rows - 1;
    const std::int32_t last_of_all = packing.n_all_rows() - 1;
    for (auto& slot : packing.slot) {
        const bool membrane = slot >= 0;
        const std::int32_t counted = membrane ? slot : -1 - slot;
        slot = ((membrane ? last : last_of_all) - counted / lanes) * lanes + counted % lanes;
    }
    for (auto& operation : packing.operations) {
        const bool membrane = operation.kind != Operation::Kind::junctions;
        operation.top_row = (membrane ? last : last_of_all) - operation.last_row();
    }
}

}  // namespace axolemma::group
