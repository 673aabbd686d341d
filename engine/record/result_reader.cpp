#include "record/result_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "record/hdf5_file.hpp"
#include "record/result_file.hpp"
#include "record/spike_stream.hpp"

namespace axolemma::record {
namespace {

using base::InputError;

std::vector<double> numbers(const hdf5::Group& group, const char* name)
{
    return group.dataset(name).read<double>();
}

/// Tables are only usable when their columns have the same length.
void require_length(const std::string& file, const hdf5::Group& group, const char* name, std::size_t length,
                    std::size_t expected)
{
    if (length == expected) return;
    throw InputError(
        {file, 0, 0},
        fmt::format("cannot read {}/{}: it has {} rows where {} are expected", group.path(), name, length, expected),
        "the file is damaged or was changed by another program");
}

ReportInfo read_report(const std::string& file, const hdf5::Group& group, const std::string& name)
{
    ReportInfo report;
    report.name = name;
    report.population = group.text("population");
    report.recording = group.text("recording");
    report.quantity = group.text("quantity");
    if (group.has_attribute("rounding_error")) {
        report.rounding_error = group.number<double>("rounding_error");
        report.precision = Precision::compact;
    }
    const hdf5::Dataset data = group.dataset("data");
    report.units = data.text("units");
    if (!data.is_f32()) report.precision = Precision::full;
    const hdf5::Shape shape = data.shape();
    if (shape.size() != 2)
        throw InputError({file, 0, 0}, fmt::format("cannot read {}: it is not a table", data.path()));
    report.n_rows = shape[0];

    const hdf5::Group mapping = group.group("mapping");
    report.node_ids = mapping.dataset("node_ids").read<std::uint64_t>();
    report.index_pointers = mapping.dataset("index_pointers").read<std::uint64_t>();
    report.element_ids = mapping.dataset("element_ids").read<std::uint32_t>();
    report.element_pos = mapping.dataset("element_pos").read<float>();
    report.distance_um = numbers(mapping, "distance");
    report.node = mapping.dataset("node").read<std::int32_t>();
    report.names = mapping.dataset("names").read_text();
    const std::vector<double> time = numbers(mapping, "time");
    const std::size_t n = shape[1];
    require_length(file, mapping, "element_ids", report.element_ids.size(), n);
    require_length(file, mapping, "element_pos", report.element_pos.size(), n);
    require_length(file, mapping, "distance", report.distance_um.size(), n);
    require_length(file, mapping, "node", report.node.size(), n);
    require_length(file, mapping, "names", report.names.size(), n);
    require_length(file, mapping, "index_pointers", report.index_pointers.size(), report.node_ids.size() + 1);
    require_length(file, mapping, "time", time.size(), 3);
    if (!std::is_sorted(report.index_pointers.begin(), report.index_pointers.end()) ||
        report.index_pointers.back() != n) {
        throw InputError(
            {file, 0, 0},
            fmt::format("cannot read {}/index_pointers: it does not divide the {} columns", mapping.path(), n),
            "the file is damaged or was changed by another program");
    }
    report.start_ms = time[0];
    report.interval_ms = time[2];
    return report;
}

std::uint64_t steps(std::uint64_t first, std::uint64_t n, std::uint64_t stride, std::uint64_t extent)
{
    if (first >= extent || stride == 0) return 0;
    return std::min(n, (extent - first + stride - 1) / stride);
}

Samples read_samples(const hdf5::Dataset& data, const Selection& s)
{
    const hdf5::Shape shape = data.shape();
    Samples samples;
    samples.n_rows = steps(s.first_row, s.n_rows, s.row_stride, shape[0]);
    samples.n_columns = steps(s.first_column, s.n_columns, s.column_stride, shape[1]);
    samples.values = data.read<double>(hdf5::Block{
        {s.first_row, s.first_column}, {samples.n_rows, samples.n_columns}, {s.row_stride, s.column_stride}});
    return samples;
}

/// Columns of a table whose number of rows is known.
struct Table {
    const std::string& file;
    const hdf5::Group& group;
    std::size_t n;

