/// The ions of a population: values as the user gave them, and whether mechanisms agree about them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "base/index.hpp"
#include "mechanisms/ions.hpp"
#include "run/population.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;
using discretise::ReversalBy;
using mechanisms::IonQuantity;

bool uses(const mechanisms::MechanismInfo& info, std::string_view ion)
{
    return std::any_of(info.ions.begin(), info.ions.end(),
                       [&](const mechanisms::IonUse& use) { return use.name == ion; });
}

}  // namespace

bool Population::has_ion(std::string_view ion, std::int32_t node) const
{
    return std::any_of(painted_.begin(), painted_.end(),
                       [&](const Painted& painted) {
                           return uses(*painted.info, ion) &&
                                  std::binary_search(painted.node.begin(), painted.node.end(), node);
                       }) ||
           std::any_of(
               point_processes_.begin(), point_processes_.end(), [&](const discretise::PlacedMechanism& placed) {
                   return uses(*placed.info, ion) && std::binary_search(placed.node.begin(), placed.node.end(), node);
               });
}

void Population::add_point_process(const mechanisms::MechanismInfo& info, std::vector<std::int32_t> nodes)
{
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    point_processes_.push_back({&info, std::move(nodes), {}, {}});
}

void Population::check_ions(Diagnostics& diagnostics) const
{
    if (!layout_) {
        return;
    }
    for (std::size_t entry = 0; entry < spec_->ions.size(); ++entry) {
        const auto& spec = spec_->ions[entry];
        const auto& nodes = ion_nodes_[entry];
        if (std::none_of(nodes.begin(), nodes.end(), [&](std::int32_t node) { return has_ion(spec.ion, node); })) {
            diagnostics.error(
                spec.pos,
                fmt::format("no channel in region '{}' of '{}' uses the ion '{}'", spec.region.text, name(), spec.ion),
                "its values would have no effect; paint a channel that uses it, or remove this entry");
        }
    }
    struct Writer {
        const mechanisms::MechanismInfo* info;
        const model::Paint* paint;
    };
    std::map<std::tuple<std::string, IonQuantity, std::int32_t>, Writer> writers;
    for (const auto& painted : painted_) {
        for (const auto& write : painted.info->ion_writes) {
            const auto& ion = painted.info->ions[write.ion].name;
            for (std::size_t k = 0; k < painted.node.size(); ++k) {
                const auto [first, is_new] =
                    writers.try_emplace({ion, write.what, painted.node[k]}, Writer{painted.info, painted.paint[k]});
                if (!is_new) {
                    diagnostics.error(
                        painted.paint[k]->pos,
                        fmt::format("the channels '{}' and '{}' both set the concentration of '{}' {} the cell at {} "
                                    "of '{}'",
                                    first->second.info->name, painted.info->name, ion,
                                    write.what == IonQuantity::inside_mM ? "inside" : "outside",
                                    place_text(layout_->centre(painted.node[k])), name()),
                        fmt::format("'{}' is painted at {}; only one of them may be there", first->second.info->name,
                                    first->second.paint->pos.text()));
                    return;
                }
            }
        }
    }
    for (std::size_t entry = 0; entry < spec_->ions.size(); ++entry) {
        const auto& spec = spec_->ions[entry];
        for (const auto& [key, writer] : writers) {
            const auto& [ion, what, node] = key;
            if (spec.reversal_mV && ion == spec.ion &&
                std::binary_search(ion_nodes_[entry].begin(), ion_nodes_[entry].end(), node)) {
                diagnostics.warning(
                    spec.reversal_mV->pos,
                    fmt::format("the reversal potential of '{}' follows its concentrations where '{}' sets them, as at "
                                "{} of '{}'; the number given does not hold there",
                                ion, writer.info->name, place_text(layout_->centre(node)), name()),
                    "write 'reversal: nernst', or give the number in regions without it only");
                break;
            }
        }
    }
}

