/// Random numbers that belong to a place and not to an order of evaluation.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/expression.hpp"

namespace axolemma::base {

/// 32 bits that stand for a text (FNV-1a), the same on every machine.
std::uint32_t place_hash(std::string_view place);

/// The stream of one cell and one place in the model: Philox4x32-10 (Salmon et al., SC 2011), keyed by the seed and counted
/// by (k, place, gid). A number depends on nothing else, so neither threads, ranks nor the order of cells can change it.
class CellStream final : public RandomStream {
public:
    /// @param seed   seed of the run
    /// @param gid    global index of the cell
    /// @param place  which value of the model this is, for example "axon/hh/gnabar"
    CellStream(std::uint64_t seed, std::int64_t gid, std::string_view place)
        : seed_(seed), gid_(gid), place_(place_hash(place))
    {}
    /// The k-th number of the stream, evenly distributed in the open interval (0, 1) with 53 bits.
    double uniform(std::uint32_t k) const override;

private:
    std::uint64_t seed_;
    std::int64_t gid_;
    std::uint32_t place_;
};

}  // namespace axolemma::base
