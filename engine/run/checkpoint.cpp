#include "run/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include "base/bytes.hpp"
#include "base/index.hpp"
#include "base/version.hpp"
#include "record/checkpoint_file.hpp"
#include "record/result_writer.hpp"
#include "run/build.hpp"

namespace axolemma::run {

namespace {

using base::ByteReader;
using base::ByteWriter;
using base::index;
using network::gather_records;

/// Version of what the parts below mean, and of the numerics that go on from them.
constexpr std::uint32_t state_version = 2;

// Records of the parts. None has padding.
struct WatchedPlace {
    std::int64_t source;
    double before_mV, last_mV;
};
struct WaitingEvent {
    std::int64_t cell;
    std::int32_t synapse, place;
    double t_ms, weight_uS;
    std::int64_t connection;  ///< which of those that end at the instance
};
struct TrainPosition {
    std::int64_t id, k;
    double next_ms;
};

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values)
{
    return std::as_bytes(std::span(values));
}

std::vector<WatchedPlace> watched_places(const BuiltModel& built)
{
    std::vector<WatchedPlace> places;
    for (const auto& group : built.groups) {
        for (std::size_t k = 0; k < group->detector.n_watched(); ++k) {
            const auto memory = group->detector.memory(k);
            places.push_back({group->detector.source(k), memory.before_mV, memory.last_mV});
        }
    }
    return places;
}

std::vector<WaitingEvent> waiting_events(const BuiltModel& built)
{
    std::vector<WaitingEvent> events;
    for (const auto& group : built.groups) {
        std::vector<const group::SynapseAddress*> address(index(group->plan.n_synapses()));
        for (std::size_t k = 0; k < address.size(); ++k) {
            address[index(group->plan.synapse_instances[k])] = &group->plan.synapse_addresses[k];
        }
        for (const auto& event : group->inbox.waiting()) {
            const auto& at = *address[index(event.synapse)];
            events.push_back({at.cell, at.synapse, at.place, event.t_ms, event.weight_uS, event.connection});
        }
    }
    return events;
}

std::vector<TrainPosition> train_positions(const BuiltModel& built)
{
    std::map<std::int64_t, TrainPosition> positions;  // the same in every group
    for (const auto& group : built.groups) {
        for (std::size_t k = 0; k < group->inbox.n_trains(); ++k) {
            const auto position = group->inbox.train_position(k);
            const std::int64_t id = group->inbox.train_id(k);
            positions[id] = {id, position.k, position.next_ms};
        }
    }
    std::vector<TrainPosition> list;
    for (const auto& [id, position] : positions) {
        list.push_back(position);
    }
    return list;
}

void add_progress(ByteWriter& out, const Progress& progress)
{
    for (const auto* hashes : {&progress.row_hashes, &progress.spike_hashes}) {
        std::vector<std::uint64_t> values;
        for (const auto& hash : *hashes) {
            values.push_back(hash.value());
        }
        out.add_vector(values);
    }
    std::vector<std::int64_t> counts;
    std::vector<double> first_ms;
    for (const auto& source : progress.sources) {
        counts.push_back(source.n);
        first_ms.push_back(source.first_ms);
    }
    out.add_vector(counts);
    out.add_vector(first_ms);
    out.add_vector(progress.resting_mV);
    for (const auto& counter : progress.f_i_counters) {
        out.add_vector(counter.windows());
    }
}

/// Takes what add_progress() wrote; false if it belongs to other recordings.
bool take_progress(ByteReader& in, Progress& progress)
{
    for (auto* hashes : {&progress.row_hashes, &progress.spike_hashes}) {
        const auto values = in.take_vector<std::uint64_t>();
        if (values.size() != hashes->size()) {
            return false;
        }
        std::transform(values.begin(), values.end(), hashes->begin(), [](std::uint64_t v) { return base::Hash64(v); });
    }
    const auto counts = in.take_vector<std::int64_t>();
    const auto first_ms = in.take_vector<double>();
    auto resting_mV = in.take_vector<double>();
    if (counts.size() != progress.sources.size() || first_ms.size() != counts.size() ||
        resting_mV.size() != progress.resting_mV.size()) {
        return false;
    }
    for (std::size_t k = 0; k < counts.size(); ++k) {
        progress.sources[k].n = counts[k];
        progress.sources[k].first_ms = first_ms[k];
    }
    progress.resting_mV = std::move(resting_mV);
    for (auto& counter : progress.f_i_counters) {
        auto windows = in.take_vector<FICounter::Window>();
        if (windows.size() != counter.windows().size()) {
            return false;
        }
        counter.set_windows(std::move(windows));
    }
    return true;
}

ByteWriter results_bytes(const record::ResumePoint& point)
{
    ByteWriter out;
    out.add_text(point.run_id);
    out.add_vector(point.rows);
    out.add_vector(point.spikes);
    return out;
}

/// Writes on the root, and keeps the first problem instead of throwing it: the others are still sending.
class CarefulWriter {
public:
    explicit CarefulWriter(bool is_root) : is_root_(is_root) {}

