/// From what the user wrote to cells, places and waveforms that exist.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "mechanisms/waveform.hpp"
#include "model/model.hpp"
#include "run/population.hpp"

namespace axolemma::run {

/// Cells of one population, ascending, each once.
struct Selected {
    std::int32_t population = -1;
    std::vector<std::int64_t> cells;
    bool ok() const { return population >= 0; }
};

/// Finds the population and checks the ids. An unnamed selection means the only population.
Selected select(const model::CellSelection& selection, const std::vector<Population>& populations,
                base::Diagnostics& diagnostics);

/// Places of a rule on the population's shape; empty after an error.
std::vector<morphology::Location> locate(const model::LocationRef& where, const Population& population,
                                         base::Diagnostics& diagnostics);

/// A cell by its number in its population and over all cells of the model.
struct CellOfPopulation {
    std::int64_t index = 0;
    std::int64_t count = 1;  ///< cells in the population
    std::int64_t gid = 0;    ///< over all cells, for random numbers
};

/// The waveform of a stimulus for one cell: expressions of `cell` and `count` evaluated, durations checked.
mechanisms::Waveform make_waveform(const model::StimulusSpec& stimulus, const CellOfPopulation& cell,
                                   std::uint64_t seed, base::Diagnostics& diagnostics);

}  // namespace axolemma::run
