/// Running points: together where that is possible.
#pragma once

#include <functional>
#include <vector>

#include "config/sweep.hpp"
#include "sweep/row_file.hpp"

namespace axolemma::sweep {

struct BatchOptions {
    int threads = 0;                       ///< as run::RunOptions
    std::function<bool()> stop_requested;  ///< true stops within the batch
    /// With a name for a point's result file: points run one by one, and each writes its file.
    std::function<std::string(std::int64_t)> result_file;
    std::string command;  ///< for the provenance of result files
    bool merge = true;    ///< false: one by one
};

/// The columns of the parameters.
std::vector<Column> parameter_columns(const model::SweepSpec& spec);

/// Runs points. A row does not depend on which points run together, nor on threads.
///
/// Points that can be merged run as one model (sweep/merge.hpp); when that fails, one by one, so that only the guilty one
/// fails. Rows come in the order of `points`; when it is stopped, those that were not finished are missing.
/// Throws base::EngineError when a result file cannot be written.
std::vector<Row> run_points(const config::Sweep& sweep, const std::vector<std::int64_t>& points,
                            const BatchOptions& options);

}  // namespace axolemma::sweep
