/// The cells that a thread is computing, for the note that a crash leaves (cli/crash_note.hpp).
#pragma once

#include <cstdint>

namespace axolemma::run {

/// Cells by their number over all cells of the model; none when `last` is negative.
struct CellsInWork {
    std::int64_t first = -1, last = -1;
};

/// Those of the calling thread. A signal handler may call it.
CellsInWork cells_in_work();

/// The calling thread computes these cells as long as this lives.
class WorkOnCells {
public:
    explicit WorkOnCells(CellsInWork cells);
    ~WorkOnCells();
    WorkOnCells(const WorkOnCells&) = delete;
    WorkOnCells& operator=(const WorkOnCells&) = delete;
};

}  // namespace axolemma::run
