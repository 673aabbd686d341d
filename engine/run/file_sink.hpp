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
    /// Continues the unfinished file of an interrupted run of the same simulation, behind what save_point() returned.
    /// Throws as record::ResultWriter::resume and its add_ functions do.
    static FileSink resume(const Simulation& simulation, const std::string& path, const std::string& command,
                           record::ResumePoint point);

    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) override;
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override;
    /// Makes everything received so far safe on disk; a checkpoint keeps what it returns, for resume().
    record::ResumePoint save_point() { return writer_.save_point(); }
    /// Writes analysis and provenance and closes the file. Returns the name it has now.
    std::string finish(const Outcome& outcome);

private:
    FileSink(const Simulation& simulation, record::ResultWriter writer);
    void describe_cells();
    void describe_stimuli();
    void write_waveforms(record::StreamId stream, const std::vector<mechanisms::Waveform>& waveforms,
                         double interval_ms, std::int64_t n_rows);

    const Simulation* simulation_;
    record::ResultWriter writer_;
    std::vector<record::StreamId> streams_;
    std::vector<record::SpikesId> spikes_;
};

/// Is this a result file whose run reached its end, of the same configuration and inputs?
bool is_result_of(const std::string& path, const Simulation& simulation);

/// Compartments and sections of a population as tables.
record::MorphologyTables morphology_tables(const Population& population);

}  // namespace axolemma::run