    template <class Action>
    void run(Action action)
    {
        if (!is_root_ || !problem_.empty()) {
            return;
        }
        try {
            action();
        } catch (const std::exception& error) {
            problem_ = error.what();
        }
    }
    void open(const std::string& path)
    {
        run([&] { writer_.emplace(path); });
    }
    void part(std::string_view name, std::span<const std::byte> bytes)
    {
        run([&] { writer_->add_part(name, bytes); });
    }
    record::CheckpointWriter& writer() { return *writer_; }
    const std::string& problem() const { return problem_; }

private:
    bool is_root_;
    std::optional<record::CheckpointWriter> writer_;
    std::string problem_;
};

/// Numbers of all cells, rank by rank, so that the root never holds more than one rank's.
void write_cells(const BuiltModel& built, CarefulWriter& careful)
{
    std::vector<std::uint32_t> sizes;
    std::vector<double> numbers;
    for (const auto& group : built.groups) {
        for (const auto& cell : group->plan.cells) {
            const std::size_t before = numbers.size();
            group->state.save_cell(group->plan, cell, numbers);
            sizes.push_back(static_cast<std::uint32_t>(numbers.size() - before));
        }
    }
    const auto all_sizes = gather_records(built.ranks, sizes);
    careful.part("cell_sizes", bytes_of(all_sizes));
    const auto total = built.ranks.sum(static_cast<std::int64_t>(numbers.size() * sizeof(double)));
    careful.run([&] { careful.writer().begin("cells", static_cast<std::uint64_t>(total)); });
    built.ranks.gather(bytes_of(numbers), [&](int, std::span<const std::byte> bytes) {
        careful.run([&] { careful.writer().add(bytes); });
    });
}

[[noreturn]] void refuse(const std::string& path, std::string message, std::string hint)
{
    throw base::InputError({path, 0, 0}, std::move(message), std::move(hint));
}

[[noreturn]] void refuse_foreign(const std::string& path)
{
    refuse(path, "this checkpoint does not fit the model: it has other cells, synapses or recordings",
           "start without --resume to simulate from the beginning");
}

template <class T>
std::vector<T> records_of(const record::CheckpointReader& file, std::string_view name)
{
    const auto bytes = file.read(name);
    std::vector<T> records(bytes.size() / sizeof(T));
    std::copy_n(bytes.begin(), records.size() * sizeof(T), std::as_writable_bytes(std::span(records)).begin());
    return records;
}

void load_cells(BuiltModel& built, const record::CheckpointReader& file)
{
    const auto sizes = records_of<std::uint32_t>(file, "cell_sizes");
    if (static_cast<std::int64_t>(sizes.size()) != built.facts.n_cells) {
        refuse_foreign(file.path());
    }
    auto part = file.open("cells");
    std::uint64_t before = 0;
    for (std::int64_t cell = 0; cell < built.share.first(); ++cell) {
        before += sizes[static_cast<std::size_t>(cell)] * sizeof(double);
    }
    part.skip(before);
    std::vector<double> numbers;
    for (const auto& group : built.groups) {
        for (const auto& cell : group->plan.cells) {
            numbers.resize(sizes[static_cast<std::size_t>(cell.cell)]);
            part.take(std::as_writable_bytes(std::span(numbers)));
            if (!group->state.load_cell(group->plan, cell, numbers)) {
                refuse_foreign(file.path());
            }
        }
        group->state.states_lag = true;
    }
}

void load_watched(BuiltModel& built, const record::CheckpointReader& file)
{
    const auto places = records_of<WatchedPlace>(file, "watched");
    if (places.size() != built.recordings.sources.size()) {
        refuse_foreign(file.path());
    }
    for (const auto& group : built.groups) {
        for (std::size_t k = 0; k < group->detector.n_watched(); ++k) {
            const auto& place = places[index(group->detector.source(k))];
            group->detector.set_memory(k, {place.before_mV, place.last_mV});
        }
    }
}

void load_events(BuiltModel& built, const record::CheckpointReader& file)
{
    const auto events = records_of<WaitingEvent>(file, "events");
    const auto trains = records_of<TrainPosition>(file, "trains");
    for (const auto& group : built.groups) {
        const auto is_before = [](const WaitingEvent& event, std::int64_t cell) { return event.cell < cell; };
        auto event = std::lower_bound(events.begin(), events.end(), group->plan.cells.front().cell, is_before);
        for (; event != events.end() && event->cell <= group->plan.cells.back().cell; ++event) {
            const std::int32_t synapse = group->plan.find_synapse({event->cell, event->synapse, event->place});
            if (synapse < 0) {
                refuse_foreign(file.path());
            }
            if (!group->plan.has_connection(synapse, event->connection)) {
                refuse_foreign(file.path());
            }
            group->inbox.add_waiting(
                {event->t_ms, event->weight_uS, synapse, static_cast<std::int32_t>(event->connection)});
        }
        for (std::size_t k = 0; k < group->inbox.n_trains(); ++k) {
            const auto is_lower = [](const TrainPosition& train, std::int64_t id) { return train.id < id; };
            const auto train = std::lower_bound(trains.begin(), trains.end(), group->inbox.train_id(k), is_lower);
            if (train == trains.end() || train->id != group->inbox.train_id(k)) {
                refuse_foreign(file.path());
            }
            group->inbox.set_train_position(k, {train->k, train->next_ms});
        }
    }
}

/// The part that says whose checkpoint it is.
struct Owner {
    std::string fingerprint;
    std::int64_t step = 0;
};

/// Throws when another program version wrote it.
Owner read_owner(const record::CheckpointReader& file)
{
    const auto bytes = file.read("model");
    ByteReader in(bytes, file.path(), "part 'model'");
    const auto version = in.take<std::uint32_t>();
    const auto program = in.take_text();
    if (version != state_version) {
        refuse(
            file.path(),
            fmt::format("this checkpoint was written by axolemma {} (state version {}); this program reads version {}",
                        program, version, state_version),
            "go on with the program that wrote it, or start without --resume");
    }
    Owner owner;
    owner.fingerprint = in.take_text();
    owner.step = in.take<std::int64_t>();
    in.require_end();
    return owner;
}

/// Throws when the checkpoint is not one of this model.
void require_owner(const Owner& owner, const std::string& fingerprint, const std::string& path)
{
    if (owner.fingerprint != fingerprint) {
        refuse(
            path,
            "this checkpoint belongs to another model: the configuration, a --set or an input file has changed since",
            "undo the change, or start without --resume to simulate from the beginning");
    }
}

/// The same; returns the step.
std::int64_t check_owner(const BuiltModel& built, const record::CheckpointReader& file)
{
    const auto owner = read_owner(file);
    require_owner(owner, built.fingerprint, file.path());
    if (owner.step < 0 || owner.step > built.facts.n_steps) {
        refuse_foreign(file.path());
    }
    return owner.step;
}

record::ResumePoint results_of(const record::CheckpointReader& file)
{
    const auto bytes = file.read("results");
    ByteReader in(bytes, file.path(), "part 'results'");
    record::ResumePoint point;
    point.run_id = in.take_text();
    point.rows = in.take_vector<std::uint64_t>();
    point.spikes = in.take_vector<std::uint64_t>();
    in.require_end();
    return point;
}

}  // namespace

