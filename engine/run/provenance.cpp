#include "run/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>
#include <variant>

#include "base/sha256.hpp"
#include "base/version.hpp"

namespace axolemma::run {

namespace {

std::string cpu_name()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown";
}

std::string host_name()
{
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// ISO 8601, in UTC.
std::string time_now()
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

InputFile hashed(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return {path, base::sha256_hex(bytes)};
}

}  // namespace

std::string hash_text(std::uint64_t hash)
{
    return fmt::format("{:016x}", hash);
}

std::string method_text(model::Method method)
{
    return method == model::Method::backward_euler ? "backward_euler" : "crank_nicolson";
}

record::Provenance provenance_before(const Simulation& simulation, const std::string& command)
{
    const auto& model = simulation.model();
    const auto& facts = simulation.facts();
    const auto& build = base::build_info();
    return {
        {"title", model.title},
        {"fingerprint", simulation.fingerprint()},
        {"config_path", model.config_path},
        {"config", model.config_text},
        {"version", std::string(build.version)},
        {"git", std::string(build.git_describe)},
        {"compiler", std::string(build.compiler)},
        {"flags", std::string(build.flags)},
        {"cpu", cpu_name()},
        {"hostname", host_name()},
        {"started", time_now()},
        {"command", command},
        {"method", method_text(model.run.method)},
        {"dt_ms", model.run.dt_ms},
        {"stop_ms", model.run.stop_ms},
        {"temperature_degC", model.temperature_degC},
        {"seed", static_cast<std::int64_t>(model.run.seed)},
        {"n_cells", facts.n_cells},
        {"n_compartments", facts.n_compartments},
    };
}

record::Provenance provenance_of_resuming(const std::string& command)
{
    return {
        {"resumed", time_now()},
        {"resumed_command", command},
        {"resumed_hostname", host_name()},
        {"resumed_cpu", cpu_name()},
    };
}

record::Provenance provenance_after(const Outcome& outcome)
{
    return {
        {"threads", std::int64_t{outcome.threads}},
        {"ranks", std::int64_t{outcome.ranks}},
        {"n_steps", outcome.n_steps},
        {"wall_s", outcome.wall_s},
        {"cpu_s", outcome.cpu_s},
        {"failure", outcome.failure},
        {"result_hash", hash_text(outcome.result_hash)},
    };
}

std::vector<std::string> data_files(const model::Model& model)
{
    std::vector<std::string> paths = model.channel_files;
    for (const auto& stimulus : model.stimuli) {
        if (const auto* file = std::get_if<model::FileWave>(&stimulus.waveform)) {
            paths.push_back(file->path);
        }
    }
    for (const auto& generator : model.generators) {
        if (const auto* file = std::get_if<model::FileTrain>(&generator.train)) {
            paths.push_back(file->path);
        }
    }
    const auto add_rule = [&](const model::Rule& rule) {
        if (const auto* pairs = std::get_if<model::ListedPairs>(&rule)) {
            paths.push_back(pairs->path);
        } else if (const auto* edges = std::get_if<model::SonataEdges>(&rule)) {
            paths.push_back(edges->path);
        }
    };
    for (const auto& connection : model.connections) {
        add_rule(connection.rule);
    }
    for (const auto& gaps : model.gap_junctions) {
        add_rule(gaps.rule);
    }
    return paths;
}

std::vector<InputFile> input_files(const model::Model& model, const std::vector<Population>& populations)
{
    std::vector<InputFile> inputs;
    if (!model.config_text.empty()) {
        inputs.push_back({model.config_path, base::sha256_hex(model.config_text)});
    }
    for (const auto& population : populations) {
        if (!population.shape().sha256.empty()) {
            inputs.push_back({population.shape().source, population.shape().sha256});
        }
    }
    for (const auto& path : data_files(model)) {
        inputs.push_back(hashed(path));
    }
    return inputs;
}

}  // namespace axolemma::run
