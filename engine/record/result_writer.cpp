#include "record/result_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/diagnostics.hpp"
#include "record/describe.hpp"
#include "record/durable.hpp"
#include "record/hdf5_file.hpp"
#include "record/result_file.hpp"
#include "record/result_place.hpp"
#include "record/row_stream.hpp"
#include "record/spike_stream.hpp"

namespace axolemma::record {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto longest_wait = std::chrono::seconds(2);

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

[[maybe_unused]] bool is_consistent(const ReportDescription& report)
{
    const std::size_t n = report.n_elements();
    return n > 0 && report.element_pos.size() == n && report.distance_um.size() == n && report.node.size() == n &&
           report.names.size() == n && report.index_pointers.size() == report.node_ids.size() + 1 &&
           report.index_pointers.front() == 0 && report.index_pointers.back() == n;
}

}  // namespace

struct ResultWriter::Impl {
    std::string path, partial, run_id;
    int lock = -1;
    std::optional<hdf5::File> file;
    std::vector<RowStream> rows;
    std::vector<SpikeStream> spikes;
    std::optional<ResumePoint> resume_point;  // of a continued file
    Describer describer{Describer::Mode::create};
    bool cut = false;  // the continued file ends where the save point says
    Clock::time_point last_save = Clock::now();
    bool committed = false, failed = false, directory_is_safe = false;

    explicit Impl(std::string path_in) : path(std::move(path_in)), partial(path + ".partial") {}

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
        } catch (const base::InputError&) {
            failed = true;  // a continued file turned out not to fit
            throw;
        }
    }
    /// The same for what changes the file, which a continued one must be made ready for.
    template <class Action>
    void writing(Action action)
    {
        guarded([&] {
            if (resume_point && !cut) begin_continued();
            action();
        });
    }
    void begin_continued();

    hdf5::Group child(hdf5::Group parent, const std::string& name)
    {
        return parent.has(name) ? parent.group(name) : parent.create_group(name);
    }
    hdf5::Group top(const std::string& name) { return child(file->root(), name); }
    /// Group /`top`/`name` of something that is described.
    hdf5::Group described(const std::string& top_name, std::string_view name)
    {
        hdf5::Group root = file->root();
        hdf5::Group parent = describer.compares() ? describer.group(root, top_name) : child(root, top_name);
        return describer.group(parent, std::string(name));
    }
    hdf5::Group replaced(hdf5::Group parent, const std::string& name)
    {
        if (parent.has(name)) parent.remove(name);
        return parent.create_group(name);
    }
    StreamId add_rows(hdf5::Group group, hdf5::Group time_group, const RowFormat& format)
    {
        if (resume_point) {
            if (rows.size() >= resume_point->rows.size()) refuse_other_run(group, "the checkpoint knows nothing of it");
            rows.push_back(RowStream::continued(group, time_group, format, resume_point->rows[rows.size()]));
        } else {
            rows.emplace_back(group, time_group, format);
        }
        return StreamId{rows.size() - 1};
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
            if (file && !failed && committed && (!resume_point || cut)) save_all();
        } catch (const std::exception&) {
            // The caller is already unwinding or chose not to call finish(); the last commit stands.
        }
        const bool unlink_it = file && !committed;
        release();
        if (unlink_it) std::remove(partial.c_str());
    }
};

/// Cuts every stream to the save point and takes back what finish() may have written, in one commit.
void ResultWriter::Impl::begin_continued()
{
    hdf5::Group root = file->root();
    if (rows.size() != resume_point->rows.size() || spikes.size() != resume_point->spikes.size()) {
        refuse_other_run(
            root, fmt::format("the checkpoint knows {} recordings and stimuli and {} populations with spikes, "
                              "this run has {} and {}",
                              resume_point->rows.size(), resume_point->spikes.size(), rows.size(), spikes.size()));
    }
    file->begin_writing();
    cut = true;
    for (RowStream& stream : rows) stream.cut();
    for (SpikeStream& stream : spikes) stream.cut();
    if (root.has("analysis")) root.remove("analysis");
    root.set_number<std::uint8_t>("complete", 0);
    commit();
}

ResultWriter::ResultWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ResultWriter::ResultWriter(std::string path, bool overwrite) : impl_(std::make_unique<Impl>(std::move(path)))
{
    if (!overwrite) refuse_existing(impl_->path, impl_->partial);
    create_directories_for(impl_->path);
    impl_->lock = open_and_lock(impl_->path, impl_->partial);
    impl_->file = hdf5::File::create(impl_->partial);
    impl_->run_id = make_run_id();
    impl_->guarded([&] {
        hdf5::Group root = impl_->file->root();
        root.set_number<std::uint32_t>("magic", 0x0A7A);
        const std::array<std::uint32_t, 2> version{0, 1};
        root.set_numbers<std::uint32_t>("version", version);
        root.set_number<std::int32_t>("axolemma_format", format_version);
        root.set_text("run_id", impl_->run_id);
        root.set_number<std::uint8_t>("complete", 0);
    });
}

