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
    const auto states = point_states(folder, sweep.n_points());
    const auto columns = parameter_columns(sweep.spec());
    const auto is_to_run = [&](std::int64_t point) {
        const auto state = states[static_cast<std::size_t>(point)];
        return state == PointState::left || (options.retry_failed && state == PointState::failed);
    };
    Counts counts;
    for (std::int64_t point = options.shard.index; point < sweep.n_points(); point += options.shard.count) {
        ++counts.n_points;
        counts.n_ok += states[static_cast<std::size_t>(point)] == PointState::ok ? 1 : 0;
        counts.n_failed += states[static_cast<std::size_t>(point)] == PointState::failed && !is_to_run(point) ? 1 : 0;
    }
    BatchOptions batch;
    batch.threads = options.threads;
    batch.stop_requested = options.stop_requested;
    batch.command = options.command;
    if (sweep.spec().keep == model::SweepKeep::results) {
        batch.result_file = [&](std::int64_t point) { return folder.result_file(point); };
    }
    BatchSize size(cell_count(sweep.base()), options.threads > 0 ? options.threads : base::default_thread_count());
    std::vector<Row> finished;
    const auto begun = Clock::now();
    auto written = begun;
    const auto write = [&] {
        if (!finished.empty()) {
            folder.add(options.shard, columns, finished, seconds_since(written));
        }
        finished.clear();
        written = Clock::now();
    };
    std::int64_t next = options.shard.index;
    while (next < sweep.n_points() && !(options.stop_requested && options.stop_requested())) {
        std::vector<std::int64_t> points;
        for (; next < sweep.n_points() && static_cast<std::int64_t>(points.size()) < size.get();
             next += options.shard.count) {
            if (is_to_run(next)) {
                points.push_back(next);
            }
        }
        const auto start = Clock::now();
        auto rows = run_points(sweep, points, batch);
        size.learn(seconds_since(start));
        for (auto& row : rows) {
            ++(row.ok ? counts.n_ok : counts.n_failed);
            finished.push_back(std::move(row));
        }
        if (seconds_since(written) >= std::clamp(0.02 * seconds_since(begun), 0.2, 30.0)) {
            write();
        }
        if (options.progress) {
            options.progress(counts);
        }
    }
    write();
    return counts;
}

}  // namespace axolemma::sweep
