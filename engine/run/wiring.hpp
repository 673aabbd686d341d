/// From rules to lists: which sources and targets a connection joins, and how strongly.
///
/// Random numbers belong to the target cell and the connection's name (base/random.hpp), so a list is the same whichever
/// rank, thread or range asks for it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/diagnostics.hpp"
#include "model/network.hpp"

namespace axolemma::run {

/// One side of a connection.
struct WiringEnd {
    std::int64_t count = 0;         ///< cells of the population, or generators
    std::int64_t first_gid = 0;     ///< of its first cell, over all cells of the model
    std::vector<std::int64_t> ids;  ///< those that may be joined, ascending; empty: all
    const std::vector<std::array<double, 3>>* position_um = nullptr;  ///< per cell; null: all at the origin
};

/// One connection between a source and a target, both numbered within their populations.
struct Wire {
    std::int64_t source = 0, target = 0;
    double weight_uS = 0, delay_ms = 0;
    std::uint32_t ordinal = 0;  ///< among the target's wires of this specification, from 0

    friend bool operator==(const Wire&, const Wire&) = default;
};

/// The edges of a SONATA file as read. Weights and delays are empty where the file has none.
struct EdgeArrays {
    std::vector<std::int64_t> source, target;
    std::vector<double> weight_uS, delay_ms;
};

/// All wires of `spec` onto the targets first..end-1, ordered by target, then ordinal. What a target gets never depends on
/// the range asked for.
///
/// Memory and time grow with the number of wires; with the number of pairs for a probability that is an expression; and with
/// the length of the list, at every call, for pairs and edges.
/// @param target  `ids` are the cells that carry the synapse and that the connection asks for
/// @param edges   for a rule of model::SonataEdges: what the file holds
/// @returns       nothing after an error, which is in `diagnostics`: different numbers for one_to_one and offset, an index
///                that does not exist, no source for in_degree, a probability outside 0..1, a weight or delay that is
///                negative or not finite. Only the first one is reported, and every range reports its own.
std::vector<Wire> wire(const model::ConnectionSpec& spec, const WiringEnd& source, const WiringEnd& target,
                       bool same_population, std::int64_t first, std::int64_t end, std::uint64_t seed,
                       base::Diagnostics& diagnostics, const EdgeArrays* edges = nullptr);

/// One gap junction, its cells numbered within their populations.
struct GapWire {
    std::int64_t a = 0, b = 0;
    double conductance_uS = 0;

    friend bool operator==(const GapWire&, const GapWire&) = default;
};

/// All gap junctions of `spec`, ordered by a, then b. In a population joined with itself every unordered pair comes once and no
/// cell is joined to itself; a < b then, except where offset or a file of pairs says which cell is which.
/// @returns  nothing after an error, which is in `diagnostics`: as for wire(), and a conductance that is not above 0
std::vector<GapWire> wire_gaps(const model::GapJunctionSpec& spec, const WiringEnd& a, const WiringEnd& b,
                               bool same_population, std::uint64_t seed, base::Diagnostics& diagnostics);

}  // namespace axolemma::run
