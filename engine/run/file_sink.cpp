#include "run/file_sink.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "record/result_reader.hpp"
#include "run/places.hpp"
#include "run/provenance.hpp"

namespace axolemma::run {

namespace {

constexpr std::size_t rows_per_write = 4096;
/// A stimulus is stored for the eye: longer runs get means over more than one step.
constexpr std::int64_t max_stimulus_rows = 20000;

/// Compartment towards the root, stepping over a junction.
std::int32_t parent_compartment(const discretise::Layout& layout, std::int32_t node)
{
    std::int32_t parent = layout.parent[static_cast<std::size_t>(node)];
    while (parent >= 0 && layout.is_junction(parent)) {
        parent = layout.parent[static_cast<std::size_t>(parent)];
    }
    return parent;
}

}  // namespace

record::MorphologyTables morphology_tables(const Population& population)
{
    const auto& morphology = population.morphology();
    const auto& layout = population.layout();
    record::MorphologyTables tables;
    tables.count = population.count();
    tables.source = population.shape().source;
    tables.sha256 = population.shape().sha256;
    tables.soma_rule = population.shape().soma_rule;
    for (const auto& section : morphology.sections()) {
        auto& s = tables.sections;
        s.name.push_back(section.name);
        s.type.push_back(section.type);
        s.parent.push_back(section.parent);
        s.first_point.push_back(section.first_point);
        s.n_points.push_back(section.n_points);
        s.parent_position.push_back(section.parent_position);
        s.length_um.push_back(section.length_um);
        s.distance_um.push_back(section.distance_um);
    }
    for (const auto& point : morphology.points()) {
        tables.points_um.push_back({point.x_um, point.y_um, point.z_um, point.radius_um});
    }
    std::vector<std::int32_t> row_of_node(static_cast<std::size_t>(layout.n_nodes()), -1);
    std::int32_t n_rows = 0;
    for (std::int32_t i = 0; i < layout.n_nodes(); ++i) {
        if (layout.is_junction(i)) {
            continue;
        }
        const auto k = static_cast<std::size_t>(i);
        row_of_node[k] = n_rows++;
        const std::int32_t parent = parent_compartment(layout, i);
        auto& c = tables.compartments;
        c.section.push_back(layout.section[k]);
        c.parent.push_back(parent < 0 ? -1 : row_of_node[static_cast<std::size_t>(parent)]);
        c.from.push_back(layout.from[k]);
        c.to.push_back(layout.to[k]);
        c.area_um2.push_back(layout.area_um2[k]);
        c.distance_um.push_back(layout.distance_um[k]);
    }
    return tables;
}

bool is_result_of(const std::string& path, const Simulation& simulation)
{
    try {
        const record::ResultReader reader(path);
        const auto provenance = reader.provenance();
        const auto at = provenance.find("fingerprint");
        return reader.complete() && at != provenance.end() && at->second == simulation.fingerprint();
    } catch (const base::InputError&) {
        return false;
    }
}

FileSink::FileSink(const Simulation& simulation, const std::string& path, const std::string& command)
    : FileSink(simulation, record::ResultWriter(path, simulation.model().output.overwrite))
{
    writer_.set_provenance(provenance_before(simulation, command));
    std::vector<std::string> inputs;
    for (const auto& file : simulation.input_files()) {
        inputs.push_back(file.path + " " + file.sha256);
    }
    writer_.set_provenance_inputs(inputs);
    writer_.flush();
}

FileSink FileSink::resume(const Simulation& simulation, const std::string& path, const std::string& command,
                          record::ResumePoint point)
{
    FileSink sink(simulation, record::ResultWriter::resume(path, std::move(point)));
    sink.writer_.set_provenance(provenance_of_resuming(command));
    sink.writer_.flush();
    return sink;
}

FileSink::FileSink(const Simulation& simulation, record::ResultWriter writer)
    : simulation_(&simulation), writer_(std::move(writer))
{
    describe_cells();
    for (const auto& report : simulation.reports()) {
        streams_.push_back(writer_.add_report(report));
    }
    describe_stimuli();
}

void FileSink::describe_cells()
{
    for (std::size_t p = 0; p < simulation_->populations().size(); ++p) {
        const auto& population = simulation_->populations()[p];
        const auto& sites = simulation_->spike_sites()[p];
        writer_.add_morphology(population.name(), morphology_tables(population));
        spikes_.push_back(sites.name.empty() ? record::SpikesId{} : writer_.add_spikes(population.name(), sites));
    }
}

void FileSink::describe_stimuli()
{
    const auto& model = simulation_->model();
    base::Diagnostics ignored;  // the same stimuli were made once before, when the cells were built
    const auto n_steps = simulation_->facts().n_steps;
    for (const auto& stimulus : model.stimuli) {
        const auto selected = select(stimulus.target, simulation_->populations(), ignored);
        const auto& population = simulation_->populations()[static_cast<std::size_t>(selected.population)];
        record::StimulusDescription description;
        description.name = stimulus.name;
        const bool current = stimulus.kind == model::StimulusSpec::Kind::current_clamp;
        description.type = current ? "current_clamp" : "voltage_clamp";
        description.population = population.name();
        description.place = stimulus.at.text;
        description.units = current ? "nA" : "mV";
        description.n_cells = std::min(selected.cells.size(), record::max_stimulus_cells);
        const std::int64_t every = (n_steps + max_stimulus_rows - 1) / max_stimulus_rows;
        description.interval_ms = static_cast<double>(every) * model.run.dt_ms;
        description.expected_rows = static_cast<std::uint64_t>(n_steps / every + 1);
        const auto stream = writer_.add_stimulus(description);
        if (writer_.resumed()) {
            continue;  // it was written in full when the file was made
        }
        std::vector<mechanisms::Waveform> waveforms;
        for (std::size_t c = 0; c < description.n_cells; ++c) {
            const std::int64_t cell = selected.cells[c];
            waveforms.push_back(make_waveform(stimulus, {cell, population.count(), population.first_cell() + cell},
                                              model.run.seed, ignored));
        }
        write_waveforms(stream, waveforms, description.interval_ms, n_steps / every + 1);
    }
}

void FileSink::write_waveforms(record::StreamId stream, const std::vector<mechanisms::Waveform>& waveforms,
                               double interval_ms, std::int64_t n_rows)
{
    std::vector<double> rows;
    for (std::int64_t row = 0; row < n_rows; ++row) {
        for (const auto& waveform : waveforms) {
            rows.push_back(
                waveform.mean(static_cast<double>(row) * interval_ms, static_cast<double>(row + 1) * interval_ms));
        }
        if (rows.size() >= rows_per_write * waveforms.size() || row + 1 == n_rows) {
            writer_.append_rows(stream, rows, rows.size() / waveforms.size());
            rows.clear();
        }
    }
}

void FileSink::rows(std::size_t report, std::span<const double> rows, std::size_t n_rows)
{
    writer_.append_rows(streams_[report], rows, n_rows);
}

void FileSink::spikes(std::size_t population, std::span<const record::Spike> spikes)
{
    writer_.append_spikes(spikes_[population], spikes);
}

std::string FileSink::finish(const Outcome& outcome)
{
    writer_.write_conduction_velocity(outcome.conduction_velocities);
    std::map<std::string, int> curves_of;
    for (auto curve : outcome.f_i_curves) {
        const int n = ++curves_of[curve.population];
        if (n > 1) {
            curve.population += "." + std::to_string(n);
        }
        writer_.write_f_i_curve(curve);
    }
    writer_.write_resting(outcome.resting);
    writer_.set_provenance(provenance_after(outcome));
    return writer_.finish(outcome.complete);
}

}  // namespace axolemma::run
