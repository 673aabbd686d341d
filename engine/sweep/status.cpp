#include "sweep/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace axolemma::sweep {

namespace {

constexpr double window_s = 600;

std::string parameters_text(const std::vector<Column>& columns, const std::vector<std::string>& values)
{
    std::string text;
    for (std::size_t p = 0; p < std::min(columns.size(), values.size()); ++p) {
        text += fmt::format("{}{} = {}{}{}", p == 0 ? "" : ", ", columns[p].name, values[p],
                            columns[p].unit.empty() ? "" : " ", columns[p].unit);
    }
    return text;
}

/// The share of the points that belongs to "I-of-N".
std::int64_t share_of(const std::string& shard, std::int64_t n_points)
{
    long long index = 0, count = 0;
    const bool good = std::sscanf(shard.c_str(), "%lld-of-%lld", &index, &count) == 2 && count > 0;
    return good ? Shard{index, count}.size(n_points) : 0;
}

/// Whole numbers before parts of them: "2-of-10" before "10-of-10".
bool comes_before(const Status::OfShard& a, const Status::OfShard& b)
{
    return std::pair{a.shard.size(), a.shard} < std::pair{b.shard.size(), b.shard};
}

/// Rows written per minute, over the time from the start of the oldest recent file to now.
std::optional<double> rate_per_minute(const std::vector<std::pair<DoneFile, std::pair<double, std::int64_t>>>& recent,
                                      double now_s)
{
    double start_s = now_s;
    double n = 0;
    for (const auto& [file, work] : recent) {
        start_s = std::min(start_s, file.finished_s - work.first);
        n += static_cast<double>(work.second);
    }
    return n > 0 ? std::optional(60.0 * n / std::max(now_s - start_s, 1e-3)) : std::nullopt;
}

}  // namespace

Status status_of(const Folder& folder, const Manifest& manifest, double now_s)
{
    Status status;
    status.n_points = manifest.n_points;
    struct Last {
        std::string shard;                  // that wrote it
        std::optional<FailedPoint> failed;  // nothing: ok
    };
    std::map<std::int64_t, Last> points;
    std::map<std::string, Status::OfShard> shards;
    std::vector<std::pair<DoneFile, std::pair<double, std::int64_t>>> recent;
    status.n_damaged_files = folder.read([&](const DoneFile& done, RowFile&& file) {
        auto& shard = shards[done.shard];
        shard.idle_s = shard.shard.empty() ? now_s - done.finished_s : std::min(shard.idle_s, now_s - done.finished_s);
        shard.shard = done.shard;
        for (const auto& row : file.rows) {
            auto& last = points[row.point];
            last = {done.shard, std::nullopt};
            if (!row.ok) {
                last.failed = {row.point, parameters_text(file.parameters, row.parameters), row.reason};
            }
        }
        if (now_s - done.finished_s < window_s) {
            recent.push_back({done, {file.seconds, static_cast<std::int64_t>(file.rows.size())}});
        }
    });
    for (auto& [point, last] : points) {
        auto& shard = shards[last.shard];
        ++(last.failed ? status.n_failed : status.n_ok);
        ++(last.failed ? shard.n_failed : shard.n_ok);
        if (last.failed) {
            status.failed.push_back(std::move(*last.failed));
        }
    }
    for (auto& [name, shard] : shards) {
        shard.n_points = share_of(name, manifest.n_points);
        status.shards.push_back(shard);
    }
    std::sort(status.shards.begin(), status.shards.end(), comes_before);
    if (status.left() > 0) {
        status.points_per_minute = rate_per_minute(recent, now_s);
        if (status.points_per_minute) {
            status.seconds_left = 60.0 * static_cast<double>(status.left()) / *status.points_per_minute;
        }
    }
    return status;
}

}  // namespace axolemma::sweep
