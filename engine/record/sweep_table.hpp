/// The table of a sweep as an HDF5 file (docs/sweeps.md).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "record/result_tables.hpp"

namespace axolemma::record {

/// One column; all columns of a table are equally long.
struct SweepColumn {
    std::string name;
    std::string units;  ///< empty: none
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// Writes /points/parameters, /points/results, /points/{point,status,reason,result_hash} and /provenance. The file appears
/// under its name only when it is whole. Throws base::EngineError.
void write_sweep_table(const std::string& path, const std::vector<SweepColumn>& points,
                       const std::vector<SweepColumn>& parameters, const std::vector<SweepColumn>& results,
                       const Provenance& provenance);

}  // namespace axolemma::record