std::string write_checkpoint(BuiltModel& built, const Progress& progress, const GapVoltages& gaps,
                             const CheckpointOptions& options)
{
    const auto& ranks = built.ranks;
    CarefulWriter careful(ranks.is_root());
    record::ResumePoint point;
    careful.run([&] { point = options.save_results ? options.save_results() : record::ResumePoint{}; });
    careful.open(options.path);
    ByteWriter model;
    model.add(state_version);
    model.add_text(base::build_info().version);
    model.add_text(built.fingerprint);
    model.add(progress.step);
    careful.part("model", model.bytes());
    careful.part("results", results_bytes(point).bytes());
    ByteWriter so_far;
    add_progress(so_far, progress);
    careful.part("progress", so_far.bytes());

    auto watched = gather_records(ranks, watched_places(built));
    std::sort(watched.begin(), watched.end(),
              [](const WatchedPlace& a, const WatchedPlace& b) { return a.source < b.source; });
    careful.part("watched", bytes_of(watched));
    auto events = gather_records(ranks, waiting_events(built));
    std::sort(events.begin(), events.end(), [](const WaitingEvent& a, const WaitingEvent& b) {
        return std::tie(a.cell, a.synapse, a.place, a.t_ms, a.weight_uS, a.connection) <
               std::tie(b.cell, b.synapse, b.place, b.t_ms, b.weight_uS, b.connection);
    });
    careful.part("events", bytes_of(events));
    auto trains = gather_records(ranks, train_positions(built));
    std::sort(trains.begin(), trains.end(), [](const TrainPosition& a, const TrainPosition& b) { return a.id < b.id; });
    const auto same = [](const TrainPosition& a, const TrainPosition& b) { return a.id == b.id; };
    trains.erase(std::unique(trains.begin(), trains.end(), same), trains.end());
    careful.part("trains", bytes_of(trains));
    ByteWriter voltages;
    voltages.add_vector(gaps.now_mV);
    voltages.add_vector(gaps.before_mV);
    careful.part("gap_junctions", voltages.bytes());
    write_cells(built, careful);
    careful.run([&] { careful.writer().commit(); });
    const bool failed = ranks.largest(std::int64_t{careful.problem().empty() ? 0 : 1}) != 0;
    return failed && careful.problem().empty() ? "rank 0 could not write it" : careful.problem();
}