    std::vector<std::int32_t> integers(const char* name) const
    {
        return checked(name, group.dataset(name).read<std::int32_t>());
    }
    std::vector<double> reals(const char* name) const { return checked(name, numbers(group, name)); }

private:
    template <class Column>
    Column checked(const char* name, Column column) const
    {
        require_length(file, group, name, column.size(), n);
        return column;
    }
};

MorphologyTables::Sections read_sections(const std::string& file, const hdf5::Group& group)
{
    MorphologyTables::Sections sections;
    sections.name = group.dataset("name").read_text();
    const Table table{file, group, sections.name.size()};
    sections.type = table.integers("type");
    sections.parent = table.integers("parent");
    sections.first_point = table.integers("first_point");
    sections.n_points = table.integers("n_points");
    sections.parent_position = table.reals("parent_position");
    sections.length_um = table.reals("length");
    sections.distance_um = table.reals("distance");
    return sections;
}

MorphologyTables::Compartments read_compartments(const std::string& file, const hdf5::Group& group)
{
    MorphologyTables::Compartments compartments;
    compartments.section = group.dataset("section").read<std::int32_t>();
    const Table table{file, group, compartments.section.size()};
    compartments.parent = table.integers("parent");
    compartments.from = table.reals("from");
    compartments.to = table.reals("to");
    compartments.area_um2 = table.reals("area");
    compartments.distance_um = table.reals("distance");
    return compartments;
}

SpikeSites read_sites(const std::string& file, const hdf5::Group& group)
{
    SpikeSites sites;
    sites.name = group.dataset("site_names").read_text();
    const Table table{file, group, sites.name.size()};
    sites.section = table.integers("site_section");
    sites.position = table.reals("site_position");
    sites.distance_um = table.reals("site_distance");
    sites.threshold_mV = table.reals("site_threshold");
    return sites;
}

}  // namespace

struct ResultReader::Impl {
    std::string path;
    hdf5::File file;
    hdf5::Group root;
    bool complete = false;
    base::Diagnostics warnings;
    std::vector<ReportInfo> reports;

    explicit Impl(const std::string& path_in) : path(path_in), file(open_result(path_in)), root(file.root()) {}

