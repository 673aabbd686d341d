#include "mechanisms/catalogue.hpp"

#include <array>

#include "mechanisms/builtin.hpp"

namespace axolemma::mechanisms {

namespace {

const std::array<const MechanismInfo*, 2>& all_mechanisms()
{
    static const std::array<const MechanismInfo*, 2> list{&hh_mechanism(), &pas_mechanism()};
    return list;
}

}  // namespace

const MechanismInfo* find_mechanism(std::string_view name)
{
    for (const MechanismInfo* info : all_mechanisms()) {
        if (info->name == name) {
            return info;
        }
    }
    return nullptr;
}

const std::vector<std::string>& mechanism_names()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const MechanismInfo* info : all_mechanisms()) {
            list.emplace_back(info->name);
        }
        return list;
    }();
    return names;
}

}  // namespace axolemma::mechanisms
