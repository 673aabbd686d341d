#include "cli/outputs.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "run/provenance.hpp"

namespace axolemma::cli {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> inputs_of(const run::Simulation& simulation, const std::string& config)
{
    std::vector<std::string> inputs{config};
    for (const auto& population : simulation.populations()) {
        if (!population.shape().sha256.empty()) {
            inputs.push_back(population.shape().source);
        }
    }
    const auto data = run::data_files(simulation.model());
    inputs.insert(inputs.end(), data.begin(), data.end());
    return inputs;
}

std::string table_text(const record::FICurve& curve)
{
    std::string text = fmt::format(
        "# Firing rate of the cells '{}' over the amplitude of stimulus '{}', spikes from {:g} to {:g} ms\n",
        curve.population, curve.stimulus, curve.from_ms, curve.to_ms);
    text += "amplitude_nA,rate_Hz,n_spikes,cell\n";
    for (std::size_t k = 0; k < curve.rate_Hz.size(); ++k) {
        fmt::format_to(std::back_inserter(text), "{},{},{},{}\n", curve.amplitude_nA[k], curve.rate_Hz[k],
                       curve.n_spikes[k], curve.cell[k]);
    }
    return text;
}

std::string partial(const std::string& path)
{
    return path + ".partial";
}

}  // namespace

std::string checkpoint_path(const model::Model& model)
{
    return model.checkpoint.file.empty() ? model.output.file + ".checkpoint" : model.checkpoint.file;
}

bool same_file(const std::string& a, const std::string& b)
{
    std::error_code error;
    if (fs::equivalent(a, b, error) && !error) {
        return true;
    }
    return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

void check_outputs(const run::Simulation& simulation, const std::string& config)
{
    const auto& model = simulation.model();
    std::vector<std::pair<std::string, base::SourcePos>> outputs{{model.output.file, model.output.pos}};
    for (const auto& curve : model.f_i_curves) {
        if (curve.file) {
            outputs.emplace_back(*curve.file, curve.pos);
        }
    }
    outputs.emplace_back(checkpoint_path(model),
                         model.checkpoint.file.empty() ? model.output.pos : model.checkpoint.pos);
    base::Diagnostics diagnostics;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
        const auto& [file, pos] = outputs[k];
        for (const auto& input : inputs_of(simulation, config)) {
            if (same_file(file, input) || same_file(partial(file), input)) {
                diagnostics.error(pos, fmt::format("the output '{}' would replace the input '{}'", file, input),
                                  "choose another name");
            }
        }
        for (std::size_t other = 0; other < k; ++other) {
            const auto& another = outputs[other].first;
            if (same_file(file, another) || same_file(file, partial(another)) || same_file(partial(file), another)) {
                diagnostics.error(pos, fmt::format("two outputs would be written to '{}'", file),
                                  "give each a name of its own");
            }
        }
    }
    diagnostics.throw_if_errors();
}

void create_folders_above(const std::string& path)
{
    const auto folder = fs::path(path).parent_path();
    std::error_code error;
    if (!folder.empty() && !fs::create_directories(folder, error) && error) {
        throw base::EngineError(fmt::format("cannot create the directory '{}': {}", folder.string(), error.message()));
    }
}

TextFile::TextFile(std::string path) : path_(std::move(path))
{
    create_folders_above(path_);
    std::error_code error;
    if (fs::is_directory(path_, error)) {
        throw base::EngineError(fmt::format("cannot write '{}': it is a directory", path_));
    }
    errno = 0;
    if (!std::ofstream(partial(path_), std::ios::binary)) {
        throw base::EngineError(fmt::format("cannot write '{}': {}", path_, std::strerror(errno)));
    }
}

TextFile::TextFile(TextFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TextFile::~TextFile()
{
    if (!path_.empty()) {
        std::remove(partial(path_).c_str());
    }
}

void TextFile::commit(const std::string& text)
{
    errno = 0;
    std::ofstream file(partial(path_), std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file || std::rename(partial(path_).c_str(), path_.c_str()) != 0) {
        throw base::EngineError(fmt::format("cannot write '{}': {}", path_, std::strerror(errno)));
    }
    path_.clear();
}

FITables::FITables(const run::Simulation& simulation)
{
    const auto& curves = simulation.model().f_i_curves;
    for (std::size_t k = 0; k < curves.size(); ++k) {
        if (curves[k].file) {
            tables_.push_back({k, TextFile(*curves[k].file)});
        }
    }
}

void FITables::write(const run::Outcome& outcome)
{
    for (auto& table : tables_) {
        table.file.commit(table_text(outcome.f_i_curves[table.curve]));
    }
}

}  // namespace axolemma::cli
