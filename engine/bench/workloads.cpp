#include "bench/workloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>

#include "base/diagnostics.hpp"
#include "base/json_quoted.hpp"
#include "bench/reconstructions.hpp"

namespace axolemma::bench {

namespace {

constexpr std::int32_t least_in_w4 = 50;  ///< compartments below which a file is a test and no reconstruction
constexpr std::int32_t least_in_w5 = 5000;

/// JSON's quotes are YAML's too.
std::string quoted(const std::string& text)
{
    return base::json_quoted(text);
}

/// What differs between workloads, as texts of a configuration.
struct Parts {
    std::string morphology, discretisation;
    std::int64_t count = 1;
    std::string hh;       ///< parameters of the channel that are not its defaults
    std::string drive;    ///< place and pulse; empty: none
    std::string sites;    ///< places of spike detectors
    std::string network;  ///< whole entries of the configuration: synapses, generators, connections
};

std::string cells_text(const std::string& name, const Parts& parts)
{
    return fmt::format(R"(  - name: {}
    count: {}
    morphology: {{{}}}
    discretisation: {{{}}}
    membrane: {{cm: 1 uF/cm2, Ra: 100 ohm*cm, v_init: -65 mV}}
    channels: [{{channel: hh, parameters: {{{}}}}}]
)",
                       name, parts.count, parts.morphology, parts.discretisation, parts.hh);
}

std::string stimulus_text(const std::string& name, const Parts& parts)
{
    return fmt::format("  - {{name: {}_drive, type: current_clamp, cells: {}, {}}}\n", name, name, parts.drive);
}

std::string detector_text(const std::string& name, const Parts& parts)
{
    return fmt::format("  - {{name: {}_spikes, quantity: spikes, cells: {}, threshold: 0 mV, at: [{}]}}\n", name, name,
                       parts.sites);
}

/// @param run  "stop: .., dt: .."
std::string config_text(const std::string& title, const std::vector<Parts>& populations, const std::string& run)
{
    std::string cells;
    std::string stimuli;
    std::string recordings;
    std::string network;
    for (std::size_t k = 0; k < populations.size(); ++k) {
        const std::string name = populations.size() == 1 ? "cell" : fmt::format("tree_{}", k);
        cells += cells_text(name, populations[k]);
        if (!populations[k].drive.empty()) {
            stimuli += (stimuli.empty() ? "stimuli:\n" : "") + stimulus_text(name, populations[k]);
        }
        recordings += detector_text(name, populations[k]);
        network += populations[k].network;
    }
    return fmt::format(
        "axolemma: 1\ntitle: {}\ntemperature: 6.3 degC\ncells:\n{}{}{}recordings:\n{}run: {{{}, method: "
        "backward_euler}}\n",
        quoted(title), cells, stimuli, network, recordings, run);
}

std::string place_text(const std::string& section, double position)
{
    return fmt::format("{{section: {}, position: {}}}", quoted(section), position);
}

struct Made {
    std::string config, note;
    std::shared_ptr<const ScratchFolder> files;
};

Parts cable(const std::string& length, const std::string& diameter)
{
    Parts parts;
    parts.morphology = fmt::format("cable: {{length: {}, diameter: {}}}", length, diameter);
    parts.discretisation = "count: 1000";
    parts.sites = place_text("axon[0]", 0) + ", " + place_text("axon[0]", 1);
    return parts;
}

Made one_cable(const std::string& title, const Settings& /*settings*/)
{
    auto parts = cable("10 mm", "2 um");
    parts.drive = "at: {section: \"axon[0]\", position: 0}, pulse: {delay: 1 ms, duration: 1 ms, amplitude: 1 nA}";
    return {config_text(title, {parts}, "stop: 100 ms, dt: 0.025 ms"), "", nullptr};
}

Made rallpack3(const std::string& title, const Settings& /*settings*/)
{
    auto parts = cable("1 mm", "1 um");
    parts.hh = "gl: 2.5e-5 S/cm2, el: -65 mV";  // the leak of Rallpack 1
    parts.drive = "at: {section: \"axon[0]\", position: 0}, pulse: {duration: 1e5 ms, amplitude: 0.1 nA}";
    return {config_text(title, {parts}, "stop: 250 ms, dt: 0.05 ms"), "", nullptr};
}

/// A soma and a binary tree, watched at the soma; its file lies in `files`.
Parts forked_cell(const ScratchFolder& files, std::int64_t count, int soma_sections)
{
    Parts parts;
    parts.count = count;
    const auto path = files.write("forked_cell.swc", forked_cell_swc(soma_sections));
    parts.morphology = fmt::format("file: {}, soma: neuron", quoted(path));
    parts.discretisation = "max_length: 27 um";  // 20 um: one compartment; 80 um: three
    parts.sites = place_text("soma[0]", 0.5);
    return parts;
}

Made forked_cells(const std::string& title, std::int64_t count, int soma_sections, const std::string& stop)
{
    const auto files = std::make_shared<const ScratchFolder>();
    auto parts = forked_cell(*files, count, soma_sections);
    parts.drive = fmt::format("at: {}, pulse: {{delay: 5 ms, duration: 1e5 ms, amplitude: 0.2 nA}}", parts.sites);
    return {config_text(title, {parts}, fmt::format("stop: {}, dt: 0.025 ms", stop)), "", files};
}

Made identical_cells(const std::string& title, const Settings& /*settings*/)
{
    return forked_cells(title, 256, 1, "100 ms");
}

/// Sixteen rings of sixteen cells: the next cell of a ring is sixteen numbers on.
Made rings(const std::string& title, const Settings& /*settings*/)
{
    const auto files = std::make_shared<const ScratchFolder>();
    auto parts = forked_cell(*files, 256, 1);
    parts.network = fmt::format(R"(synapses:
  - {{name: excitation, type: exp_syn, cells: cell, at: {0}, parameters: {{tau: 2 ms, e: 0 mV}}}}
generators:
  - {{name: start, times: [1 ms]}}
connections:
  - {{name: first, from: start, synapse: excitation, to_ids: "0..15", rule: all_to_all, weight: 0.05 uS, delay: 0 ms}}
  - {{name: next, from: cell, detect: {{at: {1}, threshold: 0 mV}}, synapse: excitation, offset: 16, weight: 0.05 uS, delay: 1 ms}}
)",
                                place_text("dend[0]", 0.5), parts.sites);
    return {config_text(title, {parts}, "stop: 100 ms, dt: 0.025 ms"), "", files};
}

