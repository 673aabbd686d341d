/// The rows of a sweep's table as text files that appear whole or not at all.
///
///     axolemma sweep rows 1
///     version  0.3.0
///     parameters  amplitude  nA  duration  ms       name and unit of each; fields are separated by tabs
///     results  spikes.n  <empty>  spikes.first  ms  of the rows below, until the next such line
///     ok  17  9f86d081884c7d65  0.2  1  3  2.29     point, hash, parameters, results (empty: there is none)
///     failed  18  0.4  1  the reason                point, parameters, reason
///     end  2  0.83                                  number of rows, seconds they took
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sweep/point_summary.hpp"

namespace axolemma::sweep {

/// One point of the table.
struct Row {
    std::int64_t point = -1;
    bool ok = false;
    std::string reason;                                  ///< why it failed
    std::uint64_t hash = 0;                              ///< PointResult::hash
    std::vector<std::string> parameters;                 ///< numbers in the unit of the parameter, or texts
    std::shared_ptr<const std::vector<Column>> columns;  ///< of `values`; null for a failed point
    std::vector<double> values;
};

/// The text of a file with these rows.
/// @param seconds  wall time they took
std::string rows_text(const std::vector<Column>& parameters, const std::vector<Row>& rows, double seconds);

struct RowFile {
    std::string version;  ///< of the program that wrote it
    std::vector<Column> parameters;
    std::vector<Row> rows;
    double seconds = 0;
};

/// Reads a text made by rows_text(). False when it is not whole.
bool parse_rows(const std::string& text, RowFile& file);

/// Creates or replaces a file in one step: written under another name, made safe against power loss, renamed.
/// Throws base::EngineError.
void write_whole(const std::string& path, const std::string& text);

}  // namespace axolemma::sweep
