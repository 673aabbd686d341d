/// Connections between cells read from a SONATA edges file (HDF5), as other tools write them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace axolemma::record {

/// One population of edges; edge k goes from cell source[k] to cell target[k]. All vectors that are not empty have the
/// same length.
struct SonataEdges {
    std::string population;
    /// Attribute `node_population` of the id datasets; empty when there is none.
    std::string source_population, target_population;
    std::vector<std::int64_t> source, target;  ///< indices in their populations, >= 0
    /// SONATA leaves the unit of syn_weight to the model; here it is taken as uS. Empty when the file has no weights.
    std::vector<double> weight_uS;
    std::vector<double> delay_ms;  ///< empty when the file has no delays
};

/// @param population  empty: the only one there is
/// @throws base::InputError  the file, the population or its numbers cannot be used
SonataEdges read_sonata_edges(const std::string& path, const std::string& population = {});

}  // namespace axolemma::record
