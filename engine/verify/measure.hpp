/// Distances between what was computed and what is true.
#pragma once

#include <string>
#include <vector>

namespace axolemma::verify {

/// max |a - b|; infinite when the lengths differ or are 0, NaN when a value is.
double largest_difference(const std::vector<double>& a, const std::vector<double>& b);
/// sqrt(mean (a - b)^2), with the same exceptions.
double rms_difference(const std::vector<double>& a, const std::vector<double>& b);
/// max |a|.
double largest_magnitude(const std::vector<double>& a);

/// Comma-separated numbers with one header line.
struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<double>> columns;

    /// Throws base::EngineError when there is no such column.
    const std::vector<double>& column(const std::string& name) const;
    std::size_t n_rows() const { return columns.empty() ? 0 : columns.front().size(); }
};
/// Words stand as NaN in number columns. Throws base::EngineError naming the file when it cannot be read or a row is short.
Table read_table(const std::string& path);
/// The same with every cell as text: [row][column], header first.
std::vector<std::vector<std::string>> read_cells(const std::string& path);

inline constexpr const char* no_data = "no reference data (set AXOLEMMA_TEST_DATA or --data)";

}  // namespace axolemma::verify