    /// Group at `name`/`child`, if it is there.
    std::optional<hdf5::Group> find(const char* name, const char* child = nullptr) const
    {
        if (!root.has(name)) return std::nullopt;
        hdf5::Group group = root.group(name);
        if (!child) return group;
        if (!group.has(child)) return std::nullopt;
        return group.group(child);
    }
};

ResultReader::ResultReader(const std::string& path) : impl_(std::make_unique<Impl>(path))
{
    check_format(path, impl_->root);
    impl_->complete = impl_->root.number<std::uint8_t>("complete") != 0;
    if (!impl_->complete) {
        impl_->warnings.warning({path, 0, 0}, "the run did not reach its end",
                                "the file holds what was saved until then, or the run is still going on");
    }
    if (const auto group = impl_->find("report")) {
        for (const std::string& name : group->names()) {
            impl_->reports.push_back(read_report(path, group->group(name), name));
        }
    }
}

ResultReader::~ResultReader() = default;
ResultReader::ResultReader(ResultReader&&) noexcept = default;
ResultReader& ResultReader::operator=(ResultReader&&) noexcept = default;

const std::string& ResultReader::path() const
{
    return impl_->path;
}
bool ResultReader::complete() const
{
    return impl_->complete;
}
const base::Diagnostics& ResultReader::warnings() const
{
    return impl_->warnings;
}
const std::vector<ReportInfo>& ResultReader::reports() const
{
    return impl_->reports;
}

const ReportInfo* ResultReader::find_report(std::string_view name) const
{
    const auto found = std::find_if(impl_->reports.begin(), impl_->reports.end(),
                                    [&](const ReportInfo& report) { return report.name == name; });
    return found == impl_->reports.end() ? nullptr : &*found;
}

Samples ResultReader::read_rows(const ReportInfo& report, const Selection& selection) const
{
    return read_samples(impl_->root.group("report").group(report.name).dataset("data"), selection);
}

std::vector<PopulationSpikes> ResultReader::spikes() const
{
    std::vector<PopulationSpikes> all;
    const auto group = impl_->find("spikes");
    if (!group) return all;
    for (const std::string& name : group->names()) {
        const hdf5::Group population = group->group(name);
        PopulationSpikes& found = all.emplace_back();
        found.population = name;
        found.sites = read_sites(impl_->path, population);
        found.spikes = read_spikes(population);
        if (!impl_->complete) std::sort(found.spikes.begin(), found.spikes.end());
        const auto n_sites = static_cast<std::int32_t>(found.sites.name.size());
        if (std::any_of(found.spikes.begin(), found.spikes.end(),
                        [&](const Spike& spike) { return spike.site < 0 || spike.site >= n_sites; })) {
            throw InputError(
                {impl_->path, 0, 0},
                fmt::format("cannot read {}/site: a spike names a site that is not there", population.path()),
                "the file is damaged or was changed by another program");
        }
    }
    return all;
}

std::vector<std::string> ResultReader::populations() const
{
    const auto group = impl_->find("morphology");
    return group ? group->names() : std::vector<std::string>{};
}

MorphologyTables ResultReader::morphology(const std::string& population) const
{
    const hdf5::Group group = impl_->root.group("morphology").group(population);
    MorphologyTables tables;
    tables.count = group.number<std::int64_t>("count");
    tables.source = group.text("source");
    tables.sha256 = group.text("sha256");
    tables.soma_rule = group.text("soma_rule");
    tables.sections = read_sections(impl_->path, group.group("sections"));
    const hdf5::Dataset points = group.dataset("points");
    const hdf5::Shape shape = points.shape();
    if (shape.size() != 2 || shape[1] != 4) {
        throw InputError({impl_->path, 0, 0},
                         fmt::format("cannot read {}: it is not a table of 4 columns", points.path()));
    }
    const std::vector<double> flat = points.read<double>();
    tables.points_um.resize(shape[0]);
    for (std::size_t k = 0; k < flat.size(); ++k) tables.points_um[k / 4][k % 4] = flat[k];
    tables.compartments = read_compartments(impl_->path, group.group("compartments"));
    return tables;
}

std::vector<StimulusInfo> ResultReader::stimuli() const
{
    std::vector<StimulusInfo> all;
    const auto group = impl_->find("stimuli");
    if (!group) return all;
    for (const std::string& name : group->names()) {
        const hdf5::Group found = group->group(name);
        const std::vector<double> time = numbers(found, "time");
        require_length(impl_->path, found, "time", time.size(), 3);
        const hdf5::Shape shape = found.dataset("data").shape();
        if (shape.size() != 2) {
            throw InputError({impl_->path, 0, 0}, fmt::format("cannot read {}/data: it is not a table", found.path()));
        }
        StimulusInfo& stimulus = all.emplace_back();
        stimulus.name = name;
        stimulus.type = found.text("type");
        stimulus.population = found.text("population");
        stimulus.place = found.text("place");
        stimulus.units = found.text("units");
        stimulus.n_cells = shape[1];
        stimulus.n_rows = shape[0];
        stimulus.start_ms = time[0];
        stimulus.interval_ms = time[2];
    }
    return all;
}

Samples ResultReader::read_stimulus(const StimulusInfo& stimulus, const Selection& selection) const
{
    return read_samples(impl_->root.group("stimuli").group(stimulus.name).dataset("data"), selection);
}

std::vector<ConductionVelocity> ResultReader::conduction_velocity() const
{
    const auto group = impl_->find("analysis", "conduction_velocity");
    if (!group) return {};
    const std::vector<std::string> population = group->dataset("population").read_text();
    const auto cell = group->dataset("cell").read<std::int64_t>();
    const auto from = group->dataset("from_site").read<std::int32_t>();
    const auto to = group->dataset("to_site").read<std::int32_t>();
    const std::vector<double> distance = numbers(*group, "distance"), velocity = numbers(*group, "velocity");
    const std::size_t n = population.size();
    require_length(impl_->path, *group, "cell", cell.size(), n);
    require_length(impl_->path, *group, "from_site", from.size(), n);
    require_length(impl_->path, *group, "to_site", to.size(), n);
    require_length(impl_->path, *group, "distance", distance.size(), n);
    require_length(impl_->path, *group, "velocity", velocity.size(), n);
    std::vector<ConductionVelocity> rows;
    for (std::size_t k = 0; k < n; ++k)
        rows.push_back({population[k], cell[k], from[k], to[k], distance[k], velocity[k]});
    return rows;
}

std::vector<FICurve> ResultReader::f_i_curves() const
{
    std::vector<FICurve> curves;
    const auto group = impl_->find("analysis", "f_i_curve");
    if (!group) return curves;
    for (const std::string& population : group->names()) {
        const hdf5::Group found = group->group(population);
        FICurve& curve = curves.emplace_back();
        curve.population = population;
        curve.stimulus = found.text("stimulus");
        curve.from_ms = found.number<double>("from_ms");
        curve.to_ms = found.number<double>("to_ms");
        curve.amplitude_nA = numbers(found, "amplitude");
        curve.rate_Hz = numbers(found, "rate");
        curve.n_spikes = found.dataset("n_spikes").read<std::int64_t>();
        curve.cell = found.dataset("cell").read<std::int64_t>();
        const std::size_t n = curve.amplitude_nA.size();
        require_length(impl_->path, found, "rate", curve.rate_Hz.size(), n);
        require_length(impl_->path, found, "n_spikes", curve.n_spikes.size(), n);
        require_length(impl_->path, found, "cell", curve.cell.size(), n);
    }
    return curves;
}

std::vector<RestingVoltage> ResultReader::resting() const
{
    const auto group = impl_->find("analysis", "resting");
    if (!group) return {};
    const std::vector<std::string> population = group->dataset("population").read_text();
    const std::vector<double> voltage = numbers(*group, "voltage");
    require_length(impl_->path, *group, "voltage", voltage.size(), population.size());
    std::vector<RestingVoltage> rows;
    for (std::size_t k = 0; k < population.size(); ++k) rows.push_back({population[k], voltage[k]});
    return rows;
}

std::map<std::string, std::string> ResultReader::provenance() const
{
    std::map<std::string, std::string> facts;
    const auto group = impl_->find("provenance");
    if (!group) return facts;
    for (const std::string& name : group->attribute_names()) facts[name] = group->as_text(name);
    if (group->has("inputs")) {
        std::string& lines = facts["inputs"];
        for (const std::string& input : group->dataset("inputs").read_text()) {
            lines += (lines.empty() ? "" : "\n") + input;
        }
    }
    return facts;
}

}  // namespace axolemma::record
