/// The script that runs a sweep as a job array of Slurm.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace axolemma::sweep {

struct SlurmJob {
    std::string program;  ///< absolute path of axolemma
    std::string config;   ///< absolute
    std::string folder;   ///< absolute; of the sweep
    std::vector<std::string> sets;
    std::int64_t n_tasks = 1, n_points = 1;
    std::int64_t cpus = 1;           ///< per task
    std::string time = "1:00:00";    ///< limit of a task, as sbatch reads it
    std::string memory;              ///< per task; empty: the cluster's default
    std::string partition, account;  ///< empty: the default
    bool retry_failed = false;
    std::vector<std::string> options;  ///< further ones of sbatch, as "--qos=short"
};

/// The whole script.
std::string slurm_script(const SlurmJob& job);

/// A text as one word of the shell.
std::string shell_word(const std::string& text);

}  // namespace axolemma::sweep
