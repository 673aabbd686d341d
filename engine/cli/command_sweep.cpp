#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/signals.hpp"
#include "cli/sweep_commands.hpp"
#include "run/share.hpp"
#include "run/simulation.hpp"
#include "sweep/merge.hpp"
#include "sweep/slurm.hpp"
#include "sweep/sweep_run.hpp"

namespace axolemma::cli {

namespace {

using sweep::Counts;
using sweep::Shard;

Shard shard_of(const std::string& text)
{
    if (text.empty()) {
        return {};
    }
    Shard shard;
    const char* end = text.data() + text.size();
    const auto index = std::from_chars(text.data(), end, shard.index);
    const bool slash = index.ec == std::errc{} && index.ptr != end && *index.ptr == '/';
    const auto count = slash ? std::from_chars(index.ptr + 1, end, shard.count) : index;
    if (!slash || count.ec != std::errc{} || count.ptr != end || shard.count < 1 || shard.index < 0 ||
        shard.index >= shard.count) {
        throw base::InputError({fmt::format("--shard {}", text), 0, 0}, "this is not of the form I/N",
                               "as in --shard 0/4, which is the first of four; I counts from 0");
    }
    return shard;
}

/// An override of a value that the sweep sets would be lost without a word.
void refuse_swept(const model::SweepSpec& spec, const std::vector<config::Override>& overrides)
{
    for (const auto& override : overrides) {
        for (const auto& parameter : spec.parameters) {
            for (const auto& path : parameter.paths) {
                if (path == override.path || path.starts_with(override.path + ".") ||
                    override.path.starts_with(path + ".")) {
                    throw base::InputError({override.text(), 0, 0},
                                           fmt::format("the sweep sets '{}' at every point", path),
                                           "leave out this --set, or the parameter of the sweep");
                }
            }
        }
    }
}

std::string point_text(const model::SweepSpec& spec, std::int64_t point)
{
    const auto values = config::point_values(spec, point);
    std::string text = fmt::format("  {}:", point);
    for (std::size_t p = 0; p < values.size(); ++p) {
        text += fmt::format("{} {} = {}", p == 0 ? "" : ",", spec.parameters[p].name, values[p]);
    }
    return text + "\n";
}

/// What would be done, for --dry-run.
void print_plan(const config::Sweep& points, const sweep::Folder& folder, const Shard& shard)
{
    const auto n = points.n_points();
    fmt::print("{} point{}{}\n", n, n == 1 ? "" : "s",
               shard.count > 1 ? fmt::format(", {} of them in shard {}", shard.size(n), shard.text()) : "");
    constexpr std::int64_t shown = 3;
    for (std::int64_t i = 0; i < n; ++i) {
        if (i == shown && n > 2 * shown) {
            fmt::print("  ...\n");
            i = n - shown;
        }
        fmt::print("{}", point_text(points.spec(), i));
    }
    fmt::print("folder: {}{}\n", folder.path(), folder.exists() ? ", which is there already" : "");
}

/// One line on a terminal that says how far the sweep is.
class PointsLine {
public:
    explicit PointsLine(bool wanted) : active_(wanted && isatty(STDERR_FILENO) == 1), start_(Clock::now()) {}
    ~PointsLine() { clear(); }
    PointsLine(const PointsLine&) = delete;
    PointsLine& operator=(const PointsLine&) = delete;

