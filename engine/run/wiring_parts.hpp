/// What connections and gap junctions share on the way from rules to lists.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "run/wiring.hpp"

namespace axolemma::run {

/// The cells of an end that may be joined, in ascending order; `position` is the place in this order.
class Chosen {
public:
    explicit Chosen(const WiringEnd& end) : end_(&end) {}
    std::int64_t size() const;
    std::int64_t id(std::int64_t position) const;
    /// The place of a cell, or -1 if it may not be joined.
    std::int64_t position(std::int64_t id) const;
    bool has(std::int64_t id) const { return position(id) >= 0; }

private:
    const WiringEnd* end_;
};

/// Straight distance between two cells.
double distance_um(const WiringEnd& a, std::int64_t i, const WiringEnd& b, std::int64_t j);

/// Part of a stream, for one evaluation of an expression among many.
class PartOfStream final : public base::RandomStream {
public:
    /// An expression has fewer random numbers than this; a longer one would share some with its neighbour.
    static constexpr std::uint32_t numbers_each = 256;

    PartOfStream(const base::RandomStream& whole, std::uint64_t part)
        : whole_(whole), first_(static_cast<std::uint32_t>(part * numbers_each))
    {}
    double uniform(std::uint32_t k) const override { return whole_.uniform(first_ + k); }

private:
    const base::RandomStream& whole_;
    std::uint32_t first_;
};

/// Calls `take` with each of 0..n-1 that an even chance of `p` picks, in ascending order. The cost is that of the numbers
/// taken: the gaps between them are drawn, which are geometrically distributed (Fan, Muller & Rezucha, JASA 57 (1962) 387).
template <class Take>
void pick_each(double p, std::int64_t n, const base::RandomStream& stream, Take take)
{
    if (p >= 1.0) {
        for (std::int64_t k = 0; k < n; ++k) {
            take(k);
        }
        return;
    }
    const double log_missed = std::log1p(-p);
    std::int64_t next = 0;
    for (std::uint32_t k = 0; p > 0.0 && next < n; ++k) {
        const double skipped = std::floor(std::log(stream.uniform(k)) / log_missed);
        if (!(skipped < static_cast<double>(n - next))) {
            return;
        }
        next += static_cast<std::int64_t>(skipped);
        take(next++);
    }
}

/// Why these numbers of sources and targets do not fit a rule that joins one to one; empty if they do.
std::string unequal_ends(std::string_view rule, std::int64_t n_sources, std::int64_t n_targets);

/// The place of `position` + `offset` on a ring of n.
std::int64_t around(std::int64_t position, std::int64_t offset, std::int64_t n);

}  // namespace axolemma::run
