#include "record/result_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/hdf5_file.hpp"
#include "record/row_stream.hpp"
#include "record/spike_stream.hpp"

namespace axolemma::record {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto longest_wait = std::chrono::seconds(2);

[[noreturn]] void fail_to_create(const std::string& path, const std::string& reason)
{
    throw base::EngineError(fmt::format("cannot create the result file '{}': {}", path, reason));
}

void create_directories_for(const std::string& path)
{
    const fs::path directory = fs::path(path).parent_path();
    if (directory.empty()) return;
    std::error_code error;
    fs::create_directories(directory, error);
    if (!error && fs::is_directory(directory, error)) return;
    fail_to_create(path, fmt::format("cannot create the directory '{}': {}", directory.string(),
                                     error ? hdf5::errno_text(error.value()) : "a file of that name is in the way"));
}

void refuse_existing(const std::string& path, const std::string& partial)
{
    std::error_code error;
    if (fs::exists(path, error)) {
        throw base::InputError({path, 0, 0}, "the result file is already there and overwriting is off",
                               "move it away, choose another name, or set 'overwrite: true'");
    }
    if (fs::exists(partial, error)) {
        throw base::InputError({partial, 0, 0}, "an unfinished run left this file and overwriting is off",
                               "move it away, choose another name, or set 'overwrite: true'");
    }
}

/// Makes sure that this process can write the file and is the only one to do so, before anything is simulated. The
/// lock is of a kind that HDF5 readers do not mind, so a file can be looked at while the run is going on.
/// @returns descriptor that holds the lock
int open_and_lock(const std::string& path, const std::string& partial)
{
    std::error_code error;
    if (fs::is_directory(path, error)) fail_to_create(path, "it is a directory");
    for (const std::string& name : {path, partial}) {
        if (fs::exists(name, error) && !fs::is_regular_file(name, error))
            fail_to_create(name, "it is not a regular file");
    }
    const int fd = open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) fail_to_create(path, hdf5::errno_text(errno));
#ifdef F_OFD_SETLK
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (fcntl(fd, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES)) {
        close(fd);
        fail_to_create(path, fmt::format("another run is writing '{}'", partial));
    }
#endif
    return fd;
}

void require_name(std::string_view name)
{
    if (!name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos) return;
    throw base::EngineError(fmt::format("the name '{}' cannot be used in a result file", name));
}

template <class Row, class Value, class Get>
std::vector<Value> column(std::span<const Row> rows, Get get)
{
    std::vector<Value> values;
    values.reserve(rows.size());
    for (const Row& row : rows) values.push_back(get(row));
    return values;
}

void write_sections(hdf5::Group group, const MorphologyTables::Sections& sections)
{
    group.create_text("name", sections.name);
    group.create<std::int32_t>("type", sections.type);
    group.create<std::int32_t>("parent", sections.parent);
    group.create<std::int32_t>("first_point", sections.first_point);
    group.create<std::int32_t>("n_points", sections.n_points);
    group.create<double>("parent_position", sections.parent_position);
    group.create<double>("length", sections.length_um).set_text("units", "um");
    group.create<double>("distance", sections.distance_um).set_text("units", "um");
}

void write_compartments(hdf5::Group group, const MorphologyTables::Compartments& compartments)
{
    group.create<std::int32_t>("section", compartments.section);
    group.create<double>("from", compartments.from);
    group.create<double>("to", compartments.to);
    group.create<std::int32_t>("parent", compartments.parent);
    group.create<double>("area", compartments.area_um2).set_text("units", "um2");
    group.create<double>("distance", compartments.distance_um).set_text("units", "um");
}

void write_mapping(hdf5::Group& mapping, const ReportDescription& report)
{
    mapping.create<std::uint64_t>("node_ids", report.node_ids).set_number<std::uint8_t>("sorted", 1);
    mapping.create<std::uint64_t>("index_pointers", report.index_pointers);
    mapping.hard_link("index_pointers", "index_pointer");  // the name BMTK looks for
    mapping.create<std::uint32_t>("element_ids", report.element_ids);
    mapping.create<float>("element_pos", report.element_pos);
    mapping.create<double>("distance", report.distance_um).set_text("units", "um");
    mapping.create<std::int32_t>("node", report.node);
    mapping.create_text("names", report.names);
}

[[maybe_unused]] bool is_consistent(const ReportDescription& report)
{
    const std::size_t n = report.n_elements();
    return n > 0 && report.element_pos.size() == n && report.distance_um.size() == n && report.node.size() == n &&
           report.names.size() == n && report.index_pointers.size() == report.node_ids.size() + 1 &&
           report.index_pointers.front() == 0 && report.index_pointers.back() == n;
}

}  // namespace

struct ResultWriter::Impl {
    std::string path, partial;
    int lock = -1;
    std::optional<hdf5::File> file;
    std::vector<RowStream> rows;
    std::vector<SpikeStream> spikes;
    Clock::time_point last_save = Clock::now();
    bool committed = false, failed = false;

