/// Writes the results of a simulation to an HDF5 file (docs/output_format.md).
#pragma once

#include <string>

#include "record/result_writer.hpp"
#include "run/simulation.hpp"
#include "run/sink.hpp"

namespace axolemma::run {

/// Opens the file before the run, so that a path that cannot be written costs no computing time.
class FileSink : public Sink {
public:
    /// @param path     final name; the file is called path + ".partial" until finish()
    /// @param command  command line, for provenance
    /// @throws base::InputError   the file is there and the model says overwrite: false
    /// @throws base::EngineError  the file cannot be created
    FileSink(const Simulation& simulation, const std::string& path, const std::string& command);

    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) override;
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override;
    /// Writes analysis and provenance and closes the file. Returns the name it has now.
    std::string finish(const Outcome& outcome);

private:
    void describe_cells();
    void describe_stimuli();
    void write_waveforms(record::StreamId stream, const std::vector<mechanisms::Waveform>& waveforms,
                         double interval_ms, std::int64_t n_rows);

    const Simulation* simulation_;
    record::ResultWriter writer_;
    std::vector<record::StreamId> streams_;
    std::vector<record::SpikesId> spikes_;
};

/// Compartments and sections of a population as tables.
record::MorphologyTables morphology_tables(const Population& population);

}  // namespace axolemma::run
