/// Reads a result file and thins it to what a page can hold.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "record/result_reader.hpp"
#include "report/content.hpp"
#include "report/report.hpp"

namespace axolemma::report {

Content load(const record::ResultReader& result, const Options& options);

/// Bytes of raw numbers each part may take, so that the page in base64 stays near the wanted size.
struct Budget {
    std::size_t traces, space_time, shapes, spikes;
};
Budget budget_of(const Options& options);

/// Everything the parts of the loader share.
struct Source {
    const record::ResultReader& result;
    const Options& options;
    Budget budget;
    std::map<std::string, record::MorphologyTables> morphology;  ///< by population
    std::vector<record::PopulationSpikes> spikes;
    bool many_populations = false;

    /// Spike threshold of a population: that of its first spike site, else 0 mV.
    double threshold_mV(const std::string& population) const;
    /// "axon[3](0.25)", or "x = 0.25" when the sections are not known.
    std::string place(const record::ReportInfo& report, std::size_t column) const;
};

void load_panels(const Source& source, Content& content);
void load_space(const Source& source, Content& content);

/// Columns first .. last (open) of the first cell of a report.
struct Columns {
    std::size_t first = 0, last = 0;
};
Columns columns_of_cell(const record::ReportInfo& report, std::size_t cell);

/// Columns of a cell from the root to the element farthest from it, ascending in distance.
std::vector<std::size_t> longest_path(const record::ReportInfo& report, Columns cell,
                                      const record::MorphologyTables* morphology);

/// True for a column that stands for a whole compartment rather than a place the user named.
bool is_compartment(const record::ReportInfo& report, std::size_t column);

/// Reads a range of columns block by block; `use(row, values)` gets one row at a time with values[0] = column `first`.
void for_each_row(const record::ResultReader& result, const record::ReportInfo& report, Columns columns,
                  const std::function<void(std::uint64_t row, std::span<const double> values)>& use);

/// The tree of a population as drawable chains; element = compartment, or `merge` neighbouring ones of a section.
/// @param element_of  filled with the element of each compartment
Shape make_shape(const record::MorphologyTables& tables, std::size_t merge, std::vector<std::uint32_t>& element_of);

}  // namespace axolemma::report
