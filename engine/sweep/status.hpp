/// How far a sweep is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sweep/folder.hpp"

namespace axolemma::sweep {

struct FailedPoint {
    std::int64_t point = 0;
    std::string parameters;  ///< "amplitude = 0.2 nA, duration = 1 ms"
    std::string reason;
};

struct Status {
    std::int64_t n_points = 0, n_ok = 0, n_failed = 0;
    std::int64_t n_damaged_files = 0;
    std::vector<FailedPoint> failed;  ///< ascending
    struct OfShard {
        std::string shard;                                  ///< "I-of-N"
        std::int64_t n_points = 0, n_ok = 0, n_failed = 0;  ///< points it wrote last; n_points: its share
        double idle_s = 0;                                  ///< since it wrote the last ones
    };
    std::vector<OfShard> shards;
    std::optional<double> points_per_minute;  ///< of the last ten minutes; none when nothing was written in them
    std::optional<double> seconds_left;

    std::int64_t left() const { return n_points - n_ok - n_failed; }
};

/// @param now_s  time since 1970
Status status_of(const Folder& folder, const Manifest& manifest, double now_s);

}  // namespace axolemma::sweep