    /// Runs `action`; after the first failure nothing is written any more.
    template <class Action>
    void guarded(Action action)
    {
        if (failed) throw base::EngineError(fmt::format("'{}' cannot be written since an earlier failure", partial));
        assert(file && "the result file was finished");
        try {
            action();
        } catch (const base::EngineError& error) {
            failed = true;
            throw base::EngineError(
                committed ? fmt::format("{}\n  hint: what was saved before is kept in that file", error.what())
                          : std::string(error.what()));
        }
    }

    hdf5::Group child(hdf5::Group parent, const std::string& name)
    {
        return parent.has(name) ? parent.group(name) : parent.create_group(name);
    }
    hdf5::Group top(const std::string& name) { return child(file->root(), name); }
    hdf5::Group replaced(hdf5::Group parent, const std::string& name)
    {
        if (parent.has(name)) parent.remove(name);
        return parent.create_group(name);
    }

    void commit()
    {
        file->flush();
        committed = true;
    }
    void save_all()
    {
        for (RowStream& stream : rows) stream.save();
        for (SpikeStream& stream : spikes) stream.save();
        commit();
    }
    void after_append(bool wrote_block)
    {
        if (Clock::now() - last_save > longest_wait) {
            for (RowStream& stream : rows) {
                if (stream.is_worth_saving()) stream.save();
            }
            for (SpikeStream& stream : spikes) stream.save();
            last_save = Clock::now();
            commit();
        } else if (wrote_block || !committed) {  // the first commit makes the file one that can be opened
            commit();
        }
    }
    void release()
    {
        rows.clear();
        spikes.clear();
        file.reset();
        if (lock >= 0) close(lock);
        lock = -1;
    }
    ~Impl()
    {
        try {
            if (file && !failed && committed) save_all();
        } catch (const std::exception&) {
            // The caller is already unwinding or chose not to call finish(); the last commit stands.
        }
        const bool unlink_it = file && !committed;
        release();
        if (unlink_it) std::remove(partial.c_str());
    }
};

ResultWriter::ResultWriter(std::string path, bool overwrite) : impl_(std::make_unique<Impl>())
{
    impl_->path = std::move(path);
    impl_->partial = impl_->path + ".partial";
    if (!overwrite) refuse_existing(impl_->path, impl_->partial);
    create_directories_for(impl_->path);
    impl_->lock = open_and_lock(impl_->path, impl_->partial);
    impl_->file = hdf5::File::create(impl_->partial);
    impl_->guarded([&] {
        hdf5::Group root = impl_->file->root();
        root.set_number<std::uint32_t>("magic", 0x0A7A);
        const std::array<std::uint32_t, 2> version{0, 1};
        root.set_numbers<std::uint32_t>("version", version);
        root.set_number<std::int32_t>("axolemma_format", format_version);
        root.set_number<std::uint8_t>("complete", 0);
    });
}

ResultWriter::~ResultWriter() = default;
ResultWriter::ResultWriter(ResultWriter&&) noexcept = default;

const std::string& ResultWriter::path() const
{
    return impl_->path;
}
std::string ResultWriter::partial_path() const
{
    return impl_->partial;
}

void ResultWriter::add_morphology(std::string_view population, const MorphologyTables& tables)
{
    require_name(population);
    impl_->guarded([&] {
        hdf5::Group group = impl_->top("morphology").create_group(std::string(population));
        group.set_number<std::int64_t>("count", tables.count);
        group.set_text("source", tables.source);
        group.set_text("sha256", tables.sha256);
        group.set_text("soma_rule", tables.soma_rule);
        write_sections(group.create_group("sections"), tables.sections);
        static_assert(sizeof(tables.points_um[0]) == 4 * sizeof(double));
        const auto* first = tables.points_um.empty() ? nullptr : tables.points_um.front().data();
        group.create<double>("points", {tables.points_um.size(), 4}, {first, tables.points_um.size() * 4})
            .set_text("units", "um");
        write_compartments(group.create_group("compartments"), tables.compartments);
    });
}

StreamId ResultWriter::add_report(const ReportDescription& report)
{
    assert(is_consistent(report) &&
           "a report has elements, and each has a section, position, distance, compartment and name");
    require_name(report.name);
    impl_->guarded([&] {
        hdf5::Group group = impl_->top("report").create_group(report.name);
        group.set_text("population", report.population);
        group.set_text("recording", report.recording);
        group.set_text("quantity", report.quantity);
        hdf5::Group mapping = group.create_group("mapping");
        write_mapping(mapping, report);
        impl_->rows.emplace_back(group, mapping,
                                 RowFormat{report.n_elements(), report.units, report.precision, report.start_ms,
                                           report.interval_ms, report.expected_rows});
    });
    return StreamId{impl_->rows.size() - 1};
}

StreamId ResultWriter::add_stimulus(const StimulusDescription& stimulus)
{
    assert(stimulus.n_cells > 0 && stimulus.n_cells <= max_stimulus_cells && "1 to 64 cells of a stimulus are stored");
    require_name(stimulus.name);
    impl_->guarded([&] {
        hdf5::Group group = impl_->top("stimuli").create_group(stimulus.name);
        group.set_text("type", stimulus.type);
        group.set_text("population", stimulus.population);
        group.set_text("place", stimulus.place);
        group.set_text("units", stimulus.units);
        impl_->rows.emplace_back(group, group,
                                 RowFormat{stimulus.n_cells, stimulus.units, Precision::full, stimulus.start_ms,
                                           stimulus.interval_ms, stimulus.expected_rows});
    });
    return StreamId{impl_->rows.size() - 1};
}

