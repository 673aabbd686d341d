/// How a lane program uses LaneBlock::scratch: the columns of all slots, then the numbers of one chunk of rows.
#pragma once

#include <cstddef>

#include "base/simd.hpp"
#include "kinetics/lane_program.hpp"

namespace axolemma::kinetics {

/// Where an instruction finds an operand: row k of the chunk at at + k * stride.
struct ChunkColumn {
    const double* at = nullptr;
    std::size_t stride = 0;
};

/// What is at which number of the scratch memory.
struct LaneMemory {
    explicit LaneMemory(const LaneProgram& program)
        : chunk_rows(program.n_registers <= 24   ? 16
                     : program.n_registers <= 48 ? 8
                                                 : 4)
    {
        const std::size_t of_columns = (program.n_slots() * sizeof(ChunkColumn) / sizeof(double) + 7) / 8 * 8;
        const std::size_t chunk = chunk_rows * base::lanes;
        settled = of_columns;
        registers = settled + program.settled.size() * chunk;
        gathered = registers + program.n_registers * chunk;
        active = gathered + (1 + program.n_ions) * chunk;
        time = active + (program.systems.empty() ? 0 : chunk);
        size = time + base::lanes;
    }

    /// So few that the registers stay in the nearest cache, and so many that instructions are worth their while.
    std::size_t chunk_rows;
    std::size_t settled, registers;
    std::size_t gathered;  ///< the voltage and ions of rows that do not follow each other
    std::size_t active;    ///< 1 in lanes of systems that have not converged, else 0
    std::size_t time;
    std::size_t size;
};

}  // namespace axolemma::kinetics
