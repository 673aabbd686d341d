/// The numbers a point contributes to the table, taken while it runs.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "run/simulation.hpp"
#include "run/sink.hpp"

namespace axolemma::sweep {

/// A column of the table.
struct Column {
    std::string name;
    std::string unit;  ///< empty: plain number or text
    friend bool operator==(const Column&, const Column&) = default;
    friend auto operator<=>(const Column&, const Column&) = default;
};

struct PointResult {
    std::vector<Column> columns;
    std::vector<double> values;  ///< of the columns; NaN where there is none (no spike, ...)
    std::uint64_t hash = 0;      ///< over all that the point recorded, bit for bit
};

/// Of a recording with more places (times cells, for voltages) only the first ones get columns.
inline constexpr std::size_t max_places_per_recording = 16;

/// One of the points that a simulation holds: populations, recordings and spikes of point k stand together, and all points
/// have equally many.
class PointSummary {
public:
    PointSummary(const run::Simulation& simulation, std::size_t point, std::size_t n_points);

    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows);
    void spikes(std::size_t population, std::span<const record::Spike> spikes);
    PointResult finish(const run::Outcome& outcome) const;

private:
    /// Places of one voltage recording.
    struct Trace {
        std::vector<std::string> name;  ///< of each place
        std::vector<double> low_mV, high_mV, last_mV, high_at_ms;
        std::size_t n_elements = 0;
        double start_ms = 0, interval_ms = 0;
        std::int64_t n_rows = 0;
        std::int32_t resting_of = -1;  ///< population whose resting voltage is that of the first element
        double resting_mV = std::numeric_limits<double>::quiet_NaN();
    };
    struct Site {
        std::string name;
        std::int64_t n = 0;
        double first_ms = std::numeric_limits<double>::quiet_NaN();
        double last_ms = std::numeric_limits<double>::quiet_NaN();
        double n_cells = 1;
    };

    std::string prefix_of(std::size_t population) const;
    void find_first_stimulus();
    void add_trace(const record::ReportDescription& report);
    void add_sites();
    void add_velocities(const run::Outcome& outcome, PointResult& result) const;

    const run::Simulation* simulation_;
    std::size_t n_populations_, first_population_, first_report_, n_reports_, first_spec_, n_specs_, first_stimulus_,
        n_stimuli_;
    std::vector<std::string> population_names_;  ///< as the user wrote them
    double first_stimulus_ms_ = std::numeric_limits<double>::infinity();
    std::vector<Trace> traces_;             ///< one per report; without names where it gets no columns
    std::vector<std::vector<Site>> sites_;  ///< per population
    std::vector<base::Hash64> row_hashes_, spike_hashes_;
};

/// Hands what a simulation of several points records to their summaries.
class SummarySink : public run::Sink {
public:
    SummarySink(const run::Simulation& simulation, std::size_t n_points);

    void rows(std::size_t report, std::span<const double> rows, std::size_t n_rows) override;
    void spikes(std::size_t population, std::span<const record::Spike> spikes) override;
    std::vector<PointResult> finish(const run::Outcome& outcome) const;

private:
    std::vector<PointSummary> points_;
    std::size_t n_reports_, n_populations_;  ///< of one point
};

}  // namespace axolemma::sweep
