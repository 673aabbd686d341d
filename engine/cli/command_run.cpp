#include <fmt/format.h>

#include <csignal>

#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/outputs.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"
#include "run/file_sink.hpp"
#include "run/simulation.hpp"

namespace axolemma::cli {

namespace {

volatile std::sig_atomic_t stop_signal = 0;

extern "C" void note_stop(int signal)
{
    stop_signal = signal;
}

/// Ctrl-C and a scheduler's SIGTERM end the run after the current epoch, with the results so far on disk.
void catch_signals()
{
    std::signal(SIGINT, note_stop);
    std::signal(SIGTERM, note_stop);
}

}  // namespace

int run_command(const RunArguments& arguments)
{
    auto simulation = load_simulation(arguments.config, arguments.sets, arguments.output);
    fmt::print(stderr, "{}", simulation.warnings().text());
    if (const auto& sweep = simulation.model().sweep; sweep && !arguments.quiet) {
        fmt::print(
            stderr,
            "note: this runs the values of the configuration; `axolemma sweep {}` runs the {} points of its sweep\n",
            arguments.config, sweep->n_points);
    }
    if (!arguments.quiet && !arguments.json) {
        fmt::print("{}", plan_text(simulation));
        std::fflush(stdout);
    }
    check_outputs(simulation, arguments.config);
    catch_signals();
    FITables tables(simulation);
    run::FileSink sink(simulation, simulation.model().output.file, arguments.command_line);
    ProgressLine progress(!arguments.quiet, simulation.model().run.stop_ms);
    run::RunOptions options;
    options.threads = arguments.threads;
    options.progress = [&](std::int64_t done, std::int64_t total) { progress.show(done, total); };
    options.stop_requested = [] { return stop_signal != 0; };
    const auto outcome = simulation.run(options, sink);
    progress.clear();
    const auto file = sink.finish(outcome);
    if (outcome.complete) {
        tables.write(outcome);
    }
    if (arguments.json) {
        fmt::print("{}", summary_json(simulation, outcome, file));
    } else if (!arguments.quiet) {
        fmt::print("{}", summary_text(simulation, outcome, file));
    }
    if (!outcome.failure.empty()) {
        throw base::EngineError(fmt::format("{}: {} in {}", arguments.config, outcome.failure, file));
    }
    if (!outcome.complete) {
        fmt::print(stderr, "stopped by signal {} at t = {:g} ms; what was recorded is in {}\n",
                   static_cast<int>(stop_signal), static_cast<double>(outcome.n_steps) * simulation.model().run.dt_ms,
                   file);
        return ExitCode::stopped;
    }
    return ExitCode::success;
}

}  // namespace axolemma::cli
