#include "bench/network_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/diagnostics.hpp"
#include "base/index.hpp"
#include "mechanisms/catalogue.hpp"
#include "run/places.hpp"
#include "run/synapse_places.hpp"
#include "run/wiring.hpp"

namespace axolemma::bench {

namespace {

using base::index;

constexpr std::string_view spoken_kind = "exp_syn";

/// Writes the network of one simulation, entry by entry.
class Writer {
public:
    explicit Writer(const run::Simulation& simulation)
        : simulation_(simulation),
          model_(simulation.model()),
          populations_(simulation.populations()),
          places_(run::find_synapse_places(model_, populations_, diagnostics_))
    {
        if (!model_.gap_junctions.empty()) {
            refuse_to_write("gap junctions");
        }
        network_.synapses.resize(index(simulation.facts().n_cells));
        number_.resize(places_.size());
    }

    void write_synapses(std::size_t s)
    {
        const auto& spec = model_.synapses[s];
        const auto& places = places_[s];
        if (spec.type != spoken_kind || places.node.size() != 1) {
            refuse_to_write(fmt::format("the synapse '{}'", spec.name));
        }
        const auto parameters = parameters_of(spec);
        number_[s].assign(index(simulation_.facts().n_cells), -1);
        for (const auto cell : places.cells.cells) {
            const auto gid = index(populations_[index(places.cells.population)].first_cell() + cell);
            number_[s][gid] = static_cast<std::int64_t>(network_.synapses[gid].size());
            network_.synapses[gid].push_back(fmt::format("{{\"section\": {}, \"position\": {}, {}}}",
                                                         places.where.front().section, places.where.front().position,
                                                         parameters));
        }
    }

    void write_connection(std::size_t c)
    {
        const auto& spec = model_.connections[c];
        const auto s = index(std::find_if(model_.synapses.begin(), model_.synapses.end(),
                                          [&](const auto& synapse) { return synapse.name == spec.synapse; }) -
                             model_.synapses.begin());
        const auto generator = std::find_if(model_.generators.begin(), model_.generators.end(),
                                            [&](const auto& one) { return one.name == spec.from; });
        if (generator != model_.generators.end()) {
            write_events(spec, s, *generator);
        } else {
            write_wires(spec, s);
        }
    }

    NetworkJson network() { return std::move(network_); }

private:
    static std::string parameters_of(const model::SynapseSpec& spec)
    {
        const auto& info = *mechanisms::Catalogue().find_synapse(spoken_kind);
        std::string text;
        for (const auto& parameter : info.parameters) {
            double value = parameter.default_value;
            for (const auto& setting : spec.parameters) {
                if (setting.name == parameter.name && !setting.value.expression.is_constant()) {
                    refuse_to_write(fmt::format("the synapse '{}'", spec.name));
                }
                value = setting.name == parameter.name ? setting.value.expression.value() : value;
            }
            fmt::format_to(std::back_inserter(text), "{}\"{}_{}\": {}", text.empty() ? "" : ", ", parameter.name,
                           parameter.unit, value);
        }
        return text;
    }

    /// Distances would need the positions of cells, and edges their file.
    static void refuse_unspoken(const model::ConnectionSpec& spec)
    {
        const auto* with = std::get_if<model::WithProbability>(&spec.rule);
        const auto asks = [](const std::optional<model::Value>& value) {
            return value && value->expression.uses("distance");
        };
        if (asks(spec.weight_uS) || asks(spec.delay_ms) ||
            (with != nullptr && with->probability.expression.uses("distance")) ||
            std::holds_alternative<model::SonataEdges>(spec.rule)) {
            refuse_to_write(fmt::format("the connection '{}'", spec.name));
        }
    }

    std::vector<run::Wire> wires(const model::ConnectionSpec& spec, std::size_t s, const run::WiringEnd& source,
                                 std::int32_t source_population)
    {
        refuse_unspoken(spec);
        const auto& cells = places_[s].cells;
        const auto& target = populations_[index(cells.population)];
        run::WiringEnd end{target.count(), target.first_cell(), cells.cells, nullptr};
        if (!spec.to_ids.empty()) {
            auto wanted = spec.to_ids;
            std::sort(wanted.begin(), wanted.end());
            end.ids.clear();
            std::set_intersection(cells.cells.begin(), cells.cells.end(), wanted.begin(), wanted.end(),
                                  std::back_inserter(end.ids));
        }
        return run::wire(spec, source, end, source_population == cells.population, 0, target.count(), model_.run.seed,
                         diagnostics_);
    }

