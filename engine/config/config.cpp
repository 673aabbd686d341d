#include "config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "config/channel_files.hpp"
#include "config/context.hpp"
#include "config/override.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;

void check_version(const MapReader& root)
{
    const std::optional<ValueReader> version = root.value("axolemma");
    if (!version) {
        return;
    }
    if (const std::optional<std::int64_t> number = version->integer(); number && *number != 1) {
        version->fail(fmt::format("this file has format version {}; this program reads version 1", *number));
    }
}

void read_run(Context& context, const Node& node, const SourcePos& pos)
{
    const MapReader map(node, run_object(), "'run'", pos, context.out);
    model::RunSpec& run = context.model.run;
    run.pos = pos;
    run.stop_ms = map.quantity_or("stop");
    run.dt_ms = map.quantity_or("dt");
    run.method = static_cast<model::Method>(map.choice_or("method"));
    run.seed = static_cast<std::uint64_t>(map.integer_or("seed", 1));
    if (map.has("group_cells")) {
        run.group_cells = map.integer_or("group_cells", 1);
    }
    run.gate_evaluation = static_cast<model::GateEvaluation>(map.choice_or("gate_evaluation"));
    run.gate_table_error = map.number_or("gate_table_error", 1e-7);
    run.kernel = static_cast<model::Kernel>(map.choice_or("kernel"));
    run.split_cables = static_cast<model::SplitCables>(map.choice_or("split_cables"));
    constexpr double max_steps = 1e12;
    if (run.stop_ms > 0.0 && run.dt_ms > run.stop_ms) {
        context.out.error(map.value_pos("dt"),
                          fmt::format("'dt' is {} ms, longer than the whole run of {} ms", run.dt_ms, run.stop_ms));
    } else if (run.dt_ms > 0.0 && run.stop_ms / run.dt_ms > max_steps) {
        context.out.error(
            map.has("dt") ? map.value_pos("dt") : map.value_pos("stop"),
            fmt::format("this run has {:.1e} steps; the most possible is {:.0e}", run.stop_ms / run.dt_ms, max_steps));
    }
}

void read_output(Context& context, const Node* node, const SourcePos& pos)
{
    Node empty;
    empty.kind = Node::Kind::mapping;
    const MapReader map(node != nullptr ? *node : empty, output_object(), "'output'", pos, context.out);
    const std::string stem = std::filesystem::path(context.model.config_path).stem().string();
    model::OutputSpec& output = context.model.output;
    output.pos = pos;
    output.file = map.text_or("file", fmt::format("results/{}.h5", stem.empty() ? "result" : stem));
    output.precision = static_cast<model::Precision>(map.choice_or("precision"));
    output.overwrite = map.boolean_or("overwrite");
}

void read_checkpoint(Context& context, const Node& node, const SourcePos& pos)
{
    const MapReader map(node, checkpoint_object(), "'checkpoint'", pos, context.out);
    model::CheckpointSpec& checkpoint = context.model.checkpoint;
    checkpoint.pos = pos;
    checkpoint.every_wall_s = map.quantity("every");
    checkpoint.every_model_ms = map.quantity("every_model_time");
    checkpoint.file = map.text_or("file");
    if (node.kind == Node::Kind::mapping && !map.has("every") && !map.has("every_model_time")) {
        context.out.error(pos, "'checkpoint' needs at least one of every, every_model_time",
                          "for example every: 10 min");
    }
}

void read_channel_files(Context& context, const MapReader& root)
{
    const Node* const files = root.find("channel_files");
    const bool strict_units = root.boolean_or("strict_units");
    if (files == nullptr) {
        return;
    }
    std::vector<const Node*> items = {files};
    if (files->kind == Node::Kind::sequence) {
        items.clear();
        for (const NodePtr& item : files->items) {
            items.push_back(item.get());
        }
    }
    for (const Node* item : items) {
        if (!item->is_scalar() || item->text.empty()) {
            context.out.error(item->pos, fmt::format("'channel_files' needs paths, not {}", describe(*item)),
                              "for example channel_files: [channels/na.yaml, mod]");
            continue;
        }
        for (const std::string& path : expand_channel_path(context.resolve(item->text), item->pos, context.out)) {
            add_channel_file(context.model.catalogue, path, strict_units, context.model.channel_files, context.out);
        }
    }
}