Made million(const std::string& title, const Settings& /*settings*/)
{
    return forked_cells(title, 2600, 5, "5 ms");
}

/// A shape file, driven and watched where its soma is (where its root starts, if it has none).
Parts tree(const Reconstruction& shape, double scale, double d_lambda, double amplitude_nA)
{
    const auto centre = shape.morphology.soma_centre();
    const auto where = place_text(shape.morphology.section(centre.section).name, centre.position);
    Parts parts;
    parts.morphology = fmt::format("file: {}, scale: {:.4g}", quoted(shape.path), scale);
    parts.discretisation = fmt::format("d_lambda: {}, frequency: 100 Hz", d_lambda);
    parts.drive =
        fmt::format("at: {}, pulse: {{delay: 1 ms, duration: 1e5 ms, amplitude: {:.6g} nA}}", where, amplitude_nA);
    parts.sites = where;
    return parts;
}

Collection made_up_trees(const ScratchFolder& files, std::int64_t count, int n_sections)
{
    Collection trees;
    for (std::int64_t k = 0; k < count; ++k) {
        trees.usable.push_back(read_reconstruction(
            files.write(fmt::format("tree_{}.swc", k), random_tree_swc(k, n_sections + static_cast<int>(k % 50)))));
    }
    return trees;
}

/// 1, 1.02, 0.98, 1.04, ...: of the first, second, ... cell made from one file.
double scale_of(std::int64_t use)
{
    return 1.0 + 0.02 * static_cast<double>((use + 1) / 2) * (use % 2 == 1 ? 1.0 : -1.0);
}

/// How many files and cells there are, which files were used again, and which were left out.
std::string trees_note(const Collection& trees, std::int64_t n_cells)
{
    const auto n_files = static_cast<std::int64_t>(trees.usable.size());
    const auto last_use = (n_cells - 1) / n_files;
    const auto again =
        last_use > 0 ? fmt::format(", used again with sizes scaled by up to {} %", 2 * ((last_use + 1) / 2)) : "";
    return fmt::format("{} cells from {} files{}; left out: {} refused, {} under {} compartments, {} not in um",
                       n_cells, std::min(n_files, n_cells), again, trees.n_refused, trees.n_small, least_in_w4,
                       trees.n_out_of_scale);
}