void Population::set_ion(discretise::PlacedIon& ion, const model::IonSpec& spec, std::size_t entry, std::int64_t index,
                         std::vector<ReversalBy>& by) const
{
    std::vector<std::int32_t> nodes;
    std::vector<std::size_t> at;
    for (std::size_t k = 0; k < ion.node.size(); ++k) {
        if (std::binary_search(ion_nodes_[entry].begin(), ion_nodes_[entry].end(), ion.node[k])) {
            nodes.push_back(ion.node[k]);
            at.push_back(k);
            by[k] = spec.reversal_is_nernst ? ReversalBy::nernst : spec.reversal_mV ? ReversalBy::number : by[k];
        }
    }
    const auto set = [&](const std::optional<model::Value>& value, std::string_view what, std::string_view unit,
                         std::vector<double>& column) {
        if (!value) {
            return;
        }
        const auto values = values_at(*value, fmt::format("ions/{}/{}", entry, what), nodes, index);
        for (std::size_t k = 0; k < values.size(); ++k) {
            const bool good = std::isfinite(values[k]) && (unit == "mV" || values[k] > 0.0);
            if (!good) {
                throw base::InputError(
                    value->pos,
                    fmt::format("'{}' of ion '{}' is {:g} {} at {} of cell {} of '{}'", what, ion.name, values[k], unit,
                                place_text(layout_->centre(nodes[k])), index, name()),
                    unit == "mV" ? "it must be a finite voltage" : "it must be greater than 0 mM");
            }
            column[at[k]] = values[k];
        }
    };
    set(spec.reversal_mV, "reversal", "mV", ion.reversal_mV);
    set(spec.inside_mM, "inside", "mM", ion.inside_mM);
    set(spec.outside_mM, "outside", "mM", ion.outside_mM);
}

std::vector<discretise::PlacedIon> Population::place_ions(const discretise::DiscretisedCell& cell,
                                                          std::int64_t index) const
{
    std::vector<discretise::PlacedMechanism> with_points;
    std::span<const discretise::PlacedMechanism> users = cell.mechanisms;
    if (!point_processes_.empty()) {
        with_points = cell.mechanisms;
        with_points.insert(with_points.end(), point_processes_.begin(), point_processes_.end());
        users = with_points;
    }
    auto ions = discretise::find_ions(users);
    for (auto& ion : ions) {
        std::vector<ReversalBy> by(ion.node.size(), ReversalBy::nobody);
        for (std::size_t entry = 0; entry < spec_->ions.size(); ++entry) {
            if (spec_->ions[entry].ion == ion.name) {
                set_ion(ion, spec_->ions[entry], entry, index, by);
            }
        }
        discretise::settle_reversal(ion, users, by, temperature_degC_);
    }
    return ions;
}

void check_valences(const std::vector<Population>& populations, Diagnostics& diagnostics)
{
    struct Said {
        int valence;
        const mechanisms::MechanismInfo* info;
    };
    std::map<std::string, Said> known;
    for (const auto& population : populations) {
        for (const auto& painted : population.painted()) {
            for (const auto& use : painted.info->ions) {
                const int standard = mechanisms::ion_defaults(use.name).valence;
                if (use.valence == 0) {
                    continue;
                }
                const auto [first, is_new] = known.try_emplace(use.name, Said{use.valence, painted.info});
                if (is_new && standard != 0 && standard != use.valence) {
                    diagnostics.error(painted.paint.front()->pos,
                                      fmt::format("the channel '{}' says that the ion '{}' has the charge {}",
                                                  painted.info->name, use.name, use.valence),
                                      fmt::format("it is {}", standard));
                } else if (!is_new && first->second.valence != use.valence) {
                    diagnostics.error(
                        painted.paint.front()->pos,
                        fmt::format("the channels '{}' and '{}' disagree about the charge of the ion '{}': {} and {}",
                                    first->second.info->name, painted.info->name, use.name, first->second.valence,
                                    use.valence),
                        "rename the ion in one of them, or correct its VALENCE");
                }
            }
        }
    }
}

}  // namespace axolemma::run
