#include "run/network_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/index.hpp"
#include "base/random.hpp"
#include "group/connections.hpp"
#include "record/sonata_edges.hpp"
#include "run/wiring.hpp"

namespace axolemma::run {

namespace {

using base::Diagnostics;
using base::index;

bool asks_for_distance(const model::Value& value)
{
    return value.expression.uses("distance");
}

bool asks_for_distance(const std::optional<model::Value>& value)
{
    return value && asks_for_distance(*value);
}

bool asks_for_distance(const model::Rule& rule)
{
    const auto* with = std::get_if<model::WithProbability>(&rule);
    return with != nullptr && asks_for_distance(with->probability);
}

/// Members of both, ascending; everything is allowed when `wanted` is empty.
std::vector<std::int64_t> allowed(const std::vector<std::int64_t>& present, std::vector<std::int64_t> wanted)
{
    if (wanted.empty()) {
        return present;
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<std::int64_t> both;
    std::set_intersection(present.begin(), present.end(), wanted.begin(), wanted.end(), std::back_inserter(both));
    return both;
}

void refuse_strangers(const std::vector<std::int64_t>& ids, std::int64_t count, const base::SourcePos& pos,
                      std::string_view of, Diagnostics& diagnostics)
{
    const auto stranger = std::find_if(ids.begin(), ids.end(), [&](std::int64_t id) { return id < 0 || id >= count; });
    if (stranger != ids.end()) {
        diagnostics.error(pos, fmt::format("there is no number {} in '{}'", *stranger, of),
                          fmt::format("they are numbered from 0 to {}", count - 1));
    }
}

std::int32_t only_node(const model::LocationRef& at, const Population& population, Diagnostics& diagnostics)
{
    const auto places = locate(at, population, diagnostics);
    if (places.size() > 1) {
        diagnostics.error(at.pos, fmt::format("{} is {} places on '{}'; a gap junction needs one", at.text,
                                              places.size(), population.name()));
    }
    return places.size() == 1 ? population.layout().compartment_at(places.front()) : -1;
}

}  // namespace

NetworkPlan::NetworkPlan(const model::Model& model, const std::vector<Population>& populations,
                         const std::vector<SynapsePlaces>& places, const Recordings& recordings,
                         Diagnostics& diagnostics)
    : model_(model), populations_(populations), places_(places), recordings_(recordings)
{
    std::int64_t n = 0;
    for (const auto& generator : model.generators) {
        first_generator_.push_back(n);
        n += generator.count;
    }
    refuse_pools(diagnostics);
    find_positions(diagnostics);
    find_gap_junctions(diagnostics);
}

void NetworkPlan::refuse_pools(Diagnostics& diagnostics) const
{
    for (const auto& spec : model_.synapses) {
        const auto* info = model_.catalogue.find_synapse(spec.type);
        if (info != nullptr && info->is_text() && info->kernels->between_events().writes_concentrations()) {
            diagnostics.error(
                spec.pos,
                fmt::format("synapse '{}': '{}' sets a concentration, which only channels can", spec.name, spec.type),
                "let it carry a current of the ion, and paint a channel that turns currents into "
                "concentrations");
        }
    }
}

void NetworkPlan::find_positions(Diagnostics& diagnostics)
{
    positions_um_.resize(populations_.size());
    const auto need = [&](const std::string& name) {
        for (std::size_t p = 0; p < populations_.size(); ++p) {
            if (populations_[p].name() == name && positions_um_[p].empty()) {
                positions_um_[p] = populations_[p].positions_um(diagnostics);
            }
        }
    };
    for (const auto& spec : model_.connections) {
        if (asks_for_distance(spec.rule) || asks_for_distance(spec.weight_uS) || asks_for_distance(spec.delay_ms)) {
            need(spec.from);
            for (std::size_t s = 0; s < model_.synapses.size(); ++s) {
                if (model_.synapses[s].name == spec.synapse && places_[s].cells.ok()) {
                    need(populations_[index(places_[s].cells.population)].name());
                }
            }
        }
    }
    for (const auto& spec : model_.gap_junctions) {
        if (asks_for_distance(spec.rule) || asks_for_distance(spec.conductance_uS)) {
            for (const auto* end : {&spec.a, &spec.b}) {
                if (const auto selected = select(*end, populations_, diagnostics); selected.ok()) {
                    need(populations_[index(selected.population)].name());
                }
            }
        }
    }
}

void NetworkPlan::find_gap_junctions(Diagnostics& diagnostics)
{
    struct Joined {
        std::int64_t cell_a, cell_b;
        std::int32_t node_a, node_b;
        double g_uS;
    };
    std::vector<Joined> joined;
    std::set<std::pair<std::int64_t, std::int32_t>> sites;
    for (const auto& spec : model_.gap_junctions) {
        const auto a = select(spec.a, populations_, diagnostics);
        const auto b = select(spec.b, populations_, diagnostics);
        if (!a.ok() || !b.ok()) {
            continue;
        }
        const auto& of_a = populations_[index(a.population)];
        const auto& of_b = populations_[index(b.population)];
        const std::int32_t node_a = only_node(spec.at_a, of_a, diagnostics);
        const std::int32_t node_b = only_node(spec.at_b, of_b, diagnostics);
        if (node_a < 0 || node_b < 0) {
            continue;
        }
        const auto end_of = [&](const Selected& selected, const Population& population) {
            const auto& positions = positions_um_[index(selected.population)];
            return WiringEnd{population.count(), population.first_cell(), selected.cells,
                             positions.empty() ? nullptr : &positions};
        };
        for (const auto& wire : wire_gaps(spec, end_of(a, of_a), end_of(b, of_b), a.population == b.population,
                                          model_.run.seed, diagnostics)) {
            joined.push_back(
                {of_a.first_cell() + wire.a, of_b.first_cell() + wire.b, node_a, node_b, wire.conductance_uS});
            sites.insert({joined.back().cell_a, node_a});
            sites.insert({joined.back().cell_b, node_b});
        }
    }
    std::map<std::pair<std::int64_t, std::int32_t>, std::int32_t> number;
    for (const auto& [cell, node] : sites) {
        number[{cell, node}] = n_gap_sites_;
        gap_sites_.push_back({cell, {node, n_gap_sites_++}});
    }
    for (const auto& one : joined) {
        gap_ends_.push_back({one.cell_a, {one.node_a, one.g_uS, number[{one.cell_b, one.node_b}]}});
        gap_ends_.push_back({one.cell_b, {one.node_b, one.g_uS, number[{one.cell_a, one.node_a}]}});
    }
    std::stable_sort(gap_ends_.begin(), gap_ends_.end(),
                     [](const GapEndOfCell& a, const GapEndOfCell& b) { return a.cell < b.cell; });
}

std::int32_t NetworkPlan::gap_sites_before(std::int64_t cell) const
{
    const auto at = std::lower_bound(gap_sites_.begin(), gap_sites_.end(), cell,
                                     [](const GapSiteOfCell& site, std::int64_t wanted) { return site.cell < wanted; });
    return static_cast<std::int32_t>(at - gap_sites_.begin());
}

std::vector<double> NetworkPlan::parameters(std::size_t s, std::size_t p, std::int64_t cell, std::size_t place,
                                            Diagnostics& diagnostics) const
{
    const auto& spec = model_.synapses[s];
    const auto& info = *model_.catalogue.find_synapse(spec.type);
    const auto& population = populations_[p];
    const std::int32_t node = places_[s].node[place];
    std::vector<double> values;
    for (const auto& parameter : info.parameters) {
        values.push_back(parameter.default_value);
    }
    for (const auto& setting : spec.parameters) {
        const auto k = static_cast<std::size_t>(info.parameter_index(setting.name));
        const auto stream = fmt::format("synapses/{}/{}/{}", spec.name, setting.name, place);
        values[k] = population.values_at(setting.value, stream, {node}, cell).front();
        const auto& allowed_range = info.parameters[k];
        if (!(values[k] >= allowed_range.low && values[k] <= allowed_range.high)) {
            diagnostics.error(
                setting.value.pos,
                fmt::format("'{}' of synapse '{}' is {:g} {} at {} of cell {} of '{}'", setting.name, spec.name,
                            values[k], allowed_range.unit, population.place_text(places_[s].where[place]), cell,
                            population.name()),
                fmt::format("allowed are {:g} to {:g} {}", allowed_range.low, allowed_range.high, allowed_range.unit));
        }
    }
    const auto complaint = info.complaint != nullptr ? info.complaint(values) : std::string{};
    if (!complaint.empty() && !diagnostics.has_errors()) {
        diagnostics.error(spec.pos, fmt::format("synapse '{}': {}", spec.name, complaint));
    }
    return values;
}

void NetworkPlan::plug(std::size_t p, std::int64_t cell, discretise::Plugged& plugged, Diagnostics& diagnostics) const
{
    for (std::size_t s = 0; s < places_.size(); ++s) {
        const auto& places = places_[s];
        if (places.cells.population != static_cast<std::int32_t>(p) ||
            !std::binary_search(places.cells.cells.begin(), places.cells.cells.end(), cell)) {
            continue;
        }
        for (std::size_t k = 0; k < places.node.size() && !diagnostics.has_errors(); ++k) {
            plugged.synapses.push_back({model_.catalogue.find_synapse(model_.synapses[s].type),
                                        static_cast<std::int32_t>(s), static_cast<std::int32_t>(k), places.node[k],
                                        parameters(s, p, cell, k, diagnostics)});
        }
    }
    const std::int64_t gid = populations_[p].first_cell() + cell;
    const auto is_before = [](const auto& item, std::int64_t wanted) { return item.cell < wanted; };
    for (auto at = std::lower_bound(gap_ends_.begin(), gap_ends_.end(), gid, is_before);
         at != gap_ends_.end() && at->cell == gid; ++at) {
        plugged.gap_ends.push_back(at->end);
    }
    for (auto at = std::lower_bound(gap_sites_.begin(), gap_sites_.end(), gid, is_before);
         at != gap_sites_.end() && at->cell == gid; ++at) {
        plugged.gap_sites.push_back(at->site);
    }
}

namespace {

/// A generator makes its spikes one by one, so that more than this per step fill the memory before they tell anything.
constexpr double most_spikes_per_step = 1000;

void refuse_dense(double per_step, const base::SourcePos& pos, std::int64_t number, const std::string& generator,
                  Diagnostics& diagnostics)
{
    if (per_step > most_spikes_per_step) {
        diagnostics.error(
            pos, fmt::format("number {} of '{}' makes {:.3g} spikes per step", number, generator, per_step),
            fmt::format("at most {:g} are possible; fewer of a greater weight do the same", most_spikes_per_step));
    }
}

}  // namespace

network::SpikeTrain NetworkPlan::train(const model::GeneratorSpec& generator, std::int64_t number,
                                       Diagnostics& diagnostics) const
{
    const std::array<double, 2> variables{static_cast<double>(number), static_cast<double>(generator.count)};
    const auto value = [&](const model::Value& what, std::string_view name) {
        const base::CellStream stream(model_.run.seed, number, fmt::format("generators/{}/{}", generator.name, name));
        const double x = what.expression.evaluate(variables, &stream);
        if (!std::isfinite(x) || x < 0.0) {
            diagnostics.error(what.pos,
                              fmt::format("the {} of number {} of '{}' is {:g}", name, number, generator.name, x),
                              "it must be a finite number, 0 or more");
        }
        return x;
    };
    const auto stop_of = [&](const std::optional<model::Value>& stop) {
        return stop ? value(*stop, "stop") : std::numeric_limits<double>::infinity();
    };
    if (const auto* regular = std::get_if<model::RegularTrain>(&generator.train)) {
        const double interval_ms = value(regular->interval_ms, "interval");
        if (interval_ms <= 0.0) {
            diagnostics.error(regular->interval_ms.pos,
                              fmt::format("the interval of number {} of '{}' is 0 ms", number, generator.name));
        }
        const auto count = regular->count.value_or(std::numeric_limits<std::int64_t>::max());
        refuse_dense(std::min(model_.run.dt_ms / interval_ms, static_cast<double>(count)), regular->interval_ms.pos,
                     number, generator.name, diagnostics);
        return network::SpikeTrain::regular(value(regular->start_ms, "start"), interval_ms, count,
                                            stop_of(regular->stop_ms));
    }
    if (const auto* poisson = std::get_if<model::PoissonTrain>(&generator.train)) {
        const double rate_Hz = value(poisson->rate_Hz, "rate");
        refuse_dense(1e-3 * rate_Hz * model_.run.dt_ms, poisson->rate_Hz.pos, number, generator.name, diagnostics);
        return network::SpikeTrain::poisson(
            rate_Hz, value(poisson->start_ms, "start"), stop_of(poisson->stop_ms),
            base::CellStream(model_.run.seed, number, fmt::format("generators/{}", generator.name)));
    }
    if (const auto* listed = std::get_if<model::ListedTrain>(&generator.train)) {
        return network::SpikeTrain::listed(std::make_shared<const std::vector<double>>(listed->t_ms));
    }
    const auto& file = std::get<model::FileTrain>(generator.train);  // ascending by generator, then time
    const auto [begin, end] = std::equal_range(file.generator.begin(), file.generator.end(), number);
    const auto times = [&](auto at) { return file.t_ms.begin() + (at - file.generator.begin()); };
    return network::SpikeTrain::listed(std::make_shared<const std::vector<double>>(times(begin), times(end)));
}

namespace {

/// What the file of a rule of edges holds; nothing for other rules.
EdgeArrays edges_of(const model::ConnectionSpec& spec)
{
    const auto* sonata = std::get_if<model::SonataEdges>(&spec.rule);
    if (sonata == nullptr) {
        return {};
    }
    auto read = record::read_sonata_edges(sonata->path, sonata->population);
    return {std::move(read.source), std::move(read.target), std::move(read.weight_uS), std::move(read.delay_ms)};
}

void refuse_short_delay(const model::ConnectionSpec& spec, const Wire& one, const std::string& target, double dt_ms,
                        Diagnostics& diagnostics)
{
    diagnostics.error(
        spec.delay_ms ? spec.delay_ms->pos : spec.pos,
        fmt::format("the delay from cell {} of '{}' to cell {} of '{}' is {:g} ms, shorter than a step of {:g} ms",
                    one.source, spec.from, one.target, target, one.delay_ms, dt_ms),
        "a spike cannot arrive in the step in which it is found; make the delay longer or dt shorter");
}

}  // namespace

/// A group while its cells are wired.
struct NetworkPlan::TargetGroup {
    explicit TargetGroup(GroupRun& of) : run(of), numbers(of.plan) {}

