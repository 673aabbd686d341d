/// axolemma verify: the validation table.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/diagnostics.hpp"
#include "cli/commands.hpp"
#include "verify/verify.hpp"

namespace axolemma::cli {

namespace {

verify::Settings settings_of(const VerifyArguments& arguments)
{
    verify::Settings settings{arguments.data};
    const char* const from_environment = std::getenv("AXOLEMMA_TEST_DATA");
    if (settings.data.empty() && from_environment != nullptr) {
        settings.data = from_environment;
    }
    if (!settings.data.empty() && !std::filesystem::is_directory(settings.data + "/reference")) {
        throw base::InputError(
            {}, fmt::format("there is no folder {}/reference", settings.data),
            "--data (or AXOLEMMA_TEST_DATA) names the folder that holds reference/01_hh_patch and its neighbours");
    }
    return settings;
}

std::vector<const verify::Case*> selected(const std::string& filter)
{
    std::vector<const verify::Case*> found;
    std::vector<std::string> names;
    for (const auto& one : verify::cases()) {
        names.push_back(one.name);
        if (one.name.find(filter) != std::string::npos) {
            found.push_back(&one);
        }
    }
    if (found.empty()) {
        throw base::InputError({}, fmt::format("no case has '{}' in its name", filter),
                               base::name_hint(filter, names, "cases"));
    }
    return found;
}

}  // namespace

int verify_command(const VerifyArguments& arguments)
{
    const auto settings = settings_of(arguments);
    const auto wanted = selected(arguments.filter);
    std::vector<verify::CaseResult> results;
    bool passed = true;
    if (!arguments.json) {
        fmt::print("{}", verify::table_head());
    }
    for (const auto* one : wanted) {
        results.push_back(verify::run_case(*one, settings));
        passed = passed && results.back().passed();
        if (!arguments.json) {
            fmt::print("{}", verify::table_rows(results.back()));
            std::fflush(stdout);
        }
    }
    fmt::print("{}", arguments.json ? verify::table_json(results) : verify::table_foot(results));
    return passed ? ExitCode::success : ExitCode::engine_failed;
}

}  // namespace axolemma::cli
