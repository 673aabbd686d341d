#include "discretise/ions.hpp"

#include <algorithm>
#include <map>

#include "base/index.hpp"
#include "mechanisms/ions.hpp"

namespace axolemma::discretise {

namespace {

using mechanisms::IonQuantity;

/// Bits of what the mechanism asks of an ion: quantities it reads, and those it writes.
struct Asked {
    std::uint8_t reads = 0, writes = 0;
};

Asked asked(const mechanisms::MechanismInfo& info, std::size_t ion)
{
    Asked result;
    for (const auto& read : info.ion_reads) {
        result.reads |= read.ion == ion ? bit(read.what) : std::uint8_t{0};
    }
    for (const auto& write : info.ion_writes) {
        result.writes |= write.ion == ion ? bit(write.what) : std::uint8_t{0};
    }
    return result;
}

/// What all mechanisms together ask of one ion, per node that has it.
std::map<std::int32_t, Asked> asked_at(std::span<const PlacedMechanism> mechanisms, const std::string& name)
{
    std::map<std::int32_t, Asked> result;
    for (const auto& placed : mechanisms) {
        for (std::size_t ion = 0; ion < placed.info->ions.size(); ++ion) {
            if (placed.info->ions[ion].name != name) {
                continue;
            }
            const auto its = asked(*placed.info, ion);
            for (const std::int32_t node : placed.node) {
                auto& at = result[node];
                at.reads |= its.reads;
                at.writes |= its.writes;
            }
        }
    }
    return result;
}

constexpr std::uint8_t concentrations = bit(IonQuantity::inside_mM) | bit(IonQuantity::outside_mM);

std::uint8_t changing(const Asked& at)
{
    const bool follows = at.writes != 0 && (at.reads & bit(IonQuantity::reversal_mV)) != 0;
    return static_cast<std::uint8_t>(at.writes | (follows ? bit(IonQuantity::reversal_mV) : 0) |
                                     (at.reads & bit(IonQuantity::current_mA_per_cm2)));
}

}  // namespace

std::vector<PlacedIon> find_ions(std::span<const PlacedMechanism> mechanisms)
{
    std::map<std::string, int> valences;
    for (const auto& placed : mechanisms) {
        for (const auto& use : placed.info->ions) {
            if (placed.node.empty()) {
                continue;
            }
            int& valence = valences[use.name];
            valence = use.valence != 0 ? use.valence : valence;
        }
    }
    std::vector<PlacedIon> ions;
    for (const auto& [name, valence] : valences) {
        const auto defaults = mechanisms::ion_defaults(name);
        PlacedIon ion;
        ion.name = name;
        ion.valence = valence != 0 ? valence : defaults.valence;
        for (const auto& [node, at] : asked_at(mechanisms, name)) {
            ion.node.push_back(node);
            ion.reversal_mV.push_back(defaults.reversal_mV);
            ion.inside_mM.push_back(defaults.inside_mM);
            ion.outside_mM.push_back(defaults.outside_mM);
            ion.changing.push_back(changing(at));
        }
        ions.push_back(std::move(ion));
    }
    return ions;
}

void settle_reversal(PlacedIon& ion, std::span<const PlacedMechanism> mechanisms, const std::vector<ReversalBy>& by,
                     double temperature_degC)
{
    const auto all = asked_at(mechanisms, ion.name);
    for (std::size_t k = 0; k < ion.node.size(); ++k) {
        const auto& at = all.at(ion.node[k]);
        const bool by_default = by[k] == ReversalBy::nobody && (at.reads & concentrations) != 0;
        if (at.writes != 0 || by[k] == ReversalBy::nernst || by_default) {
            ion.reversal_mV[k] =
                mechanisms::nernst_mV(ion.inside_mM[k], ion.outside_mM[k], ion.valence, temperature_degC);
        }
    }
}

}  // namespace axolemma::discretise
