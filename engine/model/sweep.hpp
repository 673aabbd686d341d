/// Which values a sweep goes through, as the user described it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostics.hpp"

namespace axolemma::model {

using base::SourcePos;

/// Values one by one, as YAML texts.
struct ListedValues {
    std::vector<std::string> text;
    std::vector<SourcePos> pos;  ///< of each
};

/// From one end to the other, both included, in the unit of the parameter.
struct SpacedValues {
    double from = 0, to = 0;
    std::int64_t count = 2;
    bool logarithmic = false;
    SourcePos pos;
};

/// Evenly distributed between the ends (or their logarithms), in the unit of the parameter.
struct SampledValues {
    double from = 0, to = 0;
    bool logarithmic = false;
    SourcePos pos;
};

struct SweepParameter {
    std::string name;                ///< of its column; unique
    std::string unit;                ///< of its numbers; empty for plain numbers and for texts
    std::vector<std::string> paths;  ///< in the configuration, as in --set; all get the same value
    std::variant<ListedValues, SpacedValues, SampledValues> values;
    SourcePos pos;  ///< of the paths
};

/// Grid: every combination, the last parameter varying fastest. List: the i-th values together.
enum class SweepMode { grid, list, random, sobol };
/// What is kept of each point: its row of the table alone, or its result file too.
enum class SweepKeep { table, results };

struct SweepSpec {
    std::vector<SweepParameter> parameters;
    SweepMode mode = SweepMode::grid;
    std::int64_t n_points = 0;
    std::uint64_t seed = 1;  ///< of mode random: the run's
    SweepKeep keep = SweepKeep::table;
    std::string csv;  ///< file the points were read from; empty: none
    SourcePos pos;
};

}  // namespace axolemma::model
