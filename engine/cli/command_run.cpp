#include <fmt/format.h>
#include <fmt/os.h>

#include <csignal>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/load.hpp"
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

/// Ctrl-C and a scheduler's SIGTERM end the run after the current epoch, with the results so far on disk. A file that
/// outgrows its limit (ulimit -f) is to be an error like a full disk, not a kill.
void catch_signals()
{
    std::signal(SIGINT, note_stop);
    std::signal(SIGTERM, note_stop);
    std::signal(SIGXFSZ, SIG_IGN);
}

void write_f_i_table(const record::FICurve& curve, const std::string& path)
{
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder, error);
    }
    try {
        auto out = fmt::output_file(path);
        out.print("# Firing rate of the cells '{}' over the amplitude of stimulus '{}', spikes from {:g} to {:g} ms\n", curve.population,
                  curve.stimulus, curve.from_ms, curve.to_ms);
        out.print("amplitude_nA,rate_Hz,n_spikes,cell\n");
        for (std::size_t k = 0; k < curve.rate_Hz.size(); ++k) {
            out.print("{},{},{},{}\n", curve.amplitude_nA[k], curve.rate_Hz[k], curve.n_spikes[k], curve.cell[k]);
        }
    } catch (const std::system_error& failure) {
        throw base::EngineError(fmt::format("{}: cannot write the f-I table: {}", path, failure.code().message()));
    }
}

void write_f_i_tables(const run::Simulation& simulation, const run::Outcome& outcome)
{
    for (std::size_t k = 0; k < outcome.f_i_curves.size(); ++k) {
        const auto& path = simulation.model().f_i_curves[k].file;
        if (path && outcome.complete) {
            write_f_i_table(outcome.f_i_curves[k], *path);
        }
    }
}

}  // namespace

int run_command(const RunArguments& arguments)
{
    auto simulation = load_simulation(arguments.config, arguments.sets, arguments.output);
    fmt::print(stderr, "{}", simulation.warnings().text());
    if (!arguments.quiet && !arguments.json) {
        fmt::print("{}", plan_text(simulation));
        std::fflush(stdout);
    }
    catch_signals();
    run::FileSink sink(simulation, simulation.model().output.file, arguments.command_line);
    ProgressLine progress(!arguments.quiet, simulation.model().run.stop_ms);
    run::RunOptions options;
    options.threads = arguments.threads;
    options.progress = [&](std::int64_t done, std::int64_t total) { progress.show(done, total); };
    options.stop_requested = [] { return stop_signal != 0; };
    const auto outcome = simulation.run(options, sink);
    progress.clear();
    const auto file = sink.finish(outcome);
    write_f_i_tables(simulation, outcome);
    if (arguments.json) {
        fmt::print("{}", summary_json(simulation, outcome, file));
    } else if (!arguments.quiet) {
        fmt::print("{}", summary_text(simulation, outcome, file));
    }
    if (!outcome.failure.empty()) {
        throw base::EngineError(fmt::format("{}: {} in {}", arguments.config, outcome.failure, file));
    }
    if (!outcome.complete) {
        fmt::print(stderr, "stopped by signal {} at t = {:g} ms; what was recorded is in {}\n", static_cast<int>(stop_signal),
                   static_cast<double>(outcome.n_steps) * simulation.model().run.dt_ms, file);
        return ExitCode::stopped;
    }
    return ExitCode::success;
}

}  // namespace axolemma::cli
