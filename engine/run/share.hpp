/// Which cells and how many threads each rank has.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.hpp"
#include "network/ranks.hpp"
#include "run/population.hpp"

namespace axolemma::run {

/// Cells are numbered over the whole model; every rank has a run of them, cut so that the computing time of a step is
/// about the same everywhere. The time that a cell of each population takes is measured on rank 0. No result depends on it.
class CellShare {
public:
    /// Everything on one rank.
    explicit CellShare(std::int64_t n_cells) : first_{0, n_cells}, rank_(0) {}
    /// @param cost  of a cell of each population, in any unit
    CellShare(const std::vector<Population>& populations, const std::vector<double>& cost, int n_ranks, int rank);

    std::int64_t first() const { return first_[static_cast<std::size_t>(rank_)]; }
    std::int64_t end() const { return first_[static_cast<std::size_t>(rank_) + 1]; }
    std::int64_t first_of(int rank) const { return first_[static_cast<std::size_t>(rank)]; }
    int n_ranks() const { return static_cast<int>(first_.size()) - 1; }

private:
    std::vector<std::int64_t> first_;  ///< cell of each rank, and the number of cells
    int rank_;
};

/// Threads that a rank uses: as many as asked for, or OMP_NUM_THREADS, or its part of the cores of the machine.
int threads_of_rank(int asked, const network::Ranks& ranks);

/// CPU time of a step of one cell of each population [ns], measured over a few milliseconds. The cells must be ones that
/// can be made.
std::vector<double> measure_cell_cost(const model::Model& model, const std::vector<Population>& populations);

}  // namespace axolemma::run
