/// The program `axolemma`: arguments in, one command, an exit code. The only CLI11 include.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>

#include "base/diagnostics.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/crash_note.hpp"
#include "cli/sweep_commands.hpp"
#include "morphology/swc.hpp"
#include "network/ranks.hpp"

namespace {

using namespace axolemma;

/// One line for the rank that speaks, then what it has to say.
int tell_failure(const network::RankFailed& failure, const network::Ranks& ranks)
{
    if (failure.rank() == ranks.rank()) {
        const std::string who =
            failure.on_all() ? std::string{} : fmt::format("rank {} of {}: ", ranks.rank(), ranks.size());
        fmt::print(stderr, "{}{}", who, failure.what());
    }
    return failure.input_wrong() ? cli::ExitCode::input_wrong : cli::ExitCode::engine_failed;
}

/// Runs a command and turns what it throws into a message and an exit code.
int alone(const std::function<int()>& command)
{
    try {
        const int code = command();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            fmt::print(stderr, "error: cannot write to standard output\n");
            return cli::ExitCode::engine_failed;
        }
        return code;
    } catch (const network::RankFailed&) {
        throw;
    } catch (const base::InputError& error) {
        fmt::print(stderr, "{}", error.diagnostics().text());
        return cli::ExitCode::input_wrong;
    } catch (const base::EngineError& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return cli::ExitCode::engine_failed;
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "error: not enough memory\n  hint: `axolemma check` tells how much a model needs\n");
        return cli::ExitCode::engine_failed;
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return cli::ExitCode::engine_failed;
    }
}

/// The same with several ranks. One that fails where the others do not know of it ends them all: they would wait for it.
int guarded(const network::Ranks& ranks, const std::function<int()>& command)
{
    bool returned = false;
    try {
        const int code = alone([&] {
            const int of_command = command();
            returned = true;
            return of_command;
        });
        if (!returned && ranks.size() > 1) {
            fmt::print(stderr, "(this was rank {} of {})\n", ranks.rank(), ranks.size());
            ranks.abort(code);
        }
        return code;
    } catch (const network::RankFailed& failure) {
        return tell_failure(failure, ranks);
    }
}

std::string command_line(int argc, char** argv)
{
    std::string text = "axolemma";
    for (int i = 1; i < argc; ++i) {
        text += fmt::format(" {}", argv[i]);
    }
    return text;
}

/// An option that takes exactly one word each time: CONFIG may follow it.
void add_sets(CLI::App& command, std::vector<std::string>& sets, const char* meaning)
{
    command.add_option("--set", sets, meaning)->expected(1)->take_all()->allow_extra_args(false);
}

/// Says the same as strict_units: true in the configuration.
void add_strict_units(CLI::App& command, std::vector<std::string>& sets)
{
    command.add_flag_callback(
        "--strict-units", [&sets] { sets.emplace_back("strict_units=true"); },
        "units of a .mod file that do not fit together are errors");
}

void add_threads(CLI::App& command, int& threads)
{
    command.add_option("--threads", threads, "threads; default: OMP_NUM_THREADS, or one per core")
        ->check(CLI::Range(1, 4096));
}

void add_run(CLI::App& app, cli::RunArguments& a)
{
    auto* run = app.add_subcommand("run", "Simulate a configuration and write its results");
    run->add_option("CONFIG", a.config, "configuration file (YAML)")->required();
    run->add_option("-o,--output", a.output, "result file (HDF5); default: as the configuration says");
    add_threads(*run, a.threads);
    add_sets(*run, a.sets, "lay KEY.PATH=VALUE over the configuration, as in --set run.dt='0.01 ms'; may be repeated");
    add_strict_units(*run, a.sets);
    run->add_flag("--resume", a.resume,
                  "go on from the checkpoint of an interrupted run; start from the beginning if there is none");
    run->add_flag("--json", a.json, "print the summary as JSON");
    run->add_flag("--quiet", a.quiet, "print nothing but problems");
}

void add_check(CLI::App& app, cli::CheckArguments& a)
{
    auto* check = app.add_subcommand("check", "Validate a configuration and say what would be simulated");
    check->add_option("CONFIG", a.config, "configuration file (YAML)")->required();
    add_sets(*check, a.sets, "lay KEY.PATH=VALUE over the configuration; may be repeated");
    add_strict_units(*check, a.sets);
    check->add_option("--ranks", a.ranks, "estimate time and memory for so many processes (mpirun, srun)")
        ->check(CLI::Range(1, 1000000));
    check->add_option("--threads", a.threads, "and for so many threads of each; default: 1")
        ->check(CLI::Range(1, 4096));
    check->add_flag("--json", a.json, "print as JSON");
}

