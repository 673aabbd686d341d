#include "run/synapse_places.hpp"

#include <numeric>

#include "base/index.hpp"

namespace axolemma::run {

using base::index;

std::vector<SynapsePlaces> find_synapse_places(const model::Model& model, const std::vector<Population>& populations,
                                               base::Diagnostics& diagnostics)
{
    std::vector<SynapsePlaces> all;
    for (const auto& spec : model.synapses) {
        SynapsePlaces places{select(spec.target, populations, diagnostics), {}, {}, {}};
        if (places.cells.ok()) {
            const auto& population = populations[index(places.cells.population)];
            const auto& layout = population.layout();
            for (const auto& at : spec.at) {
                for (const auto& where : locate(at, population, diagnostics)) {
                    places.node.push_back(layout.compartment_at(where));
                    places.where.push_back(where);
                    places.share.push_back(1.0);
                }
            }
            if (spec.region) {
                for (const std::int32_t node : population.compartments_in(*spec.region, diagnostics)) {
                    places.node.push_back(node);
                    places.where.push_back(layout.centre(node));
                    places.share.push_back(layout.area_um2[index(node)]);
                }
            }
            std::partial_sum(places.share.begin(), places.share.end(), places.share.begin());
            for (auto& share : places.share) {
                share /= places.share.back();
            }
            if (!places.share.empty()) {
                places.share.back() = 1.0;
            }
        }
        all.push_back(std::move(places));
    }
    return all;
}

}  // namespace axolemma::run
