#include "model/variables.hpp"

#include <vector>

namespace axolemma::model {

std::span<const base::Variable> place_variables()
{
    static const std::vector<base::Variable> list = {
        {"distance", base::parse_unit("um"), "path distance from the soma (from the start of the root without one)"},
        {"diameter", base::parse_unit("um"), "local diameter"},
        {"x", base::parse_unit("um"), "coordinate"},
        {"y", base::parse_unit("um"), "coordinate"},
        {"z", base::parse_unit("um"), "coordinate"},
        {"position", base::parse_unit("1"), "position along the section, 0 to 1"},
        {"section_length", base::parse_unit("um"), "length of the section"},
        {"compartments", base::parse_unit("1"), "number of compartments of the section"},
        {"cell", base::parse_unit("1"), "index of the cell in its population, from 0"},
        {"count", base::parse_unit("1"), "number of cells in the population"},
    };
    return list;
}

std::span<const base::Variable> cell_variables()
{
    return place_variables().last(2);
}

std::span<const base::Variable> connection_variables()
{
    static const std::vector<base::Variable> list = {
        {"distance", base::parse_unit("um"), "straight distance between the positions of the two cells"},
        {"source", base::parse_unit("1"), "index of the source in its population, from 0"},
        {"target", base::parse_unit("1"), "index of the target in its population, from 0"},
    };
    return list;
}

}  // namespace axolemma::model