ResultWriter ResultWriter::resume(std::string path, ResumePoint point)
{
    auto impl = std::make_unique<Impl>(std::move(path));
    require_run(impl->path, impl->partial, point.run_id);
    impl->lock = open_and_lock_existing(impl->partial);
    impl->committed = true;
    impl->run_id = point.run_id;
    impl->resume_point = std::move(point);
    impl->describer = Describer(Describer::Mode::compare);
    impl->file = hdf5::File::open_to_continue(impl->partial);
    // Once more, now that nobody else can write it.
    require_run(impl->path, impl->partial, impl->run_id);
    return ResultWriter(std::move(impl));
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

const std::string& ResultWriter::run_id() const
{
    return impl_->run_id;
}
bool ResultWriter::resumed() const
{
    return impl_->resume_point.has_value();
}

void ResultWriter::add_morphology(std::string_view population, const MorphologyTables& tables)
{
    require_name(population);
    impl_->guarded([&] { describe_morphology(impl_->describer, impl_->described("morphology", population), tables); });
}

StreamId ResultWriter::add_report(const ReportDescription& report)
{
    assert(is_consistent(report) &&
           "a report has elements, and each has a section, position, distance, compartment and name");
    require_name(report.name);
    StreamId id{};
    impl_->guarded([&] {
        hdf5::Group group = impl_->described("report", report.name);
        hdf5::Group mapping = impl_->describer.group(group, "mapping");
        describe_report(impl_->describer, group, mapping, report);
        id = impl_->add_rows(group, mapping,
                             RowFormat{report.n_elements(), report.units, report.precision, report.start_ms,
                                       report.interval_ms, report.expected_rows});
    });
    return id;
}

StreamId ResultWriter::add_stimulus(const StimulusDescription& stimulus)
{
    assert(stimulus.n_cells > 0 && stimulus.n_cells <= max_stimulus_cells && "1 to 64 cells of a stimulus are stored");
    require_name(stimulus.name);
    StreamId id{};
    impl_->guarded([&] {
        hdf5::Group group = impl_->described("stimuli", stimulus.name);
        describe_stimulus(impl_->describer, group, stimulus);
        id = impl_->add_rows(group, group,
                             RowFormat{stimulus.n_cells, stimulus.units, Precision::full, stimulus.start_ms,
                                       stimulus.interval_ms, stimulus.expected_rows});
    });
    return id;
}

SpikesId ResultWriter::add_spikes(std::string_view population, const SpikeSites& sites)
{
    require_name(population);
    Impl& impl = *impl_;
    impl.guarded([&] {
        hdf5::Group group = impl.described("spikes", population);
        if (!impl.resume_point) {
            impl.spikes.emplace_back(group);
        } else {
            const std::size_t k = impl.spikes.size();
            if (k >= impl.resume_point->spikes.size()) refuse_other_run(group, "the checkpoint knows nothing of it");
            impl.spikes.push_back(SpikeStream::continued(group, impl.resume_point->spikes[k]));
        }
        describe_spike_sites(impl.describer, group, sites);
    });
    return SpikesId{impl.spikes.size() - 1};
}

void ResultWriter::append_rows(StreamId stream, std::span<const double> rows, std::size_t n_rows)
{
    impl_->writing([&] {
        const bool wrote = impl_->rows[static_cast<std::size_t>(stream)].append(rows, n_rows);
        impl_->after_append(wrote);
    });
}

void ResultWriter::append_spikes(SpikesId population, std::span<const Spike> spikes)
{
    impl_->writing([&] {
        const bool wrote = impl_->spikes[static_cast<std::size_t>(population)].append(spikes);
        impl_->after_append(wrote);
    });
}

void ResultWriter::write_conduction_velocity(std::span<const ConductionVelocity> rows)
{
    using Row = ConductionVelocity;
    impl_->writing([&] {
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
    impl_->writing([&] {
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
    impl_->writing([&] {
        hdf5::Group group = impl_->replaced(impl_->top("analysis"), "resting");
        group.create_text("population", column<Row, std::string>(rows, [](const Row& r) { return r.population; }));
        group.create<double>("voltage", column<Row, double>(rows, [](const Row& r) { return r.voltage_mV; }))
            .set_text("units", "mV");
    });
}

void ResultWriter::set_provenance(const Provenance& facts)
{
    impl_->writing([&] {
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
    impl_->writing([&] {
        hdf5::Group group = impl_->top("provenance");
        if (group.has("inputs")) group.remove("inputs");
        group.create_text("inputs", inputs);
    });
}

void ResultWriter::flush()
{
    impl_->writing([&] { impl_->save_all(); });
}

ResumePoint ResultWriter::save_point()
{
    Impl& impl = *impl_;
    ResumePoint point;
    point.run_id = impl.run_id;
    impl.writing([&] {
        impl.save_all();
        impl.file->sync();
        if (!impl.directory_is_safe) {
            if (const int error = sync_directory_of(impl.partial)) {
                throw base::EngineError(
                    fmt::format("cannot write the directory of '{}': {}", impl.partial, hdf5::errno_text(error)));
            }
            impl.directory_is_safe = true;
        }
        for (const RowStream& stream : impl.rows) point.rows.push_back(stream.n_rows());
        for (const SpikeStream& stream : impl.spikes) point.spikes.push_back(stream.n_spikes());
    });
    return point;
}

std::string ResultWriter::finish(bool complete)
{
    Impl& impl = *impl_;
    impl.writing([&] {
        impl.save_all();
        // Not otherwise: a save point counts spikes in the order in which they came.
        if (complete) {
            for (SpikeStream& stream : impl.spikes) stream.sort();
        }
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
