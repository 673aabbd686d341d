#include "record/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"

namespace axolemma::record {

namespace {

namespace fs = std::filesystem;

/// A name of an HDF5 object holds no slash.
std::string object_name(std::string name)
{
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

void write_columns(hdf5::Group& group, const std::vector<SweepColumn>& columns)
{
    for (const auto& column : columns) {
        const auto name = object_name(column.name);
        hdf5::Dataset dataset = [&] {
            if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
                return group.create<double>(name, *numbers);
            }
            if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&column.values)) {
                return group.create<std::int64_t>(name, *whole);
            }
            return group.create_text(name, std::get<std::vector<std::string>>(column.values));
        }();
        dataset.set_text("units", column.units.empty() ? "1" : column.units);
    }
}

void write_provenance(hdf5::Group group, const Provenance& provenance)
{
    for (const auto& [name, value] : provenance) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            group.set_text(name, *text);
        } else if (const auto* number = std::get_if<double>(&value)) {
            group.set_number(name, *number);
        } else {
            group.set_number(name, std::get<std::int64_t>(value));
        }
    }
}

}  // namespace

void write_sweep_table(const std::string& path, const std::vector<SweepColumn>& points,
                       const std::vector<SweepColumn>& parameters, const std::vector<SweepColumn>& results,
                       const Provenance& provenance)
{
    const auto folder = fs::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) {
        fs::create_directories(folder, error);
    }
    const auto partial = path + ".partial";
    auto file = hdf5::File::create(partial);
    {
        auto root = file.root();
        auto group = root.create_group("points");
        write_columns(group, points);
        auto parameter_group = group.create_group("parameters");
        write_columns(parameter_group, parameters);
        auto result_group = group.create_group("results");
        write_columns(result_group, results);
        write_provenance(root.create_group("provenance"), provenance);
    }
    file.close();
    if (std::rename(partial.c_str(), path.c_str()) != 0) {
        throw base::EngineError(fmt::format("cannot write '{}': {}", path, hdf5::errno_text(errno)));
    }
}

}  // namespace axolemma::record
