#include "sweep/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>

#include "base/version.hpp"
#include "record/sweep_table.hpp"
#include "run/provenance.hpp"

namespace axolemma::sweep {

namespace {

std::string csv_field(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + "\"";
}

/// The column of a parameter: numbers when all of them are.
record::SweepColumn parameter_column(const Table& table, std::size_t p)
{
    std::vector<double> numbers;
    std::vector<std::string> texts;
    for (const auto& row : table.rows) {
        const auto& text = row.parameters[p];
        double number = 0;
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (status == std::errc{} && end == text.data() + text.size()) {
            numbers.push_back(number);
        }
        texts.push_back(text);
    }
    const auto& column = table.parameters[p];
    if (numbers.size() == texts.size()) {
        return {column.name, column.unit, std::move(numbers)};
    }
    return {column.name, "", std::move(texts)};
}

std::vector<record::SweepColumn> point_columns(const Table& table)
{
    std::vector<std::int64_t> points;
    std::vector<std::string> status, reasons, hashes;
    for (const auto& row : table.rows) {
        points.push_back(row.point);
        status.emplace_back(row.ok ? "ok" : "failed");
        reasons.push_back(row.reason);
        hashes.push_back(row.ok ? run::hash_text(row.hash) : "");
    }
    return {{"point", "", std::move(points)},
            {"status", "", std::move(status)},
            {"reason", "", std::move(reasons)},
            {"result_hash", "", std::move(hashes)}};
}

std::vector<record::SweepColumn> result_columns(const Table& table)
{
    std::vector<std::vector<double>> columns(table.results.size());
    for (const auto& row : table.rows) {
        const auto values = table.values_of(row);
        for (std::size_t k = 0; k < columns.size(); ++k) {
            columns[k].push_back(values[k]);
        }
    }
    std::vector<record::SweepColumn> out;
    for (std::size_t k = 0; k < columns.size(); ++k) {
        out.push_back({table.results[k].name, table.results[k].unit, std::move(columns[k])});
    }
    return out;
}

}  // namespace

std::vector<double> Table::values_of(const Row& row) const
{
    std::vector<double> values(results.size(), std::numeric_limits<double>::quiet_NaN());
    if (row.columns == nullptr) {
        return values;
    }
    if (*row.columns == results) {
        return row.values;
    }
    for (std::size_t k = 0; k < row.values.size(); ++k) {
        const auto at = std::find(results.begin(), results.end(), (*row.columns)[k]);
        values[static_cast<std::size_t>(at - results.begin())] = row.values[k];
    }
    return values;
}

Table collect(const Folder& folder, const Manifest& manifest)
{
    Table table;
    table.n_points = manifest.n_points;
    std::map<std::int64_t, Row> rows;
    table.n_damaged_files = folder.read([&](const DoneFile&, RowFile&& file) {
        table.parameters = file.parameters;
        if (std::find(table.versions.begin(), table.versions.end(), file.version) == table.versions.end()) {
            table.versions.push_back(file.version);
        }
        for (auto& row : file.rows) {
            const auto point = row.point;
            rows.insert_or_assign(point, std::move(row));
        }
    });
    std::map<Column, bool> seen;
    const std::vector<Column>* last = nullptr;
    for (auto& [point, row] : rows) {
        if (row.columns != nullptr && row.columns.get() != last) {
            last = row.columns.get();
            for (const auto& column : *last) {
                if (seen.emplace(column, true).second) {
                    table.results.push_back(column);
                }
            }
        }
        table.n_failed += row.ok ? 0 : 1;
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string header_of(const Column& column)
{
    std::string name = column.name;
    if (!column.unit.empty()) {
        name += "_";
    }
    for (const char c : column.unit) {
        if (c == '/') {
            name += "_per_";
        } else {
            name += c == '*' || c == ' ' || c == ',' ? '_' : c;
        }
    }
    return name;
}

std::string csv_text(const Table& table)
{
    std::string text = "point,status";
    for (const auto* columns : {&table.parameters, &table.results}) {
        for (const auto& column : *columns) {
            text += "," + csv_field(header_of(column));
        }
    }
    text += ",result_hash,reason\n";
    const auto out = std::back_inserter(text);
    for (const auto& row : table.rows) {
        fmt::format_to(out, "{},{}", row.point, row.ok ? "ok" : "failed");
        for (const auto& parameter : row.parameters) {
            text += "," + csv_field(parameter);
        }
        for (const double value : table.values_of(row)) {
            text += ',';
            if (!std::isnan(value)) {
                fmt::format_to(out, "{}", value);
            }
        }
        text += "," + (row.ok ? run::hash_text(row.hash) : std::string{}) + "," + csv_field(row.reason) + "\n";
    }
    return text;
}

void write_hdf5(const Table& table, const Folder& folder, const Manifest& manifest, const std::string& path)
{
    std::vector<record::SweepColumn> parameters;
    for (std::size_t p = 0; p < table.parameters.size(); ++p) {
        parameters.push_back(parameter_column(table, p));
    }
    std::ifstream file(folder.path() + "/config.yaml", std::ios::binary);
    const std::string config{std::istreambuf_iterator<char>(file), {}};
    const record::Provenance provenance{
        {"config_path", manifest.config_path},
        {"config", config},
        {"overrides", fmt::format("{}", fmt::join(manifest.overrides, "\n"))},
        {"fingerprint", manifest.fingerprint},
        {"version", fmt::format("{}", fmt::join(table.versions, ", "))},
        {"collected_by", std::string(base::build_info().version)},
        {"n_points", table.n_points},
        {"n_missing", table.n_missing()},
        {"n_failed", table.n_failed},
    };
    record::write_sweep_table(path, point_columns(table), parameters, result_columns(table), provenance);
}

}  // namespace axolemma::sweep
