#include "run/gap_sites.hpp"

#include "base/index.hpp"

namespace axolemma::run {

GapSites::GapSites(const BuiltModel& built) : built_(built)
{
    const auto n_sites = base::index(built.network->n_gap_sites());
    for (auto* voltages : {&voltages_.now_mV, &voltages_.before_mV, &expected_mV_}) {
        voltages->assign(n_sites, 0.0);
    }
}

void GapSites::begin()
{
    gather();
    voltages_.before_mV = voltages_.now_mV;
}

void GapSites::exchange()
{
    voltages_.before_mV = voltages_.now_mV;
    gather();
}

void GapSites::expect()
{
    const bool centred = built_.model.run.method == model::Method::crank_nicolson;
    for (std::size_t k = 0; k < expected_mV_.size(); ++k) {
        expected_mV_[k] = centred ? 1.5 * voltages_.now_mV[k] - 0.5 * voltages_.before_mV[k] : voltages_.now_mV[k];
    }
}

void GapSites::gather()
{
    if (empty()) {
        return;
    }
    std::vector<double> mine;
    for (const auto& group : built_.groups) {
        for (const auto& site : group->plan.gap_sites) {
            mine.push_back(group->state.v_slots_mV()[base::index(site.slot)]);
        }
    }
    std::vector<int> counts;
    for (int rank = 0; rank < built_.ranks.size(); ++rank) {
        counts.push_back(built_.network->gap_sites_before(built_.share.first_of(rank + 1)) -
                         built_.network->gap_sites_before(built_.share.first_of(rank)));
    }
    built_.ranks.all_gather(std::span<const double>(mine), counts, std::span<double>(voltages_.now_mV));
}

}  // namespace axolemma::run
