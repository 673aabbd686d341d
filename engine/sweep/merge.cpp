#include "sweep/merge.hpp"

#include <fmt/format.h>

#include <cassert>
#include <map>

namespace axolemma::sweep {

namespace {

bool is_joined(const model::Model& model)
{
    return !model.synapses.empty() || !model.generators.empty() || !model.connections.empty() ||
           !model.gap_junctions.empty();
}

/// Takes the names of one point apart from those of the others.
class Renamer {
public:
    Renamer(const model::Model& point, std::size_t k) : prefix_(fmt::format("p{}_", k))
    {
        if (point.cells.size() == 1) {
            only_population_ = point.cells.front().name;
        }
    }

    std::string name(const std::string& of) const { return prefix_ + of; }
    void rename(model::CellSelection& target) const
    {
        target.cells = name(target.cells.empty() ? only_population_ : target.cells);
    }

private:
    std::string prefix_, only_population_;
};

void add(model::Model& merged, const model::Model& point, std::size_t k)
{
    const Renamer renamer(point, k);
    std::map<std::string, std::int64_t> first_cells;
    std::int64_t first_cell = 0;
    for (auto cells : point.cells) {
        first_cells[renamer.name(cells.name)] = first_cell;
        cells.identity = model::StreamIdentity{cells.name, first_cell, point.run.seed};
        first_cell += cells.count;
        cells.name = renamer.name(cells.name);
        merged.cells.push_back(std::move(cells));
    }
    for (auto stimulus : point.stimuli) {
        renamer.rename(stimulus.target);
        stimulus.identity = model::StreamIdentity{stimulus.name, first_cells[stimulus.target.cells], point.run.seed};
        stimulus.name = renamer.name(stimulus.name);
        merged.stimuli.push_back(std::move(stimulus));
    }
    for (auto recording : point.recordings) {
        const std::string of_stimulus = "stimulus.";
        if (recording.quantity.starts_with(of_stimulus)) {
            recording.quantity = of_stimulus + renamer.name(recording.quantity.substr(of_stimulus.size()));
        }
        renamer.rename(recording.target);
        merged.recordings.push_back(std::move(recording));
    }
    for (auto spikes : point.spikes) {
        renamer.rename(spikes.target);
        merged.spikes.push_back(std::move(spikes));
    }
}

}  // namespace

model::Model prepared(model::Model point)
{
    point.f_i_curves.clear();
    point.checkpoint = {};
    point.sweep.reset();
    if (point.run.split_cables == model::SplitCables::automatic) {
        point.run.split_cables = model::SplitCables::never;
    }
    return point;
}

bool can_merge(const model::Model& a, const model::Model& b)
{
    auto run = a.run;
    run.seed = b.run.seed;  // each cell keeps the seed of its point
    run.pos = b.run.pos;
    return run == b.run && a.temperature_degC == b.temperature_degC &&
           a.catalogue.channels() == b.catalogue.channels() && a.cells.size() == b.cells.size() &&
           a.stimuli.size() == b.stimuli.size() && a.recordings.size() == b.recordings.size() &&
           a.spikes.size() == b.spikes.size() && !is_joined(a) && !is_joined(b);
}

model::Model merge(std::span<const model::Model> points)
{
    assert(!points.empty() && "nothing to merge");
    model::Model merged;
    merged.config_path = points.front().config_path;
    merged.temperature_degC = points.front().temperature_degC;
    merged.run = points.front().run;
    merged.catalogue = points.front().catalogue;
    merged.channel_files = points.front().channel_files;
    for (std::size_t k = 0; k < points.size(); ++k) {
        add(merged, points[k], k);
    }
    return merged;
}

}  // namespace axolemma::sweep
