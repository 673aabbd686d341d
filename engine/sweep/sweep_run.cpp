#include "sweep/sweep_run.hpp"

#include <algorithm>
#include <chrono>

#include "base/parallel.hpp"

namespace axolemma::sweep {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// How many points run together: enough to fill the lanes of every thread, and then so many that a batch takes about a
/// second, so that little is lost when the program is killed.
class BatchSize {
public:
    BatchSize(std::int64_t cells_per_point, int threads)
        : least_(std::max<std::int64_t>(1, 8 * threads / std::max<std::int64_t>(cells_per_point, 1))),
          size_(std::max(least_, std::min<std::int64_t>(2 * least_, most)))
    {}
    std::int64_t get() const { return size_; }
    void learn(double seconds)
    {
        if (seconds < 0.5) {
            size_ = std::min(2 * size_, std::max(most, least_));
        } else if (seconds > 4.0) {
            size_ = std::max(size_ / 2, least_);
        }
    }

private:
    static constexpr std::int64_t most = 512;
    std::int64_t least_, size_;
};

/// Gathers rows and writes them now and then, so that a kill costs little and files stay few.
class RowWriter {
public:
    RowWriter(const Folder& folder, const Shard& shard, const model::SweepSpec& spec)
        : folder_(folder), shard_(shard), columns_(parameter_columns(spec)), begun_(Clock::now()), written_(begun_)
    {}

    void add(std::vector<Row> rows)
    {
        for (auto& row : rows) {
            rows_.push_back(std::move(row));
        }
        constexpr double share_at_risk = 0.02, shortest_s = 0.2, longest_s = 30.0;
        if (seconds_since(written_) >= std::clamp(share_at_risk * seconds_since(begun_), shortest_s, longest_s)) {
            write();
        }
    }
    void write()
    {
        if (!rows_.empty()) {
            folder_.add(shard_, columns_, rows_, seconds_since(written_));
        }
        rows_.clear();
        written_ = Clock::now();
    }

private:
    const Folder& folder_;
    const Shard& shard_;
    std::vector<Column> columns_;
    std::vector<Row> rows_;
    Clock::time_point begun_, written_;
};

/// Points of a shard that are to be run, handed out in ascending order.
class PointsToRun {
public:
    PointsToRun(const Folder& folder, std::int64_t n_points, const SweepOptions& options)
        : states_(point_states(folder, n_points)), shard_(options.shard), next_(options.shard.index)
    {
        for (std::int64_t point = next_; point < n_points; point += shard_.count) {
            auto& state = states_[static_cast<std::size_t>(point)];
            state = options.retry_failed && state == PointState::failed ? PointState::left : state;
            ++counts_.n_points;
            counts_.n_ok += state == PointState::ok ? 1 : 0;
            counts_.n_failed += state == PointState::failed ? 1 : 0;
        }
    }
    const Counts& counts_before() const { return counts_; }

    std::vector<std::int64_t> take(std::int64_t most)
    {
        std::vector<std::int64_t> points;
        const auto n_points = static_cast<std::int64_t>(states_.size());
        for (; next_ < n_points && static_cast<std::int64_t>(points.size()) < most; next_ += shard_.count) {
            if (states_[static_cast<std::size_t>(next_)] == PointState::left) {
                points.push_back(next_);
            }
        }
        return points;
    }

private:
    std::vector<PointState> states_;
    Shard shard_;
    std::int64_t next_;
    Counts counts_;
};

std::int64_t cell_count(const model::Model& model)
{
    std::int64_t n = 0;
    for (const auto& cells : model.cells) {
        n += cells.count;
    }
    return n;
}

}  // namespace

Counts run_sweep(const config::Sweep& sweep, const Folder& folder, const SweepOptions& options)
{
    BatchOptions batch;
    batch.threads = options.threads;
    batch.stop_requested = options.stop_requested;
    batch.command = options.command;
    if (sweep.spec().keep == model::SweepKeep::results) {
        batch.result_file = [&](std::int64_t point) { return folder.result_file(point); };
    }
    PointsToRun to_run(folder, sweep.n_points(), options);
    auto counts = to_run.counts_before();
    BatchSize size(cell_count(sweep.base()), options.threads > 0 ? options.threads : base::default_thread_count());
    RowWriter writer(folder, options.shard, sweep.spec());
    while (!(options.stop_requested && options.stop_requested())) {
        const auto points = to_run.take(size.get());
        if (points.empty()) {
            break;
        }
        const auto start = Clock::now();
        auto rows = run_points(sweep, points, batch);
        size.learn(seconds_since(start));
        for (const auto& row : rows) {
            ++(row.ok ? counts.n_ok : counts.n_failed);
        }
        writer.add(std::move(rows));
        if (options.progress) {
            options.progress(counts);
        }
    }
    writer.write();
    return counts;
}

}  // namespace axolemma::sweep
