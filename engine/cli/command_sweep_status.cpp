#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <iterator>

#include "base/diagnostics.hpp"
#include "base/json_quoted.hpp"
#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"
#include "cli/sweep_commands.hpp"
#include "sweep/slurm.hpp"
#include "sweep/status.hpp"
#include "sweep/table.hpp"

namespace axolemma::cli {

namespace {

namespace fs = std::filesystem;
using sweep::Status;

constexpr std::size_t most_listed = 20;

sweep::Folder folder_of(const std::string& what)
{
    std::error_code error;
    return sweep::Folder(fs::is_directory(what, error) ? what : sweep::default_folder(what));
}

double now_s()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string damaged_text(std::int64_t n)
{
    return n == 0 ? ""
                  : fmt::format("warning: {} file{} of rows cannot be read and {} left out\n", n, n == 1 ? "" : "s",
                                n == 1 ? "is" : "are");
}

std::string status_text(const Status& status)
{
    std::string text = fmt::format("{} points: {} ok, {} failed, {} left\n", status.n_points, status.n_ok,
                                   status.n_failed, status.left());
    const auto out = std::back_inserter(text);
    if (status.left() > 0 && status.points_per_minute) {
        const auto end = static_cast<std::time_t>(now_s() + *status.seconds_left);
        fmt::format_to(out, "{:.3g} points per minute; at this rate {} to go, until {:%Y-%m-%d %H:%M}\n",
                       *status.points_per_minute, duration_text(*status.seconds_left), fmt::localtime(end));
    } else if (status.left() > 0) {
        text += "nothing was finished in the last ten minutes\n";
    }
    if (status.shards.size() > 1) {
        for (const auto& shard : status.shards) {
            fmt::format_to(out, "  shard {}: {} of {} points{}, the last {} ago\n", shard.shard,
                           shard.n_ok + shard.n_failed, shard.n_points,
                           shard.n_failed > 0 ? fmt::format(", {} failed", shard.n_failed) : "",
                           duration_text(shard.idle_s));
        }
    }
    for (std::size_t k = 0; k < std::min(status.failed.size(), most_listed); ++k) {
        const auto& failed = status.failed[k];
        fmt::format_to(out, "  failed: point {} ({}): {}\n", failed.point, failed.parameters, failed.reason);
    }
    if (status.failed.size() > most_listed) {
        fmt::format_to(out, "  and {} more; --json lists all\n", status.failed.size() - most_listed);
    }
    return text;
}

std::string status_json(const Status& status)
{
    std::string text;
    const auto out = std::back_inserter(text);
    fmt::format_to(out, "{{\n  \"points\": {}, \"ok\": {}, \"failed\": {}, \"left\": {},\n", status.n_points,
                   status.n_ok, status.n_failed, status.left());
    const auto or_null = [](const std::optional<double>& number) {
        return number ? fmt::format("{:.6g}", *number) : std::string("null");
    };
    fmt::format_to(out, "  \"points_per_minute\": {}, \"seconds_left\": {},\n  \"shards\": [",
                   or_null(status.points_per_minute), or_null(status.seconds_left));
    for (std::size_t k = 0; k < status.shards.size(); ++k) {
        const auto& shard = status.shards[k];
        fmt::format_to(out, "{}\n    {{\"shard\": {}, \"points\": {}, \"ok\": {}, \"failed\": {}, \"idle_s\": {:.3f}}}",
                       k == 0 ? "" : ",", base::json_quoted(shard.shard), shard.n_points, shard.n_ok, shard.n_failed,
                       shard.idle_s);
    }
    text += status.shards.empty() ? "],\n  \"failed_points\": [" : "\n  ],\n  \"failed_points\": [";
    for (std::size_t k = 0; k < status.failed.size(); ++k) {
        const auto& failed = status.failed[k];
        fmt::format_to(out, "{}\n    {{\"point\": {}, \"parameters\": {}, \"reason\": {}}}", k == 0 ? "" : ",",
                       failed.point, base::json_quoted(failed.parameters), base::json_quoted(failed.reason));
    }
    return text + (status.failed.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace

int status_command(const StatusArguments& arguments)
{
    const auto folder = folder_of(arguments.what);
    const auto status = sweep::status_of(folder, folder.manifest(), now_s());
    fmt::print(stderr, "{}", damaged_text(status.n_damaged_files));
    fmt::print("{}", arguments.json ? status_json(status) : status_text(status));
    return ExitCode::success;
}

int collect_command(const CollectArguments& arguments)
{
    const auto folder = folder_of(arguments.what);
    const auto manifest = folder.manifest();
    const auto table = sweep::collect(folder, manifest);
    fmt::print(stderr, "{}", damaged_text(table.n_damaged_files));
    if (table.versions.size() > 1) {
        fmt::print(stderr, "warning: the rows were computed by several versions: {}\n",
                   fmt::join(table.versions, ", "));
    }
    if (table.rows.empty()) {
        throw base::InputError({folder.path(), 0, 0}, "no point of this sweep has been finished",
                               fmt::format("run axolemma sweep {}", sweep::shell_word(manifest.config_path)));
    }
    const auto csv = arguments.output.empty() ? folder.path() + "/table.csv" : arguments.output;
    const auto hdf5 = fs::path(csv).replace_extension(".h5").string();
    if (hdf5 == csv) {
        throw base::InputError({csv, 0, 0}, "this is the name of the HDF5 file that is written beside the table",
                               "give the table another ending, such as .csv");
    }
    create_folders_above(csv);
    sweep::write_whole(csv, sweep::csv_text(table));
    sweep::write_hdf5(table, folder, manifest, hdf5);
    if (arguments.json) {
        fmt::print("{{\"points\": {}, \"rows\": {}, \"failed\": {}, \"missing\": {}, \"csv\": {}, \"hdf5\": {}}}\n",
                   table.n_points, table.rows.size(), table.n_failed, table.n_missing(), base::json_quoted(csv),
                   base::json_quoted(hdf5));
        return ExitCode::success;
    }
    fmt::print("{} of {} points, {} of them failed\n", table.rows.size(), table.n_points, table.n_failed);
    if (table.n_missing() > 0) {
        fmt::print("{} point{} missing\n", table.n_missing(), table.n_missing() == 1 ? " is" : "s are");
    }
    fmt::print("{}\n{}\n", csv, hdf5);
    return ExitCode::success;
}

}  // namespace axolemma::cli
