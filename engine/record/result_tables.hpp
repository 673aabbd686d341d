/// What a result file holds, as plain structs: the writer takes them, the reader gives them back
/// (docs/output_format.md).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/model.hpp"

namespace axolemma::record {

using model::Precision;

/// Version of docs/output_format.md this code writes, and the newest one it reads.
inline constexpr std::int32_t format_version = 1;

/// Largest number of cells stored for one stimulus.
inline constexpr std::size_t max_stimulus_cells = 64;

/// The shape all cells of a population share and the compartments it was cut into. All vectors of one part have the
/// same length.
struct MorphologyTables {
    std::int64_t count = 1;  ///< cells of this shape
    std::string source;      ///< SWC file, or the shape in words
    std::string sha256;      ///< of the SWC file; empty for a shape without one
    std::string soma_rule;

    struct Sections {
        std::vector<std::string> name;
        std::vector<std::int32_t> type, parent, first_point, n_points;
        std::vector<double> parent_position;         ///< 0..1
        std::vector<double> length_um, distance_um;  ///< distance: of its start from the soma, along the path
    } sections;
    std::vector<std::array<double, 4>> points_um;  ///< x, y, z, radius
    struct Compartments {
        std::vector<std::int32_t> section, parent;  ///< parent: compartment towards the root, -1 for the root
        std::vector<double> from, to;               ///< extent on the section, 0..1
        std::vector<double> area_um2, distance_um;  ///< distance: of the centre from the soma, along the path
    } compartments;
};

/// One recording: which quantity, where, when. Element = column of the samples.
struct ReportDescription {
    std::string name;  ///< of the group below /report
    std::string population;
    std::string recording;                      ///< as named in the configuration
    std::string quantity;                       ///< "v", "hh.m", ...
    std::string units;                          ///< of the samples: "mV", "1", "mA/cm2"
    std::vector<std::uint64_t> node_ids;        ///< cells, ascending
    std::vector<std::uint64_t> index_pointers;  ///< cells + 1; columns of cell i are [i] .. [i + 1]
    std::vector<std::uint32_t> element_ids;     ///< section
    std::vector<float> element_pos;             ///< position on the section, 0..1
    std::vector<double> distance_um;            ///< path distance from the soma
    std::vector<std::int32_t> node;             ///< compartment when the element is a whole one, else -1
    std::vector<std::string> names;             ///< place as written; empty for whole compartments
    double start_ms = 0, interval_ms = 0;
    Precision precision = Precision::single;
    std::uint64_t expected_rows = 0;  ///< rows there will be, 0 = not known; only saves space in the file

    std::size_t n_elements() const { return element_ids.size(); }
};

/// The places of a population at which spikes are detected. All vectors have the same length.
struct SpikeSites {
    std::vector<std::string> name;  ///< place as written
    std::vector<std::int32_t> section;
    std::vector<double> position;     ///< 0..1
    std::vector<double> distance_um;  ///< path distance from the soma
    std::vector<double> threshold_mV;
};

/// An upward crossing of the threshold.
struct Spike {
    double time_ms = 0;
    std::uint64_t cell = 0;  ///< index in the population
    std::int32_t site = 0;   ///< row of SpikeSites
    friend auto operator<=>(const Spike&, const Spike&) = default;
};

/// What a stimulus delivered: one column per cell, at most max_stimulus_cells.
struct StimulusDescription {
    std::string name, type, population, place;
    std::string units;  ///< "nA", or "mV" for a voltage clamp
    std::size_t n_cells = 1;
    double start_ms = 0, interval_ms = 0;
    std::uint64_t expected_rows = 0;  ///< as in ReportDescription
};

/// Velocity between two neighbouring spike sites on one path.
struct ConductionVelocity {
    std::string population;
    std::int64_t cell = 0;
    std::int32_t from_site = 0, to_site = 0;
    double distance_um = 0, velocity_m_per_s = 0;
};

/// Firing rate over stimulus amplitude; one row per cell.
struct FICurve {
    std::string population, stimulus;
    double from_ms = 0, to_ms = 0;  ///< window in which spikes were counted
    std::vector<double> amplitude_nA, rate_Hz;
    std::vector<std::int64_t> n_spikes, cell;
};

/// Voltage of the first recorded place of cell 0 before the first stimulus.
struct RestingVoltage {
    std::string population;
    double voltage_mV = 0;
};

/// What a checkpoint must know to continue a result file (ResultWriter::save_point, ResultWriter::resume).
struct ResumePoint {
    std::string run_id;                 ///< of the run that made the file
    std::vector<std::uint64_t> rows;    ///< saved rows of every stream, in the order of add_report and add_stimulus
    std::vector<std::uint64_t> spikes;  ///< saved spikes, in the order of add_spikes
    friend bool operator==(const ResumePoint&, const ResumePoint&) = default;
};

/// One fact about how the result came about.
using ProvenanceValue = std::variant<std::string, double, std::int64_t>;
using Provenance = std::vector<std::pair<std::string, ProvenanceValue>>;

}  // namespace axolemma::record