/// The parts in an order in which every name is known before it is used.
void read_root(Context& context, const Node& node)
{
    const SourcePos top{context.model.config_path, 0, 0};
    const MapReader root(node, root_object(), "this configuration", top, context.out);
    check_version(root);
    context.model.title = root.text_or("title");
    context.model.temperature_degC = root.quantity_or("temperature");
    read_channel_files(context, root);
    if (const Node* run = root.find("run")) {
        read_run(context, *run, root.key_pos("run"));
    }
    if (const Node* cells = root.find("cells")) {
        read_cells(context, *cells);
    }
    if (const Node* stimuli = root.find("stimuli")) {
        read_stimuli(context, *stimuli);
    }
    if (const Node* synapses = root.find("synapses")) {
        read_synapses(context, *synapses);
    }
    if (const Node* generators = root.find("generators")) {
        read_generators(context, *generators);
    }
    if (const Node* connections = root.find("connections")) {
        read_connections(context, *connections);
    }
    if (const Node* gap_junctions = root.find("gap_junctions")) {
        read_gap_junctions(context, *gap_junctions);
    }
    if (const Node* recordings = root.find("recordings")) {
        read_recordings(context, *recordings);
    }
    read_output(context, root.find("output"), root.key_pos("output"));
    if (const Node* checkpoint = root.find("checkpoint")) {
        read_checkpoint(context, *checkpoint, root.key_pos("checkpoint"));
    }
    if (const Node* analysis = root.find("analysis")) {
        read_analysis(context, *analysis, root.key_pos("analysis"));
    }
}

}  // namespace

/// The findings of the configuration from top to bottom, then those of other files.
base::Diagnostics in_order_of_text(const base::Diagnostics& found, const std::string& name)
{
    std::vector<base::Diagnostic> list = found.list();
    std::stable_sort(list.begin(), list.end(), [&](const base::Diagnostic& a, const base::Diagnostic& b) {
        const auto key = [&](const base::Diagnostic& d) {
            return d.pos.file == name ? std::tuple(0, d.pos.line, d.pos.column)
                                      : std::tuple(1, std::int64_t{0}, std::int64_t{0});
        };
        return key(a) < key(b);
    });
    base::Diagnostics out;  // a generated file can have as many errors as lines; nobody reads them all
    for (std::size_t k = 0; k < std::min(list.size(), max_shown_errors); ++k) {
        out.append(std::move(list[k]));
    }
    if (list.size() > max_shown_errors) {
        out.error({name, 0, 0}, fmt::format("there are more errors; only the first {} are shown", max_shown_errors));
    }
    return out;
}

