/// The commands that are a few lines each.
#include "cli/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/outputs.hpp"
#include "config/config.hpp"
#include "mechanisms/catalogue.hpp"
#include "morphology/doctor.hpp"
#include "record/result_reader.hpp"
#include "report/report.hpp"

namespace axolemma::cli {

int morphology_command(const MorphologyArguments& arguments)
{
    morphology::SwcOptions options;
    options.absolute_radius = arguments.absolute_radius;
    options.scale = arguments.scale;
    options.min_radius_um = arguments.min_radius_um;
    using Fragments = morphology::SwcOptions::Fragments;
    options.fragments = arguments.fragments == "reject"           ? Fragments::reject
                        : arguments.fragments == "keep_soma_tree" ? Fragments::keep_soma_tree
                                                                  : Fragments::keep_largest;
    const auto& names = morphology::soma_rule_names();
    const auto rule =
        static_cast<morphology::SomaRule>(std::find(names.begin(), names.end(), arguments.soma) - names.begin());
    const auto file = morphology::read_swc(arguments.file, options);
    const auto built = morphology::build_morphology(file, rule);
    fmt::print("{}", arguments.json ? morphology::doctor_json(file, built) : morphology::doctor_text(file, built));
    return ExitCode::success;
}

int report_command(const ReportArguments& arguments)
{
    const record::ResultReader result(arguments.file);
    std::string output = arguments.output;
    if (output.empty()) {
        std::filesystem::path path(arguments.file);
        if (path.extension() == ".partial") {
            path.replace_extension();
        }
        output = path.replace_extension(".html").string();
    }
    if (same_file(arguments.file, output)) {
        throw base::InputError({}, fmt::format("the page would replace the result '{}'", arguments.file),
                               "choose another name with -o");
    }
    report::write_report(result, output);
    fmt::print("{}\n", output);
    return ExitCode::success;
}

namespace {

/// What a channel and a synapse have in common: name, source and parameters.
template <class Info>
void explain(const Info& info)
{
    fmt::print("{}: {}\nsource: {}\n\nparameters\n", info.name, info.meaning, info.source);
    for (const auto& parameter : info.parameters) {
        fmt::print("  {:<8} {:>10g} {:<8} {} ({:g} to {:g})\n", parameter.name, parameter.default_value, parameter.unit,
                   parameter.meaning, parameter.low, parameter.high);
    }
}

void list_mechanisms()
{
    const mechanisms::Catalogue catalogue;
    for (const auto* channel : catalogue.channels()) {
        fmt::print("{:<8} {}\n", channel->name, channel->meaning);
    }
    fmt::print("\nsynapses\n");
    for (const auto* synapse : catalogue.synapses()) {
        fmt::print("{:<8} {}\n", synapse->name, synapse->meaning);
    }
}

}  // namespace

int channels_command(const std::string& name)
{
    if (name.empty()) {
        list_mechanisms();
        return ExitCode::success;
    }
    const mechanisms::Catalogue catalogue;
    if (const auto* synapse = catalogue.find_synapse(name)) {
        explain(*synapse);
        fmt::print("\nrecord as NAME.g (conductance, uS) and NAME.i (current, nA, outward positive)\n");
        return ExitCode::success;
    }
    const auto* info = catalogue.find_channel(name);
    if (info == nullptr) {
        auto names = catalogue.channel_names();
        const auto synapses = catalogue.synapse_names();
        names.insert(names.end(), synapses.begin(), synapses.end());
        throw base::InputError({}, fmt::format("there is no channel '{}'", name),
                               base::name_hint(name, names, "channels and synapses"));
    }
    explain(*info);
    if (!info->states.empty()) {
        fmt::print("\nstates (record as {}.<state>)\n", info->name);
    }
    for (const auto& state : info->states) {
        fmt::print("  {:<8} {}\n", state.name, state.meaning);
    }
    fmt::print("\ncurrents, outward positive, in mA/cm2 (record as {}.<current>)\n", info->name);
    for (const auto& current : info->currents) {
        fmt::print("  {:<8} {}\n", current.name, current.meaning);
    }
    return ExitCode::success;
}

int schema_command(bool markdown)
{
    fmt::print("{}", markdown ? config::config_reference_markdown() : config::json_schema());
    return ExitCode::success;
}

}  // namespace axolemma::cli
