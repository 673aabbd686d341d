#include "run/cells_in_work.hpp"

namespace axolemma::run {

namespace {

// Volatile: read by a signal handler of the same thread.
thread_local volatile std::int64_t first_cell = -1;
thread_local volatile std::int64_t last_cell = -1;

}  // namespace

CellsInWork cells_in_work()
{
    return {first_cell, last_cell};
}

WorkOnCells::WorkOnCells(CellsInWork cells)
{
    first_cell = cells.first;
    last_cell = cells.last;
}

WorkOnCells::~WorkOnCells()
{
    last_cell = -1;
}

}  // namespace axolemma::run