    GroupRun& run;
    group::ConnectionNumbers numbers;
};

/// Finds the group that a wire ends in.
class NetworkPlan::Targets {
public:
    explicit Targets(std::span<const std::unique_ptr<GroupRun>> groups)
    {
        for (const auto& group : groups) {
            groups_.emplace_back(*group);
        }
    }

    /// Call before a list of wires.
    void start_anew() { at_ = 0; }
    /// @param cell  not below that of the call before
    TargetGroup& group_of(std::int64_t cell)
    {
        while (groups_[at_].run.plan.cells.back().cell < cell) {
            ++at_;
        }
        return groups_[at_];
    }
    /// Call after the last wire.
    void seal()
    {
        for (auto& group : groups_) {
            group.run.inbox.seal();
            group.numbers.seal();
            group.run.state = group::State(group.run.plan);  // with what synapses keep per connection
        }
    }

private:
    std::vector<TargetGroup> groups_;
    std::size_t at_ = 0;
};

std::size_t NetworkPlan::synapse_of(const model::ConnectionSpec& spec) const
{
    const auto found = std::find_if(model_.synapses.begin(), model_.synapses.end(),
                                    [&](const model::SynapseSpec& synapse) { return synapse.name == spec.synapse; });
    return static_cast<std::size_t>(found - model_.synapses.begin());
}

double NetworkPlan::expected_connections() const
{
    double expected = 0;
    for (const auto& spec : model_.connections) {
        base::Diagnostics reported_later;
        const auto source = source_of(spec, reported_later);
        const double n_sources = static_cast<double>(
            spec.from_ids.empty() ? source.end.count : static_cast<std::int64_t>(spec.from_ids.size()));
        const double n_targets =
            static_cast<double>(allowed(places_[synapse_of(spec)].cells.cells, spec.to_ids).size());
        if (std::holds_alternative<model::AllToAll>(spec.rule)) {
            expected += n_sources * n_targets;
        } else if (const auto* in_degree = std::get_if<model::InDegree>(&spec.rule)) {
            expected += static_cast<double>(in_degree->count) * n_targets;
        } else if (const auto* with = std::get_if<model::WithProbability>(&spec.rule)) {
            const auto& p = with->probability.expression;
            expected += p.is_constant() ? p.value() * n_sources * n_targets : 0.0;
        } else {
            expected += n_targets;
        }
    }
    return expected;
}

NetworkPlan::Timing NetworkPlan::connect(std::span<const std::unique_ptr<GroupRun>> groups, std::int64_t first_cell,
                                         std::int64_t end_cell, Diagnostics& diagnostics) const
{
    Timing timing;
    Targets targets(groups);
    for (std::size_t c = 0; c < model_.connections.size(); ++c) {
        connect_one(c, targets, first_cell, end_cell, timing, diagnostics);
    }
    targets.seal();
    return timing;
}

void NetworkPlan::connect_one(std::size_t c, Targets& targets, std::int64_t first_cell, std::int64_t end_cell,
                              Timing& timing, Diagnostics& diagnostics) const
{
    const auto& spec = model_.connections[c];
    const std::size_t s = synapse_of(spec);
    const auto& places = places_[s];
    if (!places.cells.ok() || places.node.empty()) {
        return;
    }
    const auto& target = populations_[index(places.cells.population)];
    const auto first = std::clamp<std::int64_t>(first_cell - target.first_cell(), 0, target.count());
    const auto end = std::clamp<std::int64_t>(end_cell - target.first_cell(), 0, target.count());
    refuse_strangers(spec.to_ids, target.count(), spec.pos, target.name(), diagnostics);
    const auto source = source_of(spec, diagnostics);
    refuse_strangers(spec.from_ids, source.end.count, spec.pos, spec.from, diagnostics);
    if (diagnostics.has_errors()) {
        return;
    }
    const auto& positions = positions_um_[index(places.cells.population)];
    const WiringEnd target_end{target.count(), target.first_cell(), allowed(places.cells.cells, spec.to_ids),
                               positions.empty() ? nullptr : &positions};
    const auto edges = edges_of(spec);
    const bool same = source.population == places.cells.population;
    targets.start_anew();
    for (const auto& one : wire(spec, source.end, target_end, same, first, end, model_.run.seed, diagnostics, &edges)) {
        const std::int64_t cell = target.first_cell() + one.target;
        auto& group = targets.group_of(cell);
        const auto place = choose_place(places, spec, cell, one.ordinal);
        const std::int32_t synapse =
            group.run.plan.find_synapse({cell, static_cast<std::int32_t>(s), static_cast<std::int32_t>(place)});
        if (source.generator >= 0) {
            connect_generator(index(source.generator), one, synapse, group, timing, diagnostics);
            continue;
        }
        const auto steps = network::steps_in(one.delay_ms, model_.run.dt_ms);
        if (steps < 1) {
            refuse_short_delay(spec, one, target.name(), model_.run.dt_ms, diagnostics);
            return;
        }
        timing.shortest_delay_steps = std::min(timing.shortest_delay_steps, steps);
        group.run.inbox.connect(recordings_.find_source(source.population, one.source, recordings_.detectors[c].site),
                                synapse, one.weight_uS, one.delay_ms, group.numbers.add(synapse, one.weight_uS));
    }
}

void NetworkPlan::connect_generator(std::size_t g, const Wire& one, std::int32_t synapse, TargetGroup& group,
                                    Timing& timing, Diagnostics& diagnostics) const
{
    auto& inbox = group.run.inbox;
    const auto known = inbox.find_or_add_train(first_generator_[g] + one.source,
                                               [&] { return train(model_.generators[g], one.source, diagnostics); });
    inbox.connect_train(known, synapse, one.weight_uS, one.delay_ms, group.numbers.add(synapse, one.weight_uS));
    timing.first_event_ms = std::min(timing.first_event_ms, inbox.first_of_train_ms(known) + one.delay_ms);
}

NetworkPlan::SourceOfWires NetworkPlan::source_of(const model::ConnectionSpec& spec, Diagnostics& diagnostics) const
{
    SourceOfWires source;
    for (std::size_t g = 0; g < model_.generators.size(); ++g) {
        if (model_.generators[g].name == spec.from) {
            source.generator = static_cast<std::int32_t>(g);
            source.end = {model_.generators[g].count, first_generator_[g], spec.from_ids, nullptr};
            return source;
        }
    }
    const auto selected = select({spec.from, spec.from_ids, spec.pos}, populations_, diagnostics);
    if (selected.ok()) {
        const auto& population = populations_[index(selected.population)];
        const auto& positions = positions_um_[index(selected.population)];
        source.population = selected.population;
        source.end = {population.count(), population.first_cell(),
                      spec.from_ids.empty() ? std::vector<std::int64_t>{} : selected.cells,
                      positions.empty() ? nullptr : &positions};
    }
    return source;
}

std::size_t NetworkPlan::choose_place(const SynapsePlaces& places, const model::ConnectionSpec& spec, std::int64_t cell,
                                      std::uint32_t ordinal) const
{
    if (places.share.size() == 1) {
        return 0;
    }
    const base::CellStream stream(model_.run.seed, cell, fmt::format("connections/{}/place", spec.name));
    const auto at = std::upper_bound(places.share.begin(), places.share.end(), stream.uniform(ordinal));
    return std::min(static_cast<std::size_t>(at - places.share.begin()), places.share.size() - 1);
}

}  // namespace axolemma::run