SpikesId ResultWriter::add_spikes(std::string_view population, const SpikeSites& sites)
{
    require_name(population);
    impl_->guarded(
        [&] { impl_->spikes.emplace_back(impl_->top("spikes").create_group(std::string(population)), sites); });
    return SpikesId{impl_->spikes.size() - 1};
}

void ResultWriter::append_rows(StreamId stream, std::span<const double> rows, std::size_t n_rows)
{
    impl_->guarded([&] {
        const bool wrote = impl_->rows[static_cast<std::size_t>(stream)].append(rows, n_rows);
        impl_->after_append(wrote);
    });
}

void ResultWriter::append_spikes(SpikesId population, std::span<const Spike> spikes)
{
    impl_->guarded([&] {
        const bool wrote = impl_->spikes[static_cast<std::size_t>(population)].append(spikes);
        impl_->after_append(wrote);
    });
}

void ResultWriter::write_conduction_velocity(std::span<const ConductionVelocity> rows)
{
    using Row = ConductionVelocity;
    impl_->guarded([&] {
        hdf5::Group group = impl_->replaced(impl_->top("analysis"), "conduction_velocity");
        group.create_text("population", column<Row, std::string>(rows, [](const Row& r) { return r.population; }));
        group.create<std::int64_t>("cell", column<Row, std::int64_t>(rows, [](const Row& r) { return r.cell; }));
        group.create<std::int32_t>("from_site",
                                   column<Row, std::int32_t>(rows, [](const Row& r) { return r.from_site; }));
        group.create<std::int32_t>("to_site", column<Row, std::int32_t>(rows, [](const Row& r) { return r.to_site; }));
        group.create<double>("distance", column<Row, double>(rows, [](const Row& r) { return r.distance_um; }))
            .set_text("units", "um");
        group.create<double>("velocity", column<Row, double>(rows, [](const Row& r) { return r.velocity_m_per_s; }))
            .set_text("units", "m/s");
    });
}

void ResultWriter::write_f_i_curve(const FICurve& curve)
{
    require_name(curve.population);
    impl_->guarded([&] {
        hdf5::Group group = impl_->replaced(impl_->child(impl_->top("analysis"), "f_i_curve"), curve.population);
        group.set_text("stimulus", curve.stimulus);
        group.set_number("from_ms", curve.from_ms);
        group.set_number("to_ms", curve.to_ms);
        group.create<double>("amplitude", curve.amplitude_nA).set_text("units", "nA");
        group.create<double>("rate", curve.rate_Hz).set_text("units", "Hz");
        group.create<std::int64_t>("n_spikes", curve.n_spikes);
        group.create<std::int64_t>("cell", curve.cell);
    });
}

void ResultWriter::write_resting(std::span<const RestingVoltage> rows)
{
    using Row = RestingVoltage;
    impl_->guarded([&] {
        hdf5::Group group = impl_->replaced(impl_->top("analysis"), "resting");
        group.create_text("population", column<Row, std::string>(rows, [](const Row& r) { return r.population; }));
        group.create<double>("voltage", column<Row, double>(rows, [](const Row& r) { return r.voltage_mV; }))
            .set_text("units", "mV");
    });
}

void ResultWriter::set_provenance(const Provenance& facts)
{
    impl_->guarded([&] {
        hdf5::Group group = impl_->top("provenance");
        for (const auto& [name, value] : facts) {
            if (const auto* text = std::get_if<std::string>(&value))
                group.set_text(name, *text);
            else if (const auto* real = std::get_if<double>(&value))
                group.set_number(name, *real);
            else
                group.set_number(name, std::get<std::int64_t>(value));
        }
    });
}

void ResultWriter::set_provenance_inputs(std::span<const std::string> inputs)
{
    impl_->guarded([&] {
        hdf5::Group group = impl_->top("provenance");
        if (group.has("inputs")) group.remove("inputs");
        group.create_text("inputs", inputs);
    });
}

void ResultWriter::flush()
{
    impl_->guarded([&] { impl_->save_all(); });
}

std::string ResultWriter::finish(bool complete)
{
    Impl& impl = *impl_;
    impl.guarded([&] {
        impl.save_all();
        for (SpikeStream& stream : impl.spikes) stream.sort();
        impl.file->root().set_number<std::uint8_t>("complete", complete ? 1 : 0);
        impl.rows.clear();
        impl.spikes.clear();
        impl.file->close();
        impl.committed = true;
    });
    if (complete && std::rename(impl.partial.c_str(), impl.path.c_str()) != 0) {
        const int error = errno;
        impl.release();
        throw base::EngineError(
            fmt::format("cannot rename '{}' to '{}': {}", impl.partial, impl.path, hdf5::errno_text(error)));
    }
    impl.release();
    return complete ? impl.path : impl.partial;
}

}  // namespace axolemma::record
