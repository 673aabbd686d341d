/// Executes lane programs.
#pragma once

#include <cstddef>
#include <span>

#include "kinetics/lane_program.hpp"
#include "mechanisms/lane_block.hpp"

namespace axolemma::kinetics {

/// Numbers that a run of the program needs in LaneBlock::scratch.
std::size_t lane_scratch_size(const LaneProgram& program);

/// @param tables  those that LaneProgram::GateSet::table counts
void run_lane_program(const LaneProgram& program, std::span<const mechanisms::GateTable* const> tables,
                      const mechanisms::LaneBlock& block);

}  // namespace axolemma::kinetics
