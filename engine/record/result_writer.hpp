/// Writes a result file while the simulation runs (docs/output_format.md).
///
/// Memory is flat: samples wait in one block per recording (about 256 kB) and spikes in one block per population.
/// Blocks go to disk as soon as they are full, and at least every two seconds of wall time, each time as one
/// commit: whatever happens next (kill -9, full disk), the file can be opened and holds every committed block. Call
/// from one thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "record/result_tables.hpp"

namespace axolemma::record {

/// Handle of a recording or a stimulus, for append_rows.
enum class StreamId : std::size_t {};
/// Handle of the spikes of a population, for append_spikes.
enum class SpikesId : std::size_t {};

class ResultWriter {
public:
    /// Creates `path` + ".partial" and, when missing, the directories above it.
    ///
    /// @param overwrite  false: refuse when `path` or its ".partial" is already there
    /// @throws base::InputError   overwrite is false and there is a file
    /// @throws base::EngineError  the file cannot be created, is not a regular file, or another run is writing it
    explicit ResultWriter(std::string path, bool overwrite = true);
    /// Without finish() what was appended is saved and stays in the ".partial" file; when nothing was ever saved,
    /// that file is removed.
    ~ResultWriter();
    ResultWriter(ResultWriter&&) noexcept;
    ResultWriter& operator=(ResultWriter&&) = delete;

    // Everything below throws base::EngineError when the file cannot be written; what was committed before is kept.

    void add_morphology(std::string_view population, const MorphologyTables& tables);
    StreamId add_report(const ReportDescription& report);
    StreamId add_stimulus(const StimulusDescription& stimulus);
    SpikesId add_spikes(std::string_view population, const SpikeSites& sites);

    /// Appends samples, row after row (time), each with one value per element.
    /// @param rows  n_rows * number of elements values, in the units of the recording
    void append_rows(StreamId stream, std::span<const double> rows, std::size_t n_rows);
    /// Appends spikes in any order; the file holds them sorted by time, cell and site once it is complete.
    void append_spikes(SpikesId population, std::span<const Spike> spikes);

    // Each replaces what an earlier call wrote.
    void write_conduction_velocity(std::span<const ConductionVelocity> rows);
    void write_f_i_curve(const FICurve& curve);
    void write_resting(std::span<const RestingVoltage> rows);
    /// Adds facts to /provenance; a name that is there already gets the new value.
    void set_provenance(const Provenance& facts);
    /// Input files, each as "path sha256".
    void set_provenance_inputs(std::span<const std::string> inputs);

    /// Saves everything appended so far.
    void flush();
    /// Sorts the spikes, saves and closes the file.
    /// @param complete  true: the run reached its end; the file gets its final name. false: it keeps ".partial"
    /// @returns         the name under which the file was left
    std::string finish(bool complete);

    const std::string& path() const;
    std::string partial_path() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace axolemma::record