    /// Cell, and number of the synapse on it, that a wire ends at; weight.
    std::string target_text(std::size_t s, const run::Wire& wire) const
    {
        const auto gid = populations_[index(places_[s].cells.population)].first_cell() + wire.target;
        return fmt::format("\"cell\": {}, \"synapse\": {}, \"weight_uS\": {}", gid, number_[s][index(gid)],
                           wire.weight_uS);
    }

    void write_events(const model::ConnectionSpec& spec, std::size_t s, const model::GeneratorSpec& generator)
    {
        const auto* listed = std::get_if<model::ListedTrain>(&generator.train);
        if (listed == nullptr) {
            refuse_to_write(fmt::format("the generator '{}'", generator.name));
        }
        for (const auto& wire : wires(spec, s, {generator.count, 0, spec.from_ids, nullptr}, -1)) {
            for (const double t_ms : listed->t_ms) {
                fmt::format_to(std::back_inserter(network_.events), "{}\n  {{\"t_ms\": {}, {}}}",
                               network_.events.empty() ? "" : ",", t_ms + wire.delay_ms, target_text(s, wire));
            }
        }
    }

    /// The number of the recorded place at which the spikes of a connection arise.
    std::size_t detector(const model::ConnectionSpec& spec, std::size_t p)
    {
        const auto& population = populations_[p];
        const auto& sites = simulation_.spike_sites()[p];
        const auto where = spec.detect_at ? run::locate(*spec.detect_at, population, diagnostics_).front()
                                          : population.morphology().soma_centre();
        for (std::size_t k = 0; k < sites.section.size(); ++k) {
            if (sites.section[k] == where.section && sites.position[k] == where.position &&
                sites.threshold_mV[k] == spec.threshold_mV) {
                return k;
            }
        }
        refuse_to_write(fmt::format("the connection '{}', whose spikes are not recorded,", spec.name));
    }

    void write_wires(const model::ConnectionSpec& spec, std::size_t s)
    {
        const auto selected = run::select({spec.from, spec.from_ids, spec.pos}, populations_, diagnostics_);
        const auto& source = populations_[index(selected.population)];
        const auto k = detector(spec, index(selected.population));
        for (const auto& wire :
             wires(spec, s, {source.count(), source.first_cell(), selected.cells, nullptr}, selected.population)) {
            fmt::format_to(std::back_inserter(network_.connections),
                           "{}\n  {{\"from_cell\": {}, \"detector\": {}, {}, \"delay_ms\": {}}}",
                           network_.connections.empty() ? "" : ",", source.first_cell() + wire.source, k,
                           target_text(s, wire), wire.delay_ms);
        }
    }

    const run::Simulation& simulation_;
    const model::Model& model_;
    const std::vector<run::Population>& populations_;
    base::Diagnostics diagnostics_;  // stays empty: the simulation was built from the same model
    std::vector<run::SynapsePlaces> places_;
    std::vector<std::vector<std::int64_t>> number_;  ///< [synapse of the model][cell]: among the cell's, or -1
    NetworkJson network_;
};

}  // namespace

void refuse_to_write(const std::string& what)
{
    throw base::InputError(
        {}, fmt::format("{} cannot be written for other simulators", what),
        "--write-model needs hh alone on every compartment, the same membrane everywhere, pulses of "
        "current, one spike threshold, exp_syn with constant parameters at one place each, spikes of "
        "connections that are recorded, and generators with listed times");
}

NetworkJson network_json(const run::Simulation& simulation)
{
    Writer writer(simulation);
    for (std::size_t s = 0; s < simulation.model().synapses.size(); ++s) {
        writer.write_synapses(s);
    }
    for (std::size_t c = 0; c < simulation.model().connections.size(); ++c) {
        writer.write_connection(c);
    }
    return writer.network();
}

}  // namespace axolemma::bench
