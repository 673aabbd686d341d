/// The commands that run sweeps and look at them. All return an exit code (cli/commands.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/ranks.hpp"

namespace axolemma::cli {

struct SweepArguments {
    std::string config;
    std::string folder;  ///< empty: results/NAME.sweep
    std::vector<std::string> sets;
    std::string shard;  ///< "I/N"; empty: all points
    int threads = 0;
    bool retry_failed = false;
    bool dry_run = false;
    bool quiet = false;
    std::string command_line;

    // As a job array of Slurm:
    bool slurm = false;
    std::int64_t array_size = 0;  ///< tasks; 0: chosen
    std::string time = "1:00:00", memory, partition, account;
    int cpus = 0;  ///< per task; 0: threads, or 1
    std::vector<std::string> options;
};
/// On several ranks each runs a shard.
int sweep_command(const SweepArguments& arguments, network::Ranks& ranks);
/// Writes and submits the job array of a sweep that was read.
int slurm_command(const SweepArguments& arguments, const std::string& folder, std::int64_t n_points,
                  std::int64_t cells_per_point);

struct StatusArguments {
    std::string what;  ///< folder of a sweep, or its configuration
    bool json = false;
};
int status_command(const StatusArguments& arguments);

struct CollectArguments {
    std::string what;    ///< as above
    std::string output;  ///< CSV file; empty: table.csv in the folder. The HDF5 file has the same name with .h5
    bool json = false;
};
int collect_command(const CollectArguments& arguments);

}  // namespace axolemma::cli
