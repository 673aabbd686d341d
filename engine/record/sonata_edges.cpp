#include "record/sonata_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"

namespace axolemma::record {
namespace {

using base::InputError;

const char* const layout_hint =
    "SONATA keeps edges in /edges/<population> with source_node_id, target_node_id, edge_group_id and edge_group_index";

const char* const damage_hint = "the file is damaged or was put together wrongly";

[[noreturn]] void fail(const hdf5::Object& part, const std::string& reason, const std::string& hint = layout_hint)
{
    throw InputError({part.file_name(), 0, 0}, fmt::format("{} {}", part.path(), reason), hint);
}

hdf5::File open_edges(const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw InputError({path, 0, 0}, "this is a directory, not a SONATA edges file");
    }
    hdf5::OpenFailure failure{};
    std::string reason;
    hdf5::File file = hdf5::File::open(path, failure, reason);
    switch (failure) {
    case hdf5::OpenFailure::none: return file;
    case hdf5::OpenFailure::no_access: throw InputError({path, 0, 0}, "cannot open the edges file: " + reason);
    case hdf5::OpenFailure::not_hdf5:
        throw InputError({path, 0, 0}, "this is not an HDF5 file", "a SONATA edges file is an HDF5 file");
    case hdf5::OpenFailure::truncated:
        throw InputError({path, 0, 0}, "the end of this HDF5 file is missing",
                         "it was not copied or downloaded completely; copy it again");
    case hdf5::OpenFailure::damaged: break;
    }
    throw InputError({path, 0, 0}, "this HDF5 file is damaged: " + reason, "copy it again");
}

std::string choose_population(const hdf5::Group& edges, const std::string& wanted)
{
    const std::vector<std::string> names = edges.names();
    if (names.empty()) fail(edges, "holds no population of edges");
    if (wanted.empty()) {
        if (names.size() == 1) return names[0];
        fail(edges, fmt::format("holds {} populations of edges and none is named", names.size()),
             base::name_hint("", names, "name one of them"));
    }
    if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
    fail(edges, fmt::format("has no population of edges '{}'", wanted),
         base::name_hint(wanted, names, "populations in this file"));
}

/// A column of whole numbers, one per edge.
std::vector<std::int64_t> integers(const hdf5::Group& group, const char* name, std::optional<std::size_t> length)
{
    if (!group.has(name)) fail(group, fmt::format("has no dataset '{}'", name));
    if (group.is_group(name)) fail(group, fmt::format("has a group '{}' where a dataset is expected", name));
    const hdf5::Dataset dataset = group.dataset(name);
    const hdf5::Shape shape = dataset.shape();
    if (shape.size() != 1) fail(dataset, fmt::format("has {} dimensions where 1 is expected", shape.size()));
    if (!dataset.is_integer()) fail(dataset, "does not hold whole numbers");
    if (length && shape[0] != *length) {
        fail(dataset, fmt::format("has {} values where source_node_id has {}", shape[0], *length));
    }
    std::vector<std::int64_t> values = dataset.read<std::int64_t>();
    const auto negative = std::find_if(values.begin(), values.end(), [](std::int64_t value) { return value < 0; });
    if (negative != values.end()) {
        fail(dataset, fmt::format("is negative ({}) for edge {}", *negative, negative - values.begin()),
             "ids and indices count from 0");
    }
    return values;
}

/// Where the attributes of every edge stand: row index[k] of group id[k].
struct GroupRows {
    std::vector<std::int64_t> id, index;
};

/// Dataset `name` of every group that has it, by the group's id.
std::map<std::int64_t, std::vector<double>> read_groups(const hdf5::Group& population, const GroupRows& rows,
                                                        const char* name)
{
    std::map<std::int64_t, std::vector<double>> values;
    std::optional<std::int64_t> without;
    for (const std::int64_t id : std::set<std::int64_t>(rows.id.begin(), rows.id.end())) {
        const hdf5::Group group = population.group(std::to_string(id));
        if (!group.has(name)) {
            without = id;
            continue;
        }
        if (group.is_group(name)) fail(group, fmt::format("has a group '{}' where a dataset is expected", name));
        const hdf5::Dataset dataset = group.dataset(name);
        if (dataset.shape().size() != 1 || dataset.is_text()) fail(dataset, "is not a column of numbers");
        values[id] = dataset.read<double>();
    }
    if (!values.empty() && without) {
        fail(population, fmt::format("has '{}' in group {} and not in group {}", name, values.begin()->first, *without),
             "give it to the edges of all groups or of none");
    }
    return values;
}

/// @returns  one value per edge, or nothing when no group has this dataset
std::vector<double> read_attribute(const hdf5::Group& population, const GroupRows& rows, const char* name)
{
    const auto groups = read_groups(population, rows, name);
    std::vector<double> values;
    if (groups.empty()) return values;
    values.reserve(rows.id.size());
    for (std::size_t k = 0; k < rows.id.size(); ++k) {
        const std::vector<double>& column = groups.at(rows.id[k]);
        const auto row = static_cast<std::size_t>(rows.index[k]);
        if (row >= column.size()) {
            fail(population,
                 fmt::format("says that edge {} is row {} of group {}, whose '{}' has {} rows", k, row, rows.id[k],
                             name, column.size()),
                 damage_hint);
        }
        if (!std::isfinite(column[row])) {
            fail(population,
                 fmt::format("has a '{}' that is not a finite number for edge {} (row {} of group {})", name, k, row,
                             rows.id[k]),
                 damage_hint);
        }
        values.push_back(column[row]);
    }
    return values;
}

void require_groups(const hdf5::Group& population, const GroupRows& rows)
{
    for (std::size_t k = 0; k < rows.id.size(); ++k) {
        if (k > 0 && rows.id[k] == rows.id[k - 1]) continue;
        const std::string name = std::to_string(rows.id[k]);
        if (!population.has(name) || !population.is_group(name)) {
            fail(population, fmt::format("has no group '{}', to which edge {} belongs", name, k));
        }
    }
}

std::string node_population(const hdf5::Group& population, const char* ids)
{
    const hdf5::Dataset dataset = population.dataset(ids);
    return dataset.has_attribute("node_population") ? dataset.as_text("node_population") : std::string();
}

}  // namespace

SonataEdges read_sonata_edges(const std::string& path, const std::string& population)
{
    const hdf5::File file = open_edges(path);
    const hdf5::Group root = file.root();
    if (!root.has("edges") || !root.is_group("edges")) {
        throw InputError({path, 0, 0}, "this is not a SONATA edges file: it has no group /edges", layout_hint);
    }
    const hdf5::Group all = root.group("edges");
    SonataEdges edges;
    edges.population = choose_population(all, population);
    if (!all.is_group(edges.population))
        fail(all, fmt::format("has a dataset '{}' where a population is expected", edges.population));
    const hdf5::Group group = all.group(edges.population);
    edges.source = integers(group, "source_node_id", std::nullopt);
    const std::size_t n = edges.source.size();
    edges.target = integers(group, "target_node_id", n);
    edges.source_population = node_population(group, "source_node_id");
    edges.target_population = node_population(group, "target_node_id");
    if (group.has("edge_type_id")) integers(group, "edge_type_id", n);
    const GroupRows rows{integers(group, "edge_group_id", n), integers(group, "edge_group_index", n)};
    require_groups(group, rows);
    edges.weight_uS = read_attribute(group, rows, "syn_weight");
    edges.delay_ms = read_attribute(group, rows, "delay");
    return edges;
}

}  // namespace axolemma::record
