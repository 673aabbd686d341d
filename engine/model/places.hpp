/// Values and places as the user wrote them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/expression.hpp"
#include "morphology/regions.hpp"

namespace axolemma::model {

using base::Expression;
using base::SourcePos;

/// A value that may differ from place to place and from cell to cell.
struct Value {
    Expression expression;
    SourcePos pos;
};

/// A region as written, with its position for messages.
struct RegionRef {
    morphology::Region region;
    std::string text;  ///< as the user would say it, for messages and summaries
    SourcePos pos;
};

struct LocationRef {
    morphology::LocationRule rule;
    std::string text;  ///< as the user would say it
    SourcePos pos;
};

/// Cells of one population: all of them when `ids` is empty, else these indices (0-based within the population).
struct CellSelection {
    std::string cells;
    std::vector<std::int64_t> ids;
    SourcePos pos;
};

struct ParameterSetting {
    std::string name;
    Value value;  ///< in the unit of the mechanism's parameter
    SourcePos pos;
};

}  // namespace axolemma::model
