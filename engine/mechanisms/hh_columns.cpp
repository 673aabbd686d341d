#include "mechanisms/hh_columns.hpp"

#include <algorithm>

namespace axolemma::mechanisms {

bool HhColumns::uniform() const
{
    return std::all_of(parameters.begin(), parameters.end(),
                       [](const Parameter& parameter) { return parameter.stride == 0; });
}

HhColumns hh_columns(const LaneBlock& block, const LaneKernel::HhShape& shape)
{
    HhColumns columns;
    columns.v_mV = block.v_mV;
    for (std::size_t p = 0; p < columns.parameters.size(); ++p) {
        const auto& from = shape.parameters[p];
        const LaneColumn& column = (from.is_ion_read ? block.ion_reads : block.parameters)[from.index];
        columns.parameters[p] = {column.values, column.stride, from.is_ion_read ? ~std::size_t{0} : 0};
    }
    for (std::size_t s = 0; s < columns.states.size(); ++s) {
        columns.states[s] = block.states[shape.states[s]];
    }
    columns.table = shape.table;
    columns.temperature_degC = block.temperature_degC;
    columns.dt_ms = block.dt_ms;
    return columns;
}

}  // namespace axolemma::mechanisms
