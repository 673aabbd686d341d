/// The folder of a sweep: what it is a sweep of, and what has been done.
///
///     DIR/sweep.json            what the points are; written once
///     DIR/config.yaml           the configuration as it was
///     DIR/shards/I-of-N/*.rows  finished rows (sweep/row_file.hpp); a later row of a point counts
///     DIR/results/*.h5          with keep: results
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/sweep.hpp"
#include "sweep/row_file.hpp"

namespace axolemma::sweep {

/// Points i with i mod count = index.
struct Shard {
    std::int64_t index = 0, count = 1;
    bool has(std::int64_t point) const { return point % count == index; }
    /// Points of this shard among the first n.
    std::int64_t size(std::int64_t n) const { return n > index ? (n - index - 1) / count + 1 : 0; }
    std::string text() const;  ///< "I-of-N"
};

struct Manifest {
    std::string config_path;  ///< absolute
    std::vector<std::string> overrides;
    /// SHA-256 over the configuration, the overrides and the files it names; a sweep goes on only when it is the same.
    std::string fingerprint;
    std::int64_t n_points = 0;
};

/// What the sweep of this configuration is.
Manifest manifest_of(const config::Sweep& sweep);

/// A finished file of rows.
struct DoneFile {
    std::string path;
    std::string shard;      ///< "I-of-N"
    double finished_s = 0;  ///< time since 1970
};

class Folder {
public:
    explicit Folder(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    bool exists() const;
    /// Throws base::InputError when this is not the folder of a sweep.
    Manifest manifest() const;
    /// Makes the folder, or checks that it belongs to this sweep. Throws base::InputError when it belongs to another,
    /// base::EngineError when it cannot be written.
    void open(const config::Sweep& sweep, const Manifest& manifest) const;

    std::string result_file(std::int64_t point) const;
    /// Adds a file of rows. Throws base::EngineError.
    void add(const Shard& shard, const std::vector<Column>& parameters, const std::vector<Row>& rows,
             double seconds) const;
    /// All files of rows, the oldest first.
    std::vector<DoneFile> files() const;
    /// Reads files() one after the other. Files that are not whole are left out; their number is returned.
    std::int64_t read(const std::function<void(const DoneFile&, RowFile&&)>& take) const;

private:
    std::string path_;
};

/// State of every point.
enum class PointState : std::uint8_t { left, ok, failed };
std::vector<PointState> point_states(const Folder& folder, std::int64_t n_points);

/// results/NAME.sweep for a configuration NAME.yaml.
std::string default_folder(const std::string& config);

}  // namespace axolemma::sweep
