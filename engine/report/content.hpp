/// What the report page shows, thinned to the size budget and detached from the result file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace axolemma::report {

/// Samples as 16-bit steps: value = offset + scale * step; `missing` stands for NaN and infinities.
struct Quantised {
    static constexpr std::int16_t missing = -32768;
    double offset = 0, scale = 1;
    std::vector<std::int16_t> step;

    double value(std::size_t i) const;  ///< NaN when missing
};

/// One headline number, as text for the reader of the page.
struct Fact {
    std::string label, value;
    std::string note;  ///< small print, may be empty
};

/// One line of a trace panel. Sample i was taken at start_ms + i * interval_ms.
struct Line {
    std::string label;
    std::int64_t cell = 0;
    double distance_um = 0;  ///< path distance from the soma; NaN when it has none (stimuli)
    double start_ms = 0, interval_ms = 0;
    bool shown = true;  ///< drawn when the page opens
    Quantised samples;
};

/// Lines that share an axis: one quantity of one population.
struct Panel {
    std::string title, quantity, units;
    bool stimulus = false;
    std::vector<Line> lines;
};

/// Quantity over path distance and time, along one path from the root to a tip.
struct SpaceTime {
    std::string title, quantity, units;
    std::string path;                 ///< in words: "cell 0, from the root to axon[3]"
    std::vector<double> distance_um;  ///< ascending, one per column
    std::vector<float> time_ms;       ///< of each row; not always evenly spaced
    Quantised samples;                ///< row-major [time][column]
    std::vector<float> arrival_ms;    ///< first upward crossing per column; NaN where there is none
    double threshold = 0;             ///< in `units`
    double velocity_m_per_s = 0;      ///< fitted to the arrivals; NaN when there are too few
    double fit_start_ms = 0;          ///< fitted arrival at the first column
    bool from_file = false;           ///< velocity as the run reported it (else fitted here)
};

/// A drawable tree. Chain c is a run of nodes chain_start[c] .. chain_start[c + 1]; the edge from node i to node i + 1
/// of a chain belongs to element edge_element[i].
struct Shape {
    std::string title, population, quantity, units, source;
    std::vector<std::array<float, 4>> nodes_um;  ///< x, y, z, radius
    std::vector<std::uint32_t> chain_start;      ///< number of chains + 1
    std::vector<std::uint32_t> edge_element;     ///< one per node; the last node of a chain repeats its predecessor

    // One entry per element (a recorded compartment, or several neighbouring ones after thinning).
    std::vector<std::string> section_names;
    std::vector<std::uint32_t> element_section;
    std::vector<float> element_distance_um;
    std::vector<std::uint8_t> element_type;  ///< SWC type of its section
    std::vector<float> arrival_ms;           ///< NaN where there is none; empty when nothing was recorded

    // Movie: frames x elements; 0 is missing, 1..255 run from low to high.
    std::vector<float> frame_ms;
    std::vector<std::uint8_t> frames;
    double low = 0, high = 0;
    double threshold = 0;

    std::size_t n_elements() const { return element_section.size(); }
};

struct Raster {
    std::string title;
    std::int64_t n_cells = 0;      ///< of the population
    std::int64_t cell_stride = 1;  ///< every n-th cell is shown
    std::vector<float> time_ms;
    std::vector<std::uint32_t> cell;
    std::vector<std::uint16_t> site;
    std::vector<std::string> site_names;
};

struct FICurve {
    std::string title, stimulus;
    double from_ms = 0, to_ms = 0;
    std::vector<double> amplitude_nA, rate_Hz;  ///< ascending amplitude
};

struct Content {
    std::string title;
    std::string file_name;  ///< of the result, without folders
    bool complete = true;
    std::string incomplete_note;       ///< why, when it is not
    double start_ms = 0, stop_ms = 0;  ///< time axis of the page
    std::vector<Fact> facts;
    std::vector<Panel> panels;
    std::vector<SpaceTime> space_times;
    std::vector<Shape> shapes;
    std::vector<Raster> rasters;
    std::vector<FICurve> f_i_curves;
    std::vector<Fact> populations;     ///< population, shape in words
    std::vector<std::string> thinned;  ///< one sentence for each thing the page leaves out
    std::string config_text;
    std::vector<std::pair<std::string, std::string>> provenance;
    std::vector<std::pair<std::string, std::string>> inputs;  ///< path, sha256
};

}  // namespace axolemma::report
