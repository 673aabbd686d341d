#include "verify/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/diagnostics.hpp"

namespace axolemma::verify {

namespace {

bool comparable(const std::vector<double>& a, const std::vector<double>& b)
{
    return a.size() == b.size() && !a.empty();
}

}  // namespace

double largest_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    double largest = comparable(a, b) ? 0.0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const double d = std::abs(a[i] - b[i]);
        largest = d > largest || std::isnan(d) ? d : largest;
        if (std::isnan(d)) {
            break;
        }
    }
    return largest;
}

double rms_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    if (!comparable(a, b)) {
        return std::numeric_limits<double>::infinity();
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return std::sqrt(sum / static_cast<double>(a.size()));
}

double largest_magnitude(const std::vector<double>& a)
{
    double largest = 0.0;
    for (const double x : a) {
        largest = std::max(largest, std::abs(x));
    }
    return largest;
}

const std::vector<double>& Table::column(const std::string& name) const
{
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        throw base::EngineError(fmt::format("the reference table has no column '{}'", name));
    }
    return columns[static_cast<std::size_t>(found - names.begin())];
}

std::vector<std::vector<std::string>> read_cells(const std::string& path)
{
    std::ifstream file(path);
    if (!file) {
        throw base::EngineError(fmt::format("cannot read the reference table {}", path));
    }
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> row;
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) {
            row.push_back(cell);
        }
        if (!rows.empty() && row.size() != rows.front().size()) {
            throw base::EngineError(fmt::format("row {} of the reference table {} has {} cells, not {}",
                                                rows.size() + 1, path, row.size(), rows.front().size()));
        }
        rows.push_back(std::move(row));
    }
    if (rows.size() < 2) {
        throw base::EngineError(fmt::format("the reference table {} holds no rows", path));
    }
    return rows;
}

Table read_table(const std::string& path)
{
    const auto rows = read_cells(path);
    Table table;
    table.names = rows.front();
    table.columns.resize(table.names.size());
    for (std::size_t r = 1; r < rows.size(); ++r) {
        for (std::size_t c = 0; c < rows[r].size(); ++c) {
            char* end = nullptr;
            const double value = std::strtod(rows[r][c].c_str(), &end);
            const bool number = end != rows[r][c].c_str();
            table.columns[c].push_back(number ? value : std::numeric_limits<double>::quiet_NaN());
        }
    }
    return table;
}

}  // namespace axolemma::verify
