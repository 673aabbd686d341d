/// Running a sweep, or a shard of it, into its folder.
#pragma once

#include <functional>

#include "sweep/batch.hpp"
#include "sweep/folder.hpp"

namespace axolemma::sweep {

/// Where a shard stands.
struct Counts {
    std::int64_t n_points = 0, n_ok = 0, n_failed = 0;
    std::int64_t left() const { return n_points - n_ok - n_failed; }
};

struct SweepOptions {
    int threads = 0;
    Shard shard;
    bool retry_failed = false;             ///< run points again that failed before
    std::function<bool()> stop_requested;  ///< asked now and then
    std::function<void(const Counts&)> progress;
    std::string command;  ///< for provenance
};

/// Runs the points of the shard that have no row yet. Rows are written after the first batch that ends when a fiftieth of
/// the time since the start has passed (at least 0.2 s, at most 30 s), so that a kill costs little and files stay few. Stops early when asked to; then left() of what is returned is more
/// than 0. Call Folder::open() before. Throws base::EngineError when a file cannot be written.
Counts run_sweep(const config::Sweep& sweep, const Folder& folder, const SweepOptions& options);

}  // namespace axolemma::sweep
