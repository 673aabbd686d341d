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

    /// Continues the ".partial" file of a run that was interrupted after save_point() returned `point`.
    ///
    /// To be followed by the same calls of add_morphology, add_report, add_stimulus and add_spikes in the same order as
    /// when the file was made: they find what is there instead of making it. With the first call that writes, every
    /// stream is cut to what `point` says, in one commit; until then, and when something does not fit, the file is left
    /// as it is. Appends then go on behind that.
    ///
    /// @throws base::InputError   the file is missing, damaged, of another run or of a newer format, holds less than
    ///                            `point` says, or (from the calls that follow) something else than described
    /// @throws base::EngineError  the file cannot be written, or another run is writing it
    static ResultWriter resume(std::string path, ResumePoint point);
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
    /// Saves everything appended so far and makes it safe against power loss.
    ///
    /// A spike appended later must not be earlier than one appended before: that matters only to a process killed
    /// inside finish(true), which has put the spikes into order.
    /// @returns  what resume() needs to continue from here, whatever is appended after this
    ResumePoint save_point();
    /// Saves and closes the file.
    /// @param complete  true: the run reached its end; the spikes are put into order and the file gets its final name.
    ///                  false: it keeps ".partial" and can be continued from any save point
    /// @returns         the name under which the file was left
    std::string finish(bool complete);

    const std::string& path() const;
    std::string partial_path() const;
    /// Made at random when the file is created; attribute `run_id` of the file.
    const std::string& run_id() const;
    /// True when this writer continues a file. Streams that were complete at the save point, such as those of stimuli,
    /// need no further rows.
    bool resumed() const;

private:
    struct Impl;
    explicit ResultWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The run that made a result file (finished or not); empty for files made before runs had names.
/// Throws base::InputError when the file cannot be used.
std::string read_run_id(const std::string& path);
/// True when `path` is there and is the complete result of that run. Never throws because of what the file is.
bool is_finished_result(const std::string& path, const std::string& run_id);

}  // namespace axolemma::record
