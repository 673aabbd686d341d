/// Random numbers for made-up trees, the same on every machine.
#pragma once

#include <cstdint>

#include "base/random.hpp"

namespace axolemma::verify {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : stream_(seed, 0, "verify") {}
    /// Evenly distributed in the open interval.
    double between(double low, double high) { return low + (high - low) * stream_.uniform(next_++); }

private:
    base::CellStream stream_;
    std::uint32_t next_ = 0;
};

}  // namespace axolemma::verify
