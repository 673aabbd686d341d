#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>

#include "base/diagnostics.hpp"
#include "cli/commands.hpp"
#include "cli/sweep_commands.hpp"
#include "sweep/row_file.hpp"
#include "sweep/slurm.hpp"

namespace axolemma::cli {

namespace {

namespace fs = std::filesystem;

/// Tasks of an array when nobody says how many: each gets enough points to fill its lanes.
constexpr std::int64_t most_tasks = 100;
constexpr std::int64_t lanes = 8;

std::string absolute(const std::string& path)
{
    std::error_code error;
    return fs::absolute(path, error).lexically_normal().string();
}

/// Where this program is, so that tasks run the same one.
std::string own_path()
{
    std::error_code error;
    const auto path = fs::read_symlink("/proc/self/exe", error);
    return error ? "axolemma" : path.string();
}

bool is_in_path(const std::string& program)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (access((folder + "/" + program).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

std::int64_t task_count(const SweepArguments& arguments, std::int64_t n_points, std::int64_t cells_per_point,
                        std::int64_t cpus)
{
    if (arguments.array_size > 0) {
        return std::min(arguments.array_size, n_points);
    }
    const std::int64_t per_task = std::max<std::int64_t>(1, lanes * cpus / std::max<std::int64_t>(cells_per_point, 1));
    return std::clamp<std::int64_t>(n_points / per_task, 1, most_tasks);
}

/// Hands the script to sbatch; the number of the job.
std::string submit(const std::string& script)
{
    if (!is_in_path("sbatch")) {
        throw base::EngineError(
            fmt::format("there is no 'sbatch' here, so the job cannot be submitted; the script is "
                        "{}. Run it where Slurm is: sbatch {}",
                        script, sweep::shell_word(script)));
    }
    std::FILE* pipe = popen(("sbatch --parsable " + sweep::shell_word(script)).c_str(), "r");
    if (pipe == nullptr) {
        throw base::EngineError("sbatch cannot be started");
    }
    std::string answer;
    for (std::array<char, 256> part{}; std::fgets(part.data(), static_cast<int>(part.size()), pipe) != nullptr;) {
        answer += part.data();
    }
    if (pclose(pipe) != 0) {
        throw base::EngineError(fmt::format("sbatch refused the job (its message is above); the script is {}", script));
    }
    return answer.substr(0, answer.find_first_of(";\r\n"));
}

}  // namespace

int slurm_command(const SweepArguments& arguments, const std::string& folder, std::int64_t n_points,
                  std::int64_t cells_per_point)
{
    if (!arguments.shard.empty()) {
        throw base::InputError({fmt::format("--shard {}", arguments.shard), 0, 0},
                               "this cannot be used with --slurm, which gives every task a shard of its own",
                               "--array-size N sets their number");
    }
    sweep::SlurmJob job;
    job.program = own_path();
    job.config = absolute(arguments.config);
    job.folder = absolute(folder);
    job.sets = arguments.sets;
    job.cpus = arguments.cpus > 0 ? arguments.cpus : std::max(arguments.threads, 1);
    job.n_points = n_points;
    job.n_tasks = task_count(arguments, n_points, cells_per_point, job.cpus);
    job.time = arguments.time;
    job.memory = arguments.memory;
    job.partition = arguments.partition;
    job.account = arguments.account;
    job.options = arguments.options;
    job.retry_failed = arguments.retry_failed;
    const auto script = sweep::slurm_script(job);
    if (arguments.dry_run) {
        fmt::print("{}", script);
        return ExitCode::success;
    }
    const auto file = job.folder + "/slurm.sh";
    sweep::write_whole(file, script);
    const auto number = submit(file);
    const auto word = sweep::shell_word(job.folder);
    fmt::print("submitted job {}: {} points in {} task{}\n", number, n_points, job.n_tasks,
               job.n_tasks == 1 ? "" : "s");
    fmt::print("next: axolemma status {}     how far it is\n", word);
    fmt::print("      axolemma collect {}    the table, when it is done\n", word);
    fmt::print("      scancel {}    stop it; the same command goes on with what is left\n", number);
    return ExitCode::success;
}

}  // namespace axolemma::cli
