#include "bench/model_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/index.hpp"
#include "bench/network_json.hpp"
#include "config/json_text.hpp"
#include "run/places.hpp"

namespace axolemma::bench {

namespace {

using base::index;

/// A number that has to be the same everywhere.
class Common {
public:
    explicit Common(std::string what) : what_(std::move(what)) {}
    void add(double value)
    {
        if (value_ && *value_ != value) {
            refuse_to_write(fmt::format("a model with several values of {}", what_));
        }
        value_ = value;
    }
    void add(const std::optional<model::Value>& value)
    {
        if (value && !value->expression.is_constant()) {
            refuse_to_write(fmt::format("a model with several values of {}", what_));
        }
        if (value) {
            add(value->expression.value());
        }
    }
    double value_or(double otherwise) const { return value_.value_or(otherwise); }

private:
    std::string what_;
    std::optional<double> value_;
};

std::string sections_json(const morphology::Morphology& morphology, const discretise::Layout& layout)
{
    std::string text;
    for (std::int32_t s = 0; s < morphology.n_sections(); ++s) {
        const auto& section = morphology.section(s);
        fmt::format_to(std::back_inserter(text),
                       "{}\n    {{\"name\": {}, \"parent\": {}, \"parent_position\": {}, \"n_compartments\": {}, "
                       "\"points\": [",
                       s == 0 ? "" : ",", config::Json::text(section.name).dump(), section.parent,
                       section.parent_position, layout.n_cv[index(s)]);
        const char* separator = "";
        for (const auto& p : morphology.points(s)) {
            fmt::format_to(std::back_inserter(text), "{}[{}, {}, {}, {}]", std::exchange(separator, ", "), p.x_um,
                           p.y_um, p.z_um, 2.0 * p.radius_um);
        }
        text += "]}";
    }
    return text;
}

/// Parameters of hh, as members of a JSON object. Refuses any other membrane.
std::string hh_json(const std::vector<run::Population>& populations)
{
    std::vector<std::pair<std::string, Common>> numbers;
    for (const auto& population : populations) {
        if (!population.identical()) {
            refuse_to_write(fmt::format("the population '{}' of different cells", population.name()));
        }
        const auto cell = population.make_cell(0);
        if (cell.mechanisms.size() != 1 || cell.mechanisms[0].info->name != "hh" ||
            cell.mechanisms[0].node.size() != index(population.layout().n_compartments())) {
            refuse_to_write(fmt::format("the membrane of '{}'", population.name()));
        }
        const auto& hh = cell.mechanisms[0];
        for (std::size_t k = 0; k < hh.info->parameters.size(); ++k) {
            const auto& info = hh.info->parameters[k];
            if (numbers.size() == k) {
                std::string unit(info.unit);
                std::replace(unit.begin(), unit.end(), '/', ' ');
                const auto space = unit.find(' ');
                unit = space == std::string::npos ? unit : unit.replace(space, 1, "_per_");
                numbers.emplace_back(fmt::format("{}_{}", info.name, unit), Common(std::string(info.name)));
            }
            std::for_each(hh.parameters[k].begin(), hh.parameters[k].end(),
                          [&](double value) { numbers[k].second.add(value); });
        }
    }
    std::string text;
    for (const auto& [name, number] : numbers) {
        fmt::format_to(std::back_inserter(text), "{}\"{}\": {}", text.empty() ? "" : ", ", name, number.value_or(0.0));
    }
    return text;
}

/// Pulses into one cell.
class Stimuli {
public:
    explicit Stimuli(const run::Simulation& simulation) : simulation_(simulation)
    {
        for (const auto& stimulus : simulation.model().stimuli) {
            if (stimulus.kind != model::StimulusSpec::Kind::current_clamp ||
                !std::holds_alternative<model::PulseWave>(stimulus.waveform)) {
                refuse_to_write(fmt::format("the stimulus '{}'", stimulus.name));
            }
            selected_.push_back(run::select(stimulus.target, simulation.populations(), diagnostics_));
        }
    }