void add_sweep(CLI::App& app, cli::SweepArguments& a)
{
    auto* sweep = app.add_subcommand("sweep", "Run every point of a configuration's sweep; goes on where it stopped");
    sweep->add_option("CONFIG", a.config, "configuration file with a section 'sweep' (YAML)")->required();
    sweep->add_option("-o,--output", a.folder, "folder of the sweep; default: results/NAME.sweep");
    add_threads(*sweep, a.threads);
    sweep->add_option("--shard", a.shard, "I/N: only every N-th point, from point I on; shards can run side by side");
    sweep->add_flag("--retry-failed", a.retry_failed, "run points again that failed before");
    add_sets(*sweep, a.sets, "lay KEY.PATH=VALUE over the configuration; may be repeated");
    sweep->add_flag("--dry-run", a.dry_run, "say what would be run; with --slurm: print the script");
    sweep->add_flag("--quiet", a.quiet, "print nothing but problems");
    sweep->add_flag("--slurm", a.slurm, "submit the sweep as a job array of Slurm")->group("Slurm");
    sweep->add_option("--array-size", a.array_size, "tasks; default: chosen, at most 100")
        ->check(CLI::Range(1, 1000000))
        ->group("Slurm");
    sweep->add_option("--slurm-time", a.time, "limit of a task's time")->capture_default_str()->group("Slurm");
    sweep->add_option("--slurm-mem", a.memory, "memory of a task, as in 2G")->group("Slurm");
    sweep->add_option("--slurm-cpus", a.cpus, "cores of a task; default: --threads, or 1")
        ->check(CLI::Range(1, 4096))
        ->group("Slurm");
    sweep->add_option("--slurm-partition", a.partition, "partition")->group("Slurm");
    sweep->add_option("--slurm-account", a.account, "account")->group("Slurm");
    sweep->add_option("--slurm-extra", a.options, "another option of sbatch, as --slurm-extra=--qos=short; repeatable")
        ->expected(1)
        ->take_all()
        ->group("Slurm");
}

void add_sweep_status(CLI::App& app, cli::StatusArguments& status, cli::CollectArguments& collect)
{
    auto* status_app = app.add_subcommand("status", "Say how far a sweep is, and which points failed");
    status_app->add_option("SWEEP", status.what, "folder of the sweep, or its configuration")->required();
    status_app->add_flag("--json", status.json, "print as JSON");
    auto* collect_app = app.add_subcommand("collect", "Put the finished points of a sweep into one table");
    collect_app->add_option("SWEEP", collect.what, "folder of the sweep, or its configuration")->required();
    collect_app->add_option("-o,--output", collect.output,
                            "CSV file; default: table.csv in the folder. An HDF5 file is written beside it");
    collect_app->add_flag("--json", collect.json, "print the summary as JSON");
}

void add_morphology(CLI::App& app, cli::MorphologyArguments& a)
{
    auto* doctor =
        app.add_subcommand("morphology", "Examine an SWC or Neurolucida file: what it holds and what is made of it");
    doctor->add_option("FILE", a.file, "SWC file, or Neurolucida file (.asc)")->required();
    doctor->add_option("--soma", a.soma, "how soma samples become sections")
        ->check(CLI::IsMember(morphology::soma_rule_names()));
    doctor->add_option("--fragments", a.fragments, "what to do with several roots")
        ->check(CLI::IsMember({"reject", "keep_soma_tree", "keep_largest"}));
    doctor->add_flag("--absolute-radius", a.absolute_radius, "take |r| where a radius is negative");
    doctor->add_option("--scale", a.scale, "multiply coordinates and radii (files in nm: 0.001)")
        ->check(CLI::Range(1e-12, 1e12));
    doctor->add_option("--min-radius", a.min_radius_um, "raise smaller radii to this, in um")
        ->check(CLI::Range(0.0, 1e6));
    doctor->add_flag("--json", a.json, "print as JSON");
}

void add_verify(CLI::App& app, cli::VerifyArguments& a)
{
    auto* verify =
        app.add_subcommand("verify", "Measure the engine's errors against closed forms and published solutions");
    verify->add_option("--data", a.data,
                       "folder that holds reference/; default: environment variable AXOLEMMA_TEST_DATA");
    verify->add_option("--filter", a.filter, "only cases whose name contains this");
    verify->add_flag("--json", a.json, "print as JSON");
}

void add_bench(CLI::App& app, cli::BenchArguments& a)
{
    auto* bench = app.add_subcommand("bench", "Time the engine: setup, nanoseconds per compartment and step, memory");
    bench->add_option("WORKLOAD", a.what, "W1 to W7, configuration files, or exchange; without one: the list");
    add_threads(*bench, a.threads);
    bench->add_option("--repeats", a.repeats, "runs of each workload")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    bench->add_option("--stop", a.stop, "simulated time, as in --stop '10 ms'; default: the workload's");
    bench->add_option("--method", a.method, "default: backward_euler for W1 to W7")
        ->check(CLI::IsMember({"backward_euler", "crank_nicolson"}));
    add_sets(*bench, a.sets, "lay KEY.PATH=VALUE over the model; may be repeated");
    bench->add_option("--simd", a.simd, "instruction set to use: AVX3 (AVX-512), AVX2 or SCALAR; default: the best");
    bench->add_option("--swc", a.swc,
                      "folder of SWC files for W4 and W5; default: $AXOLEMMA_TEST_DATA/swc/real, or made-up trees");
    bench->add_flag("--json", a.json, "print as JSON, with every run and the spikes");
    bench->add_option("--write-model", a.write_model, "describe one workload in this JSON file and run nothing");
}

}  // namespace

