#include "morphology/facts.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/index.hpp"
#include "morphology/frustum.hpp"

namespace axolemma::morphology {

namespace {

using base::index;

void widen(FileFacts& facts, const SwcSample& sample)
{
    facts.low.x_um = std::min(facts.low.x_um, sample.x_um);
    facts.low.y_um = std::min(facts.low.y_um, sample.y_um);
    facts.low.z_um = std::min(facts.low.z_um, sample.z_um);
    facts.high.x_um = std::max(facts.high.x_um, sample.x_um);
    facts.high.y_um = std::max(facts.high.y_um, sample.y_um);
    facts.high.z_um = std::max(facts.high.z_um, sample.z_um);
    facts.smallest_radius_um = std::min(facts.smallest_radius_um, sample.radius_um);
    facts.largest_radius_um = std::max(facts.largest_radius_um, sample.radius_um);
}

}  // namespace

FileFacts measure_file(const SwcFile& file)
{
    FileFacts facts;
    if (file.samples.empty()) {
        return facts;
    }
    facts.low = facts.high = file.samples.front().point();
    facts.smallest_radius_um = facts.largest_radius_um = file.samples.front().radius_um;
    std::vector<std::int64_t> n_children(file.samples.size(), 0);
    for (const SwcSample& sample : file.samples) {
        widen(facts, sample);
        ++facts.by_type[sample.type].n_samples;
        facts.n_zero_radius += sample.radius_um == 0.0 ? 1 : 0;
        if (sample.parent >= 0) {
            ++n_children[index(sample.parent)];
        }
    }
    for (std::size_t k = 0; k < n_children.size(); ++k) {
        const std::int64_t n = n_children[k];
        facts.n_tips += n == 0 ? 1 : 0;
        facts.n_soma_tips += n == 0 && file.samples[k].type == soma ? 1 : 0;
        facts.n_branch_points += n >= 2 ? 1 : 0;
        facts.largest_fan_out = std::max(facts.largest_fan_out, n);
    }
    std::vector<std::int64_t> branch_order(file.samples.size(), 0);
    std::vector<double> path_um(file.samples.size(), 0.0);
    for (const std::int32_t k : file.order) {
        const SwcSample& sample = file.samples[index(k)];
        if (sample.parent < 0) {
            continue;
        }
        const SwcSample& parent = file.samples[index(sample.parent)];
        const double length_um = distance_between_um(parent.point(), sample.point());
        TypeFacts& type = facts.by_type[sample.type];
        type.length_um += length_um;
        type.area_um2 += frustum_area_um2(length_um, parent.radius_um, sample.radius_um);
        facts.n_zero_length += length_um == 0.0 ? 1 : 0;
        path_um[index(k)] = path_um[index(sample.parent)] + length_um;
        branch_order[index(k)] = branch_order[index(sample.parent)] + (n_children[index(sample.parent)] >= 2 ? 1 : 0);
        facts.longest_path_um = std::max(facts.longest_path_um, path_um[index(k)]);
        facts.largest_branch_order = std::max(facts.largest_branch_order, branch_order[index(k)]);
    }
    return facts;
}

}  // namespace axolemma::morphology
