/// All rows of a sweep as one table.
#pragma once

#include <string>
#include <vector>

#include "sweep/folder.hpp"

namespace axolemma::sweep {

struct Table {
    std::vector<Column> parameters;
    std::vector<Column> results;        ///< of all rows, in the order in which they first occur
    std::vector<Row> rows;              ///< ascending by point, each once
    std::vector<std::string> versions;  ///< of the program, that wrote them
    std::int64_t n_points = 0, n_failed = 0;
    std::int64_t n_damaged_files = 0;

    std::int64_t n_missing() const { return n_points - static_cast<std::int64_t>(rows.size()); }
    /// Values of a row in the order of `results`; NaN where it has none.
    std::vector<double> values_of(const Row& row) const;
};

Table collect(const Folder& folder, const Manifest& manifest);

/// The name and unit as one word: "amplitude_nA", "gnabar_mS_per_cm2".
std::string header_of(const Column& column);
/// One line of names, then one line per point: point, status, parameters, results, result_hash, reason.
std::string csv_text(const Table& table);
/// The same as an HDF5 file. Throws base::EngineError.
void write_hdf5(const Table& table, const Folder& folder, const Manifest& manifest, const std::string& path);

}  // namespace axolemma::sweep
