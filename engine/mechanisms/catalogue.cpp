#include "mechanisms/catalogue.hpp"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <utility>

#include "mechanisms/builtin.hpp"

namespace axolemma::mechanisms {

namespace {

/// Keeps what was read from files until the process ends.
template <class Info>
const Info* keep(std::shared_ptr<const Info> info)
{
    static std::mutex mutex;
    static std::vector<std::shared_ptr<const Info>> kept;
    const std::lock_guard<std::mutex> lock(mutex);
    kept.push_back(std::move(info));
    return kept.back().get();
}

template <class Info>
const Info* find(const std::vector<const Info*>& list, std::string_view name)
{
    const auto found = std::find_if(list.begin(), list.end(), [&](const Info* info) { return info->name == name; });
    return found == list.end() ? nullptr : *found;
}

/// In the place of the one of its name that is written in C++, or behind all others.
template <class Info>
void put(std::vector<const Info*>& list, std::shared_ptr<const Info> info)
{
    const auto same =
        std::find_if(list.begin(), list.end(), [&](const Info* other) { return other->name == info->name; });
    if (same == list.end()) {
        list.push_back(keep(std::move(info)));
        return;
    }
    assert((*same)->pos.file.empty() && "names of mechanisms that were read are unique");
    *same = keep(std::move(info));
}

template <class Info>
std::vector<std::string> names_of(const std::vector<const Info*>& list)
{
    std::vector<std::string> names;
    for (const Info* info : list) {
        names.emplace_back(info->name);
    }
    return names;
}

}  // namespace

Catalogue::Catalogue() : channels_{&hh_mechanism(), &pas_mechanism()}
{
    for (const auto& info : builtin_synapses()) {
        synapses_.push_back(&info);
    }
}

void Catalogue::add(std::shared_ptr<const MechanismInfo> channel)
{
    put(channels_, std::move(channel));
}

void Catalogue::add(std::shared_ptr<const SynapseInfo> synapse)
{
    put(synapses_, std::move(synapse));
}

const MechanismInfo* Catalogue::find_channel(std::string_view name) const
{
    return find(channels_, name);
}

const SynapseInfo* Catalogue::find_synapse(std::string_view name) const
{
    return find(synapses_, name);
}

std::vector<std::string> Catalogue::channel_names() const
{
    return names_of(channels_);
}

std::vector<std::string> Catalogue::synapse_names() const
{
    return names_of(synapses_);
}

}  // namespace axolemma::mechanisms