std::string read_text(const std::string& path)
{
    const SourcePos pos{path, 0, 0};
    std::error_code status;
    if (!std::filesystem::exists(path, status)) {
        throw base::InputError(pos, "there is no such file", "is the path right, seen from the working directory?");
    }
    if (std::filesystem::is_directory(path, status)) {
        throw base::InputError(pos, "this is a folder, not a file", "name a configuration file inside it");
    }
    if (std::filesystem::is_regular_file(path, status) && std::filesystem::file_size(path, status) > max_config_bytes) {
        throw base::InputError(pos, fmt::format("this file is larger than {} MB", max_config_bytes >> 20),
                               "put big tables into SWC or CSV files");
    }
    std::ifstream file(path, std::ios::binary);
    std::string text;
    char buffer[65536];
    while (file && text.size() <= max_config_bytes) {  // a pipe has no size; the limit is checked again by the parser
        file.read(buffer, sizeof buffer);
        text.append(buffer, static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad() || (!file.is_open())) {
        throw base::InputError(pos, "the file cannot be read", "may you read it?");
    }
    return text;
}

std::string Numbered::absence(std::int64_t id) const
{
    const std::string have = count == 1 ? fmt::format("has one {}, number 0", item)
                                        : fmt::format("has {} {}s, 0 to {}", count, item, count - 1);
    return fmt::format("there is no {} {}: {} {}", item, id, title, have);
}

Numbered numbered(const model::CellSpec& cells)
{
    return {fmt::format("population '{}'", cells.name), "cell", cells.count};
}

Numbered numbered(const model::GeneratorSpec& generators)
{
    return {fmt::format("'{}'", generators.name), "generator", generators.count};
}

void refuse_second(Context& context, const MapReader& map, std::string_view plural, const std::string& name,
                   const SourcePos& first)
{
    context.out.error(map.has("name") ? map.value_pos("name") : map.pos(),
                      fmt::format("there are two {} called '{}'", plural, name),
                      fmt::format("the first is at line {}", first.line));
}

std::string Context::resolve(const std::string& path) const
{
    const std::filesystem::path given(path);
    return path.empty() || given.is_absolute() || folder.empty()
               ? path
               : (std::filesystem::path(folder) / given).lexically_normal().string();
}

const NamedRegions& Context::regions_of(const std::string& population) const
{
    static const NamedRegions none;
    const auto at = regions.find(population);
    return at == regions.end() ? none : at->second;
}

const model::CellSpec* Context::find_cells(std::string_view name) const
{
    const auto at = cell_index.find(name);
    return at == cell_index.end() ? nullptr : &model.cells[at->second];
}

const model::StimulusSpec* Context::find_stimulus(std::string_view name) const
{
    const auto at = stimulus_index.find(name);
    return at == stimulus_index.end() ? nullptr : &model.stimuli[at->second];
}

const model::SynapseSpec* Context::find_synapse(std::string_view name) const
{
    const auto at = synapse_index.find(name);
    return at == synapse_index.end() ? nullptr : &model.synapses[at->second];
}

const model::GeneratorSpec* Context::find_generators(std::string_view name) const
{
    const auto at = generator_index.find(name);
    return at == generator_index.end() ? nullptr : &model.generators[at->second];
}

std::vector<std::string> Context::synapse_names() const
{
    std::vector<std::string> names;
    for (const model::SynapseSpec& synapse : model.synapses) {
        if (!synapse.name.empty()) {
            names.push_back(synapse.name);
        }
    }
    return names;
}

std::vector<std::string> Context::population_names() const
{
    std::vector<std::string> names;
    for (const model::CellSpec& cell : model.cells) {
        names.push_back(cell.name);
    }
    return names;
}

model::Model read_tree(const Node& tree, const std::string& name, const ReadOptions& options, base::Diagnostics& out)
{
    model::Model model;
    model.config_path = name;
    Context context{out, model, std::filesystem::path(name).parent_path().string(), options};
    read_root(context, tree);
    return model;
}

NodePtr read_overridden(std::string_view text, const std::string& name, std::span<const Override> overrides,
                        base::Diagnostics& out)
{
    NodePtr tree = parse_yaml(text, name, out);
    if (tree == nullptr) {
        out.throw_if_errors();
    }
    for (const Override& override : overrides) {
        tree = apply_override(tree, override, out);
    }
    return tree;
}

model::Model parse_model(std::string_view text, const std::string& name, std::span<const Override> overrides,
                         const ReadOptions& options)
{
    base::Diagnostics out;
    const NodePtr tree = read_overridden(text, name, overrides, out);
    model::Model model = read_tree(*tree, name, options, out);
    model.config_text = std::string(text);
    for (const Override& override : overrides) {
        model.overrides.push_back(override.path + "=" + override.value);
    }
    if (tree->find("sweep") != nullptr) {
        Context context{out, model, std::filesystem::path(name).parent_path().string(), options};
        read_sweep(context, tree);
    }
    model.warnings = in_order_of_text(out, name);
    model.warnings.throw_if_errors();
    return model;
}

model::Model read_model(const std::string& path, std::span<const Override> overrides, const ReadOptions& options)
{
    return parse_model(read_text(path), path, overrides, options);
}

}  // namespace axolemma::config
