/// The commands that are a few lines each.
#include "cli/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/outputs.hpp"
#include "config/config.hpp"
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
    const auto file = morphology::read_morphology(arguments.file, options);
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

int schema_command(bool markdown, bool channel)
{
    fmt::print("{}", markdown  ? config::config_reference_markdown()
                     : channel ? config::channel_json_schema()
                               : config::json_schema());
    return ExitCode::success;
}

}  // namespace axolemma::cli
