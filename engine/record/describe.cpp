#include "record/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace axolemma::record {

hdf5::Group Describer::group(hdf5::Group& parent, const std::string& name) const
{
    if (!compares()) return parent.create_group(name);
    if (!parent.has(name)) refuse_other_run(parent, fmt::format("it has no '{}'", name));
    return parent.group(name);
}

void Describer::text(hdf5::Object& object, const std::string& name, std::string_view value) const
{
    if (!compares())
        object.set_text(name, value);
    else if (!object.has_attribute(name) || object.text(name) != value)
        refuse_attribute(object, name);
}

void Describer::texts(hdf5::Group& group, const std::string& name, std::span<const std::string> values) const
{
    if (!compares()) {
        group.create_text(name, values);
        return;
    }
    const hdf5::Dataset found = find(group, name);
    const std::vector<std::string> there = found.read_text();
    if (!std::equal(there.begin(), there.end(), values.begin(), values.end())) refuse_contents(found);
}

hdf5::Dataset Describer::find(const hdf5::Group& group, const std::string& name)
{
    if (!group.has(name)) refuse_other_run(group, fmt::format("it has no '{}'", name));
    return group.dataset(name);
}

void Describer::refuse_attribute(const hdf5::Object& object, const std::string& name)
{
    refuse_other_run(object, fmt::format("its attribute '{}' differs from this run's", name));
}

void Describer::refuse_contents(const hdf5::Object& part)
{
    refuse_other_run(part, "its contents differ from this run's");
}

namespace {

using Reals = std::span<const double>;
using Integers = std::span<const std::int32_t>;

void describe_sections(const Describer& describer, hdf5::Group group, const MorphologyTables::Sections& sections)
{
    describer.texts(group, "name", sections.name);
    describer.column(group, "type", Integers(sections.type));
    describer.column(group, "parent", Integers(sections.parent));
    describer.column(group, "first_point", Integers(sections.first_point));
    describer.column(group, "n_points", Integers(sections.n_points));
    describer.column(group, "parent_position", Reals(sections.parent_position));
    describer.column(group, "length", Reals(sections.length_um), "um");
    describer.column(group, "distance", Reals(sections.distance_um), "um");
}

void describe_compartments(const Describer& describer, hdf5::Group group,
                           const MorphologyTables::Compartments& compartments)
{
    describer.column(group, "section", Integers(compartments.section));
    describer.column(group, "from", Reals(compartments.from));
    describer.column(group, "to", Reals(compartments.to));
    describer.column(group, "parent", Integers(compartments.parent));
    describer.column(group, "area", Reals(compartments.area_um2), "um2");
    describer.column(group, "distance", Reals(compartments.distance_um), "um");
}

void describe_mapping(const Describer& describer, hdf5::Group mapping, const ReportDescription& report)
{
    using Counts = std::span<const std::uint64_t>;
    describer.column(mapping, "node_ids", Counts(report.node_ids));
    describer.column(mapping, "index_pointers", Counts(report.index_pointers));
    if (!describer.compares()) {
        mapping.dataset("node_ids").set_number<std::uint8_t>("sorted", 1);
        mapping.hard_link("index_pointers", "index_pointer");  // the name BMTK looks for
    }
    describer.column(mapping, "element_ids", std::span<const std::uint32_t>(report.element_ids));
    describer.column(mapping, "element_pos", std::span<const float>(report.element_pos));
    describer.column(mapping, "distance", Reals(report.distance_um), "um");
    describer.column(mapping, "node", Integers(report.node));
    describer.texts(mapping, "names", report.names);
}

}  // namespace

void describe_morphology(const Describer& describer, hdf5::Group group, const MorphologyTables& tables)
{
    describer.number(group, "count", tables.count);
    // A file is known by its bytes: a run may be resumed from another directory.
    if (!describer.compares() || tables.sha256.empty()) describer.text(group, "source", tables.source);
    describer.text(group, "sha256", tables.sha256);
    describer.text(group, "soma_rule", tables.soma_rule);
    describe_sections(describer, describer.group(group, "sections"), tables.sections);
    static_assert(sizeof(tables.points_um[0]) == 4 * sizeof(double));
    const auto* first = tables.points_um.empty() ? nullptr : tables.points_um.front().data();
    describer.table(group, "points", {tables.points_um.size(), 4}, Reals(first, tables.points_um.size() * 4), "um");
    describe_compartments(describer, describer.group(group, "compartments"), tables.compartments);
}

void describe_report(const Describer& describer, hdf5::Group group, hdf5::Group mapping,
                     const ReportDescription& report)
{
    describer.text(group, "population", report.population);
    describer.text(group, "recording", report.recording);
    describer.text(group, "quantity", report.quantity);
    describe_mapping(describer, std::move(mapping), report);
}

void describe_stimulus(const Describer& describer, hdf5::Group group, const StimulusDescription& stimulus)
{
    describer.text(group, "type", stimulus.type);
    describer.text(group, "population", stimulus.population);
    describer.text(group, "place", stimulus.place);
    describer.text(group, "units", stimulus.units);
}

void describe_spike_sites(const Describer& describer, hdf5::Group group, const SpikeSites& sites)
{
    describer.texts(group, "site_names", sites.name);
    describer.column(group, "site_section", Integers(sites.section));
    describer.column(group, "site_position", Reals(sites.position));
    describer.column(group, "site_distance", Reals(sites.distance_um), "um");
    describer.column(group, "site_threshold", Reals(sites.threshold_mV), "mV");
}

}  // namespace axolemma::record
