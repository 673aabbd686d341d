#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

namespace {

template <class Info>
int index_of(const std::vector<Info>& list, std::string_view name)
{
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].name == name) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

}  // namespace

int MechanismInfo::parameter_index(std::string_view parameter) const
{
    return index_of(parameters, parameter);
}

int MechanismInfo::state_index(std::string_view state) const
{
    return index_of(states, state);
}

int MechanismInfo::current_index(std::string_view current) const
{
    return index_of(currents, current);
}

int MechanismInfo::output_index(std::string_view output) const
{
    return index_of(outputs, output);
}

}  // namespace axolemma::mechanisms