    void show(const Counts& counts)
    {
        if (!active_) {
            return;
        }
        const auto done = counts.n_points - counts.left();
        first_ = first_ < 0 ? done : first_;
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        const auto fresh = static_cast<double>(done - first_);
        fmt::print(stderr, "\r\033[K{} of {} points{}{}", done, counts.n_points,
                   counts.n_failed > 0 ? fmt::format(", {} failed", counts.n_failed) : "",
                   fresh > 0
                       ? fmt::format(", {} left", duration_text(seconds * static_cast<double>(counts.left()) / fresh))
                       : "");
        std::fflush(stderr);
        drawn_ = true;
    }
    void clear()
    {
        if (drawn_) {
            fmt::print(stderr, "\r\033[K");
        }
        drawn_ = false;
    }

private:
    using Clock = std::chrono::steady_clock;
    bool active_, drawn_ = false;
    std::int64_t first_ = -1;
    Clock::time_point start_;
};

/// The simulation of the values of the configuration, if it is small.
using Base = std::optional<run::Simulation>;

/// Finds what is wrong with the model before the first point runs. Who keeps the simulation keeps its gate tables, which
/// the points share with it.
Base check_base(const config::Sweep& points, std::int64_t& n_cells)
{
    constexpr double most_MB = 100;
    Base base(std::in_place, sweep::prepared(points.base()));
    fmt::print(stderr, "{}", base->warnings().text());
    n_cells = base->facts().n_cells;
    if (base->facts().memory_MB > most_MB) {
        base.reset();
    }
    return base;
}

int report_end(const Counts& counts, const sweep::Folder& folder, double seconds, bool quiet)
{
    if (counts.left() > 0) {
        fmt::print(stderr, "stopped by signal {}; {} of {} points are done, and the same command goes on\n",
                   stop_signal(), counts.n_points - counts.left(), counts.n_points);
        return ExitCode::stopped;
    }
    if (!quiet) {
        fmt::print("{} ok, {} failed in {}\n", counts.n_ok, counts.n_failed, duration_text(seconds));
        fmt::print("next: axolemma collect {}\n", sweep::shell_word(folder.path()));
    }
    if (counts.n_failed > 0) {
        fmt::print(stderr, "{} point{} failed; `axolemma status {}` says why, and --retry-failed runs {} again\n",
                   counts.n_failed, counts.n_failed == 1 ? "" : "s", sweep::shell_word(folder.path()),
                   counts.n_failed == 1 ? "it" : "them");
        return ExitCode::engine_failed;
    }
    return ExitCode::success;
}

/// A sweep that was read and checked, and its folder.
struct ReadSweep {
    std::optional<config::Sweep> points;
    Base base;
    std::int64_t n_cells = 0;
    std::optional<sweep::Folder> folder;
};

ReadSweep read_sweep(const SweepArguments& arguments)
{
    ReadSweep read;
    std::vector<config::Override> overrides;
    for (const auto& set : arguments.sets) {
        overrides.push_back(config::Override::parse(set));
    }
    read.points = config::Sweep::read(arguments.config, overrides);
    refuse_swept(read.points->spec(), overrides);
    read.base = check_base(*read.points, read.n_cells);
    read.folder.emplace(arguments.folder.empty() ? sweep::default_folder(arguments.config) : arguments.folder);
    return read;
}

/// The points of this process: those asked for, or its part where there are several.
Shard shard_here(const SweepArguments& arguments, const network::Ranks& ranks)
{
    if (ranks.size() > 1 && (!arguments.shard.empty() || arguments.slurm || arguments.dry_run)) {
        throw base::InputError(
            {}, "on several ranks every rank runs a shard: --shard, --slurm and --dry-run do not go with it",
            "start one copy of this command");
    }
    return ranks.size() > 1 ? Shard{ranks.rank(), ranks.size()} : shard_of(arguments.shard);
}

/// Where all ranks together stand.
Counts over_all(const network::Ranks& ranks, const Counts& mine)
{
    return {ranks.sum(mine.n_points), ranks.sum(mine.n_ok), ranks.sum(mine.n_failed)};
}

}  // namespace

int sweep_command(const SweepArguments& arguments, network::Ranks& ranks)
{
    Shard shard;
    ReadSweep read;
    network::together(ranks, [&] {
        shard = shard_here(arguments, ranks);
        read = read_sweep(arguments);
    });
    const auto& points = *read.points;
    const auto& folder = *read.folder;
    const auto open_folder = [&] {
        if (!arguments.dry_run || folder.exists()) {
            folder.open(points, sweep::manifest_of(points));
        }
    };
    // One rank makes the folder, the others find it.
    network::together(ranks, [&] { ranks.is_root() ? open_folder() : void(); });
    network::together(ranks, [&] { ranks.is_root() ? void() : open_folder(); });
    if (arguments.slurm) {
        return slurm_command(arguments, folder.path(), points.n_points(), read.n_cells);
    }
    if (arguments.dry_run) {
        print_plan(points, folder, shard);
        return ExitCode::success;
    }
    catch_stop_signals();
    const auto start = std::chrono::steady_clock::now();
    const bool tells = ranks.is_root() && !arguments.quiet;
    PointsLine line(tells && ranks.size() == 1);
    sweep::SweepOptions options;
    options.threads = run::threads_of_rank(arguments.threads, ranks);
    options.shard = shard;
    options.retry_failed = arguments.retry_failed;
    options.stop_requested = [] { return stop_signal() != 0; };
    options.progress = [&](const Counts& counts) { line.show(counts); };
    options.command = arguments.command_line;
    if (tells) {
        const auto n = points.n_points();
        fmt::print(
            "{}{} point{} in {}{}\n", shard.count > 1 && ranks.size() == 1 ? fmt::format("{} of ", shard.size(n)) : "",
            n, n == 1 ? "" : "s", folder.path(), ranks.size() > 1 ? fmt::format(", on {} ranks", ranks.size()) : "");
        std::fflush(stdout);
    }
    Counts mine;
    network::together(ranks, [&] { mine = sweep::run_sweep(points, folder, options); });
    line.clear();
    const auto counts = over_all(ranks, mine);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (ranks.is_root()) {
        return report_end(counts, folder, seconds, arguments.quiet);
    }
    return counts.left() > 0 ? ExitCode::stopped : ExitCode::success;
}

}  // namespace axolemma::cli
