/// Reads result files back, finished or not (docs/output_format.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/result_tables.hpp"

namespace axolemma::record {

/// A report of a file: its description and how much of it there is.
struct ReportInfo : ReportDescription {
    std::uint64_t n_rows = 0;
    double rounding_error = 0;  ///< largest absolute error of a sample, in `units`; 0 when samples were not rounded
    double stop_ms() const { return start_ms + static_cast<double>(n_rows) * interval_ms; }
    double time_ms(std::uint64_t row) const { return start_ms + static_cast<double>(row) * interval_ms; }
};

/// Rows and columns to read: `n_rows` rows from `first_row`, `row_stride` apart, and the same for columns. Counts
/// reaching beyond the end are cut off there.
struct Selection {
    static constexpr std::uint64_t all = ~std::uint64_t{0};
    std::uint64_t first_row = 0, n_rows = all, row_stride = 1;
    std::uint64_t first_column = 0, n_columns = all, column_stride = 1;
};

/// Samples, row after row.
struct Samples {
    std::uint64_t n_rows = 0, n_columns = 0;
    std::vector<double> values;
    double at(std::uint64_t row, std::uint64_t column) const { return values[row * n_columns + column]; }
};

struct PopulationSpikes {
    std::string population;
    SpikeSites sites;
    std::vector<Spike> spikes;  ///< sorted by time, cell and site
};

struct StimulusInfo : StimulusDescription {
    std::uint64_t n_rows = 0;
};

/// Every function throws base::InputError when the file cannot be used, with the reason and what to do.
class ResultReader {
public:
    explicit ResultReader(const std::string& path);
    ~ResultReader();
    ResultReader(ResultReader&&) noexcept;
    ResultReader& operator=(ResultReader&&) noexcept;

    const std::string& path() const;
    /// False when the run did not reach its end.
    bool complete() const;
    /// What the user should know about the file, such as that the run did not reach its end.
    const base::Diagnostics& warnings() const;

    /// Reports, by name in alphabetical order; read once when the file is opened.
    const std::vector<ReportInfo>& reports() const;
    /// The report of this name, or nullptr.
    const ReportInfo* find_report(std::string_view name) const;
    Samples read_rows(const ReportInfo& report, const Selection& selection = {}) const;

    std::vector<PopulationSpikes> spikes() const;

    /// Populations that have a morphology.
    std::vector<std::string> populations() const;
    MorphologyTables morphology(const std::string& population) const;

    std::vector<StimulusInfo> stimuli() const;
    Samples read_stimulus(const StimulusInfo& stimulus, const Selection& selection = {}) const;

    std::vector<ConductionVelocity> conduction_velocity() const;
    std::vector<FICurve> f_i_curves() const;
    std::vector<RestingVoltage> resting() const;

    /// Attributes of /provenance as text; "inputs" holds one line per input file.
    std::map<std::string, std::string> provenance() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace axolemma::record
