/// Sweeps from short configurations, and folders for them.
#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "config/sweep.hpp"
#include "sweep/batch.hpp"
#include "sweep/folder.hpp"

namespace axolemma::test {

/// A folder in the temporary folder, of a name no other test uses, gone with the object.
class Scratch {
public:
    Scratch()
    {
        static int made = 0;
        const auto name = "axolemma_sweep_" + std::to_string(getpid()) + "_" + std::to_string(made++);
        path_ = (std::filesystem::temp_directory_path() / name).string();
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::filesystem::remove_all(path_); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline std::vector<std::int64_t> all_points(const config::Sweep& sweep)
{
    std::vector<std::int64_t> points(static_cast<std::size_t>(sweep.n_points()));
    std::iota(points.begin(), points.end(), std::int64_t{0});
    return points;
}

/// Everything about a row as one text, numbers bit for bit (NaN is NaN).
inline std::string row_text(const sweep::Row& row)
{
    return sweep::rows_text({}, {row}, 0.0);
}

inline std::vector<std::string> row_texts(const std::vector<sweep::Row>& rows)
{
    std::vector<std::string> texts;
    for (const auto& row : rows) {
        texts.push_back(row_text(row));
    }
    return texts;
}

}  // namespace axolemma::test