void load_checkpoint(BuiltModel& built, const std::string& path, Progress& progress, GapVoltages& gaps)
{
    const record::CheckpointReader file(path);
    progress.step = check_owner(built, file);
    const auto bytes = file.read("progress");
    ByteReader in(bytes, path, "part 'progress'");
    if (!take_progress(in, progress)) {
        refuse_foreign(path);
    }
    in.require_end();
    const auto voltages = file.read("gap_junctions");
    ByteReader gap_bytes(voltages, path, "part 'gap_junctions'");
    gaps.now_mV = gap_bytes.take_vector<double>();
    gaps.before_mV = gap_bytes.take_vector<double>();
    const auto n_sites = index(built.network->n_gap_sites());
    if (gaps.now_mV.size() != n_sites || gaps.before_mV.size() != n_sites) {
        refuse_foreign(path);
    }
    load_cells(built, file);
    load_watched(built, file);
    load_events(built, file);
    const double t_ms = static_cast<double>(progress.step) * built.model.run.dt_ms;
    for (auto& group : built.groups) {
        group->stepper->go_on_from(group->state, t_ms);
    }
}

record::ResumePoint results_of_checkpoint(const std::string& path, const std::string& fingerprint)
{
    const record::CheckpointReader file(path);
    require_owner(read_owner(file), fingerprint, path);
    return results_of(file);
}

std::optional<std::int64_t> resumable_step(const std::string& checkpoint, const std::string& fingerprint,
                                           const std::string& results)
{
    try {
        const record::CheckpointReader file(checkpoint);
        const auto owner = read_owner(file);
        const bool fits =
            owner.fingerprint == fingerprint && results_of(file).run_id == record::read_run_id(results + ".partial");
        return fits ? std::optional(owner.step) : std::nullopt;
    } catch (const base::InputError&) {
        return std::nullopt;
    }
}

}  // namespace axolemma::run
