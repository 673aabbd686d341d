#include "sweep/folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <variant>

#include "base/sha256.hpp"
#include "config/json_text.hpp"
#include "config/yaml_tree.hpp"
#include "run/provenance.hpp"

namespace axolemma::sweep {

namespace {

namespace fs = std::filesystem;
using config::Json;

constexpr int format_version = 1;

std::string bytes_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Files the model is made from, beside the configuration.
std::vector<std::string> named_files(const model::Model& model)
{
    std::vector<std::string> files;
    for (const auto& cells : model.cells) {
        if (const auto* swc = std::get_if<model::SwcShape>(&cells.morphology.shape)) {
            files.push_back(swc->path);
        }
    }
    const auto data = run::data_files(model);
    files.insert(files.end(), data.begin(), data.end());
    if (!model.sweep->csv.empty()) {
        files.push_back(model.sweep->csv);
    }
    return files;
}

std::string manifest_text(const Manifest& manifest)
{
    Json overrides = Json::array();
    for (const auto& text : manifest.overrides) {
        overrides.add(Json::text(text));
    }
    return Json::object({{"axolemma_sweep", Json::number(format_version)},
                         {"config", Json::text(manifest.config_path)},
                         {"overrides", overrides},
                         {"fingerprint", Json::text(manifest.fingerprint)},
                         {"points", Json::number(static_cast<double>(manifest.n_points))}})
               .dump() +
           "\n";
}

void create_folders(const std::string& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    if (error || !fs::is_directory(path)) {
        throw base::EngineError(fmt::format("cannot create the directory '{}': {}", path,
                                            error ? error.message() : "a file of that name is in the way"));
    }
}

double modified_s(const std::string& path)
{
    struct stat status {};
    return stat(path.c_str(), &status) == 0
               ? static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec)
               : 0.0;
}

}  // namespace

std::string Shard::text() const
{
    return fmt::format("{}-of-{}", index, count);
}

Manifest manifest_of(const config::Sweep& sweep)
{
    const auto& model = sweep.base();
    std::string all = model.config_text;
    for (const auto& text : model.overrides) {
        all += "\n--set " + text;
    }
    for (const auto& file : named_files(model)) {
        all += "\n" + base::sha256_hex(bytes_of(file));
    }
    std::error_code error;
    const auto path = fs::absolute(model.config_path, error).lexically_normal().string();
    return {path, model.overrides, base::sha256_hex(all), sweep.n_points()};
}

bool Folder::exists() const
{
    std::error_code error;
    return fs::exists(path_ + "/sweep.json", error);
}

Manifest Folder::manifest() const
{
    const auto file = path_ + "/sweep.json";
    if (!exists()) {
        throw base::InputError({path_, 0, 0}, "there is no sweep in this folder",
                               "`axolemma sweep CONFIG` makes one; its folder is results/NAME.sweep or the one given "
                               "with -o");
    }
    base::Diagnostics out;
    const auto tree = config::parse_yaml(bytes_of(file), file, out);
    Manifest manifest;
    const auto text = [&](const char* key) {
        const auto* entry = tree != nullptr ? tree->find(key) : nullptr;
        return entry != nullptr ? entry->value->text : std::string{};
    };
    manifest.config_path = text("config");
    manifest.fingerprint = text("fingerprint");
    manifest.n_points = std::strtoll(text("points").c_str(), nullptr, 10);
    if (text("axolemma_sweep") != std::to_string(format_version) || manifest.n_points < 1) {
        throw base::InputError({file, 0, 0}, "this is not the description of a sweep that this program can read",
                               "name a new folder with -o");
    }
    if (const auto* overrides = tree->find("overrides"); overrides != nullptr) {
        for (const auto& item : overrides->value->items) {
            manifest.overrides.push_back(item->text);
        }
    }
    return manifest;
}

void Folder::open(const config::Sweep& sweep, const Manifest& manifest) const
{
    if (exists()) {
        const auto before = this->manifest();
        if (before.fingerprint != manifest.fingerprint || before.n_points != manifest.n_points) {
            throw base::InputError(
                {path_, 0, 0},
                "this folder holds a sweep of another configuration, or of this one before it was changed",
                fmt::format("name a new folder with -o, or remove this one; what it was made from is in {}/config.yaml",
                            path_));
        }
        return;
    }
    create_folders(path_);
    write_whole(path_ + "/config.yaml", sweep.base().config_text);
    write_whole(path_ + "/sweep.json", manifest_text(manifest));
}

std::string Folder::result_file(std::int64_t point) const
{
    return fmt::format("{}/results/point_{:07}.h5", path_, point);
}

void Folder::add(const Shard& shard, const std::vector<Column>& parameters, const std::vector<Row>& rows,
                 double seconds) const
{
    const auto folder = fmt::format("{}/shards/{}", path_, shard.text());
    create_folders(folder);
    // The time and the process make the name the only one, and put files into the order in which they were written.
    const auto now_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
    write_whole(fmt::format("{}/{}-{}.rows", folder, now_ns.count(), getpid()), rows_text(parameters, rows, seconds));
}

std::vector<DoneFile> Folder::files() const
{
    std::vector<DoneFile> files;
    std::error_code error;
    for (const auto& shard : fs::directory_iterator(path_ + "/shards", error)) {
        for (const auto& file : fs::directory_iterator(shard.path(), error)) {
            if (file.path().extension() == ".rows") {
                files.push_back(
                    {file.path().string(), shard.path().filename().string(), modified_s(file.path().string())});
            }
        }
    }
    std::sort(files.begin(), files.end(), [](const DoneFile& a, const DoneFile& b) {
        return fs::path(a.path).filename() < fs::path(b.path).filename();
    });
    return files;
}

std::int64_t Folder::read(const std::function<void(const DoneFile&, RowFile&&)>& take) const
{
    std::int64_t damaged = 0;
    for (const auto& file : files()) {
        RowFile rows;
        if (parse_rows(bytes_of(file.path), rows)) {
            take(file, std::move(rows));
        } else {
            ++damaged;
        }
    }
    return damaged;
}

std::vector<PointState> point_states(const Folder& folder, std::int64_t n_points)
{
    std::vector<PointState> states(static_cast<std::size_t>(n_points), PointState::left);
    folder.read([&](const DoneFile&, RowFile&& file) {
        for (const auto& row : file.rows) {
            if (row.point >= 0 && row.point < n_points) {
                states[static_cast<std::size_t>(row.point)] = row.ok ? PointState::ok : PointState::failed;
            }
        }
    });
    return states;
}

std::string default_folder(const std::string& config)
{
    const auto stem = fs::path(config).stem().string();
    return fmt::format("results/{}.sweep", stem.empty() ? "sweep" : stem);
}

}  // namespace axolemma::sweep
