/// axolemma bench: how long the engine takes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/simd.hpp"
#include "bench/bench.hpp"
#include "bench/exchange.hpp"
#include "bench/model_json.hpp"
#include "bench/workloads.hpp"
#include "cli/commands.hpp"
#include "cli/outputs.hpp"

namespace axolemma::cli {

namespace {

namespace fs = std::filesystem;

/// The folder asked for, or that of the reference data, or none.
std::string swc_folder(const std::string& asked)
{
    if (!asked.empty()) {
        if (!fs::is_directory(asked)) {
            throw base::InputError({}, fmt::format("there is no folder '{}'", asked),
                                   "--swc names a folder of SWC files for W4 and W5");
        }
        return asked;
    }
    const char* const data = std::getenv("AXOLEMMA_TEST_DATA");
    const auto folder = fs::path(data == nullptr ? "" : data) / "swc" / "real";
    return data != nullptr && fs::is_directory(folder) ? folder.string() : "";
}

bool is_file_name(const std::string& argument)
{
    const auto& known = bench::workloads();
    if (std::any_of(known.begin(), known.end(), [&](const auto& info) { return info.name == argument; })) {
        return false;
    }
    const auto extension = fs::path(argument).extension();
    return extension == ".yaml" || extension == ".yml" || fs::is_regular_file(argument);
}

bench::Workload workload_of(const std::string& argument, const bench::Settings& settings)
{
    return is_file_name(argument) ? bench::load_workload(argument, settings) : bench::make_workload(argument, settings);
}

void print_list()
{
    fmt::print("Workloads:\n");
    for (const auto& info : bench::workloads()) {
        fmt::print("  {}  {}\n", info.name, info.summary);
    }
    fmt::print(
        "  exchange  what it costs ranks to tell each other their spikes: mpirun -n 4 axolemma bench exchange\n");
    fmt::print("Type `axolemma bench W1 W2`, or `axolemma bench CONFIG.yaml`; --stop '10 ms' makes it shorter.\n");
}

int write_model(const BenchArguments& arguments, const bench::Settings& settings)
{
    if (arguments.what.size() != 1) {
        throw base::InputError({}, "--write-model writes one workload",
                               "as in `axolemma bench W2 --write-model W2.json`");
    }
    const auto& what = arguments.what.front();
    if (same_file(arguments.write_model, what)) {
        throw base::InputError({}, fmt::format("the model would replace the configuration '{}'", what),
                               "choose another name");
    }
    auto workload = workload_of(what, settings);
    const run::Simulation simulation(std::move(workload.model));
    TextFile file(arguments.write_model);
    file.commit(bench::model_json(simulation, workload.name));
    fmt::print("{}: {} compartments in {} cell{}: {}\n", workload.name, simulation.facts().n_compartments,
               simulation.facts().n_cells, simulation.facts().n_cells == 1 ? "" : "s", arguments.write_model);
    return ExitCode::success;
}

}  // namespace

bool is_bench_of_exchange(const BenchArguments& arguments)
{
    return arguments.what.size() == 1 && arguments.what.front() == "exchange";
}

int bench_command(const BenchArguments& arguments, network::Ranks& ranks)
{
    if (is_bench_of_exchange(arguments)) {
        const auto table = bench::measure_exchange(ranks);
        if (ranks.is_root()) {
            fmt::print("{}", arguments.json ? bench::exchange_json(table) : bench::exchange_text(table));
        }
        return ExitCode::success;
    }
    if (arguments.what.empty()) {
        print_list();
        return ExitCode::success;
    }
    if (!arguments.simd.empty()) {
        const auto names = base::simd_names();
        if (std::find(names.begin(), names.end(), arguments.simd) == names.end()) {
            throw base::InputError({}, fmt::format("this machine has no instruction set '{}'", arguments.simd),
                                   fmt::format("it has: {}", fmt::join(names, ", ")));
        }
        base::use_simd(arguments.simd);
    }
    const bench::Settings settings{swc_folder(arguments.swc), arguments.stop, arguments.method, arguments.sets};
    if (!arguments.write_model.empty()) {
        return write_model(arguments, settings);
    }
    std::vector<bench::Workload> workloads;  // mistakes are to be found before the first long run
    for (const auto& what : arguments.what) {
        workloads.push_back(workload_of(what, settings));
    }
    std::vector<bench::Measurement> measurements;
    if (!arguments.json) {
        fmt::print("{}", bench::table_head());
        std::fflush(stdout);
    }
    for (auto& workload : workloads) {
        measurements.push_back(bench::measure(std::move(workload), arguments.threads, arguments.repeats));
        if (!arguments.json) {
            fmt::print("{}", bench::table_row(measurements.back()));
            std::fflush(stdout);
        }
    }
    if (arguments.json) {
        fmt::print("{}", bench::table_json(measurements));
    }
    return ExitCode::success;
}

}  // namespace axolemma::cli