int main(int argc, char** argv)
{
    std::optional<network::RankSession> session;
    const int refused = guarded(network::Ranks::alone(), [&] {
        session.emplace(argc, argv);
        return cli::ExitCode::success;
    });
    if (!session) {
        return refused;
    }
    auto& ranks = session->ranks();
    // A file that outgrows its limit (ulimit -f) is to be an error like a full disk, not a kill.
    std::signal(SIGXFSZ, SIG_IGN);
    cli::note_crashes(ranks.rank(), ranks.size());
    CLI::App app("Axolemma simulates neurons and axons compartment by compartment.", "axolemma");
    app.set_version_flag("--version", fmt::format("{}\nMPI: {}", base::version_text(), network::mpi_library()));
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::help);
    app.footer(
        "Results go to standard output, problems and progress to standard error.\n"
        "Exit codes: 0 success, 1 the engine failed, 2 the input is wrong, 75 stopped before the end.");

    cli::RunArguments run;
    run.command_line = command_line(argc, argv);
    add_run(app, run);
    cli::CheckArguments check;
    add_check(app, check);
    cli::SweepArguments sweep;
    sweep.command_line = run.command_line;
    add_sweep(app, sweep);
    cli::StatusArguments status;
    cli::CollectArguments collect;
    add_sweep_status(app, status, collect);
    cli::MorphologyArguments doctor;
    add_morphology(app, doctor);
    cli::ReportArguments report;
    auto* report_app =
        app.add_subcommand("report", "Make one HTML page of a result: traces, space-time picture, morphology");
    report_app->add_option("FILE", report.file, "result file (HDF5)")->required();
    report_app->add_option("-o,--output", report.output, "page to write; default: the result's name with .html");
    cli::VerifyArguments verify;
    add_verify(app, verify);
    cli::BenchArguments bench;
    add_bench(app, bench);
    cli::ChannelsArguments channels;
    auto* channels_app = app.add_subcommand("channels", "List the channels there are, or explain one");
    channels_app->add_option("NAME", channels.name,
                             "channel or synapse to explain, or a file with channels: .yaml, .mod, .nml");
    channels_app->add_flag("--json", channels.json, "of a file: what is in it and what is wrong with it, as JSON");
    channels_app->add_flag("--plot", channels.plot, "draw steady states and time constants");
    channels_app->add_option("--temperature", channels.temperature, "temperature of the rates; default: 6.3 degC");
    channels_app->add_flag("--strict-units", channels.strict_units, "units that do not fit together are errors");
    bool markdown = false;
    auto* schema_app = app.add_subcommand("schema", "Print the JSON Schema of configurations");
    schema_app->add_flag("--markdown", markdown, "the reference page instead");
    bool of_channels = false;
    schema_app->add_flag("--channel", of_channels, "that of channel files instead");

    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
    }
    if (argc > 1 && argv[1][0] != '-' && std::find(names.begin(), names.end(), argv[1]) == names.end()) {
        fmt::print(stderr, "error: there is no command '{}'\n  hint: {}\n", argv[1],
                   base::name_hint(argv[1], names, "commands"));
        return cli::ExitCode::input_wrong;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cli::ExitCode::success : cli::ExitCode::input_wrong;
    }
    const bool for_ranks = app.got_subcommand("run") || app.got_subcommand("sweep") ||
                           (app.got_subcommand("bench") && cli::is_bench_of_exchange(bench));
    if (ranks.size() > 1 && !for_ranks) {
        if (ranks.is_root()) {
            fmt::print(stderr,
                       "error: only `axolemma run` and `axolemma sweep` work on several ranks; start one copy of this "
                       "command\n");
        }
        return cli::ExitCode::input_wrong;
    }
    const int code = guarded(ranks, [&] {
        if (app.got_subcommand("run")) {
            return cli::run_command(run, ranks);
        }
        if (app.got_subcommand("check")) {
            return cli::check_command(check);
        }
        if (app.got_subcommand("sweep")) {
            return cli::sweep_command(sweep, ranks);
        }
        if (app.got_subcommand("status")) {
            return cli::status_command(status);
        }
        if (app.got_subcommand("collect")) {
            return cli::collect_command(collect);
        }
        if (app.got_subcommand("morphology")) {
            return cli::morphology_command(doctor);
        }
        if (app.got_subcommand(report_app)) {
            return cli::report_command(report);
        }
        if (app.got_subcommand("verify")) {
            return cli::verify_command(verify);
        }
        if (app.got_subcommand("bench")) {
            return cli::bench_command(bench, ranks);
        }
        if (app.got_subcommand(channels_app)) {
            return cli::channels_command(channels);
        }
        return cli::schema_command(markdown, of_channels);
    });
    return static_cast<int>(ranks.largest(std::int64_t{code}));
}
