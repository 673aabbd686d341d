#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "cli/commands.hpp"
#include "cli/load.hpp"
#include "cli/outputs.hpp"
#include "cli/progress.hpp"
#include "cli/signals.hpp"
#include "cli/summary.hpp"
#include "record/checkpoint_file.hpp"
#include "run/checkpoint.hpp"
#include "run/file_sink.hpp"
#include "run/simulation.hpp"

namespace axolemma::cli {

namespace {

bool exists(const std::string& path)
{
    std::error_code error;
    return std::filesystem::exists(path, error);
}

/// What rank 0 writes and shows; the other ranks have none of it.
struct Outputs {
    Outputs(const run::Simulation& simulation, const RunArguments& arguments, bool resumes)
        : tables(simulation),
          sink(resumes ? run::FileSink::resume(
                             simulation, simulation.model().output.file, arguments.command_line,
                             run::results_of_checkpoint(checkpoint_path(simulation.model()), simulation.fingerprint()))
                       : run::FileSink(simulation, simulation.model().output.file, arguments.command_line)),
          progress(!arguments.quiet, simulation.model().run.stop_ms)
    {}

    FITables tables;
    run::FileSink sink;
    ProgressLine progress;
};

run::RunOptions make_options(const run::Simulation& simulation, const RunArguments& arguments, bool resumes,
                             std::optional<Outputs>& outputs)
{
    const auto& model = simulation.model();
    run::RunOptions options;
    options.threads = arguments.threads;
    options.progress = [&](std::int64_t done, std::int64_t total) { outputs->progress.show(done, total); };
    options.stop_requested = [] { return stop_signal() != 0; };
    auto& checkpoint = options.checkpoint;
    checkpoint.path = checkpoint_path(model);
    checkpoint.every_wall_s = model.checkpoint.every_wall_s.value_or(0.0);
    checkpoint.every_steps =
        std::llround(std::ceil(model.checkpoint.every_model_ms.value_or(0.0) / model.run.dt_ms - 1e-6));
    checkpoint.save_results = [&] { return outputs->sink.save_point(); };
    checkpoint.warn = [&](const std::string& why) {
        outputs->progress.clear();
        fmt::print(stderr, "warning: the checkpoint could not be written, and the run goes on: {}\n", why);
    };
    if (resumes) {
        options.resume_from = checkpoint.path;
    }
    return options;
}

enum class Way : std::int64_t { start, resume, done };

/// What --resume comes to, given the files that are there.
Way find_way(const run::Simulation& simulation)
{
    const auto& file = simulation.model().output.file;
    const auto checkpoint = checkpoint_path(simulation.model());
    if (!exists(file + ".partial") && exists(file) && run::is_result_of(file, simulation)) {
        std::remove(checkpoint.c_str());  // a run killed between its last two acts leaves it
        return Way::done;
    }
    return exists(checkpoint) ? Way::resume : Way::start;
}

/// Starting from t = 0 makes an end of an unfinished run whose files have the same names. Throws base::InputError when it could
/// go on, and when what would be replaced is no checkpoint.
void look_at_unfinished_run(const run::Simulation& simulation)
{
    const auto& file = simulation.model().output.file;
    const auto checkpoint = checkpoint_path(simulation.model());
    if (!record::may_be_replaced_by_checkpoint(checkpoint)) {
        throw base::InputError({checkpoint, 0, 0}, "this is not a checkpoint of axolemma, and would be replaced by one",
                               "choose another name for the checkpoint, or move this file away");
    }
    if (!exists(checkpoint)) {
        return;
    }
    if (const auto step = run::resumable_step(checkpoint, simulation.fingerprint(), file)) {
        throw base::InputError(
            {checkpoint, 0, 0},
            fmt::format("an unfinished run can go on from here, at t = {:g} of {:g} ms",
                        static_cast<double>(*step) * simulation.model().run.dt_ms, simulation.model().run.stop_ms),
            "add --resume to go on, or remove this file to start from the beginning");
    }
    fmt::print(stderr, "warning: the unfinished run of '{}' is replaced: this model cannot go on from '{}'\n", file,
               checkpoint);
}

/// @param signal  the one that stopped the run, on whichever rank; 0: none did
int finish(const run::Simulation& simulation, const run::Outcome& outcome, Outputs& outputs,
           const RunArguments& arguments, std::int64_t signal)
{
    outputs.progress.clear();
    if (outcome.complete) {
        outputs.tables.write(outcome);
    }
    const auto file = outputs.sink.finish(outcome);
    if (outcome.complete) {
        std::remove(checkpoint_path(simulation.model()).c_str());
    }
    if (arguments.json) {
        fmt::print("{}", summary_json(simulation, outcome, file));
    } else if (!arguments.quiet) {
        fmt::print("{}", summary_text(simulation, outcome, file));
    }
    if (!outcome.failure.empty()) {
        fmt::print(stderr, "error: {}: {} in {}\n", arguments.config, outcome.failure, file);
        return ExitCode::engine_failed;
    }
    if (outcome.complete) {
        return ExitCode::success;
    }
    fmt::print(stderr, "stopped by signal {} at t = {:g} ms; what was recorded is in {}\n", signal,
               static_cast<double>(outcome.n_steps) * simulation.model().run.dt_ms, file);
    if (!outcome.checkpointed) {
        fmt::print(stderr, "error: the run was stopped, and its state could not be saved\n");
        return ExitCode::engine_failed;
    }
    fmt::print(stderr, "  hint: the same command with --resume goes on from there\n");
    return ExitCode::stopped;
}

}  // namespace

int run_command(const RunArguments& arguments, network::Ranks& ranks)
{
    auto simulation = load_simulation(arguments.config, arguments.sets, arguments.output, ranks);
    // Rank 0 looks, so that all of them go the same way.
    auto way = Way::start;
    std::optional<Outputs> outputs;
    network::together(ranks, [&] {
        if (!ranks.is_root()) {
            return;
        }
        fmt::print(stderr, "{}", simulation.warnings().text());
        if (const auto& sweep = simulation.model().sweep; sweep && !arguments.quiet) {
            fmt::print(stderr,
                       "note: this runs the values of the configuration; `axolemma sweep {}` runs the {} points of "
                       "its sweep\n",
                       arguments.config, sweep->n_points);
        }
        way = arguments.resume ? find_way(simulation) : Way::start;
        if (way == Way::done) {
            return;
        }
        if (!arguments.quiet && !arguments.json) {
            fmt::print("{}", plan_text(simulation));
            std::fflush(stdout);
        }
        check_outputs(simulation, arguments.config);
        if (way == Way::start) {
            look_at_unfinished_run(simulation);
        }
        outputs.emplace(simulation, arguments, way == Way::resume);
        if (way == Way::start) {
            create_folders_above(checkpoint_path(simulation.model()));
            std::remove(checkpoint_path(simulation.model()).c_str());  // of another run now
        }
    });
    way = static_cast<Way>(ranks.largest(static_cast<std::int64_t>(way)));
    if (way == Way::done) {
        if (ranks.is_root() && !arguments.quiet) {
            fmt::print(stderr, "{} is complete; there is nothing to resume\n", simulation.model().output.file);
        }
        return ExitCode::success;
    }
    catch_stop_signals();
    run::NullSink nothing;
    run::Sink& sink = outputs ? static_cast<run::Sink&>(outputs->sink) : nothing;
    const auto outcome = simulation.run(make_options(simulation, arguments, way == Way::resume, outputs), sink);
    const auto signal = ranks.largest(std::int64_t{stop_signal()});
    int code = ExitCode::success;
    network::together(ranks, [&] {
        if (outputs) {
            code = finish(simulation, outcome, *outputs, arguments, signal);
        }
    });
    return code;
}

}  // namespace axolemma::cli