Made different_trees(const std::string& title, const Settings& settings)
{
    const std::int64_t n = settings.n_trees;
    const bool made_up = settings.swc_folder.empty();
    const auto files = made_up ? std::make_shared<const ScratchFolder>() : nullptr;
    const auto trees = made_up ? made_up_trees(*files, n, 50) : read_collection(settings.swc_folder, least_in_w4);
    const auto n_files = static_cast<std::int64_t>(trees.usable.size());
    std::vector<Parts> populations;
    for (std::int64_t k = 0; k < n; ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(std::max<std::int64_t>(n - 1, 1));
        populations.push_back(
            tree(trees.usable[static_cast<std::size_t>(k % n_files)], scale_of(k / n_files), 0.1, 0.2 + 0.8 * share));
    }
    const auto note =
        made_up ? fmt::format("{} made-up trees; --swc FOLDER takes reconstructions", n) : trees_note(trees, n);
    return {config_text(title, populations, "stop: 25 ms, dt: 0.025 ms"), note, files};
}

Made one_big_tree(const std::string& title, const Settings& settings)
{
    const bool made_up = settings.swc_folder.empty();
    const auto files = made_up ? std::make_shared<const ScratchFolder>() : nullptr;
    const auto trees = made_up ? made_up_trees(*files, 1, 600) : read_collection(settings.swc_folder, least_in_w4);
    const auto largest = std::max_element(trees.usable.begin(), trees.usable.end(), [](const auto& a, const auto& b) {
        return a.n_compartments < b.n_compartments;
    });
    const double d_lambda = d_lambda_for(largest->morphology, least_in_w5);
    const auto note =
        fmt::format("{}, d_lambda {:.3g}", std::filesystem::path(largest->path).filename().string(), d_lambda);
    return {config_text(title, {tree(*largest, 1.0, d_lambda, 1.0)}, "stop: 50 ms, dt: 0.025 ms"), note, files};
}

struct Entry {
    WorkloadInfo info;
    std::function<Made(const std::string& title, const Settings&)> make;
};

const std::vector<Entry>& entries()
{
    static const std::vector<Entry> all{
        {{"W1", "one cable of 1000 compartments, 10 mm x 2 um, one spike; 100 ms"}, one_cable},
        {{"W2", "256 identical cells of 382 compartments, a soma and a binary tree; 100 ms"}, identical_cells},
        {{"W3", "Rallpack 3: a cable of 1000 compartments, 1 mm x 1 um, firing; 250 ms"}, rallpack3},
        {{"W4", "200 different trees: the reconstructions of --swc FOLDER, or made-up ones; 25 ms"}, different_trees},
        {{"W5", "one big tree of at least 5000 compartments: the largest of --swc FOLDER; 50 ms"}, one_big_tree},
        {{"W6", "a million compartments: 2600 identical cells of 386; 5 ms"}, million},
        {{"W7", "16 rings of 16 cells of W2 that excite each other by synapses; 100 ms"}, rings},
    };
    return all;
}

std::vector<config::Override> overrides_of(const Settings& settings)
{
    std::vector<config::Override> overrides;
    if (!settings.stop.empty()) {
        overrides.push_back({"run.stop", settings.stop});
    }
    if (!settings.method.empty()) {
        overrides.push_back({"run.method", settings.method});
    }
    for (const auto& set : settings.sets) {
        overrides.push_back(config::Override::parse(set));
    }
    return overrides;
}

}  // namespace

const std::vector<WorkloadInfo>& workloads()
{
    static const std::vector<WorkloadInfo> infos = [] {
        std::vector<WorkloadInfo> list;
        std::transform(entries().begin(), entries().end(), std::back_inserter(list),
                       [](const Entry& entry) { return entry.info; });
        return list;
    }();
    return infos;
}

Workload make_workload(const std::string& name, const Settings& settings)
{
    const auto found =
        std::find_if(entries().begin(), entries().end(), [&](const Entry& entry) { return entry.info.name == name; });
    if (found == entries().end()) {
        std::vector<std::string> names;
        for (const auto& info : workloads()) {
            names.push_back(info.name);
        }
        throw base::InputError({}, fmt::format("there is no workload '{}'", name),
                               base::name_hint(name, names, "workloads") + ", or name a configuration file (*.yaml)");
    }
    auto made = found->make(fmt::format("{}: {}", name, found->info.summary), settings);
    return {name, made.note, config::parse_model(made.config, name, overrides_of(settings)), made.files};
}

Workload load_workload(const std::string& config, const Settings& settings)
{
    return {std::filesystem::path(config).stem().string(), "", config::read_model(config, overrides_of(settings)),
            nullptr};
}

}  // namespace axolemma::bench
