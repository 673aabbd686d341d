/// Timing of models: how long the engine takes to set one up and to step it, and what it holds in memory.
///
/// The measure is the CPU time of the process, summed over its threads: on a machine that is shared with others the wall
/// clock counts their work too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/workloads.hpp"
#include "run/simulation.hpp"

namespace axolemma::bench {

struct Seconds {
    double cpu = 0, wall = 0;
};

/// Crossings seen at one place of one cell.
struct SiteSpikes {
    std::int32_t population = 0;
    std::int64_t cell = 0;  ///< in its population
    std::int32_t site = 0;  ///< place in its population
    std::int64_t n = 0;     ///< >= 1
    double first_ms = 0, last_ms = 0;
};

struct Measurement {
    std::string name, note;
    std::string method;
    double dt_ms = 0;
    run::Facts facts;
    int threads = 1;
    Seconds read;   ///< reading the SWC files and making sections of them
    Seconds setup;  ///< making the simulation, less `read`
    std::vector<Seconds> runs;
    std::int64_t resident_bytes = 0;  ///< growth of the resident set by the simulation and its first run; 0 = not known
    std::uint64_t result_hash = 0;
    std::int64_t n_sites = 0;        ///< places watched for spikes
    std::vector<SiteSpikes> spikes;  ///< places with at least one spike, by population, cell and site

    std::int64_t n_spikes() const;
    /// Per membrane compartment and step.
    double ns(double seconds) const;
    /// By the engine's own count of its arrays.
    double counted_bytes_per_compartment() const;
    double resident_bytes_per_compartment() const;
};

struct Statistics {
    double median = 0, least = 0;
};
/// @param which  member of Seconds
Statistics statistics(const std::vector<Seconds>& runs, double Seconds::*which);

/// Sets the model up once and runs it `repeats` times. Throws base::InputError, and base::EngineError when a run fails or
/// two runs differ.
/// @param threads  0: OMP_NUM_THREADS or one per core
/// @param repeats  >= 1
Measurement measure(Workload workload, int threads, int repeats);

/// One row per workload, for people.
std::string table_head();
std::string table_row(const Measurement& measurement);
/// All of it as one JSON object.
std::string table_json(const std::vector<Measurement>& measurements);

}  // namespace axolemma::bench
