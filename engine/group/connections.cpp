#include "group/connections.hpp"

namespace axolemma::group {

ConnectionNumbers::ConnectionNumbers(Plan& plan) : plan_(plan)
{
    for (const auto& kind : plan.synapses) {
        auto& own = kinds_.emplace_back();
        if (kind.info->is_text() && kind.info->kernels->tells_connections_apart()) {
            own.counts.assign(kind.n(), 0);
        }
    }
}

std::int32_t ConnectionNumbers::add(std::int32_t synapse, double weight_uS)
{
    const auto& kind = plan_.kind_of(synapse);
    auto& own = kinds_[static_cast<std::size_t>(&kind - plan_.synapses.data())];
    if (own.counts.empty()) {
        return 0;
    }
    own.instance.push_back(synapse - kind.first);
    own.weight_uS.push_back(weight_uS);
    return own.counts[static_cast<std::size_t>(synapse - kind.first)]++;
}

void ConnectionNumbers::seal()
{
    for (std::size_t s = 0; s < kinds_.size(); ++s) {
        auto& kind = plan_.synapses[s];
        const auto& own = kinds_[s];
        if (!kind.info->is_text()) {
            continue;
        }
        kind.first_memory.assign(1, 0);
        kind.first_connection.assign(own.counts.empty() ? 0 : 1, 0);
        for (std::size_t k = 0; k < kind.n(); ++k) {
            const auto n_connections = own.counts.empty() ? 0 : static_cast<std::size_t>(own.counts[k]);
            kind.first_memory.push_back(kind.first_memory.back() + kind.info->kernels->memory_size(n_connections));
            if (!own.counts.empty()) {
                kind.first_connection.push_back(kind.first_connection.back() + n_connections);
            }
        }
        plan_.state_column_sizes[kind.memory_column] = kind.first_memory.back();
        kind.weights_uS.resize(own.weight_uS.size());
        auto next = kind.first_connection;
        for (std::size_t c = 0; c < own.instance.size(); ++c) {
            kind.weights_uS[next[static_cast<std::size_t>(own.instance[c])]++] = own.weight_uS[c];
        }
    }
}

}  // namespace axolemma::group