    std::string json(std::int32_t p, std::int64_t cell)
    {
        const auto& population = simulation_.populations()[index(p)];
        std::string text;
        for (std::size_t k = 0; k < selected_.size(); ++k) {
            const auto& chosen = selected_[k];
            if (chosen.population != p || !std::binary_search(chosen.cells.begin(), chosen.cells.end(), cell)) {
                continue;
            }
            const auto& stimulus = simulation_.model().stimuli[k];
            const auto wave = run::make_waveform(stimulus, {cell, population.count(), population.first_cell() + cell},
                                                 simulation_.model().run.seed, diagnostics_);
            for (const auto& where : run::locate(stimulus.at, population, diagnostics_)) {
                fmt::format_to(std::back_inserter(text),
                               "{}{{\"section\": {}, \"position\": {}, \"delay_ms\": {}, \"duration_ms\": {}, "
                               "\"amplitude_nA\": {}}}",
                               text.empty() ? "" : ", ", where.section, where.position, wave.begin_ms(),
                               wave.end_ms() - wave.begin_ms(), wave.peak());
            }
        }
        return text;
    }

private:
    const run::Simulation& simulation_;
    std::vector<run::Selected> selected_;
    base::Diagnostics diagnostics_;  // stays empty: the simulation was built from the same model
};

std::string detectors_json(const record::SpikeSites& sites, Common& threshold)
{
    std::string text;
    for (std::size_t k = 0; k < sites.section.size(); ++k) {
        threshold.add(sites.threshold_mV[k]);
        fmt::format_to(std::back_inserter(text), "{}{{\"section\": {}, \"position\": {}}}", k == 0 ? "" : ", ",
                       sites.section[k], sites.position[k]);
    }
    return text;
}

std::string cells_json(const run::Simulation& simulation, const NetworkJson& network, Common& threshold)
{
    Stimuli stimuli(simulation);
    std::string text;
    for (std::int32_t p = 0; index(p) < simulation.populations().size(); ++p) {
        const auto detectors = detectors_json(simulation.spike_sites()[index(p)], threshold);
        const auto& population = simulation.populations()[index(p)];
        for (std::int64_t cell = 0; cell < population.count(); ++cell) {
            const auto& synapses = network.synapses[index(population.first_cell() + cell)];
            fmt::format_to(std::back_inserter(text),
                           "{}\n  {{\"shape\": {}, \"stimuli\": [{}], \"detectors\": [{}], \"synapses\": [{}]}}",
                           text.empty() ? "" : ",", p, stimuli.json(p, cell), detectors, fmt::join(synapses, ", "));
        }
    }
    return text;
}

/// cm, Ra and v_init as members of a JSON object.
std::string membrane_json(const run::Simulation& simulation)
{
    Common cm("cm");
    Common ra("Ra");
    Common v_init("v_init");
    for (const auto& population : simulation.populations()) {
        for (const auto& membrane : population.spec().membrane) {
            cm.add(membrane.cm_uF_per_cm2);
            v_init.add(membrane.v_init_mV);
        }
        const auto ra_ohm_cm = population.axial_resistivity(0);
        std::for_each(ra_ohm_cm->begin(), ra_ohm_cm->end(), [&](double value) { ra.add(value); });
    }
    return fmt::format("\"cm_uF_per_cm2\": {}, \"ra_ohm_cm\": {}, \"v_init_mV\": {}", cm.value_or(1.0),
                       ra.value_or(0.0), v_init.value_or(-65.0));
}

}  // namespace

std::string model_json(const run::Simulation& simulation, const std::string& name)
{
    const auto& model = simulation.model();
    Common threshold("the threshold");
    const auto hh = hh_json(simulation.populations());
    const auto network = network_json(simulation);
    const auto cells = cells_json(simulation, network, threshold);
    std::string text = fmt::format(
        "{{\"workload\": {}, \"dt_ms\": {}, \"stop_ms\": {}, \"temperature_degC\": {}, \"threshold_mV\": {},\n"
        " {},\n \"hh\": {{{}}},\n \"cells\": [{}],\n \"connections\": [{}],\n \"events\": [{}],\n \"shapes\": [",
        config::Json::text(name).dump(), model.run.dt_ms, model.run.stop_ms, model.temperature_degC,
        threshold.value_or(0.0), membrane_json(simulation), hh, cells, network.connections, network.events);
    const char* separator = "";
    for (const auto& population : simulation.populations()) {
        fmt::format_to(std::back_inserter(text), "{}\n  {{\"sections\": [{}]}}", std::exchange(separator, ","),
                       sections_json(population.morphology(), population.layout()));
    }
    return text + "]}\n";
}

}  // namespace axolemma::bench
