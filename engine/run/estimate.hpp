/// What a run will cost, told before it begins.
#pragma once

#include "run/simulation.hpp"

namespace axolemma::run {

/// Times come from the first steps of the run, made here on one thread; without communication and writing of files, and with
/// as few spikes as there are at the beginning.
struct Estimate {
    int ranks = 1;
    int threads = 1;            ///< of each rank
    int useful_threads = 1;     ///< that find a group of cells to step, on the busiest rank
    double cpu_s = 0;           ///< of all cells and steps
    double cpu_ms_per_ms = 0;   ///< CPU time per simulated time
    double wall_s = 0;          ///< by the clock, until the busiest rank is done; a core for every thread
    double imbalance = 1;       ///< work of the busiest rank over that of the average one
    double rank_memory_MB = 0;  ///< of the rank that has most cells in memory
};

/// Shares the cells out as a run on so many ranks would.
/// @param simulation  built on one rank; afterwards its state is that of a run that was stopped
/// @param ranks, threads  >= 1
Estimate estimate_cost(Simulation& simulation, int ranks, int threads);

}  // namespace axolemma::run
