#include "run/gap_strength.hpp"

#include <map>

#include "base/index.hpp"

namespace axolemma::run {

using base::index;

std::optional<StrongGap> find_strong_gap(const discretise::DiscretisedCell& cell, const discretise::Plugged& plugged,
                                         double dt_ms)
{
    std::map<std::int32_t, double> g_uS;
    for (const auto& end : plugged.gap_ends) {
        g_uS[end.node] += end.g_uS;
    }
    std::optional<StrongGap> worst;
    for (const auto& [node, sum_uS] : g_uS) {
        const double capacitance_nF = 1e-5 * cell.cable.cm_uF_per_cm2[index(node)] * cell.layout->area_um2[index(node)];
        const double longest_ms = capacitance_nF / sum_uS;
        if (longest_ms < dt_ms && (!worst || longest_ms < worst->dt_ms)) {
            worst = StrongGap{node, sum_uS, capacitance_nF / dt_ms, longest_ms};
        }
    }
    return worst;
}

}  // namespace axolemma::run
