#include "sweep/slurm.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace axolemma::sweep {

namespace {

std::string directive(const std::string& option)
{
    return "#SBATCH " + option + "\n";
}

/// Slurm reads no quotes in #SBATCH lines before 20.11, so only what needs them gets them.
std::string option(const std::string& name, const std::string& value)
{
    return value.empty() ? "" : directive(name + "=" + shell_word(value));
}

}  // namespace

std::string shell_word(const std::string& text)
{
    const auto plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
    };
    bool needs_quotes = text.empty();
    for (const char c : text) {
        needs_quotes = needs_quotes || !plain(c);
    }
    if (!needs_quotes) {
        return text;
    }
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return out + "'";
}

std::string slurm_script(const SlurmJob& job)
{
    const auto name = std::filesystem::path(job.folder).stem().string();
    std::string text = "#!/bin/bash\n";
    text += fmt::format("# {} points of a sweep as an array of {} task{}. Submit again to go on with what is left.\n",
                        job.n_points, job.n_tasks, job.n_tasks == 1 ? "" : "s");
    text += option("--job-name", name);
    text += directive(fmt::format("--array=0-{}", job.n_tasks - 1));
    text += directive(fmt::format("--cpus-per-task={}", job.cpus));
    text += option("--time", job.time);
    text += option("--mem", job.memory);
    text += option("--partition", job.partition);
    text += option("--account", job.account);
    for (const auto& more : job.options) {
        text += directive(more);
    }
    text += option("--output", job.folder + "/slurm-%A_%a.log");
    text +=
        "# A minute before the end of its time a task is told to stop; it saves the rows it has and ends with code "
        "75.\n";
    text += directive("--signal=B:TERM@60");
    text += "# A task whose machine fails, or that makes room for others, is queued again and goes on where it was.\n";
    text += directive("--requeue");
    text += directive("--open-mode=append");
    text += fmt::format("\nexport OMP_NUM_THREADS={}\n", job.cpus);
    text += "# exec: the signal must reach the program, not the shell.\n";
    text += fmt::format("exec {} sweep {} \\\n    -o {} \\\n", shell_word(job.program), shell_word(job.config),
                        shell_word(job.folder));
    for (const auto& set : job.sets) {
        text += fmt::format("    --set {} \\\n", shell_word(set));
    }
    if (job.retry_failed) {
        text += "    --retry-failed \\\n";
    }
    text += fmt::format("    --threads {} --shard \"$SLURM_ARRAY_TASK_ID/{}\"\n", job.cpus, job.n_tasks);
    return text;
}

}  // namespace axolemma::sweep
