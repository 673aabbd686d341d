/// Simulations from short configurations.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "run/simulation.hpp"

namespace axolemma::test {

inline run::Simulation build(const std::string& text, const std::vector<std::string>& sets = {})
{
    std::vector<config::Override> overrides;
    for (const auto& set : sets) {
        overrides.push_back(config::Override::parse(set));
    }
    return run::Simulation(config::parse_model(text, "test.yaml", overrides));
}

/// Everything that is said about a text that cannot be simulated, or "accepted".
inline std::string messages(const std::string& text, const std::vector<std::string>& sets = {})
{
    try {
        build(text, sets);
    } catch (const base::InputError& error) {
        return error.what();
    }
    return "accepted";
}

/// An SWC file in the temporary folder, of a name no other test uses, gone with the object.
class SwcFile {
public:
    explicit SwcFile(const std::string& text)
    {
        static int made = 0;
        const auto name = "axolemma_test_" + std::to_string(getpid()) + "_" + std::to_string(made++) + ".swc";
        path_ = (std::filesystem::temp_directory_path() / name).string();
        std::ofstream(path_) << text;
    }
    SwcFile(const SwcFile&) = delete;
    SwcFile& operator=(const SwcFile&) = delete;
    ~SwcFile() { std::filesystem::remove(path_); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

struct Result {
    run::Outcome outcome;
    run::MemorySink sink;
};

inline run::RunOptions on_threads(int threads)
{
    run::RunOptions options;
    options.threads = threads;
    return options;
}

inline Result simulate(run::Simulation& simulation, run::RunOptions options = {})
{
    Result result;
    result.outcome = simulation.run(options, result.sink);
    return result;
}

inline Result simulate(const std::string& text, const std::vector<std::string>& sets = {}, run::RunOptions options = {})
{
    auto simulation = build(text, sets);
    return simulate(simulation, std::move(options));
}

}  // namespace axolemma::test
